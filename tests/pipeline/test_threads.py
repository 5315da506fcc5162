"""A story that goes on is told in its thread, and the first message stays true."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from tests.making import NOW, make_read, make_report, make_source
from tests.pipeline.conftest import Desk
from tests.servers.slack import Fault, Posted, SlackServer
from tests.store.test_store import collect, relate_all
from tracker.notify.outbox import GRACE
from tracker.notify.pace import Pace
from tracker.pipeline.notify import notify
from tracker.pipeline.sending import Sender
from tracker.types import ChannelKind, DeliveryState, EventType

EASING = make_report(
    EventType.EASING, day=date(2026, 6, 17), sentence="The US lifted its block of Fable 5 on Wednesday."
)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    with SlackServer() as server:
        monkeypatch.setenv("SLACK_BOT_TOKEN", server.token)
        monkeypatch.setenv("SLACK_API_URL", server.url)
        yield server


@pytest.fixture
def told(desk: Desk, slack: SlackServer) -> Desk:
    """A desk that has told of an order in channel C0123."""
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    collect(desk.store, "http://a/1")
    relate_all(desk.store, make_report())
    notify(desk.job())
    assert len(slack.messages) == 1
    return desk


def publish(desk: Desk, address: str, *, source: str = "press", easing: bool = False) -> None:
    collect(desk.store, address, source=make_source(source))
    relate_all(desk.store, EASING if easing else make_report())


def copy(desk: Desk, address: str) -> None:
    """Have another paper print what the first one did."""
    collect(desk.store, address, source=make_source(address))
    (collected,) = desk.store.articles.claim_unread(now=NOW, limit=10)
    desk.store.articles.save_read(collected.id, make_read(address), first_of=lambda earlier: earlier[0].id)


def replies(slack: SlackServer) -> list[Posted]:
    return [posted for posted in slack.messages if posted.thread_ts]


def shown(posted: Posted) -> str:
    return json.dumps(posted.blocks, ensure_ascii=False)


def test_another_report_only_raises_the_count_in_the_first_message(told: Desk, slack: SlackServer) -> None:
    publish(told, "http://b/1", source="wire")
    notify(told.job())
    (first,) = slack.messages
    assert "2 reports, 2 independent publishers" in shown(first)


def test_a_copy_only_raises_the_count_in_the_first_message(told: Desk, slack: SlackServer) -> None:
    copy(told, "http://b/copy")
    notify(told.job())
    (first,) = slack.messages
    assert "2 reports (1 copy), 1 independent publisher" in shown(first)


def test_a_new_event_is_told_in_the_thread_and_a_decisive_one_in_the_channel_too(
    told: Desk, slack: SlackServer
) -> None:
    publish(told, "http://a/2", easing=True)
    notify(told.job())
    first, reply = slack.messages
    assert (reply.channel, reply.thread_ts, reply.is_broadcast) == (first.channel, first.ts, True)
    assert "The US lifted its block of Fable 5 on Wednesday." in shown(reply)
    assert "Since then revoked, 17 June 2026" in shown(first)


def test_nothing_is_said_twice_however_often_it_is_looked(told: Desk, slack: SlackServer) -> None:
    publish(told, "http://a/2", easing=True)
    for _ in range(3):
        notify(told.job())
        told.wait(minutes=5)
    publish(told, "http://b/2", source="wire", easing=True)
    notify(told.job())
    assert len(replies(slack)) == 1


def test_what_happens_while_the_first_message_is_on_its_way_is_told_after_it(desk: Desk, slack: SlackServer) -> None:
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    collect(desk.store, "http://a/1")
    relate_all(desk.store, make_report())
    slack.faults = [Fault(drop=True, stored=True)]
    notify(desk.job())
    publish(desk, "http://a/2", easing=True)
    notify(desk.job())
    assert replies(slack) == []
    desk.wait(minutes=3)
    notify(desk.job())
    assert len(slack.messages) == 2
    assert len(replies(slack)) == 1


def test_what_happens_before_the_first_message_goes_stands_in_it(desk: Desk, slack: SlackServer) -> None:
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    collect(desk.store, "http://a/1")
    relate_all(desk.store, make_report())
    publish(desk, "http://a/2", easing=True)
    notify(desk.job())
    assert len(slack.messages) == 1
    assert [delivery.state for delivery in desk.store.outbox.deliveries()] == [DeliveryState.SENT]


def test_a_reply_whose_answer_was_lost_is_found_in_the_thread(told: Desk, slack: SlackServer) -> None:
    publish(told, "http://a/2", easing=True)
    slack.faults = [Fault(drop=True, stored=True)]
    notify(told.job())
    told.wait(minutes=3)
    notify(told.job())
    assert len(replies(slack)) == 1
    assert set(told.store.outbox.count_by_state()) == set(DeliveryState)
    assert told.store.outbox.count_by_state()[DeliveryState.SENT] == 3


def test_an_edit_whose_answer_was_lost_is_made_again(told: Desk, slack: SlackServer) -> None:
    publish(told, "http://b/1", source="wire")
    slack.faults = [Fault(method="chat.update", drop=True)]
    notify(told.job())
    told.wait(hours=1)
    notify(told.job())
    (first,) = slack.messages
    assert "2 reports" in shown(first)


def test_an_edit_whose_sender_died_is_not_counted_as_failed(told: Desk, slack: SlackServer) -> None:
    publish(told, "http://b/1", source="wire")
    for _ in range(9):
        told.store.outbox.claim(now=told.now, limit=1)  # and then the process dies
        told.wait(minutes=3)
        (stuck,) = told.store.outbox.claim_unsettled(now=told.now, grace=GRACE, limit=1)
        Sender(job=told.job(), pace=Pace(started_at=told.now)).settle(stuck)
    (edit,) = told.store.outbox.claim(now=told.now, limit=1)
    assert (edit.key, edit.attempts) == ("story:1:edit", 1)
    assert len(slack.messages) == 1


def test_a_muted_story_gets_no_reply(told: Desk, slack: SlackServer) -> None:
    (subscription,) = told.store.outbox.subscriptions()
    told.store.feedback.mute(subscription.id, 1, by="U1", now=NOW)
    publish(told, "http://a/2", easing=True)
    notify(told.job())
    assert len(slack.messages) == 1


def test_without_a_token_a_reply_is_printed(desk: Desk) -> None:
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    collect(desk.store, "http://a/1")
    relate_all(desk.store, make_report())
    notify(desk.job())
    publish(desk, "http://a/2", easing=True)
    notify(desk.job())
    assert len(desk.printed) == 2
    assert "New: easing, partly eased, 17 June 2026" in desk.printed[1]
