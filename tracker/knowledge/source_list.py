"""The sources that are shipped, and the addresses that are known to be dead or misleading."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tracker.times import parse_duration
from tracker.types import Source, Tier

_START = re.compile(r"^\s*(?:https?|feed)://(?:www\.)?", re.IGNORECASE)
LEAST_SOURCES, LEAST_COUNTRIES, LEAST_LANGUAGES, LEAST_KINDS = 65, 9, 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSource:
    """A shipped source; `status` says what is known of it, `note` what it is good for."""

    source: Source
    status: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """An address, without scheme and "www.", that whatever starts with it is refused for `reason`."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """What is shipped and what is refused; `shared_hosts` publish for others."""

    sources: tuple[ListedSource, ...]
    refused: tuple[Denied, ...]
    shared_hosts: frozenset[str] = frozenset()

    def denied(self, url: str) -> str | None:
        """Return why an address is refused, or None where nothing is known against it."""
        start = _without_scheme(url)
        return next((one.reason for one in self.refused if _is_under(start, _without_scheme(one.address))), None)

    def named(self, name: str) -> ListedSource | None:
        """Return the source of this name, whatever its capitals."""
        return next((one for one in self.sources if one.source.name.casefold() == name.casefold()), None)

    def at(self, url: str) -> ListedSource | None:
        """Return the one source at this address; where several are, its options decide, and none is returned."""
        found = [one for one in self.sources if _without_scheme(one.source.url) == _without_scheme(url)]
        return found[0] if len(found) == 1 else None

    def kind_at(self, url: str) -> str | None:
        """Return the kind that sources at this address are of, whatever it asks for; None where none is known."""
        start = _without_scheme(url).partition("?")[0]
        kinds = {one.source.kind for one in self.sources if _without_scheme(one.source.url).partition("?")[0] == start}
        return kinds.pop() if len(kinds) == 1 else None

    def family_at(self, url: str) -> str | None:
        """Return the publisher at an address: that of the shipped sources of its host, else the host itself.

        None where the host publishes for others, or nothing can be said.
        """
        host = _host(url)
        families = {one.source.family for one in self.sources if _host(one.source.url) == host}
        if not host or len(families) > 1 or host in self.shared_hosts:
            return None
        return families.pop() if families else host


def place(source: Source) -> str:
    """Return what makes two sources one: the address, and the options that say what is asked for there."""
    return f"{_without_scheme(source.url)} {sorted(source.options.items())}"


@cache
def load() -> SourceList:
    """Return the list, read from sources.toml on first use."""
    table = tomllib.loads((files("tracker.knowledge") / "sources.toml").read_text(encoding="utf-8"))
    return SourceList(
        sources=tuple(_as_listed(row) for row in table["source"]),
        refused=tuple(Denied(address=row["address"], reason=row["reason"]) for row in table["denied"]),
        shared_hosts=frozenset(table["shared_hosts"]),
    )


def problems(found: SourceList) -> Iterator[str]:
    """Yield what is wrong with the list, one sentence each."""
    sources = [one.source for one in found.sources]
    counted = {
        "sources": (len(sources), LEAST_SOURCES),
        "countries": (len({source.country for source in sources} - {None}), LEAST_COUNTRIES),
        "languages": (len({source.language for source in sources}), LEAST_LANGUAGES),
        "kinds": (len({source.kind for source in sources}), LEAST_KINDS),
    }
    yield from (f"sources.toml: {n} {what}, fewer than {least}" for what, (n, least) in counted.items() if n < least)
    for what, values in (
        ("name", Counter(source.name.casefold() for source in sources)),
        ("address with its options", Counter(map(place, sources))),
    ):
        yield from (f"sources.toml: the {what} {value!r} stands {n} times" for value, n in values.items() if n > 1)
    yield from (f"sources.toml: {one.source.name} has no status" for one in found.sources if not one.status)
    for source in sources:
        if reason := found.denied(source.url):
            yield f"sources.toml: {source.name} is denied: {reason}"


def _as_listed(row: dict[str, Any]) -> ListedSource:
    status, note = row.pop("status", ""), row.pop("note", "")
    every, tier = parse_duration(row.pop("every")), Tier(row.pop("tier"))
    return ListedSource(source=Source(**row, every=every, tier=tier), status=status, note=note)


def _is_under(address: str, start: str) -> bool:
    """Say whether an address begins with another one that ends there: /feed/x is under /feed, /feedback is not."""
    return address.startswith(start) and not re.match(r"[\w-]", address[len(start) :])


def _without_scheme(url: str) -> str:
    return _START.sub("", url).rstrip("/").casefold()


def _host(url: str) -> str:
    return re.split(r"[/?#]", _without_scheme(url), maxsplit=1)[0]
