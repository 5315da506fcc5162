"""Slack, through its own client: send a message, or find one whose outcome is unknown."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from http.client import HTTPException
from importlib.resources import files
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from tracker.errors import SendError
from tracker.notify.message import Message
from tracker.types import Delivery

_EVENT_TYPE = "tracker_delivery"
_PAGES_SEARCHED, _PAGE = 3, 200
# Clocks differ: Slack's time stamps are compared with our own.
_CLOCK_LEEWAY = timedelta(minutes=10)
_TOO_MANY_REQUESTS, _SERVER_ERROR = 429, 500
_DEFAULT_PAUSE = timedelta(seconds=30)


class SlackChannel:
    """One workspace, reached with a bot token.

    slack_sdk's own retries are off: they repeat a post whose answer was lost, and then it stands there twice.
    """

    def __init__(self, token: str, api_url: str, *, timeout_seconds: float = 20) -> None:
        # urllib takes fractions of a second; slack_sdk only hands the value on.
        timeout: Any = timeout_seconds
        self._client = WebClient(token, base_url=api_url, timeout=timeout, retry_handlers=[])

    def send(self, delivery: Delivery, message: Message, *, thread: str | None = None, broadcast: bool = False) -> str:
        """Post the message and return "channel:ts"; raise SendError with what is known of its outcome.

        `thread` is the receipt of the message to reply to; with `broadcast` the channel sees the reply too.
        Where Slack does not take the blocks, the text goes out without them: an ugly alert is better than none.
        """
        channel, _, ts = (thread or delivery.subscription.address).partition(":")
        place = {"channel": channel} | ({"thread_ts": ts, "reply_broadcast": broadcast} if ts else {})
        with _failures():
            answer = _with_or_without_blocks(partial(self._post, delivery, **place), message)
            return f"{answer['channel']}:{answer['ts']}"

    def edit(self, receipt: str, message: Message) -> None:
        """Have a message that was sent say something else; doing it twice does no harm."""
        channel, _, ts = receipt.partition(":")
        with _failures(unread="retry"):
            _with_or_without_blocks(partial(self._client.chat_update, channel=channel, ts=ts), message)

    def find(self, delivery: Delivery, *, thread: str | None = None) -> str | None:
        """Look for a delivery among the messages since it was due; None where it is certainly not there.

        They are those of the channel, or the replies in the thread under the message with the receipt `thread`.
        The SendError says "retry" where a later look may help, and "refused" where the app may not look.
        """
        with _failures(unread="retry"):
            channel, _, ts = (thread or self._conversation(delivery.subscription.address)).partition(":")
            for posted in self._history(channel, ts, str((delivery.due_at - _CLOCK_LEEWAY).timestamp())):
                payload = (posted.get("metadata") or {}).get("event_payload") or {}
                if payload.get("delivery") == _mark(delivery):
                    return f"{channel}:{posted['ts']}"
            return None

    def _post(self, delivery: Delivery, **content: Any) -> SlackResponse:
        return self._client.chat_postMessage(
            metadata={"event_type": _EVENT_TYPE, "event_payload": {"delivery": _mark(delivery)}},
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            **content,
        )

    def _conversation(self, address: str) -> str:
        """Return where messages to `address` stand: a person's stand in the direct conversation with them."""
        if not address.startswith(("U", "W")):
            return address
        return str(self._client.conversations_open(users=address)["channel"]["id"])

    def _history(self, channel: str, thread: str, oldest: str) -> Iterator[dict[str, Any]]:
        cursor = None
        for _ in range(_PAGES_SEARCHED):
            asked: dict[str, Any] = {"limit": _PAGE, "cursor": cursor, "include_all_metadata": True}
            asked |= {"channel": channel, "oldest": oldest}
            client = self._client
            page = client.conversations_replies(ts=thread, **asked) if thread else client.conversations_history(**asked)
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise SendError("the channel has too many newer messages to look through", outcome="refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meanings:
    passing: frozenset[str]
    unclear: frozenset[str]
    blocks: frozenset[str]
    address: frozenset[str]
    workspace: frozenset[str]
    remedies: dict[str, str]


@cache
def _meanings() -> _Meanings:
    table = tomllib.loads(files("tracker.notify").joinpath("slack_errors.toml").read_text(encoding="utf-8"))
    lists = {name: frozenset(table[name]) for name in ("passing", "unclear", "blocks", "address", "workspace")}
    return _Meanings(**lists, remedies=table["remedies"])


def _with_or_without_blocks(call: Callable[..., SlackResponse], message: Message) -> SlackResponse:
    try:
        return call(text=message.text, blocks=list(message.blocks))
    except SlackApiError as error:
        if _error_of(error.response) not in _meanings().blocks:
            raise
        return call(text=message.text, blocks=[])


def _mark(delivery: Delivery) -> str:
    # Not by its key, which changes where two stories become one.
    return str(delivery.id)


@contextmanager
def _failures(unread: str = "unknown") -> Iterator[None]:
    """Turn every failure into a SendError; `unread` is the outcome of a request whose answer was not read."""
    try:
        yield
    except SlackApiError as error:
        raise _explain(error.response, unread) from error
    except URLError as error:
        # urllib wraps what breaks before the whole request is out, so that Slack cannot have carried it out.
        raise SendError(f"Slack cannot be reached: {error.reason}", outcome="retry") from error
    except (SlackClientError, OSError, HTTPException, ValueError) as error:
        said = str(error) or type(error).__name__
        raise SendError(f"Slack's answer did not arrive: {said}", outcome=unread) from error


def _explain(response: SlackResponse, unread: str) -> SendError:
    if response.status_code == _TOO_MANY_REQUESTS:
        given = str(response.headers.get("Retry-After", ""))
        pause = timedelta(seconds=int(given)) if given.isdecimal() else _DEFAULT_PAUSE
        return SendError("Slack asks for a pause", outcome="retry", retry_after=pause)
    error = _error_of(response)
    if error is None or response.status_code >= _SERVER_ERROR:
        said = error or "no answer of Slack's"
        return SendError(f"Slack: HTTP {response.status_code}, {said}", outcome=unread)
    if error in _meanings().unclear:
        return SendError(f"Slack: {error}", outcome=unread)
    outcome = "retry" if error in _meanings().passing else "refused"
    remedy = _meanings().remedies.get(error)
    return SendError(f"Slack: {error}" + (f" ({remedy})" if remedy else ""), outcome=outcome, reach=_reach(error))


def _reach(error: str) -> str:
    if error in _meanings().workspace:
        return "workspace"
    return "address" if error in _meanings().address else "message"


def _error_of(response: SlackResponse) -> str | None:
    """Return Slack's own name for an error; slack_sdk puts a sentence there when the answer was not Slack's."""
    error = response.get("error")
    return error if isinstance(error, str) and re.fullmatch(r"\w+", error) else None
