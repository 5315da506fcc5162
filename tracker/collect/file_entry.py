"""What local files and archives are made of."""

from dataclasses import dataclass
from datetime import datetime

from tracker.types import Entry, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """An article of a file; `source` is the name that its record gives, where it gives one.

    `fetched_at` is when the archive got it, where it says.
    """

    entry: Entry
    page: Page | None = None
    source: str | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A part of a file that could not be used; `place` is "file.jsonl:7"."""

    place: str
    reason: str

    @property
    def words(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record of an archive begins: after `record` others, `offset` bytes into what its reader reads."""

    record: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of an archive: where it begins, what it holds, and how many bytes of the file are read by then."""

    start: Place
    found: tuple[FileEntry | BadLine, ...] = ()
    bytes_read: int = 0
