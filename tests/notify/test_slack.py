"""The real client against a Slack that fails in every way that Slack is known to fail."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.notify.stories import make_delivery, make_event, make_story
from tests.servers.slack import Fault, SlackServer
from tracker.errors import SendError
from tracker.notify.filters import Match
from tracker.notify.message import story_message
from tracker.notify.slack import SlackChannel

MESSAGE = story_message(make_story(make_event(1)), Match(event_ids=(1,), why=()), public_url="http://t")


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def channel(slack: SlackServer) -> SlackChannel:
    return SlackChannel(slack.token, slack.url)


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
    assert posted.metadata["event_payload"] == {"delivery": "3:story:7"}


def test_a_lost_answer_is_an_unknown_outcome_and_is_not_posted_again(slack: SlackServer, channel: SlackChannel) -> None:
    slack.faults = [Fault(drop=True, stored=True)]
    assert refusal(channel).outcome == "unknown"
    assert slack.calls == ["chat.postMessage"]


def test_a_message_whose_answer_was_lost_is_found_again(slack: SlackServer, channel: SlackChannel) -> None:
    slack.faults = [Fault(drop=True, stored=True)]
    refusal(channel)
    assert channel.find(make_delivery()) == f"C0123:{slack.messages[0].ts}"
    assert channel.find(make_delivery(key="story:8")) is None


def test_a_pause_that_slack_asks_for_is_kept(slack: SlackServer, channel: SlackChannel) -> None:
    slack.faults = [Fault(status=429, error="ratelimited", retry_after=17)]
    error = refusal(channel)
    assert (error.outcome, error.retry_after) == ("retry", timedelta(seconds=17))


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
