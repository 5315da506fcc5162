"""The one place that opens outward connections: limits, redirects, and the address check on every hop."""

import socket
import ssl
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpcore2
import httpx2

from tracker.collect.addresses import is_allowed, is_public
from tracker.collect.allowance import Allowance, current
from tracker.collect.robots import Robots, agent_name
from tracker.config import CollectSettings
from tracker.errors import FetchError
from tracker.times import as_utc, now

_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_REDIRECT_LIMIT = 5
# Headers, chunk sizes and the answers of redirects come on top of the body.
_OVERHEAD_BYTES = 1_000_000
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer with status 200 or 304; `url` is the address after redirects, header names are lower-case.

    `moved_to` is that address too, where every redirect on the way there was a permanent one.  `links` are those
    of the Link header by their relation.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    content_type: str
    body: bytes
    moved_to: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)


class Client:
    """Fetches addresses within the limits of its settings; may be used from many threads."""

    def __init__(self, settings: CollectSettings, robots: Robots | None = None) -> None:
        self._settings = settings
        self._robots = Robots() if robots is None else robots
        self._backend = _CheckedBackend(settings.allow_private_hosts)
        self._transport = _CheckedTransport(self._backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        asks_robots: bool = False,
        limit_bytes: int | None = None,
        timeout: timedelta | None = None,
    ) -> Fetched:
        """Fetch `url` with GET; raise a FetchError that says in one sentence why it could not be had.

        `asks_robots` has each address on the way checked against its site's robots.txt.  `limit_bytes` and
        `timeout` are for a source whose one body is known to be large, instead of what the settings say.
        """
        asks_robots = asks_robots and self._settings.obey_robots
        parsed = _parse_url(url)
        if asks_robots:  # before the time of the page itself runs
            self._check_robots(parsed)
        with _within(self._allowance(limit_bytes, timeout)):
            return self._follow(parsed, dict(headers or {}), asks_robots=asks_robots)

    def post(self, url: str, fields: Mapping[str, str]) -> None:
        """Send a form; raise a FetchError where the answer is no success or none comes; redirects are not followed."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        with _within(self._allowance(None, None)):
            response = self._open(_parse_url(url), headers, httpx2.Cookies(), form=urlencode(fields).encode())
            try:
                if not response.is_success:
                    raise _refusal(response)
            finally:
                response.close()

    @contextmanager
    def connect(self, host: str, port: int, *, tls: bool) -> Iterator[httpcore2.NetworkStream]:
        """Open a connection for another protocol than HTTP; address, time and bytes are checked as in a fetch.

        Whatever fails within the block is a FetchError; the connection is closed at its end.
        """
        allowance = self._allowance(None, None)
        with allowance.spent_here():
            try:
                stream = self._backend.connect_tcp(host, port)
                try:
                    if tls:  # with a context of its own: that of the pool offers HTTP in every handshake
                        stream = stream.start_tls(httpx2.create_ssl_context(), host)
                    yield stream
                finally:
                    stream.close()
            except httpcore2.TimeoutException as error:
                raise allowance.timed_out() from error
            except httpcore2.NetworkError as error:
                raise FetchError(_explain(error)) from error

    def asked_delay(self, host: str) -> timedelta:
        """Return the pause that a host's robots.txt asks for between two requests, as far as it is known."""
        return self._robots.delay(host, agent=agent_name(self._settings.user_agent))

    def _check_robots(self, url: httpx2.URL) -> None:
        agent = agent_name(self._settings.user_agent)
        self._robots.check(str(url), agent=agent, fetch=lambda address: self.fetch(address).body)

    def _allowance(self, limit_bytes: int | None, timeout: timedelta | None) -> Allowance:
        body_bytes = self._settings.body_limit_bytes if limit_bytes is None else limit_bytes
        return Allowance(
            timeout=self._settings.timeout if timeout is None else timeout,
            first_byte_timeout=self._settings.first_byte_timeout,
            limit_bytes=body_bytes + _OVERHEAD_BYTES,
        )

    def _follow(self, url: httpx2.URL, headers: dict[str, str], *, asks_robots: bool) -> Fetched:
        cookies, seen, hops = httpx2.Cookies(), {url}, set[int]()
        for _ in range(_REDIRECT_LIMIT + 1):
            response = self._open(url, headers, cookies)
            try:
                if response.status_code not in _REDIRECTS or "location" not in response.headers:
                    return self._receive(response, moved=bool(hops) and hops <= _PERMANENT)
                hops.add(response.status_code)
                cookies.extract_cookies(response)
                url = _join(url, response.headers["location"])
            finally:
                response.close()
            is_circle = url in seen
            if asks_robots and not is_circle:
                self._check_robots(url)
            seen.add(url)
        raise FetchError("redirects in a circle" if is_circle else f"more than {_REDIRECT_LIMIT} redirects")

    def _open(
        self, url: httpx2.URL, headers: dict[str, str], cookies: httpx2.Cookies, *, form: bytes | None = None
    ) -> httpx2.Response:
        current().ask()
        sent = {"user-agent": self._settings.user_agent, "accept-encoding": "gzip, deflate", **headers}
        seconds = self._settings.timeout.total_seconds()
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        request = httpx2.Request(
            "GET" if form is None else "POST",
            url,
            headers=sent,
            cookies=cookies,
            content=form,
            extensions={"timeout": timeouts},
        )
        response = self._transport.handle_request(request)
        response.request = request
        return response

    def _receive(self, response: httpx2.Response, *, moved: bool) -> Fetched:
        if response.status_code not in {200, 304}:
            raise _refusal(response)
        url = str(response.request.url)
        return Fetched(
            status=response.status_code,
            url=url,
            moved_to=url if moved else None,
            headers=dict(response.headers),
            content_type=response.headers.get("content-type", ""),
            links={rel: link["url"] for rels, link in response.links.items() for rel in (rels or "").lower().split()},
            body=_read_body(response, current().limit_bytes - _OVERHEAD_BYTES),
        )


