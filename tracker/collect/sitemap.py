"""Sitemaps: the addresses that a site lists of its own pages; news sitemaps, indexes and packed ones included.

Sources: sitemaps.org/protocol.html, and the news extension of schemas/sitemap-news/0.9.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml import etree
from pydantic import Field, field_validator

from tracker.collect.changed import as_poll, conditional
from tracker.collect.entry import make_entry
from tracker.collect.http import Client
from tracker.collect.kind import Options
from tracker.collect.schedule import address
from tracker.errors import FetchError, ParseError
from tracker.times import as_utc
from tracker.types import Entry, Poll, PollState, Source

_ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1"
_GZIP = b"\x1f\x8b"
# What the protocol allows a sitemap to have unpacked.
_LIMIT_BYTES = 50 * 1024 * 1024
# The sitemaps of an index that a look follows, and how deep indexes may lead to indexes.
_FOLLOWED = 10
_DEPTH = 2
# An index may stay as it is while the sitemaps in it change.
_IS_INDEX = b"index"
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class SitemapOptions(Options):
    """`within` is a regular expression that addresses must match; `newest` is how many at most are taken in a look."""

    within: str = ""
    newest: int = Field(default=200, ge=1, le=5000)

    @field_validator("within")
    @classmethod
    def _is_expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"expected a regular expression: {error}") from error
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One `<url>` or `<sitemap>`; `fields` holds what the news extension says, by local name."""

    address: str
    changed_at: datetime | None
    fields: dict[str, str]

    @property
    def published_at(self) -> datetime | None:
        return _time(self.fields.get("publication_date", ""))


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at a sitemap, or at the newest sitemaps of an index; the newest addresses come first."""
    options = SitemapOptions.model_validate(dict(source.options))
    known = replace(state, etag=None, last_modified=None, body_hash=None) if state.memory == _IS_INDEX else state
    fetched = client.fetch(address(source, state), headers=conditional(known, _ACCEPT), asks_robots=True)
    found = as_poll(known, fetched)
    if found.unchanged:
        return found
    is_index, listed = parse_sitemap(fetched.body)
    pages = list(_follow(listed, client, depth=1, seen={fetched.url})) if is_index else listed
    return replace(found, entries=choose(pages, options), memory=_IS_INDEX if is_index else b"")


def parse_sitemap(body: bytes) -> tuple[bool, list[Listed]]:
    """Return whether the body is an index, and what it lists; raise ParseError where it is no sitemap."""
    root, listed = "", []
    steps = etree.iterparse(
        io.BytesIO(_unpacked(body)),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        for event, element in steps:
            name = etree.QName(element).localname
            root = root or name
            if event == "end" and name in {"url", "sitemap"}:
                listed.append(_as_listed(element))
                element.clear(keep_tail=False)
    except etree.XMLSyntaxError as error:
        if not listed:
            raise ParseError(f"not a sitemap: broken XML: {error.msg}") from error
    if root not in {"urlset", "sitemapindex"}:
        raise ParseError(f"not a sitemap: its outermost element is {root or 'missing'}, not urlset or sitemapindex")
    return root == "sitemapindex", [one for one in listed if one.address]


def choose(listed: list[Listed], options: SitemapOptions) -> tuple[Entry, ...]:
    """Make entries of the newest addresses that the options ask for."""
    wanted = [one for one in listed if re.search(options.within, one.address)]
    wanted.sort(key=lambda one: one.published_at or one.changed_at or _LONG_AGO, reverse=True)
    return tuple(_as_entry(one) for one in wanted[: options.newest])


def _follow(index: list[Listed], client: Client, *, depth: int, seen: set[str]) -> Iterator[Listed]:
    """Yield what the newest sitemaps of an index list; one that fails harms the others only where all fail."""
    chosen = sorted(index, key=lambda one: one.changed_at or _LONG_AGO, reverse=True)[:_FOLLOWED]
    problems: list[str] = []
    for one in chosen:
        if one.address in seen:
            continue
        seen.add(one.address)
        try:
            fetched = client.fetch(one.address, headers={"accept": _ACCEPT}, asks_robots=True)
            is_index, listed = parse_sitemap(fetched.body)
        except (FetchError, ParseError) as error:
            problems.append(f"{one.address}: {error}")
            continue
        if not is_index:
            yield from listed
        elif depth < _DEPTH:
            yield from _follow(listed, client, depth=depth + 1, seen=seen)
    if problems and len(problems) == len(chosen):
        raise ParseError(f"no sitemap of the index can be read; {problems[0]}")


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            unpacked = packed.read(_LIMIT_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ParseError(f"not a sitemap: broken gzip: {error}") from error
    if len(unpacked) > _LIMIT_BYTES:
        raise ParseError(f"the sitemap is over {_LIMIT_BYTES // 1024**2} MB unpacked")
    return unpacked


def _as_listed(element: etree._Element) -> Listed:
    said: dict[str, str] = {}
    for one in element.iterdescendants(etree.Element):
        # An image's or a video's own fields come with names that pages have too.
        space, name = etree.QName(one).namespace or "", etree.QName(one).localname
        if not any(word in space for word in ("image", "video")):
            said.setdefault(name, (one.text or "").strip())
    return Listed(address=said.pop("loc", ""), changed_at=_time(said.get("lastmod", "")), fields=said)


def _as_entry(one: Listed) -> Entry:
    return make_entry(
        key=one.address,
        address=one.address,
        title=one.fields.get("title", ""),
        language=one.fields.get("language") or None,
        published_at=one.published_at,
        updated_at=one.changed_at,
    )


def _time(text: str) -> datetime | None:
    """Read a W3C date or time; a bare day is its first minute in UTC, what is less exact is no time."""
    try:
        stated = datetime.fromisoformat(text)
        return as_utc(stated if stated.tzinfo else stated.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
