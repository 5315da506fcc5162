"""The client: one fetch from its address to its answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpcore2
import httpx2

from tracker.collect.allowance import Allowance, current
from tracker.collect.http.answers import Fetched, explain, read_body, refusal
from tracker.collect.http.connections import CheckedBackend, CheckedTransport
from tracker.collect.robots import Robots, agent_name
from tracker.config import CollectSettings
from tracker.errors import FetchError

_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_REDIRECT_LIMIT = 5
# Headers, chunk sizes and the answers of redirects come on top of the body.
_OVERHEAD_BYTES = 1_000_000


class Client:
    """Fetches addresses within the limits of its settings; may be used from many threads."""

    def __init__(self, settings: CollectSettings, robots: Robots | None = None) -> None:
        self._settings = settings
        self._robots = Robots() if robots is None else robots
        self._backend = CheckedBackend(settings.allow_private_hosts)
        self._transport = CheckedTransport(self._backend)

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
                    raise refusal(response)
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
            raise refusal(response)
        url = str(response.request.url)
        return Fetched(
            status=response.status_code,
            url=url,
            moved_to=url if moved else None,
            headers=dict(response.headers),
            content_type=response.headers.get("content-type", ""),
            links={rel: link["url"] for rels, link in response.links.items() for rel in (rels or "").lower().split()},
            body=read_body(response, current().limit_bytes - _OVERHEAD_BYTES),
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
            raise FetchError(explain(error)) from error


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
