"""A WebSub hub on 127.0.0.1: takes subscriptions, asks back, and calls with a signature."""

import hashlib
import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qsl, urlencode


class Hub:
    """A running hub; `asked` lists the subscriptions as it got them, `answer` is what it says to the next one."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer = 202
        self._server = _Server(("127.0.0.1", 0), _Answer)
        self._server.hub = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def ask_back(self, **changed: str) -> tuple[int, str]:
        """Ask the last subscriber whether it meant it; return status and body."""
        asked = self.asked[-1]
        said = {
            "hub.mode": "subscribe",
            "hub.topic": asked["hub.topic"],
            "hub.challenge": "c h=1",
            "hub.lease_seconds": "3600",
        }
        said |= {f"hub.{name}": value for name, value in changed.items()}
        return _send(f"{asked['hub.callback']}?{urlencode(said)}", None, {})

    def call(self, body: bytes, *, secret: str | None = None, method: str = "sha256") -> int:
        """Call the last subscriber with new content, signed with its secret or another one."""
        asked = self.asked[-1]
        key = (asked["hub.secret"] if secret is None else secret).encode()
        signature = (
            f"{method}={hmac.new(key, body, method).hexdigest()}" if method in hashlib.algorithms_available else method
        )
        return _send(asked["hub.callback"], body, {"X-Hub-Signature": signature})[0]

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serve_hub() -> Iterator[Hub]:
    hub = Hub()
    thread = threading.Thread(target=hub.run)
    thread.start()
    try:
        yield hub
    finally:
        hub.close()
        thread.join()


class _Server(ThreadingHTTPServer):
    hub: Hub


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        hub = cast("_Server", self.server).hub
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        hub.asked.append(dict(parse_qsl(form)))
        self.send_response(hub.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _send(url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
