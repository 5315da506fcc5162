"""WARC archives, compressed or not: each HTML answer with status 200 is an article."""

import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from tracker.collect.entry import make_entry
from tracker.collect.file_entry import BadLine, FileEntry
from tracker.types import Page

_HTML = ("text/html", "application/xhtml+xml")
_BODY_LIMIT_BYTES = 10_000_000


def read_warc(path: Path, url: str | None, published_at: datetime | None) -> Iterator[FileEntry | BadLine]:
    """Read an archive record by record.  Where it is broken, what follows cannot be found, and that is said."""
    del url, published_at  # an archive's records state their own address, and the date is on the page
    number = 0
    with path.open("rb") as stream:
        try:
            for number, record in enumerate(ArchiveIterator(stream), start=1):
                if _is_article(record):
                    yield _read_record(f"{path}:{number}", record)
        except (ArchiveLoadFailed, zlib.error, EOFError) as error:
            reason = " ".join(str(error).split())
            yield BadLine(place=f"{path}:{number + 1}", reason=f"broken archive, read up to here: {reason}")


def _is_article(record: ArcWarcRecord) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    return record.http_headers.get_statuscode() == "200" and _content_type(record).startswith(_HTML)


def _read_record(place: str, record: ArcWarcRecord) -> FileEntry | BadLine:
    address = record.rec_headers.get_header("WARC-Target-URI").strip("<>")
    body = _read_body(record)
    if len(body) > _BODY_LIMIT_BYTES:
        return BadLine(place=place, reason=f"{address}: body over {_BODY_LIMIT_BYTES // 1_000_000} MB")
    page = Page(url=address, content_type=_content_type(record), body=body)
    return FileEntry(entry=make_entry(address=address), page=page)


def _read_body(record: ArcWarcRecord) -> bytes:
    """Read a body up to just over the limit; warcio's streams give less at a time than they are asked for."""
    stream, body = record.content_stream(), bytearray()
    while len(body) <= _BODY_LIMIT_BYTES and (piece := stream.read(_BODY_LIMIT_BYTES)):
        body += piece
    return bytes(body)


def _content_type(record: ArcWarcRecord) -> str:
    return (record.http_headers.get_header("Content-Type") or "").lower()
