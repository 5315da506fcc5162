"""GDELT's dumps: rows of the Global Knowledge Graph 2.1, and lists of articles saved from the DOC search; pure."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from babel.core import get_global

from tracker.collect.entry import make_entry
from tracker.collect.file_entry import BadLine, FileEntry
from tracker.collect.gdelt import as_entry
from tracker.errors import InputError

# Columns of a GKG row, by its code book.
_COLUMNS = 27
_SEEN, _COLLECTION, _DOMAIN, _DOCUMENT, _TRANSLATION, _EXTRAS = 1, 2, 3, 4, 25, 26
# The document of any other collection (a citation, a DOI) is no address.
_WEB = "1"
_STAMP = re.compile(r"\d{14}")
_TITLE, _AUTHOR, _PUBLISHED = (
    re.compile(rf"<{tag}>(.*?)</{tag}>", re.DOTALL)
    for tag in ("PAGE_TITLE", "PAGE_AUTHORS", "PAGE_PRECISEPUBTIMESTAMP")
)
_TRANSLATED_FROM = re.compile(r"srclc:([a-z]{3})")


def read_gkg(line: bytes) -> FileEntry:
    """Make an article of a GKG row: address, title, publisher and time; raise InputError where it is none.

    A row holds no text, and before 2019 no title either.
    """
    columns = line.rstrip(b"\r\n").decode(errors="replace").split("\t")
    if len(columns) != _COLUMNS:
        raise InputError(f"expected {_COLUMNS} columns of a GKG 2.1 row, found {len(columns)}")
    if not (seen_at := _as_time(columns[_SEEN])):
        raise InputError(f"expected a time such as 20260618031500, found {columns[_SEEN][:40]!r}")
    if not columns[_DOCUMENT].strip():
        raise InputError("the row names no document")
    extras = columns[_EXTRAS]
    entry = make_entry(
        address=columns[_DOCUMENT],
        title=_inside(_TITLE, extras),
        author=_inside(_AUTHOR, extras) or None,
        language=_language(columns[_TRANSLATION]),
        published_at=_as_time(_inside(_PUBLISHED, extras)) or seen_at,
        family=columns[_DOMAIN].strip() or None,
        has_page=columns[_COLLECTION] == _WEB,
    )
    return FileEntry(entry=entry, fetched_at=seen_at)


def is_doc(record: Any) -> bool:
    """Say whether a JSON value is an answer of the DOC search (an artlist), or one article of such an answer."""
    return isinstance(record, dict) and ("seendate" in record or isinstance(record.get("articles"), list))


def read_doc(record: Any, place: str) -> Iterator[FileEntry | BadLine]:
    """Make articles of an answer of the DOC search, or of one article of it."""
    for article in record.get("articles", [record]):
        if not isinstance(article, dict) or not article.get("url"):
            yield BadLine(place=place, reason="an article of GDELT's list has no url")
            continue
        entry = as_entry(article)
        yield FileEntry(entry=entry, fetched_at=entry.published_at)


def _inside(tag: re.Pattern[str], extras: str) -> str:
    found = tag.search(extras)
    return " ".join(html.unescape(found[1]).split()) if found else ""


def _language(translation: str) -> str | None:
    """Return the language that a row was translated from; rows of the English stream say nothing."""
    if not translation.strip():
        return "en"
    found = _TRANSLATED_FROM.search(translation)
    return get_global("language_aliases").get(found[1], found[1]).partition("_")[0] if found else None


def _as_time(stamp: str) -> datetime | None:
    if not _STAMP.fullmatch(stamp):
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
