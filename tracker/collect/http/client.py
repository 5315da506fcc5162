"""The client: one fetch from its address to its answer."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlencode

import httpcore2
import httpx2

from tracker.collect.allowance import Allowance, current
from tracker.collect.http.answers import Fetched, explain, is_success, read_body, read_links, refusal
from tracker.collect.http.connections import CheckedBackend, Connections, Key
from tracker.collect.http.exchange import Answer
from tracker.collect.robots import Robots, agent_name
from tracker.config import CollectSettings
from tracker.errors import FetchError

_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_REDIRECT_LIMIT = 5
# Headers, chunk sizes and the answers of redirects come on top of the body.
_OVERHEAD_BYTES = 1_000_000
_PORTS = {"http": 80, "https": 443}
_ACCEPTED = {"accept": "*/*", "accept-encoding": "gzip, deflate"}


class Client:
    """Fetches addresses within the limits of its settings; may be used from many threads."""

    def __init__(self, settings: CollectSettings, robots: Robots | None = None) -> None:
        self._settings = settings
        self._robots = Robots() if robots is None else robots
        self._backend = CheckedBackend(settings.allow_private_hosts)
        self._connections = Connections(self._backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connections.close()

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
        with self._allowance(limit_bytes, timeout), _TOLD:
            return self._follow(parsed, headers or {}, asks_robots=asks_robots)

    def post(self, url: str, fields: Mapping[str, str]) -> None:
        """Send a form; raise a FetchError where the answer is no success or none comes; redirects are not followed."""
        self.send(url, urlencode(fields).encode(), {"content-type": "application/x-www-form-urlencoded"})

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Send a body with POST and return what is answered; raise a FetchError as `post` does."""
        address = _parse_url(url)
        with self._allowance(None, None), _TOLD:
            answer = self._ask(address, headers, body)
            try:
                if not is_success(answer.status):
                    raise refusal(answer.status, answer.stated)
                return read_body(answer, current().limit_bytes - _OVERHEAD_BYTES)
            finally:
                self._connections.settle(address.key, answer)

    @contextmanager
    def connect(self, host: str, port: int, *, tls: bool) -> Iterator[httpcore2.NetworkStream]:
        """Open a connection for another protocol than HTTP; address, time and bytes are checked as in a fetch.

        Whatever fails within the block is a FetchError; the connection is closed at its end.
        """
        with self._allowance(None, None), _TOLD:
            stream = self._backend.connect_tcp(host, port)
            try:
                if tls:  # with a context of its own: that of the pool offers HTTP in every handshake
                    stream = stream.start_tls(httpx2.create_ssl_context(), host)
                yield stream
            finally:
                stream.close()

    @property
    def parse_timeout(self) -> timedelta:
        """How long what was fetched may take to parse."""
        return self._settings.parse_timeout

    def asked_delay(self, host: str) -> timedelta:
        """Return the pause that a host's robots.txt asks for between two requests, as far as it is known."""
        return self._robots.delay(host, agent=agent_name(self._settings.user_agent))

    def _check_robots(self, address: "_Address") -> None:
        agent = agent_name(self._settings.user_agent)
        self._robots.check(address.text, agent=agent, fetch=lambda url: self.fetch(url).body)

    def _allowance(self, limit_bytes: int | None, timeout: timedelta | None) -> Allowance:
        body_bytes = self._settings.body_limit_bytes if limit_bytes is None else limit_bytes
        return Allowance(
            timeout=self._settings.timeout if timeout is None else timeout,
            first_byte_timeout=self._settings.first_byte_timeout,
            limit_bytes=body_bytes + _OVERHEAD_BYTES,
        )

    def _follow(self, address: "_Address", headers: Mapping[str, str], *, asks_robots: bool) -> Fetched:
        seen, hops, cookies = {address.text}, set[int](), None
        for _ in range(_REDIRECT_LIMIT + 1):
            answer = self._ask(address, _with_cookies(headers, cookies, address))
            try:
                location = answer.stated.get("location")
                if answer.status not in _REDIRECTS or location is None:
                    return _receive(answer, address, moved=bool(hops) and hops <= _PERMANENT)
                hops.add(answer.status)
                cookies = _keep_cookies(cookies, answer, address)
            finally:
                self._connections.settle(address.key, answer)
            address = _join(address, location)
            is_circle = address.text in seen
            if asks_robots and not is_circle:
                self._check_robots(address)
            seen.add(address.text)
        raise FetchError("redirects in a circle" if is_circle else f"more than {_REDIRECT_LIMIT} redirects")

    def _ask(self, address: "_Address", headers: Mapping[str, str], form: bytes | None = None) -> Answer:
        """Send a request and read the head of its answer, which is to be settled by the caller."""
        current().ask()
        sent = {"Host": address.host, "user-agent": self._settings.user_agent, **_ACCEPTED, **headers}
        connection = self._connections.take(address.key)
        try:
            if form is None:
                return connection.ask("GET", address.path, sent)
            return connection.ask("POST", address.path, sent | {"content-length": str(len(form))}, form)
        except BaseException:
            connection.close()
            raise


