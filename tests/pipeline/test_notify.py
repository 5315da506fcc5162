"""No alert is lost and none is sent twice, whatever breaks and whenever."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.making import NOW, make_report
from tests.pipeline.conftest import Desk
from tests.servers.slack import Fault, SlackServer
from tests.servers.smtp import SmtpServer
from tests.store.test_store import collect, relate_all
from tracker.errors import InputError
from tracker.pipeline.digests import parse_week
from tracker.pipeline.notify import notify, preview_digest, send_digest
from tracker.types import ChannelKind, DeliveryState, Habits


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    with SlackServer() as server:
        monkeypatch.setenv("SLACK_BOT_TOKEN", server.token)
        monkeypatch.setenv("SLACK_API_URL", server.url)
        yield server


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """A desk that owes one alert."""
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    collect(desk.store, "http://a/1")
    relate_all(desk.store, make_report())
    return desk


def states(desk: Desk) -> list[DeliveryState]:
    return [delivery.state for delivery in desk.store.outbox.deliveries()]


def test_an_alert_is_sent_once(owing: Desk, slack: SlackServer) -> None:
    notify(owing.job())
    notify(owing.job())
    assert len(slack.messages) == 1
    assert states(owing) == [DeliveryState.SENT]


def test_a_message_whose_answer_was_lost_is_settled_not_repeated(owing: Desk, slack: SlackServer) -> None:
    slack.faults = [Fault(drop=True, stored=True)]
    notify(owing.job())
    assert states(owing) == [DeliveryState.SENDING]
    owing.wait(minutes=3)
    notify(owing.job())
    assert states(owing) == [DeliveryState.SENT]
    assert len(slack.messages) == 1


def test_a_message_that_was_lost_on_the_way_is_sent_again(owing: Desk, slack: SlackServer) -> None:
    slack.faults = [Fault(drop=True)]
    notify(owing.job())
    owing.wait(minutes=3)
    notify(owing.job())
    assert states(owing) == [DeliveryState.SENT]
    assert len(slack.messages) == 1


def test_a_sender_killed_before_it_sent_is_made_good(owing: Desk, slack: SlackServer) -> None:
    owing.store.outbox.claim(now=owing.now, limit=1)  # and then the process dies
    notify(owing.job())
    assert slack.messages == []
    owing.wait(minutes=3)
    notify(owing.job())
    assert len(slack.messages) == 1


def test_slacks_pause_is_kept(owing: Desk, slack: SlackServer) -> None:
    slack.faults = [Fault(status=429, error="ratelimited", retry_after=60)]
    notify(owing.job())
    owing.wait(seconds=59)
    notify(owing.job())
    assert slack.messages == []
    owing.wait(seconds=1)
    notify(owing.job())
    assert len(slack.messages) == 1


def test_an_outage_only_delays(owing: Desk, slack: SlackServer) -> None:
    slack.faults = [Fault(error="service_unavailable") for _ in range(5)]
    for _ in range(6):
        notify(owing.job())
        owing.wait(hours=1)
    assert len(slack.messages) == 1


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
def test_a_channel_that_takes_nothing_pauses_its_subscriptions_and_the_operators_hear_it_once(
    owing: Desk, slack: SlackServer, error: str
) -> None:
    owing.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "type:easing", now=NOW)
    slack.errors = {"C0123": error}
    for _ in range(3):
        notify(owing.job('[operators]\nslack = "C0PS"'))
        owing.wait(hours=1)
    assert [one.paused for one in owing.store.outbox.subscriptions()] == [True, True]
    (told,) = slack.messages
    assert told.channel == "C0PS"
    assert told.text.startswith(f"Alerts to C0123 are paused: Subscriptions 1, 2 are paused: Slack: {error} (")
    assert slack.calls.count("chat.postMessage") == 2


def test_what_a_stopped_subscription_is_owed_comes_when_it_is_resumed(owing: Desk, slack: SlackServer) -> None:
    slack.errors = {"C0123": "not_in_channel"}
    notify(owing.job())
    slack.errors = {}
    notify(owing.job())
    assert slack.messages == []
    assert owing.store.outbox.resume() == 1
    notify(owing.job())
    assert len(slack.messages) == 1


def test_a_revoked_token_pauses_every_subscription_and_the_operators_get_a_mail(
    owing: Desk, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    owing.store.outbox.subscribe(ChannelKind.SLACK, "C9", "", now=NOW)
    slack.errors = {"chat.postMessage": "token_revoked"}
    with SmtpServer() as server:
        monkeypatch.setenv("SMTP_URL", server.url)
        for _ in range(2):
            notify(owing.job('[operators]\nemail = "ops@example.org"'))
    (mail,) = server.mails
    assert mail.message["Subject"] == "Alerts to C0123, C9 are paused"
    body = mail.message.get_body()
    assert body is not None
    assert "install the app again and set the new token" in " ".join(body.get_content().split())
    assert [one.paused for one in owing.store.outbox.subscriptions()] == [True, True]


def test_the_settings_resume_no_subscription_that_was_stopped(owing: Desk, slack: SlackServer) -> None:
    owing.store.outbox.sync([(ChannelKind.SLACK, "C0123", "", Habits())], now=NOW)
    slack.errors = {"C0123": "is_archived"}
    notify(owing.job())
    owing.store.outbox.sync([(ChannelKind.SLACK, "C0123", "", Habits())], now=NOW)
    assert [one.paused for one in owing.store.outbox.subscriptions()] == [True]
    owing.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    assert [(one.paused, one.trouble) for one in owing.store.outbox.subscriptions()] == [(False, None)]


def test_an_alert_that_was_owed_too_long_is_dropped_and_told_when_there_is_something_new(
    owing: Desk, slack: SlackServer
) -> None:
    owing.store.outbox.pause(1)
    owing.wait(days=4)
    owing.store.outbox.resume(1)
    notify(owing.job())
    assert (slack.messages, states(owing)) == ([], [DeliveryState.WITHDRAWN])
    owing.store.outbox.owe(1, "story:1", now=owing.now)
    notify(owing.job('[slack]\nmaximum_age = "1h"'))
    assert (len(slack.messages), states(owing)) == (1, [DeliveryState.SENT])


def test_a_channel_gets_a_message_a_second_and_others_do_not_wait_for_it(owing: Desk, slack: SlackServer) -> None:
    outbox, seen = owing.store.outbox, []
    slack.on_message = lambda posted: seen.append((posted.channel, owing.now))
    for number in (2, 3):
        outbox.subscribe(ChannelKind.SLACK, "C0123", f"severity:{number}", now=NOW)
    other = outbox.subscribe(ChannelKind.SLACK, "C9", "", now=NOW)
    for number in (1, 2, 3, other):
        outbox.owe(number, "story:1", now=NOW)
    notify(owing.job())
    assert [channel for channel, _ in seen] == ["C0123", "C9", "C0123", "C0123"]
    assert [at - NOW for _, at in seen] == [timedelta(seconds=n) for n in (0, 0, 1, 2)]


def test_a_slack_that_keeps_silent_is_left_alone_until_the_next_run(owing: Desk, slack: SlackServer) -> None:
    for number in range(9):
        owing.store.outbox.owe(
            owing.store.outbox.subscribe(ChannelKind.SLACK, f"C{number}", "", now=NOW), "story:1", now=NOW
        )
    slack.faults = [Fault(error="internal_error") for _ in range(9)]
    notify(owing.job())
    assert len(slack.calls) == 3


@pytest.mark.parametrize(
    ("policy", "stored", "became"),
    [
        ("at_least_once", True, (2, DeliveryState.SENT)),
        ("at_least_once", False, (1, DeliveryState.SENT)),
        ("at_most_once", True, (1, DeliveryState.AMBIGUOUS)),
        ("at_most_once", False, (0, DeliveryState.AMBIGUOUS)),
        ("exactly_once", True, (1, DeliveryState.SENT)),
        ("exactly_once", False, (1, DeliveryState.SENT)),
    ],
)
def test_what_becomes_of_an_uncertain_message_is_a_setting(
    owing: Desk, slack: SlackServer, policy: str, stored: bool, became: tuple[int, DeliveryState]
) -> None:
    slack.faults = [Fault(drop=True, stored=stored)]
    for _ in range(2):
        notify(owing.job(f'[slack]\ndelivery = "{policy}"'))
        owing.wait(minutes=3)
    assert (len(slack.messages), *states(owing)) == became
    assert ("conversations.history" in slack.calls) is (policy == "exactly_once")


def test_without_a_token_the_alert_is_printed_once(owing: Desk) -> None:
    notify(owing.job())
    notify(owing.job())
    (printed,) = owing.printed
    assert "SLACK_BOT_TOKEN" in printed


def test_a_digest_goes_out_once_and_a_greylisted_one_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    collect(desk.store, "http://a/1")
    relate_all(desk.store, make_report())
    desk.store.outbox.subscribe(ChannelKind.EMAIL, "policy@example.org", "", now=NOW)
    with SmtpServer(replies=["451 come back later"]) as server:
        monkeypatch.setenv("SMTP_URL", server.url)
        for _ in range(3):
            send_digest(desk.job(), week="2026-W25")
            desk.wait(minutes=5)
        assert len(server.mails) == 1
    body = server.mails[0].message.get_body()
    assert body is not None
    assert "The US blocked Fable 5 on Saturday." in body.get_content()


def test_a_mail_that_may_have_arrived_is_left_to_a_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.store.outbox.subscribe(ChannelKind.EMAIL, "policy@example.org", "", now=NOW)
    with SmtpServer(replies=["drop"]) as server:
        monkeypatch.setenv("SMTP_URL", server.url)
        send_digest(desk.job(), week="2026-W25")
        desk.wait(minutes=5)
        notify(desk.job())
        assert len(server.mails) == 1
    assert states(desk) == [DeliveryState.AMBIGUOUS]


def test_the_preview_holds_what_its_filter_matches(desk: Desk) -> None:
    collect(desk.store, "http://a/1")
    relate_all(desk.store, make_report())
    assert "US blocks Fable 5" in preview_digest(desk.job(), week="2026-W25", text="type:restriction")
    assert "Nothing new" in preview_digest(desk.job(), week="2026-W25", text="type:easing")
    assert "Nothing new" in preview_digest(desk.job(), week="2026-W24", text="")


@pytest.mark.parametrize(
    ("given", "day"), [(None, date(2026, 6, 11)), ("2026-W25", date(2026, 6, 15)), ("2026-06-18", date(2026, 6, 18))]
)
def test_a_week_is_named_in_either_way(given: str | None, day: date) -> None:
    assert parse_week(given, NOW) == day


def test_a_wrong_week_says_what_is_expected() -> None:
    with pytest.raises(InputError, match="2026-W25"):
        parse_week("25", NOW)
