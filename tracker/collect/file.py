"""Local files as a source: .txt, .html, .jsonl and WARC archives.  Reads one file at a time, as a stream."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import Any

import charset_normalizer

from tracker.collect.entry import content_address, make_entry
from tracker.collect.file_entry import BadLine, FileEntry
from tracker.collect.warc import read_warc
from tracker.errors import InputError
from tracker.times import as_utc
from tracker.types import Page

_TITLE_LIMIT = 150
_NAME_LIMIT = 200


def read_file(
    path: Path, *, url: str | None = None, published_at: datetime | None = None
) -> Iterator[FileEntry | BadLine]:
    """Read the articles of one file; raise InputError where the file as a whole is of no use.

    `url` and `published_at` hold for a file of one article, and `published_at` for records that state none.
    """
    read = next((read for suffix, read in _READERS.items() if path.name.lower().endswith(suffix)), None)
    if read is None:
        raise InputError(f"{path}: unknown kind of file; expected one of {', '.join(_READERS)}")
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path}: the file is empty")
        yield from read(path, url, published_at)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _read_text(path: Path, url: str | None, published_at: datetime | None) -> Iterator[FileEntry]:
    body = path.read_bytes()
    text = _decode(path, body).strip()
    if not text:
        raise InputError(f"{path}: the file holds nothing but blanks")
    title, text = _split_title(text)
    address = url or content_address(body)
    yield FileEntry(entry=make_entry(address=address, title=title, content=text, published_at=published_at))


def _split_title(text: str) -> tuple[str, str]:
    """Take a short first line as the title; where there is none, the text's own first words stand for it."""
    first, newline, rest = text.partition("\n")
    if newline and rest.strip() and len(first.strip()) <= _TITLE_LIMIT:
        return first.strip(), rest.strip()
    lead = first if " " in first[:_TITLE_LIMIT] else first[: _TITLE_LIMIT - 1]
    return shorten(lead, _TITLE_LIMIT, placeholder="…"), text


def _read_html(path: Path, url: str | None, published_at: datetime | None) -> Iterator[FileEntry]:
    body = path.read_bytes()
    if not body.strip():
        raise InputError(f"{path}: the file holds nothing but blanks")
    address = url or content_address(body)
    yield FileEntry(
        entry=make_entry(address=address, published_at=published_at),
        page=Page(url=address, content_type="text/html", body=body),
    )


def _read_jsonl(path: Path, url: str | None, published_at: datetime | None) -> Iterator[FileEntry | BadLine]:
    del url  # many records cannot share one address
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip(b"\xef\xbb\xbf \t\r\n"):
                continue
            try:
                yield read_record(parse_line(line), published_at)
            except InputError as error:
                yield BadLine(place=f"{path}:{number}", reason=str(error))


def parse_line(line: bytes) -> Any:
    """Parse a line of JSON; raise InputError where it is none."""
    try:
        return json.loads(_decode_line(line))
    except (ValueError, RecursionError) as error:
        raise InputError(f"broken JSON: {error}") from error


def read_record(record: Any, published_at: datetime | None) -> FileEntry:
    """Make an article of one JSON object; raise InputError where it is none."""
    if not isinstance(record, dict):
        raise InputError("expected a JSON object")
    title, text = _raw(record, "title"), _raw(record, "text")  # unstripped: quotes count from their start
    if not (title.strip() or text.strip()):
        raise InputError("expected a title or a text")
    entry = make_entry(
        key=_field(record, "id"),
        address=_field(record, "url"),
        title=title,
        content=text,
        language=_field(record, "lang") or None,
        published_at=parse_time(_field(record, "published")) or published_at,
    )
    return FileEntry(entry=entry, source=_field(record, "source")[:_NAME_LIMIT] or None)


def parse_time(value: str) -> datetime | None:
    """Read a day (taken as 00:00 UTC) or a time with its zone; raise InputError for anything else but ""."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InputError(f"expected a date such as 2026-06-18, found {value!r}") from None
    if len(value) <= len("2026-06-18"):
        return moment.replace(tzinfo=UTC)
    if moment.tzinfo is None:
        raise InputError(f"expected a time with its zone such as 2026-06-18T09:00Z, found {value!r}")
    return as_utc(moment)


def _field(record: dict[str, Any], name: str) -> str:
    return _raw(record, name).strip()


def _raw(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise InputError(f"{name}: expected text, found {json.dumps(value)[:40]}")
    return str(value)


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 (byte {error.start + 1})") from None


def _decode(path: Path, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = charset_normalizer.from_bytes(body).best()
    if guess is None:
        raise InputError(f"{path}: not text, or in an encoding that could not be recognised")
    return str(guess)


_READERS: dict[str, Callable[[Path, str | None, datetime | None], Iterator[FileEntry | BadLine]]] = {
    ".txt": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".jsonl": _read_jsonl,
    ".warc": read_warc,
    ".warc.gz": read_warc,
}