class _Address(NamedTuple):
    """An address in the parts that a request needs."""

    text: str
    key: Key
    host: str
    path: str


def _receive(answer: Answer, address: _Address, *, moved: bool) -> Fetched:
    if answer.status not in {200, 304}:
        raise refusal(answer.status, answer.stated)
    return Fetched(
        status=answer.status,
        url=address.text,
        moved_to=address.text if moved else None,
        headers=answer.stated,
        content_type=answer.stated.get("content-type", ""),
        links=read_links(answer.stated["link"]) if "link" in answer.stated else {},
        body=read_body(answer, current().limit_bytes - _OVERHEAD_BYTES),
    )


def _keep_cookies(cookies: httpx2.Cookies | None, answer: Answer, address: _Address) -> httpx2.Cookies | None:
    if answer.cookies:
        cookies = httpx2.Cookies() if cookies is None else cookies
        stated = [("set-cookie", cookie) for cookie in answer.cookies]
        request = httpx2.Request("GET", address.text)
        cookies.extract_cookies(httpx2.Response(answer.status, headers=stated, request=request))
    return cookies


def _with_cookies(headers: Mapping[str, str], cookies: httpx2.Cookies | None, address: _Address) -> Mapping[str, str]:
    if cookies is None:
        return headers
    stated = httpx2.Request("GET", address.text, cookies=cookies).headers.get("cookie")
    return {**headers, "cookie": stated} if stated else headers


class _Told:
    """Makes a FetchError of whatever fails in the network, in words."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, (TimeoutError, httpcore2.TimeoutException)):
            raise current().timed_out() from error
        if isinstance(error, (OSError, http.client.HTTPException, httpcore2.NetworkError)):
            raise FetchError(explain(error)) from error


_TOLD = _Told()


@lru_cache(maxsize=4096)
def _parse_url(url: str) -> _Address:
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise FetchError(f"not an address: {error}") from error
    return _check_url(parsed)


def _join(address: _Address, location: str) -> _Address:
    try:
        return _check_url(httpx2.URL(address.text).join(location))
    except httpx2.InvalidURL as error:
        raise FetchError(f"redirected to what is not an address: {error}") from error


def _check_url(url: httpx2.URL) -> _Address:
    if url.scheme not in _PORTS:
        raise FetchError(f"only http and https are fetched, not {url.scheme or 'an address without a scheme'}")
    if not url.host:
        raise FetchError("the address names no host")
    url = url.copy_with(fragment=None)
    key = url.scheme, url.host, url.port or _PORTS[url.scheme]
    return _Address(text=str(url), key=key, host=url.netloc.decode(), path=url.raw_path.decode())
