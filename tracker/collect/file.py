"""Local files as a source: .txt, .html, .jsonl and WARC archives.  Reads one file at a time, as a stream."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import charset_normalizer

from tracker.collect.identity import content_address
from tracker.errors import InputError
from tracker.times import as_utc
from tracker.types import Entry, Page

_TITLE_LIMIT = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """An article of a file; `source` is the name that its record gives, where it gives one."""

    entry: Entry
    page: Page | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A part of a file that could not be used; `place` is "file.jsonl:7"."""

    place: str
    reason: str


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
    title, text = _split_title(path, text)
    address = url or content_address(body)
    yield FileEntry(
        entry=Entry(key=address, address=address, title=title, content=text, published_at=published_at)
    )  # fmt: skip


def _split_title(path: Path, text: str) -> tuple[str, str]:
    """Take a short first line as the title, else the file's name."""
    first, newline, rest = text.partition("\n")
    if newline and rest.strip() and len(first.strip()) <= _TITLE_LIMIT:
        return first.strip(), rest.strip()
    return path.stem.replace("-", " ").replace("_", " ").strip().capitalize(), text


def _read_html(path: Path, url: str | None, published_at: datetime | None) -> Iterator[FileEntry]:
    body = path.read_bytes()
    if not body.strip():
        raise InputError(f"{path}: the file holds nothing but blanks")
    address = url or content_address(body)
    yield FileEntry(
        entry=Entry(key=address, address=address, published_at=published_at),
        page=Page(url=address, content_type="text/html", body=body),
    )


def _read_jsonl(path: Path, url: str | None, published_at: datetime | None) -> Iterator[FileEntry | BadLine]:
    del url  # many records cannot share one address
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip(b"\xef\xbb\xbf \t\r\n"):
                continue
            try:
                yield _read_record(json.loads(_decode_line(line)), published_at)
            except (ValueError, RecursionError) as error:
                yield BadLine(place=f"{path}:{number}", reason=str(error))


def _read_record(record: Any, published_at: datetime | None) -> FileEntry:
    """Make an article of one JSON object; raise ValueError for a person where it is none."""
    if not isinstance(record, dict):
        raise ValueError("expected a JSON object")  # noqa: TRY004 (one error for all that is wrong with a line)
    title, text = _field(record, "title"), _field(record, "text")
    if not (title or text):
        raise ValueError("expected a title or a text")
    key = _field(record, "id")
    address = _field(record, "url") or key or content_address(title, text)
    entry = Entry(
        key=key or address,
        address=address,
        title=title,
        content=text,
        language=_field(record, "lang") or None,
        published_at=parse_time(_field(record, "published")) or published_at,
    )
    return FileEntry(entry=entry, source=_field(record, "source") or None)


def parse_time(value: str) -> datetime | None:
    """Read a day (taken as 00:00 UTC) or a time with its zone; raise ValueError for anything else but ""."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"published: expected a date such as 2026-06-18, found {value!r}") from None
    return moment.replace(tzinfo=UTC) if len(value) <= len("2026-06-18") else as_utc(moment)


def _field(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise ValueError(f"{name}: expected text, found {json.dumps(value)[:40]}")
    return str(value).strip()


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start + 1})") from None


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
}
