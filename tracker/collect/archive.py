"""Archives of `tracker backfill`, read record by record from any place: WARC, GDELT's dumps, JSON lines."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from tracker.collect.file import parse_line, read_record
from tracker.collect.file_entry import BadLine, FileEntry, Place, Record
from tracker.collect.gdelt import parse_articles
from tracker.collect.gdelt_dump import is_doc, read_doc, read_gkg
from tracker.collect.warc import read_records
from tracker.errors import FetchError, InputError, ParseError

_Reader = Callable[[BinaryIO, Path, Place], Iterator[Record]]
_ReadLine = Callable[[bytes, str], Iterable[FileEntry | BadLine]]
_LINE_LIMIT_BYTES = 32_000_000
_BROKEN = (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
_ENCRYPTED = 0x1


def find_archives(path: Path) -> list[Path]:
    """List the archives in a folder and its folders, in the order of their names; a file is itself."""
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.rglob("*") if one.is_file() and _reader(one))
    if not found:
        raise InputError(f"{path}: holds no archive; expected files of {', '.join(_READERS)}")
    return found


def read_archive(path: Path, start: Place) -> Iterator[Record]:
    """Read an archive from `start`; raise InputError where the file as a whole is of no use.

    Where it is broken, what stands before is given, and the place is said.
    """
    reader = _reader(path)
    if reader is None:
        raise InputError(f"{path}: unknown kind of archive; expected one of {', '.join(_READERS)}")
    try:
        with path.open("rb") as raw:
            if not raw.peek(1):
                raise InputError(f"{path}: the file is empty")
            yield from reader(raw, path, start)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _reader(path: Path) -> _Reader | None:
    return next((reader for suffix, reader in _READERS.items() if path.name.lower().endswith(suffix)), None)


def _read_lines(
    raw: BinaryIO, path: Path, start: Place, *, unpack: Callable[[BinaryIO], BinaryIO], read: _ReadLine
) -> Iterator[Record]:
    """Read a record a line; one that cannot be used is a BadLine, and the next one is read."""
    place = start
    try:
        stream = unpack(raw)
        stream.seek(start.offset)
        while line := stream.readline(_LINE_LIMIT_BYTES):
            length = len(line) + _skip_rest(stream, line)
            found = _read_line(f"{path}:{place.record + 1}", line, read, is_whole=length == len(line))
            yield Record(start=place, found=found, bytes_read=raw.tell())
            place = Place(record=place.record + 1, offset=place.offset + length)
    except _BROKEN as error:
        torn = BadLine(place=f"{path}:{place.record + 1}", reason=f"broken archive, read up to here: {error}")
        yield Record(start=place, found=(torn,), bytes_read=raw.tell())


def _skip_rest(stream: BinaryIO, line: bytes) -> int:
    """Skip what is left of a line that is too long; return how much that was."""
    skipped = 0
    while len(line) == _LINE_LIMIT_BYTES and not line.endswith(b"\n"):
        line = stream.readline(_LINE_LIMIT_BYTES)
        skipped += len(line)
    return skipped


def _read_line(place: str, line: bytes, read: _ReadLine, *, is_whole: bool) -> tuple[FileEntry | BadLine, ...]:
    if not line.strip(b"\xef\xbb\xbf \t\r\n"):
        return ()
    if not is_whole:
        return (BadLine(place=place, reason=f"longer than {_LINE_LIMIT_BYTES // 1_000_000} MB"),)
    try:
        return tuple(read(line, place))
    except InputError as error:
        return (BadLine(place=place, reason=str(error)),)


def _read_json_line(line: bytes, place: str) -> Iterable[FileEntry | BadLine]:
    record = parse_line(line)
    return read_doc(record, place) if is_doc(record) else [read_record(record, None)]


def _read_gkg_line(line: bytes, _place: str) -> Iterable[FileEntry | BadLine]:
    return [read_gkg(line)]


def _read_answer(raw: BinaryIO, path: Path, start: Place) -> Iterator[Record]:
    """Read a file that is one answer of GDELT's DOC search: one record."""
    if start.record:
        return
    try:
        found = tuple(read_doc({"articles": parse_articles(raw.read())}, str(path)))
    except (FetchError, ParseError) as error:
        found = (BadLine(place=str(path), reason=f"expected an answer of GDELT's DOC search: {error}"),)
    yield Record(start=start, found=found, bytes_read=raw.tell())


def _unzip(raw: BinaryIO) -> BinaryIO:
    """Open the only file in a zip."""
    archive = zipfile.ZipFile(raw)
    members = archive.infolist()
    if len(members) != 1:
        raise zipfile.BadZipFile(f"expected one file in it, found {len(members)}")
    if members[0].flag_bits & _ENCRYPTED:
        raise zipfile.BadZipFile("it is encrypted")
    return cast("BinaryIO", archive.open(members[0]))


def _gunzip(raw: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=raw))


def _as_is(raw: BinaryIO) -> BinaryIO:
    return raw


_json_lines = partial(_read_lines, read=_read_json_line)
_gkg_lines = partial(_read_lines, read=_read_gkg_line)
_READERS: dict[str, _Reader] = {
    ".jsonl": partial(_json_lines, unpack=_as_is),
    ".jsonl.gz": partial(_json_lines, unpack=_gunzip),
    ".gkg.csv": partial(_gkg_lines, unpack=_as_is),
    ".gkg.csv.gz": partial(_gkg_lines, unpack=_gunzip),
    ".gkg.csv.zip": partial(_gkg_lines, unpack=_unzip),
    ".json": _read_answer,
    ".warc": read_records,
    ".warc.gz": read_records,
}
