"""WARC archives, compressed or not: each HTML answer with status 200 is an article."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from tracker.collect.entry import make_entry
from tracker.collect.file_entry import BadLine, FileEntry, Place, Record
from tracker.times import as_utc
from tracker.types import Page

_HTML = ("text/html", "application/xhtml+xml")
_BODY_LIMIT_BYTES = 10_000_000
_PIECE_BYTES = 1 << 16
_CUT = "the archive ends within a record"


def read_warc(path: Path, url: str | None, published_at: datetime | None) -> Iterator[FileEntry | BadLine]:
    """Read the articles of an archive.  Where it is broken, what follows cannot be found, and that is said."""
    del url, published_at  # an archive's records state their own address, and the date is on the page
    with path.open("rb") as stream:
        for record in read_records(stream, path, Place()):
            yield from record.found


def read_records(stream: BinaryIO, path: Path, start: Place) -> Iterator[Record]:
    """Read an archive record by record from `start`; a record may hold no article."""
    stream.seek(start.offset)
    archive, place = ArchiveIterator(stream), start
    try:
        while record := _next_record(archive):
            place = replace(place, offset=archive.offset)
            found = (_read_record(f"{path}:{place.record + 1}", record),) if _is_article(record) else ()
            if _is_cut(record):
                raise EOFError(_CUT)
            yield Record(start=place, found=found, bytes_read=stream.tell())
            place = Place(record=place.record + 1, offset=stream.tell())
        if archive.offset < path.stat().st_size:  # warcio takes a head that is cut for the end
            raise EOFError(_CUT)
    except (ArchiveLoadFailed, zlib.error, EOFError) as error:
        reason = " ".join(str(error).split())
        torn = BadLine(place=f"{path}:{place.record + 1}", reason=f"broken archive, read up to here: {reason}")
        yield Record(start=place, found=(torn,), bytes_read=stream.tell())


def _next_record(archive: ArchiveIterator) -> ArcWarcRecord | None:
    try:
        return next(archive, None)
    except AttributeError as error:  # warcio's own, for an answer without WARC-Target-URI
        raise ArchiveLoadFailed("a page without an address (WARC-Target-URI)") from error


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
    return FileEntry(entry=make_entry(address=address), page=page, fetched_at=_fetched_at(record))


def _read_body(record: ArcWarcRecord) -> bytes:
    """Read a body up to just over the limit; warcio's streams give less at a time than they are asked for."""
    stream, body = record.content_stream(), bytearray()
    while len(body) <= _BODY_LIMIT_BYTES and (piece := stream.read(_BODY_LIMIT_BYTES)):
        body += piece
    return bytes(body)


def _is_cut(record: ArcWarcRecord) -> bool:
    """Say whether there is less of a record than its head says; warcio takes the end of a file for its end."""
    while record.raw_stream.read(_PIECE_BYTES):
        pass
    return record.length is None or record.raw_stream.limit > 0


def _fetched_at(record: ArcWarcRecord) -> datetime | None:
    try:
        moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        return None
    return as_utc(moment) if moment.tzinfo else None


def _content_type(record: ArcWarcRecord) -> str:
    return (record.http_headers.get_header("Content-Type") or "").lower()
