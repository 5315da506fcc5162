"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from tracker.collect.entry import make_entry
from tracker.errors import ParseError
from tracker.times import as_utc
from tracker.types import Entry


def is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def parse_json_feed(body: bytes, *, url: str) -> tuple[Entry, ...]:
    """Parse a JSON Feed that was fetched from `url`; raise ParseError where it is none."""
    try:
        feed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ParseError(f"not a feed: broken JSON: {error}") from error
    if "jsonfeed.org/version" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise ParseError("not a feed: JSON, but no JSON Feed")
    return tuple(_as_entry(found, feed, url) for found in feed["items"] if isinstance(found, dict))


def _as_entry(found: dict[str, Any], feed: dict[str, Any], url: str) -> Entry:
    link = _text(found, "url") or _text(found, "external_url")
    return make_entry(
        key=_text(found, "id"),
        address=urljoin(url, link) if link else "",
        title=_text(found, "title"),
        author=_author(found) or _author(feed),
        summary=_text(found, "summary"),
        content=_text(found, "content_html") or _text(found, "content_text"),
        language=_text(found, "language") or _text(feed, "language") or None,
        published_at=_time(found, "date_published"),
        updated_at=_time(found, "date_modified"),
    )


def _text(found: dict[str, Any], name: str) -> str:
    """Return a member as text; version 1.0 allowed numbers as ids."""
    value = found.get(name)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _author(found: dict[str, Any]) -> str | None:
    authors = found.get("authors") or [found.get("author")]
    names = [_text(one, "name") for one in authors if isinstance(one, dict)] if isinstance(authors, list) else []
    return ", ".join(filter(None, names)) or None


def _time(found: dict[str, Any], name: str) -> datetime | None:
    with suppress(ValueError, OverflowError):
        return as_utc(datetime.fromisoformat(_text(found, name)))
    return None