@contextmanager
def _within(allowance: Allowance) -> Iterator[None]:
    """Hold a fetch to its allowance; whatever fails in the network is a FetchError."""
    with allowance.spent_here():
        try:
            yield
        except httpx2.TimeoutException as error:
            raise allowance.timed_out() from error
        except httpx2.DecodingError as error:
            raise FetchError("the compressed body is broken") from error
        except (httpx2.TransportError, httpx2.StreamError) as error:
            raise FetchError(_explain(error)) from error


def http_date(value: str) -> datetime | None:
    """Read the date of a header; None where it is none."""
    try:
        return as_utc(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None


class _CheckedTransport(httpx2.HTTPTransport):
    """httpx2's transport over a pool whose connections go through the address check.

    No proxy is taken from the environment: it would connect in our place, unchecked.
    """

    def __init__(self, backend: httpcore2.NetworkBackend) -> None:
        context = httpx2.create_ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=backend,
        )


@dataclass(frozen=True, slots=True)
class _CheckedBackend(httpcore2.NetworkBackend):
    """Resolves a host once, and connects to the first public or explicitly allowed address it has."""

    allowed: Collection[str]
    _plain: httpcore2.SyncBackend = field(default_factory=httpcore2.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (the allowance is stricter)
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._permitted(host, port)
        allowance = current()
        for position, address in enumerate(addresses):
            share = allowance.seconds_left() / (len(addresses) - position)
            try:
                stream = self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if position == len(addresses) - 1:
                    raise
            else:
                return _LimitedStream(stream)
        raise AssertionError("_permitted returns at least one address")

    def _permitted(self, host: str, port: int) -> list[str]:
        addresses = _resolve(host, port)
        permitted = [a for a in addresses if is_public(a) or is_allowed(host, port, a, self.allowed)]
        if not permitted:
            raise FetchError(f"address {addresses[0]} is private; allow it in [collect] allow_private_hosts")
        return permitted


@dataclass(frozen=True, slots=True)
class _LimitedStream(httpcore2.NetworkStream):
    """A connection that asks the allowance of the running fetch before each step."""

    stream: httpcore2.NetworkStream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (the allowance is stricter)
        allowance = current()
        return allowance.spend(self.stream.read(max_bytes, allowance.seconds_left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 (the allowance is stricter)
        self.stream.write(buffer, current().seconds_left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 (the allowance is stricter)
    ) -> httpcore2.NetworkStream:
        return _LimitedStream(self.stream.start_tls(ssl_context, server_hostname, current().seconds_left()))

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise FetchError(f"the host name {host} does not resolve") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _read_body(response: httpx2.Response, limit_bytes: int) -> bytes:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchError(f"the body is encoded as {encoding}, which was not asked for")
    too_long = FetchError(f"body over {limit_bytes / 1_000_000:g} MB")
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit_bytes:
        raise too_long
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > limit_bytes:
            raise too_long
    return bytes(body)


def _parse_url(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise FetchError(f"not an address: {error}") from error
    return _check_url(parsed)


def _join(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        return _check_url(url.join(location))
    except httpx2.InvalidURL as error:
        raise FetchError(f"redirected to what is not an address: {error}") from error


def _check_url(url: httpx2.URL) -> httpx2.URL:
    if url.scheme not in {"http", "https"}:
        raise FetchError(f"only http and https are fetched, not {url.scheme or 'an address without a scheme'}")
    if not url.host:
        raise FetchError("the address names no host")
    return url.copy_with(fragment=None)


def _refusal(response: httpx2.Response) -> FetchError:
    status = response.status_code
    return FetchError(
        f"HTTP {status}",
        retry_after=_retry_after(response.headers),
        gone=status == httpx2.codes.GONE,
        status=status,
    )


def _retry_after(headers: httpx2.Headers) -> timedelta | None:
    """Read Retry-After in either form; a date counts from the server's own clock where it states one."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return timedelta(seconds=min(int(value), 10**8))
    until = http_date(value)
    return max(until - (http_date(headers.get("date", "")) or now()), timedelta(0)) if until else None


def _explain(error: BaseException) -> str:
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)
    for one in causes:
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"the TLS certificate is not valid: {one.verify_message}"
        if isinstance(one, ssl.SSLError):
            return f"TLS failed: {one.reason or one}"
        if isinstance(one, ConnectionRefusedError):
            return "connection refused"
        if isinstance(one, OSError) and one.strerror:
            return f"connection failed: {one.strerror}"
    return f"not valid HTTP: {error}" if isinstance(error, httpx2.ProtocolError) else f"connection failed: {error}"
