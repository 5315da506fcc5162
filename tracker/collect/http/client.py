"""The client: one fetch from its address to its answer."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpcore2
import httpx2

from tracker.collect.allowance import Allowance, current
from tracker.collect.http.answers import (
    Fetched,
    explain,
    is_success,
    read_body,
    read_headers,
    read_links,
    refusal,
)
from tracker.collect.http.connections import CheckedBackend, Connections
from tracker.collect.robots import Robots, agent_name
from tracker.config import CollectSettings
from tracker.errors import FetchError

_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_REDIRECT_LIMIT = 5
# Headers, chunk sizes and the answers of redirects come on top of the body.
_OVERHEAD_BYTES = 1_000_000
_PORTS = {"http": 80, "https": 443}
_ENCODINGS = {"Accept-Encoding": "gzip, deflate"}


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
        with _within(self._allowance(limit_bytes, timeout)):
            return self._follow(parsed, headers or {}, asks_robots=asks_robots)

    def post(self, url: str, fields: Mapping[str, str]) -> None:
        """Send a form; raise a FetchError where the answer is no success or none comes; redirects are not followed."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        with _within(self._allowance(None, None)), self._asked(_parse_url(url), headers, urlencode(fields)) as response:
            if not is_success(response.status):
                raise refusal(response.status, read_headers(response))

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
                raise FetchError(explain(error)) from error

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

    def _follow(self, url: httpx2.URL, headers: Mapping[str, str], *, asks_robots: bool) -> Fetched:
        cookies, seen, hops = httpx2.Cookies(), {url}, set[int]()
        for _ in range(_REDIRECT_LIMIT + 1):
            with self._asked(url, _with_cookies(headers, cookies, url) if hops else headers) as response:
                location = response.headers.get("location")
                if response.status not in _REDIRECTS or location is None:
                    return _receive(response, url, moved=bool(hops) and hops <= _PERMANENT)
                hops.add(response.status)
                _keep_cookies(cookies, response, url)
            url = _join(url, location)
            is_circle = url in seen
            if asks_robots and not is_circle:
                self._check_robots(url)
            seen.add(url)
        raise FetchError("redirects in a circle" if is_circle else f"more than {_REDIRECT_LIMIT} redirects")

    @contextmanager
    def _asked(
        self, url: httpx2.URL, headers: Mapping[str, str], form: str | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """Send a request and give its answer to the block; the connection is kept where all of it was read."""
        current().ask()
        sent = {"Host": url.netloc.decode(), "User-Agent": self._settings.user_agent, **_ENCODINGS, **headers}
        key = url.scheme, url.host, url.port or _PORTS[url.scheme]
        connection = self._connections.take(key)
        is_free = False
        try:
            connection.request("GET" if form is None else "POST", url.raw_path.decode(), body=form, headers=sent)
            with connection.getresponse() as response:
                yield response
                is_free = response.isclosed()
        finally:
            if is_free:
                self._connections.give_back(key, connection)
            else:
                connection.close()


def _receive(response: http.client.HTTPResponse, url: httpx2.URL, *, moved: bool) -> Fetched:
    headers = read_headers(response)
    if response.status not in {200, 304}:
        raise refusal(response.status, headers)
    return Fetched(
        status=response.status,
        url=str(url),
        moved_to=str(url) if moved else None,
        headers=headers,
        content_type=headers.get("content-type", ""),
        links=read_links(headers["link"]) if "link" in headers else {},
        body=read_body(response, headers, current().limit_bytes - _OVERHEAD_BYTES),
    )


def _keep_cookies(cookies: httpx2.Cookies, response: http.client.HTTPResponse, url: httpx2.URL) -> None:
    request = httpx2.Request("GET", url)
    cookies.extract_cookies(httpx2.Response(response.status, headers=response.headers.items(), request=request))


def _with_cookies(headers: Mapping[str, str], cookies: httpx2.Cookies, url: httpx2.URL) -> Mapping[str, str]:
    stated = httpx2.Request("GET", url, cookies=cookies).headers.get("cookie")
    return {**headers, "Cookie": stated} if stated else headers


@contextmanager
def _within(allowance: Allowance) -> Iterator[None]:
    """Hold a fetch to its allowance; whatever fails in the network is a FetchError."""
    with allowance.spent_here():
        try:
            yield
        except (TimeoutError, httpcore2.TimeoutException) as error:
            raise allowance.timed_out() from error
        except (OSError, http.client.HTTPException, httpcore2.NetworkError) as error:
            raise FetchError(explain(error)) from error


@lru_cache(maxsize=4096)
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
