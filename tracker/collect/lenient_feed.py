"""Read any feed through feedparser: slow, patient with broken ones, and the judge of what a feed says; pure."""

import io
from calendar import timegm
from contextlib import suppress
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from tracker.collect.entry import make_entry
from tracker.errors import ParseError
from tracker.types import Entry


def parse_lenient(body: bytes, *, content_type: str, url: str) -> tuple[Entry, ...]:
    """Parse RSS 0.9x to 2.0, RDF or Atom that was fetched from `url`; raise ParseError where it is none."""
    headers = {"content-type": _trusted_type(body, content_type), "content-location": url}
    # A stream, because feedparser opens what looks like an address or a file name.
    parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    if not parsed.version and not parsed.entries:
        raise ParseError(f"not a feed: {_describe(body, content_type)}")
    language = parsed.feed.get("language")
    return tuple(_as_entry(found, language) for found in parsed.entries)


def parse_title(body: bytes) -> str:
    """Return the title of a feed, "" where it has none."""
    return str(feedparser.parse(io.BytesIO(body)).feed.get("title", ""))


def _trusted_type(body: bytes, content_type: str) -> str:
    """Overrule a charset in the header by the body: what decodes as UTF-8 beyond ASCII is nothing else."""
    if body.isascii():
        return content_type
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return content_type
    return "application/xml; charset=utf-8"


def _describe(body: bytes, content_type: str) -> str:
    start = body[:2000].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return "an HTML page"
    return f"content of type {content_type.partition(';')[0]}" if content_type else "neither XML nor JSON"


def _as_entry(found: dict[str, Any], feed_language: str | None) -> Entry:
    # dict.get, because feedparser's own answers a question for `updated` with `published`, and warns.
    return make_entry(
        key=dict.get(found, "id", ""),
        address=dict.get(found, "link", ""),
        title=dict.get(found, "title", ""),
        author=_author(dict.get(found, "author"), dict.get(found, "author_detail", {})),
        summary=dict.get(found, "summary", ""),
        content=_longest(dict.get(found, "content", [])),
        language=dict.get(found, "language") or feed_language or None,
        published_at=_as_time(dict.get(found, "published_parsed")),
        updated_at=_as_time(dict.get(found, "updated_parsed")),
    )


def _author(name: str | None, detail: dict[str, str]) -> str | None:
    """Write the author with the address that another element gave ("Staff" and "desk@example.org (Staff)")."""
    address = detail.get("email")
    return f"{name} ({address})" if name and address and "@" not in name else name


def _longest(contents: list[dict[str, Any]]) -> str:
    """Return the fullest form where an entry carries several."""
    return max((str(one.get("value", "")) for one in contents), key=len, default="")


def _as_time(parsed: struct_time | None) -> datetime | None:
    """Convert feedparser's UTC tuple; a time outside the calendar counts as not stated."""
    if parsed is not None:
        with suppress(ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(timegm(parsed), UTC)
    return None
