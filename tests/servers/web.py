"""A web of routes on 127.0.0.1: what it answers is data, how badly it behaves too."""

import gzip
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from ssl import SSLContext
from typing import cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a path answers.

    `repeat` sends the body so many times (a big body from a small one) without announcing a length.
    `drip` pauses so many seconds before each byte.  `stall` keeps silent until the web closes: "headers" from the
    start, "body" after the headers.  Where `headers` has an ETag or Last-Modified, conditional requests get 304.
    `raw` is the whole answer as bytes, status line included.
    """

    body: bytes = b""
    status: int = 200
    content_type: str | None = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    repeat: int = 1
    drip: float | None = None
    stall: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    path: str
    headers: Mapping[str, str]


def redirect(location: str, status: int = 302, headers: Mapping[str, str] | None = None) -> Route:
    """Make a route that points elsewhere."""
    return Route(status=status, headers={"Location": location, **(headers or {})})


def gzipped(body: bytes, *, content_type: str = "text/html; charset=utf-8", times: int = 1) -> Route:
    """Make a route whose body travels compressed; `times` repeats the plain body before that (a bomb)."""
    packed = gzip.compress(body * times)
    return Route(body=packed, content_type=content_type, headers={"Content-Encoding": "gzip"})


class Web:
    """A running server; `routes` may be changed while it runs, `requests` lists what was asked.

    A route without a query string answers for every query string that has no route of its own.
    """

    def __init__(self, routes: Mapping[str, Route], host: str = "127.0.0.1", tls: SSLContext | None = None) -> None:
        self.routes = dict(routes)
        self.requests: list[Request] = []
        self.closing = threading.Event()
        kind = _Server6 if ":" in host else _Server
        self._server = kind((host, 0), _Answer)
        self._server.web = self
        self.port = self._server.server_address[1]
        self.host = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        # A short poll interval lets close() return at once.
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"{self._scheme}://{self.host}{path}"

    def paths(self) -> list[str]:
        """List the paths asked for, in order."""
        return [request.path for request in self.requests]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def serve(routes: Mapping[str, Route], host: str = "127.0.0.1", tls: SSLContext | None = None) -> Iterator[Web]:
    """Serve `routes` on a free port until the block ends."""
    web = Web(routes, host, tls)
    try:
        yield web
    finally:
        web.close()


class _Server(ThreadingHTTPServer):
    address_family = AF_INET
    daemon_threads = False
    request_queue_size = 128
    web: Web

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that gives up on a stalled or endless answer is what many tests want."""


class _Server6(_Server):
    address_family = AF_INET6


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A connection that a client keeps open must not hold up the server's end.
    timeout = 0.5

    def do_GET(self) -> None:
        web = cast("_Server", self.server).web
        web.requests.append(Request(path=self.path, headers={k.lower(): v for k, v in self.headers.items()}))
        plain = web.routes.get(self.path.partition("?")[0], Route(status=404, body=b"nothing here"))
        route = web.routes.get(self.path, plain)
        if route.stall == "headers":
            web.closing.wait()
            self.close_connection = True
        elif route.raw is not None:
            self._send(route.raw, route, web)
            self.close_connection = True
        elif self._is_known(route):
            self._head(route, 304, length=None)
        else:
            self._whole(route, web)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Log nothing."""

    def _whole(self, route: Route, web: Web) -> None:
        endless = route.repeat > 1 or route.stall is not None
        self._head(route, route.status, length=None if endless else len(route.body))
        if route.stall == "body":
            web.closing.wait()
        for _ in range(route.repeat):
            self._send(route.body, route, web)
        self.close_connection = endless or self.close_connection

    def _head(self, route: Route, status: int, *, length: int | None) -> None:
        self.send_response(status)
        if route.content_type:
            self.send_header("Content-Type", route.content_type)
        for name, value in route.headers.items():
            self.send_header(name, value)
        if length is not None and "Content-Length" not in route.headers:
            self.send_header("Content-Length", str(length))
        elif status == 200:
            self.send_header("Connection", "close")
        self.end_headers()

    def _is_known(self, route: Route) -> bool:
        etag, modified = route.headers.get("ETag"), route.headers.get("Last-Modified")
        if etag and self.headers.get("If-None-Match"):
            return self.headers["If-None-Match"] == etag
        return bool(modified) and self.headers.get("If-Modified-Since") == modified

    def _send(self, body: bytes, route: Route, web: Web) -> None:
        if route.drip is None:
            self.wfile.write(body)
            return
        for byte in body:
            if web.closing.wait(route.drip):
                break
            self.wfile.write(bytes([byte]))
