"""What is held back comes as one message, once, and stays true."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest

from tests.making import NOW, make_entry, make_read, make_report, make_source, make_understanding
from tests.pipeline.conftest import Desk
from tests.pipeline.test_threads import replies, shown, slack
from tests.servers.slack import Fault, SlackServer
from tests.store.test_store import RULES
from tracker.pipeline.notify import notify
from tracker.store import Store
from tracker.types import ChannelKind, DeliveryState, EventType, Gathering, Habits, PollState, QuietHours

__all__ = ["slack"]

MODELS = ("Fable 5", "GLM-5.2", "Qwen4", "Claude Opus 5", "Llama 6")
START = NOW.replace(hour=23, minute=0, second=0, microsecond=0)
NIGHT = Habits(quiet=QuietHours(start=time(22), end=time(7)))


def tell(desk: Desk, number: int, type_: EventType = EventType.RESTRICTION, day: date = date(2026, 6, 13)) -> None:
    """Have a paper tell of one of several stories, which have no word in common."""
    model, store = MODELS[number], desk.store
    title = " ".join(f"{part}{'abcdefghij'[number] * 5}" for part in ("ban", "model", "order", "export", "agency"))
    address = f"http://a/{number}/{type_}"
    entry = make_entry(address, title=title)
    source_id = store.sources.ensure(make_source())
    store.sources.save_poll(source_id, PollState(next_due_at=NOW), [(entry, False)], now=NOW)
    (collected,) = store.articles.claim_unread(now=NOW, limit=1)
    store.articles.save_read(collected.id, make_read(address, title=title), first_of=lambda _: None)
    (article,) = store.articles.claim_read(now=NOW, limit=1)
    said = f"The US {'lifted its block of' if type_ is EventType.EASING else 'blocked'} {model}."
    report = make_report(type_, targets=(model,), sentence=said, day=day)
    store.articles.save_understood(article.id, make_understanding(report))
    (incoming,) = store.articles.claim_understood(now=NOW, limit=1)
    store.relations.relate(incoming, RULES, now=desk.now)


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(database_url)
    yield Desk(store=store, folder=tmp_path)
    store.close()


@pytest.fixture
def asleep(desk: Desk, slack: SlackServer) -> Desk:
    """A desk whose only subscription has quiet hours, and three stories of the night."""
    desk.now = START
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", habits=NIGHT, now=NOW)
    for number in range(3):
        tell(desk, number)
    notify(desk.job())
    assert slack.messages == []
    return desk


def test_what_the_night_held_comes_as_one_message_in_the_morning(asleep: Desk, slack: SlackServer) -> None:
    asleep.wait(hours=8)
    for _ in range(2):
        notify(asleep.job())
    (summary,) = slack.messages
    assert summary.text.startswith("3 stories, held during your quiet hours, 22:00–07:00 UTC: ")
    assert all(model in shown(summary) for model in MODELS[:3])
    states = asleep.store.outbox.count_by_state()
    assert {state: n for state, n in states.items() if n} == {DeliveryState.SENT: 4}


def test_one_story_alone_is_the_usual_alert(desk: Desk, slack: SlackServer) -> None:
    desk.now = START
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", habits=NIGHT, now=NOW)
    tell(desk, 0)
    notify(desk.job())
    desk.wait(hours=8)
    notify(desk.job())
    (alert,) = slack.messages
    assert alert.text.startswith("Restriction, in force")


def test_what_was_gathered_for_a_day_is_not_too_old(desk: Desk, slack: SlackServer) -> None:
    desk.now = START
    daily = Habits(gathering=Gathering.DAILY)
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", habits=daily, now=NOW)
    for number in range(2):
        tell(desk, number)
    for _ in range(9):
        notify(desk.job('[slack]\nmaximum_age = "1h"'))
        desk.wait(hours=1)
    notify(desk.job('[slack]\nmaximum_age = "1h"'))
    (summary,) = slack.messages
    assert summary.text.startswith("2 stories, gathered daily, at 08:00 UTC: ")


def test_after_too_many_the_rest_is_one_message(desk: Desk, slack: SlackServer) -> None:
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    for number in range(5):
        tell(desk, number)
    notify(desk.job("[slack]\nburst = 2"))
    assert len(slack.messages) == 2
    desk.wait(minutes=10)
    notify(desk.job("[slack]\nburst = 2"))
    summary = slack.messages[-1]
    assert len(slack.messages) == 3
    assert summary.text.startswith("3 stories, held after 2 messages within 10 minutes: ")


@pytest.mark.parametrize("stored", [True, False])
def test_a_summary_whose_answer_was_lost_is_there_once(asleep: Desk, slack: SlackServer, *, stored: bool) -> None:
    asleep.wait(hours=8)
    slack.faults = [Fault(drop=True, stored=stored)]
    for _ in range(3):
        notify(asleep.job())
        asleep.wait(minutes=3)
    assert len(slack.messages) == 1


def test_what_is_new_in_a_story_of_a_summary_is_told_in_its_thread_and_the_summary_says_so(
    asleep: Desk, slack: SlackServer
) -> None:
    asleep.wait(hours=8)
    notify(asleep.job())
    tell(asleep, 1, EventType.EASING, day=date(2026, 6, 17))
    for _ in range(2):
        notify(asleep.job())
    (reply,) = replies(slack)
    assert (reply.thread_ts, reply.is_broadcast) == (slack.messages[0].ts, True)
    assert reply.text.startswith("Update of ")
    assert shown(slack.messages[0]).count("Since then") == 1


def test_the_night_holds_replies_too_but_the_first_message_is_edited_at_once(desk: Desk, slack: SlackServer) -> None:
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", habits=NIGHT, now=NOW)
    tell(desk, 0)
    notify(desk.job())
    desk.now = START
    tell(desk, 0, EventType.EASING, day=date(2026, 6, 17))
    notify(desk.job())
    assert replies(slack) == []
    assert "Since then" in shown(slack.messages[0])
    desk.wait(hours=8)
    notify(desk.job())
    assert len(replies(slack)) == 1


def test_a_story_muted_in_the_night_is_not_in_the_summary(asleep: Desk, slack: SlackServer) -> None:
    asleep.store.feedback.mute(1, 1, by="U1", now=asleep.now)
    asleep.wait(hours=8)
    notify(asleep.job())
    assert slack.messages[0].text.startswith("2 stories, ")
