"""What sites ask of robots (robots.txt, RFC 9309), remembered for a day."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

from protego import Protego

from tracker import times
from tracker.errors import FetchError

_KEPT = timedelta(days=1)
_KEPT_FAILURE = timedelta(minutes=10)
# RFC 9309 has robots read 500 KiB at least.
_LIMIT_BYTES = 512 * 1024
# Each rule is kept once for each agent above it; the longest files of real sites stay far below this product.
_RULES_LIMIT = 1_000_000
# Longer delays are meant to keep robots out altogether, which `Disallow` is for.
_DELAY_LIMIT = timedelta(seconds=30)
# The answers that mean "there is none"; 429 says that there may be one.
_ABSENT = frozenset(range(400, 500)) - {429}


@dataclass(slots=True, kw_only=True)
class _Site:
    """One site's rules, kept `until` then; `problem` says why there are none to be had."""

    address: str
    lock: Lock = field(default_factory=Lock)
    rules: Protego | None = None
    problem: str | None = None
    until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Robots:
    """The rules of sites, each fetched once and then kept; may be used from many threads, and outlive a client."""

    clock: Callable[[], datetime] = times.now
    hosts_limit: int = 2000
    _sites: OrderedDict[str, _Site] = field(init=False, default_factory=OrderedDict)
    _lock: Lock = field(init=False, default_factory=Lock)

    def check(self, url: str, *, agent: str, fetch: Callable[[str], bytes]) -> None:
        """Raise a FetchError where the site asks `agent` not to fetch `url`, or cannot be asked now.

        `fetch` gets the body of a robots.txt.
        """
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        site = self._site(f"{parts.scheme}://{host}")
        with site.lock:
            now = self.clock()
            if site.until is None or site.until <= now:
                _look(site, fetch, now)
            if site.problem is not None and site.until is not None:
                reason = f"robots.txt of {host} cannot be had ({site.problem}), so its pages are not asked for now"
                raise FetchError(reason, retry_after=site.until - now)
            if site.rules is not None and not site.rules.can_fetch(url, agent):
                raise FetchError(f"robots.txt of {host} asks robots not to fetch this")

    def delay(self, host: str, *, agent: str) -> timedelta:
        """Return the pause between two requests that a host asks for, as far as known and up to a bound."""
        with self._lock:
            sites = [self._sites.get(f"{scheme}://{host}") for scheme in ("https", "http")]
        asked = [site.rules.crawl_delay(agent) for site in sites if site and site.rules]
        return timedelta(seconds=min(max((one or 0.0 for one in asked), default=0.0), _DELAY_LIMIT.total_seconds()))

    def _site(self, address: str) -> _Site:
        with self._lock:
            site = self._sites.setdefault(address, _Site(address=address))
            self._sites.move_to_end(address)
            while len(self._sites) > self.hosts_limit:
                self._sites.popitem(last=False)
            return site


def agent_name(user_agent: str) -> str:
    """Return the name that rules address; the rest of a User-Agent may hold other robots' names."""
    return user_agent.partition("/")[0].partition(" ")[0]


def _look(site: _Site, fetch: Callable[[str], bytes], now: datetime) -> None:
    """Fetch and read the rules; a site without a robots.txt has none, one that fails is not asked for pages."""
    site.rules, site.problem, kept = None, None, _KEPT
    try:
        site.rules = _parse(fetch(f"{site.address}/robots.txt"))
    except FetchError as error:
        if error.status not in _ABSENT:
            site.problem = str(error)
            kept = max(_KEPT_FAILURE, min(error.retry_after or _KEPT_FAILURE, _KEPT))
    site.until = now + kept


def _parse(body: bytes) -> Protego:
    text = body[:_LIMIT_BYTES].decode("utf-8-sig", errors="replace")
    if text.lower().count("agent") * len(text.splitlines()) > _RULES_LIMIT:
        raise FetchError("it has too many rules")
    return Protego.parse(text)
