"""`tracker ingest`: local files through the same stages as everything else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from tracker import words
from tracker.collect.file import read_file
from tracker.collect.file_entry import BadLine, FileEntry
from tracker.errors import InputError
from tracker.knowledge import source_list
from tracker.pipeline.job import Counts, Job
from tracker.types import Entry, Source

log = structlog.get_logger()


def ingest(
    job: Job, paths: Sequence[Path], *, source: str, url: str | None, published_at: datetime | None
) -> tuple[Counts, list[str]]:
    """Store the articles of local files; return the counts, and in words each file or line that could not be used."""
    counts: Counts = Counter(articles=0, new=0)
    problems: list[str] = []
    with job.track("ingest", len(paths)) as advance:
        for path in paths:
            for found in read_paths([path], url=url, published_at=published_at):
                if isinstance(found, FileEntry):
                    counts.update(articles=1, new=int(_add(job, found, source)))
                else:
                    problems.append(found.words)
            advance()
    return counts, problems


def read_paths(
    paths: Sequence[Path], *, url: str | None = None, published_at: datetime | None = None
) -> Iterator[FileEntry | BadLine]:
    """Read local files one after another; a file that is of no use is a BadLine, and the next one is read."""
    for path in paths:
        try:
            yield from read_file(path, url=url, published_at=published_at)
        except InputError as error:
            yield BadLine(place=str(path), reason=str(error).removeprefix(f"{path}: "))


def _add(job: Job, found: FileEntry, source: str) -> bool:
    name = found.source or source
    source_id = job.store.sources.ensure(Source(name=name, kind="file", url="", family=name))
    return job.store.articles.add(source_id, signed(found, source), found.page, now=job.clock())


def signed(found: FileEntry, source: str) -> Entry:
    """Return the entry of a file with its publisher: whoever is at its address, where nobody names a source."""
    entry = found.entry
    is_named = entry.family or found.source or source not in {words.LOCAL_FILES, words.ARCHIVE}
    if is_named or not entry.address.startswith(("https://", "http://")):
        return entry
    return replace(entry, family=source_list.load().family_at(entry.address))
