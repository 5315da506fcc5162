"""A Slack on 127.0.0.1 that enforces the documented limits and errors, and fails when told to.

Methods: auth.test, chat.postMessage, chat.update, conversations.history.  Run it by hand with
`python -m tests.servers.slack --port 8098`; it prints what it receives.
Limits: https://docs.slack.dev/reference/block-kit/blocks and /methods/chat.postMessage.
"""

import argparse
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qs

TOKEN = "xoxb-local-token"
_TEXT_LIMITS = {"header": 150, "section": 3000, "button": 75}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message as it stands in a channel."""

    channel: str
    ts: str
    text: str
    blocks: tuple[dict[str, Any], ...]
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one request: an HTTP `status`, an `error` of Slack's, silence or a dropped connection.

    `stored` says whether the message stands in the channel all the same.
    """

    status: int = 200
    error: str | None = None
    retry_after: int | None = None
    drop: bool = False
    stored: bool = False


@dataclass(slots=True)
class SlackServer:
    """A running Slack; `faults` are used up one a request to chat.postMessage, `errors` hold for a channel."""

    port: int = 0
    token: str = TOKEN
    messages: list[Posted] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    on_message: Callable[[Posted], None] = lambda _: None
    _server: "_Server | None" = None
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self.port), _Answer)
        self._server.slack = self
        # A short poll interval lets the end come at once.
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def post(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer chat.postMessage."""
        if said := self.errors.get(str(request.get("channel"))) or message_error(request):
            return {"ok": False, "error": said}
        with self._lock:
            posted = Posted(
                channel=str(request["channel"]),
                ts=f"17000000{len(self.messages):02d}.{len(self.messages):06d}",
                text=str(request.get("text", "")),
                blocks=tuple(request.get("blocks") or ()),
                metadata=request.get("metadata") or {},
            )
            self.messages.append(posted)
        self.on_message(posted)
        return {"ok": True, "channel": posted.channel, "ts": posted.ts, "message": {"text": posted.text}}

    def update(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer chat.update."""
        if said := message_error(request):
            return {"ok": False, "error": said}
        for at, posted in enumerate(self.messages):
            if (posted.channel, posted.ts) == (request["channel"], request.get("ts")):
                changed = tuple(request.get("blocks") or ())
                self.messages[at] = Posted(
                    channel=posted.channel,
                    ts=posted.ts,
                    text=str(request.get("text", "")),
                    blocks=changed,
                    metadata=posted.metadata,
                )
                return {"ok": True, "channel": posted.channel, "ts": posted.ts, "text": request.get("text", "")}
        return {"ok": False, "error": "message_not_found"}

    def history(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer conversations.history, newest first, a page at a time."""
        limit, start = min(int(request.get("limit", 100)), 999), int(request.get("cursor") or 0)
        there = [m for m in reversed(self.messages) if m.channel == request.get("channel")]
        page = there[start : start + limit]
        following = str(start + limit) if start + limit < len(there) else ""
        full = str(request.get("include_all_metadata", "")).lower() in {"1", "true"}
        rows = [
            {"type": "message", "ts": m.ts, "text": m.text, "metadata": m.metadata if full else {"event_type": ""}}
            for m in page
        ]
        return {
            "ok": True,
            "messages": rows,
            "has_more": bool(following),
            "response_metadata": {"next_cursor": following},
        }


def message_error(request: Mapping[str, Any]) -> str | None:
    """Return Slack's error for a message that it would not take."""
    text, blocks = str(request.get("text") or ""), request.get("blocks") or []
    if not request.get("channel"):
        return "channel_not_found"
    if not text and not blocks:
        return "no_text"
    if len(text) > 40_000:
        return "msg_too_long"
    if len(blocks) > 50 or any(block_problem(block) for block in blocks):
        return "invalid_blocks"
    return None


def block_problem(block: Mapping[str, Any]) -> str | None:
    """Say what is wrong with a block, by the documented limits."""
    match block.get("type"):
        case "header":
            return _text_problem(block.get("text"), _TEXT_LIMITS["header"], ("plain_text",))
        case "section":
            return _section_problem(block)
        case "context":
            elements = block.get("elements") or []
            problems = [_text_problem(e, 2000, ("plain_text", "mrkdwn")) for e in elements]
            return "context: 1 to 10 elements" if not 1 <= len(elements) <= 10 else _first(problems)
        case "actions":
            elements = block.get("elements") or []
            return (
                "actions: 1 to 25" if not 1 <= len(elements) <= 25 else _first([_button_problem(e) for e in elements])
            )
        case "rich_text":
            return None if block.get("elements") else "rich_text: no elements"
        case "divider":
            return None
        case other:
            return f"unknown block {other}"


def _section_problem(block: Mapping[str, Any]) -> str | None:
    fields = block.get("fields")
    if fields is None:
        return _text_problem(block.get("text"), _TEXT_LIMITS["section"], ("plain_text", "mrkdwn"))
    if not 1 <= len(fields) <= 10:
        return "section: 1 to 10 fields"
    return _first([_text_problem(one, 2000, ("plain_text", "mrkdwn")) for one in fields])


def _button_problem(element: Mapping[str, Any]) -> str | None:
    if element.get("type") != "button" or not element.get("action_id"):
        return "actions: a button with an action_id"
    if len(str(element.get("url", ""))) > 3000:
        return "button: url over 3000"
    return _text_problem(element.get("text"), _TEXT_LIMITS["button"], ("plain_text",))


def _text_problem(text: object, limit: int, kinds: tuple[str, ...]) -> str | None:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return f"expected a text of {kinds}"
    return None if 1 <= len(str(text.get("text", ""))) <= limit else f"text of 1 to {limit} characters"


def _first(problems: list[str | None]) -> str | None:
    return next((problem for problem in problems if problem), None)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    slack: SlackServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that goes away is what some tests want."""


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 0.5

    def do_POST(self) -> None:
        slack = cast("_Server", self.server).slack
        method = self.path.rpartition("/")[2]
        request = self._request()
        slack.calls.append(method)
        fault = slack.faults.pop(0) if slack.faults and method == "chat.postMessage" else Fault(stored=True)
        answer = self._answer(slack, method, request) if fault.stored else {"ok": False, "error": fault.error}
        if fault.drop:
            self.close_connection = True
            return
        if fault.error:
            answer = {"ok": False, "error": fault.error}
        self._send(fault.status, answer, fault.retry_after)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Log nothing."""

    def _answer(self, slack: SlackServer, method: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if self.headers.get("Authorization", "") != f"Bearer {slack.token}":
            return {"ok": False, "error": "invalid_auth" if self.headers.get("Authorization") else "not_authed"}
        match method:
            case "chat.postMessage":
                return slack.post(request)
            case "chat.update":
                return slack.update(request)
            case "conversations.history":
                return slack.history(request)
            case "auth.test":
                return {"ok": True, "user_id": "U0BOT", "bot_id": "B0BOT", "team_id": "T0LOCAL", "team": "local"}
            case _:
                return {"ok": False, "error": "unknown_method"}

    def _request(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.headers.get("Content-Type", "").startswith("application/json"):
            return cast("dict[str, Any]", json.loads(body or "{}"))
        form = {key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()}
        return {k: json.loads(v) if k in {"blocks", "metadata", "attachments"} else v for k, v in form.items()}

    def _send(self, status: int, answer: Mapping[str, Any], retry_after: int | None) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8098)
    arguments = parser.parse_args()
    shown = SlackServer(port=arguments.port, on_message=lambda m: print(json.dumps(m.blocks, indent=1), flush=True))
    with shown as slack:
        print(f"SLACK_BOT_TOKEN={slack.token} SLACK_API_URL={slack.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
