"""Feeds: RSS 0.9x to 2.0, RDF and Atom through feedparser, and JSON Feed."""

import io
from calendar import timegm
from contextlib import suppress
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from tracker.collect.changed import poll_body
from tracker.collect.entry import make_entry
from tracker.collect.http import Client, Fetched
from tracker.collect.json_feed import is_json, parse_json_feed
from tracker.errors import ParseError
from tracker.types import Entry, Poll, PollState, Source

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at a feed; its entries come in the feed's order."""
    return poll_body(source, state, client, accept=_ACCEPT, parse=_parse)


def parse_feed(body: bytes, *, content_type: str, url: str) -> tuple[Entry, ...]:
    """Parse the body of a feed that was fetched from `url`; raise ParseError where it is none."""
    if not body.strip():
        raise ParseError("not a feed: the body is empty")
    if is_json(body):
        return parse_json_feed(body, url=url)
    headers = {"content-type": _trusted_type(body, content_type), "content-location": url}
    # A stream, because feedparser opens what looks like an address or a file name.
    parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    if not parsed.version and not parsed.entries:
        raise ParseError(f"not a feed: {_describe(body, content_type)}")
    language = parsed.feed.get("language")
    return tuple(_as_entry(found, language) for found in parsed.entries)


def _parse(fetched: Fetched) -> tuple[Entry, ...]:
    return parse_feed(fetched.body, content_type=fetched.content_type, url=fetched.url)


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
        author=dict.get(found, "author"),
        summary=dict.get(found, "summary", ""),
        content=_longest(dict.get(found, "content", [])),
        language=dict.get(found, "language") or feed_language or None,
        published_at=_as_time(dict.get(found, "published_parsed")),
        updated_at=_as_time(dict.get(found, "updated_parsed")),
    )


def _longest(contents: list[dict[str, Any]]) -> str:
    """Return the fullest form where an entry carries several."""
    return max((str(one.get("value", "")) for one in contents), key=len, default="")


def _as_time(parsed: struct_time | None) -> datetime | None:
    """Convert feedparser's UTC tuple; a time outside the calendar counts as not stated."""
    if parsed is not None:
        with suppress(ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(timegm(parsed), UTC)
    return None
