"""What the files of `tracker ingest` are made of."""

from dataclasses import dataclass

from tracker.types import Entry, Page


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

    @property
    def words(self) -> str:
        return f"{self.place}: {self.reason}"
