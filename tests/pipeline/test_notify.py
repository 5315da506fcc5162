"""No alert is lost and none is sent twice, whatever breaks and whenever."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.making import NOW, make_report
from tests.pipeline.conftest import Desk
from tests.servers.slack import Fault, SlackServer
from tests.servers.smtp import SmtpServer
from tests.store.test_store import collect, relate_all
from tracker.errors import InputError
from tracker.pipeline.notify import notify, parse_week, preview_digest, send_digest
from tracker.types import ChannelKind, DeliveryState


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


def test_a_channel_that_is_gone_is_given_up_with_its_reason(owing: Desk, slack: SlackServer) -> None:
    slack.errors = {"C0123": "channel_not_found"}
    notify(owing.job())
    (delivery,) = owing.store.outbox.deliveries()
    assert delivery.state is DeliveryState.REFUSED
    assert str(delivery.error).startswith("Slack: channel_not_found (there is no such channel")


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
