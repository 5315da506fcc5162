"""Slack, through its own client: send a message, or find one whose outcome is unknown."""

from datetime import timedelta
from http.client import HTTPException
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from tracker.errors import SendError
from tracker.notify.message import Message
from tracker.types import Delivery

_TIMEOUT_SECONDS = 20
_EVENT_TYPE = "tracker_delivery"
_PAGES_SEARCHED = 3

# Errors after which the same request may well work: https://docs.slack.dev/reference/methods/chat.postMessage
_PASSING = {"ratelimited", "rate_limited", "service_unavailable", "team_access_not_granted", "request_timeout"}
# Errors after which nobody knows whether the message stands.
_UNCLEAR = {"internal_error", "fatal_error"}


class SlackChannel:
    """One workspace, reached with a bot token.

    slack_sdk's own retries are off: they repeat a post whose answer was lost, and then it stands there twice.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self._client = WebClient(token, base_url=api_url, timeout=_TIMEOUT_SECONDS, retry_handlers=[])

    def send(self, delivery: Delivery, message: Message) -> str:
        """Post the message and return "channel:ts"; raise SendError with what is known of its outcome."""
        try:
            answer = self._client.chat_postMessage(
                channel=delivery.subscription.address,
                text=message.text,
                blocks=list(message.blocks),
                metadata={"event_type": _EVENT_TYPE, "event_payload": {"delivery": _mark(delivery)}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            raise _explain(error) from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise SendError(f"Slack did not answer: {_reason(error)}", outcome=_outcome(error)) from error
        return f"{answer['channel']}:{answer['ts']}"

    def find(self, delivery: Delivery) -> str | None:
        """Look for a delivery among the channel's messages since it was claimed; None where it is not there."""
        since = (delivery.claimed_at or delivery.created_at) - timedelta(minutes=10)
        oldest = min(since, delivery.created_at)
        cursor = None
        try:
            for _ in range(_PAGES_SEARCHED):
                page = self._client.conversations_history(
                    channel=delivery.subscription.address,
                    oldest=str(oldest.timestamp()),
                    limit=200,
                    cursor=cursor,
                    include_all_metadata=True,
                )
                for posted in page["messages"]:
                    if (posted.get("metadata") or {}).get("event_payload", {}).get("delivery") == _mark(delivery):
                        return f"{delivery.subscription.address}:{posted['ts']}"
                cursor = (page.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return None
        except SlackApiError as error:
            raise _explain(error) from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise SendError(f"Slack did not answer: {_reason(error)}", outcome="retry") from error
        raise SendError("the channel has too many messages to look through", outcome="unknown")


def _mark(delivery: Delivery) -> str:
    return f"{delivery.subscription.id}:{delivery.key}"


def _explain(error: SlackApiError) -> SendError:
    response = error.response
    if response.status_code == 429:  # noqa: PLR2004 (Too Many Requests)
        pause = timedelta(seconds=int(response.headers.get("Retry-After", 1)))
        return SendError("Slack asks for a pause", outcome="retry", retry_after=pause)
    if response.status_code >= 500:  # noqa: PLR2004 (the server's own failures)
        return SendError(f"Slack answered HTTP {response.status_code}", outcome="unknown")
    said = str(response.get("error", "unknown error"))
    if said in _UNCLEAR:
        return SendError(f"Slack: {said}", outcome="unknown")
    return SendError(f"Slack: {said}", outcome="retry" if said in _PASSING else "refused")


def _outcome(error: Exception) -> str:
    """A refused connection carried nothing; anything later may have carried the message."""
    cause = error.reason if isinstance(error, URLError) else error
    return "retry" if isinstance(cause, ConnectionRefusedError) or "getaddrinfo" in repr(cause) else "unknown"


def _reason(error: Exception) -> str:
    return str(error.reason if isinstance(error, URLError) else error) or type(error).__name__
