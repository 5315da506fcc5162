"""The real client against a Slack that fails in every way that Slack is known to fail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from tests.notify.stories import make_delivery, make_event, make_story
from tests.servers.slack import Fault, SlackServer
from tests.weighing.standing import standpoint
from tracker.errors import SendError
from tracker.notify.filters import Match
from tracker.notify.message import story_message
from tracker.notify.slack import SlackChannel

HISTORY = "conversations.history"
MESSAGE = story_message(
    make_story(make_event(1)),
    Match(event_ids=(1,), why=()),
    subscription_id=3,
    public_url="http://t",
    standpoint=standpoint(),
)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def channel(slack: SlackServer) -> SlackChannel:
    return SlackChannel(slack.token, slack.url)


def impatient(slack: SlackServer) -> SlackChannel:
    return SlackChannel(slack.token, slack.url, timeout_seconds=0.2)


def refusal(channel: SlackChannel) -> SendError:
    with pytest.raises(SendError) as raised:
        channel.send(make_delivery(), MESSAGE)
    return raised.value


def test_a_message_arrives_whole_and_its_receipt_names_it(slack: SlackServer, channel: SlackChannel) -> None:
    receipt = channel.send(make_delivery(), MESSAGE)
    (posted,) = slack.messages
    assert receipt == f"C0123:{posted.ts}"
    assert posted.text == MESSAGE.text
    assert posted.blocks == MESSAGE.blocks
    assert posted.metadata["event_payload"] == {"delivery": "5"}


def test_a_lost_answer_is_an_unknown_outcome_and_is_not_posted_again(slack: SlackServer, channel: SlackChannel) -> None:
    slack.faults = [Fault(drop=True, stored=True)]
    assert refusal(channel).outcome == "unknown"
    assert slack.calls == ["chat.postMessage"]


def test_a_message_whose_answer_was_lost_is_found_again(slack: SlackServer, channel: SlackChannel) -> None:
    slack.faults = [Fault(drop=True, stored=True)]
    refusal(channel)
    assert channel.find(make_delivery()) == f"C0123:{slack.messages[0].ts}"
    assert channel.find(replace(make_delivery(), id=6)) is None


def test_a_message_is_found_behind_hundreds_of_newer_ones(slack: SlackServer, channel: SlackChannel) -> None:
    channel.send(make_delivery(), MESSAGE)
    client = WebClient(slack.token, base_url=slack.url)
    for number in range(450):
        client.chat_postMessage(channel="C0123", text=f"chat {number}")
    assert channel.find(make_delivery()) == f"C0123:{slack.messages[0].ts}"


def test_a_channel_that_is_too_busy_to_search_is_not_called_empty(slack: SlackServer, channel: SlackChannel) -> None:
    client = WebClient(slack.token, base_url=slack.url)
    for number in range(601):
        client.chat_postMessage(channel="C0123", text=f"chat {number}")
    with pytest.raises(SendError, match="too many newer messages") as raised:
        channel.find(make_delivery())
    assert raised.value.outcome == "refused"


def test_a_message_to_a_person_is_found_in_their_direct_conversation(channel: SlackChannel) -> None:
    delivery = make_delivery(address="U77")
    receipt = channel.send(delivery, MESSAGE)
    assert receipt.startswith("D77:")
    assert channel.find(delivery) == receipt


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(method=HISTORY, error="missing_scope"), "refused"),
        (Fault(method=HISTORY, error="not_in_channel"), "refused"),
        (Fault(method=HISTORY, status=429, error="ratelimited", retry_after=60), "retry"),
        (Fault(method=HISTORY, status=502, body="<html>"), "retry"),
        (Fault(method=HISTORY, error="internal_error"), "retry"),
        (Fault(method=HISTORY, drop=True), "retry"),
        (Fault(method=HISTORY, hang=True), "retry"),
    ],
)
def test_a_failed_look_is_never_taken_for_an_absent_message(slack: SlackServer, fault: Fault, outcome: str) -> None:
    slack.faults = [fault]
    with pytest.raises(SendError) as raised:
        impatient(slack).find(make_delivery())
    assert raised.value.outcome == outcome


@pytest.mark.parametrize("stored", [True, False])
def test_silence_is_an_unknown_outcome(slack: SlackServer, stored: bool) -> None:
    slack.faults = [Fault(hang=True, stored=stored)]
    assert refusal(impatient(slack)).outcome == "unknown"
    assert len(slack.messages) == stored


@pytest.mark.parametrize(
    ("given", "pause"), [(17, 17), (0, 0), (None, 30), ("soon", 30)]
)  # fmt: skip
def test_a_pause_that_slack_asks_for_is_kept(
    slack: SlackServer, channel: SlackChannel, given: int | str | None, pause: int
) -> None:
    slack.faults = [Fault(status=429, error="ratelimited", retry_after=given)]
    error = refusal(channel)
    assert (error.outcome, error.retry_after) == ("retry", timedelta(seconds=pause))


def test_a_channel_takes_one_message_a_second_and_says_when(slack: SlackServer, channel: SlackChannel) -> None:
    slack.messages_per_second = 0
    assert refusal(channel).retry_after == timedelta(seconds=1)


def test_blocks_that_slack_refuses_leave_the_text(slack: SlackServer, channel: SlackChannel) -> None:
    slack.faults = [Fault(error="invalid_blocks")]
    channel.send(make_delivery(), MESSAGE)
    (posted,) = slack.messages
    assert (posted.text, posted.blocks) == (MESSAGE.text, ())
    assert posted.metadata["event_payload"] == {"delivery": "5"}
    assert slack.calls == ["chat.postMessage"] * 2


def test_a_refusal_says_what_to_do(slack: SlackServer, channel: SlackChannel) -> None:
    slack.errors = {"C0123": "not_in_channel"}
    assert str(refusal(channel)) == "Slack: not_in_channel (the app is not in the channel: invite it with /invite)"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(status=503, error="service_unavailable"), "unknown"),
        (Fault(error="internal_error"), "unknown"),
        (Fault(error="fatal_error"), "unknown"),
        (Fault(error="service_unavailable"), "retry"),
        (Fault(error="channel_not_found"), "refused"),
        (Fault(error="is_archived"), "refused"),
        (Fault(error="not_in_channel"), "refused"),
        (Fault(error="token_revoked"), "refused"),
        (Fault(error="an_error_of_2031"), "refused"),
        (Fault(body="<html>Sign in to the hotel's network</html>"), "unknown"),
        (Fault(status=502, body="<html>Bad gateway</html>"), "unknown"),
        (Fault(body=""), "unknown"),
    ],
)
def test_each_error_has_the_outcome_that_is_known(
    slack: SlackServer, channel: SlackChannel, fault: Fault, outcome: str
) -> None:
    slack.faults = [fault]
    assert refusal(channel).outcome == outcome


def test_a_wrong_token_is_refused(slack: SlackServer) -> None:
    assert refusal(SlackChannel("xoxb-other", slack.url)).outcome == "refused"


def test_a_slack_that_is_not_there_has_taken_nothing() -> None:
    with SlackServer() as gone:
        url = gone.url
    assert refusal(SlackChannel("xoxb-any", url)).outcome == "retry"
