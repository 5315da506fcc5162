"""`tracker backfill`: archives into the pipeline, as history that nobody is alerted to.

What a batch of records brought and how far the archive has been read are one commit: whenever the process dies, the
next run goes on where that ended.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog

from tracker import read as reading
from tracker.collect.archive import find_archives, read_archive
from tracker.collect.file_entry import BadLine, FileEntry, Place, Record
from tracker.errors import InputError, ParseError
from tracker.pipeline.gate import passes_gate
from tracker.pipeline.ingest import signed
from tracker.pipeline.job import Counts, Job
from tracker.read.page import read_page
from tracker.store.backfills import Found, Progress
from tracker.types import Entry, Page, Source

log = structlog.get_logger()

_BATCH_RECORDS = 500
_BATCH_BYTES = 8_000_000
_PROBLEMS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is kept of archives: articles from `since` to `until` (both included), under the source's name.

    With `pages`, the pages of articles without a text are fetched by the collect stage.
    """

    source: str
    since: date | None = None
    until: date | None = None
    pages: bool = True

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise InputError(f"--since {self.since} is after --until {self.until}: nothing is between them")

    def __str__(self) -> str:
        return json.dumps([self.source, str(self.since or ""), str(self.until or ""), self.pages])

    def spans(self, moment: datetime) -> bool:
        """Say whether the range holds a moment, by its day in UTC."""
        day = moment.astimezone(UTC).date()
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An archive that is read; `was_read_before` where nothing was left to do."""

    progress: Progress
    was_read_before: bool = False

    @property
    def counts(self) -> Counts:
        """Count what the archive held, in this run and in those before."""
        if self.was_read_before:
            return Counter(read_before=1)
        progress = self.progress
        return Counter(
            archives=int(progress.is_finished),
            looked_at=progress.looked_at,
            passed=progress.passed,
            new=progress.new,
            bad=progress.bad,
        )

    @property
    def problems(self) -> list[str]:
        """List in words what could not be used, and how much more there is of it."""
        more = self.progress.bad - len(self.progress.problems)
        told = [f"{self.progress.path}: {more:,} more that could not be used"] if more else []
        return [*self.progress.problems, *told]


def list_archives(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """List the archives of files and folders, each once and in a stable order, and what is of no use, in words."""
    archives: dict[Path, None] = {}
    problems = []
    for path in paths:
        try:
            archives.update(dict.fromkeys(found.resolve() for found in find_archives(path)))
        except InputError as error:
            problems.append(str(error))
    return list(archives), problems


def backfill(job: Job, archives: Sequence[Path], wanted: Wanted, *, advance: Callable[[int], None]) -> Iterator[Done]:
    """Read archives from where an earlier run stopped; yield each when it is read.  `advance` is told of bytes."""
    for path in archives:
        before = Progress(path=str(path), wanted=str(wanted), state="")
        try:
            before = _begin(job, before)
            if before.is_finished:
                advance(path.stat().st_size)
                yield Done(progress=before, was_read_before=True)
            else:
                yield Done(progress=_read(job, path, before, wanted, advance))
        except InputError as error:
            yield Done(progress=replace(before, bad=before.bad + 1, problems=(*before.problems, str(error))))


def _begin(job: Job, start: Progress) -> Progress:
    """Return how far the archive was read, which is nowhere where the file has changed since."""
    try:
        stat = Path(start.path).stat()
    except OSError as error:
        raise InputError(f"{start.path}: cannot be read: {error.strerror or error}") from error
    start = replace(start, state=f"{stat.st_size}:{stat.st_mtime_ns}")
    found = job.store.backfills.find(start.path, start.wanted)
    return found if found and found.state == start.state else start


@dataclass(slots=True)
class _Batch:
    """What was found since the last commit."""

    found: list[Found] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    looked_at: int = 0
    records: int = 0
    body_bytes: int = 0

    @property
    def is_full(self) -> bool:
        return self.records >= _BATCH_RECORDS or self.body_bytes >= _BATCH_BYTES

    def onto(self, progress: Progress) -> Progress:
        return replace(
            progress,
            looked_at=progress.looked_at + self.looked_at,
            passed=progress.passed + len(self.found),
            bad=progress.bad + len(self.problems),
            problems=(*progress.problems, *self.problems)[:_PROBLEMS_SHOWN],
        )


def _read(job: Job, path: Path, progress: Progress, wanted: Wanted, advance: Callable[[int], None]) -> Progress:
    """Read an archive to its end, and keep every batch with the place where the next one begins."""
    batch, bytes_read = _Batch(), 0
    # What states no time of its own was there when the archive was written.
    written_at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    for record in read_archive(path, Place(record=progress.record, offset=progress.offset)):
        if batch.is_full:
            here = replace(batch.onto(progress), record=record.start.record, offset=record.start.offset)
            progress, batch = job.store.backfills.save(here, batch.found, now=job.clock()), _Batch()
        _look(batch, record, path, wanted, written_at=written_at, now=job.clock())
        advance(record.bytes_read - bytes_read)
        bytes_read = record.bytes_read
    finished = replace(batch.onto(progress), is_finished=True)
    return job.store.backfills.save(finished, batch.found, now=job.clock())


def _look(batch: _Batch, record: Record, path: Path, wanted: Wanted, *, written_at: datetime, now: datetime) -> None:
    batch.records += 1
    for one in record.found:
        if isinstance(one, BadLine):
            batch.problems.append(one.words)
            continue
        batch.looked_at += 1
        try:
            kept = _keep(one, wanted, written_at=written_at, now=now)
        except Exception as error:  # a page that breaks its reader would end every run at the same place
            log.exception("article failed", archive=str(path), address=one.entry.address)
            reason = str(error) if isinstance(error, ParseError) else f"{type(error).__name__}: {error}"
            batch.problems.append(f"{path}:{record.start.record + 1}: {one.entry.address}: {reason}")
        else:
            batch.found += [kept] if kept else []
            batch.body_bytes += len(one.page.body) if kept and one.page else 0


def _keep(one: FileEntry, wanted: Wanted, *, written_at: datetime, now: datetime) -> Found | None:
    """Return an article as it is kept; None where it is outside the range or nothing in it passes the gate."""
    archived_at = one.fetched_at or written_at
    said = _as_said(one.entry, one.page, archived_at)
    if not wanted.spans(said.published_at or archived_at) or not _passes(said):
        return None
    name = one.source or wanted.source
    source = Source(name=name, kind="archive", url="", family=name)
    wants_page = wanted.pages and not said.content.strip() and reading.wants_page(source, one.entry)
    # A page that is still to be fetched is of today.
    fetched_at = now if wants_page and one.entry.published_at else archived_at
    return Found(
        source=source, entry=signed(one, wanted.source), page=one.page, wants_page=wants_page, fetched_at=fetched_at
    )


def _as_said(entry: Entry, page: Page | None, archived_at: datetime) -> Entry:
    """Return the entry with what its page says, where the archive holds the page."""
    if page is None:
        return entry
    text = read_page(page, fetched_at=archived_at)
    return replace(entry, title=text.title, content=text.text, published_at=text.published_at)


def _passes(said: Entry) -> bool:
    """Say whether title and text pass the loose gate; without either the words of the address stand for them."""
    if not (said.title.strip() or said.content.strip()):
        said = replace(said, title=unquote(urlsplit(said.address).path).strip("/"))
    return bool(said.title.strip() or said.content.strip()) and passes_gate(said)
