"""A Slack on 127.0.0.1 that enforces the documented limits and errors, and fails when told to.

Methods: auth.test, chat.postMessage, chat.update, conversations.open, conversations.history,
conversations.replies, views.open, apps.connections.open; and a response_url, at `respond_url`.
Run it by hand with `python -m tests.servers.slack --port 8098`; it prints what it receives.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qs

from tests.servers.slack_blocks import message_error, problems, view_error, view_problems

TOKEN = "xoxb-local-token"
_POST = "chat.postMessage"
_JSON_FIELDS = {"blocks", "metadata", "attachments", "view"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message as it stands in a channel."""

    channel: str
    ts: str
    text: str
    blocks: tuple[dict[str, Any], ...]
    metadata: Mapping[str, Any]
    thread_ts: str | None = None
    is_broadcast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one call of `method`.

    An HTTP `status`, an `error` of Slack's, a `body` that is not Slack's, a connection that drops, or one that
    hangs until the client gives up.  `stored` says whether the message stands in the channel all the same.
    """

    method: str = _POST
    status: int = 200
    error: str | None = None
    body: str | None = None
    retry_after: int | str | None = None
    drop: bool = False
    hang: bool = False
    stored: bool = False


@dataclass(slots=True)
class SlackServer:
    """A running Slack; each of `faults` happens once, in order.

    `errors` hold for a channel ("C1": "is_archived") or a method ("conversations.history": "missing_scope");
    `messages_per_second` limits each channel as Slack does, and is off unless given.
    """

    port: int = 0
    token: str = TOKEN
    messages: list[Posted] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    messages_per_second: int | None = None
    socket_url: str | None = None
    on_message: Callable[[Posted], None] = lambda _: None
    _server: "_Server | None" = None
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    @property
    def respond_url(self) -> str:
        return f"{self.url}respond"

    def __enter__(self) -> Self:
        self._over.clear()
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
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def hang(self) -> None:
        """Say nothing until this Slack ends."""
        self._over.wait()

    def next_fault(self, method: str) -> Fault | None:
        """Take the next fault of a method."""
        with self._lock:
            self.calls.append(method)
            fault = next((one for one in self.faults if one.method == method), None)
            if fault:
                self.faults.remove(fault)
            return fault

    def answer(self, method: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a call that no fault gets in the way of."""
        called = _METHODS.get(method)
        if called is None:
            return {"ok": False, "error": "unknown_method", "req_method": method}
        if said := self.errors.get(method) or self.errors.get(str(request.get("channel"))):
            return {"ok": False, "error": said}
        with self._lock:
            return called(self, request)

    def test(self, _request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer auth.test."""
        return {"ok": True, "user": "tracker", "user_id": "U0BOT", "bot_id": "B0BOT", "team_id": "T0", "team": "local"}

    def post(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer chat.postMessage."""
        if said := message_error(request):
            return _refusal(said, request)
        channel, now = _conversation(str(request["channel"])), time.time()
        if self._is_too_fast(channel, now):
            return {"ok": False, "error": "ratelimited"}
        posted = Posted(
            channel=channel,
            ts=f"{int(now)}.{len(self.messages):06d}",
            text=str(request.get("text", "")),
            blocks=tuple(request.get("blocks") or ()),
            metadata=request.get("metadata") or {},
            thread_ts=request.get("thread_ts") or None,
            is_broadcast=str(request.get("reply_broadcast", "")).lower() in {"1", "true"},
        )
        if posted.thread_ts and not any((m.channel, m.ts) == (channel, posted.thread_ts) for m in self.messages):
            return {"ok": False, "error": "thread_not_found"}
        self.messages.append(posted)
        self.on_message(posted)
        return {"ok": True, "channel": channel, "ts": posted.ts, "message": _row(posted, full=True)}

    def update(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer chat.update."""
        if said := message_error(request):
            return _refusal(said, request)
        for at, posted in enumerate(self.messages):
            if (posted.channel, posted.ts) == (request["channel"], request.get("ts")):
                text, blocks = str(request.get("text", "")), tuple(request.get("blocks") or ())
                self.messages[at] = replace(posted, text=text, blocks=blocks)
                return {"ok": True, "channel": posted.channel, "ts": posted.ts, "text": text}
        return {"ok": False, "error": "message_not_found"}

    def open(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer conversations.open for one person."""
        user = str(request.get("users", ""))
        known = user.startswith(("U", "W"))
        return (
            {"ok": True, "channel": {"id": _conversation(user)}} if known else {"ok": False, "error": "user_not_found"}
        )

    def history(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer conversations.history, newest first, a page at a time; a person's id is no conversation."""
        channel, oldest = str(request.get("channel", "")), float(request.get("oldest") or 0)
        if not channel.startswith(("C", "D", "G")):
            return {"ok": False, "error": "channel_not_found"}
        there = [m for m in reversed(self.messages) if m.channel == channel and float(m.ts) > oldest]
        return _page([m for m in there if m.is_broadcast or not m.thread_ts], request)

    def replies(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer conversations.replies: a message, and what stands in its thread."""
        channel, ts, oldest = str(request.get("channel", "")), request.get("ts"), float(request.get("oldest") or 0)
        thread = [m for m in self.messages if m.channel == channel and ts in {m.ts, m.thread_ts}]
        if not thread:
            return {"ok": False, "error": "thread_not_found"}
        return _page([m for m in thread if m.ts == ts or float(m.ts) > oldest], request)

    def open_view(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer views.open."""
        view = request.get("view")
        if not request.get("trigger_id"):
            return {"ok": False, "error": "invalid_trigger_id"}
        if said := view_error(view):
            return {"ok": False, "error": said, "response_metadata": {"messages": view_problems(view or {})}}
        self.views.append(cast("dict[str, Any]", view))
        return {"ok": True, "view": {"id": f"V{len(self.views)}"}}

    def respond(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Take what is sent to a response_url; it knows no channel."""
        if said := message_error({"channel": "C0", **request}):
            return _refusal(said, request)
        self.responses.append(dict(request))
        return {"ok": True}

    def connect(self, _request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer apps.connections.open."""
        return {"ok": True, "url": self.socket_url} if self.socket_url else {"ok": False, "error": "not_allowed_token_type"}  # fmt: skip

    def _is_too_fast(self, channel: str, now: float) -> bool:
        recent = [m for m in self.messages if m.channel == channel and int(float(m.ts)) == int(now)]
        return self.messages_per_second is not None and len(recent) >= self.messages_per_second


_METHODS: dict[str, Callable[[SlackServer, Mapping[str, Any]], dict[str, Any]]] = {
    "auth.test": SlackServer.test,
    _POST: SlackServer.post,
    "chat.update": SlackServer.update,
    "conversations.open": SlackServer.open,
    "conversations.history": SlackServer.history,
    "conversations.replies": SlackServer.replies,
    "views.open": SlackServer.open_view,
    "respond": SlackServer.respond,
    "apps.connections.open": SlackServer.connect,
}


def _page(there: list[Posted], request: Mapping[str, Any]) -> dict[str, Any]:
    limit, start = min(int(request.get("limit", 100)), 999), int(request.get("cursor") or 0)
    following = str(start + limit) if start + limit < len(there) else ""
    full = str(request.get("include_all_metadata", "")).lower() in {"1", "true"}
    rows = [_row(m, full=full) for m in there[start : start + limit]]
    return {"ok": True, "messages": rows, "has_more": bool(following), "response_metadata": {"next_cursor": following}}


def _conversation(address: str) -> str:
    """Return where a message to `address` stands: a person's stands in the direct conversation with them."""
    return f"D{address[1:]}" if address.startswith(("U", "W")) else address


def _refusal(error: str, request: Mapping[str, Any]) -> dict[str, Any]:
    said = [f"[ERROR] {problem}" for problem in problems(request.get("blocks") or [])]
    return {"ok": False, "error": error, "response_metadata": {"messages": said}}


def _row(posted: Posted, *, full: bool) -> dict[str, Any]:
    metadata = posted.metadata if full else {"event_type": posted.metadata.get("event_type", "")}
    return {"type": "message", "ts": posted.ts, "text": posted.text, "blocks": posted.blocks, "metadata": metadata}


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
        method, request = self.path.rpartition("/")[2], self._request()
        fault = slack.next_fault(method)
        answer = None if method == "respond" else self._refused(slack)  # who has the address may use it
        if answer is None and (fault is None or fault.stored):
            answer = slack.answer(method, request)
        if fault:
            self._fail(slack, fault)
        elif answer and answer.get("error") == "ratelimited":
            self._send(429, json.dumps(answer), 1)
        else:
            self._send(200, json.dumps(answer))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Log nothing."""

    def _refused(self, slack: SlackServer) -> dict[str, Any] | None:
        given = self.headers.get("Authorization", "")
        if given == f"Bearer {slack.token}":
            return None
        return {"ok": False, "error": "invalid_auth" if given else "not_authed"}

    def _fail(self, slack: SlackServer, fault: Fault) -> None:
        self.close_connection = True
        if fault.hang:
            slack.hang()
        elif not fault.drop:
            body = json.dumps({"ok": False, "error": fault.error}) if fault.body is None else fault.body
            self._send(fault.status, body, fault.retry_after)

    def _request(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.headers.get("Content-Type", "").startswith("application/json"):
            return cast("dict[str, Any]", json.loads(body or "{}"))
        form = {key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()}
        return {k: json.loads(v) if k in _JSON_FIELDS else v for k, v in form.items()}

    def _send(self, status: int, body: str, retry_after: int | str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8098)
    arguments = parser.parse_args()

    def show(posted: Posted) -> None:
        print(f"\n{posted.channel} {posted.ts} {posted.text}")
        print(json.dumps(posted.blocks, indent=1, ensure_ascii=False), flush=True)

    with SlackServer(port=arguments.port, on_message=show) as slack, suppress(KeyboardInterrupt):
        print(f"SLACK_BOT_TOKEN={slack.token} SLACK_API_URL={slack.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
