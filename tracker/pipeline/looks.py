"""A look at a source: what came of it, what is kept of that, and when the next one is."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from tracker.collect.health import counted
from tracker.collect.http import Client
from tracker.collect.kinds import poll
from tracker.collect.schedule import after_failure, after_success
from tracker.collect.watch import watched
from tracker.errors import FetchError, ParseError
from tracker.pipeline.gate import passes_gate, wants_page
from tracker.pipeline.hubs import note_hub
from tracker.pipeline.job import Counts, Job
from tracker.store.entries import NewEntry
from tracker.store.sources import Due, Look
from tracker.types import Poll

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of looking at a source that was due."""

    due: Due
    found: Poll | FetchError | ParseError


def look(due: Due, client: Client) -> Looked:
    """Look at a source; whatever fails, fails this source alone."""
    try:
        return Looked(due=due, found=poll(due.source, due.state, client))
    except (FetchError, ParseError) as error:
        return Looked(due=due, found=error)
    except Exception as error:
        log.exception("source broke", source=due.source.name)
        return Looked(due=due, found=_internal(error))


def keep_looks(job: Job, looked: Sequence[Looked]) -> Counts:
    """Keep what came of looks, in one go; one that cannot be kept costs the others nothing."""
    try:
        kept = [_decide(job, one) for one in looked]
        new = job.store.sources.save_looks(kept)
    except Exception as error:
        if len(looked) == 1 and not isinstance(looked[0].found, Poll):
            raise
        if len(looked) == 1:
            log.exception("source broke", source=looked[0].due.source.name)
            looked = [Looked(due=looked[0].due, found=_internal(error))]
        counts: Counts = Counter()
        for one in looked:
            counts.update(keep_looks(job, [one]))
        return counts
    return Counter(sources=len(looked), new=new, failed=sum(one.state.failures > 0 for one in kept))


def _decide(job: Job, looked: Looked) -> Look:
    """Return what to keep of a look; what it listed before is left out."""
    if isinstance(looked.found, Poll):
        return _decide_success(job, looked.due, looked.found)
    return _decide_failure(job, looked.due, looked.found)


def _decide_success(job: Job, due: Due, found: Poll) -> Look:
    now, limits = job.clock(), job.settings.file.collect
    state = after_success(due.source, due.state, found, now=now, settings=limits, jitter=_jitter())
    note_hub(job, due.id, found)
    new = found.entries if due.state.polled_at is None else job.store.sources.unlisted(due.id, found.entries)
    passed = [(entry, passes_gate(entry)) for entry in new]
    listed = None if found.unchanged else len(found.entries)
    state = counted(state, listed=listed, new=len(new), on_topic=sum(passes for _, passes in passed))
    entries = [
        NewEntry(source_id=due.id, entry=entry, wants_page=wants_page(due.source, entry, passes=passes), fetched_at=now)
        for entry, passes in passed
    ]
    state = watched(due.source, state, now=now)
    return Look(source_id=due.id, state=state, before=due.state, memory=found.memory, entries=entries)


def _decide_failure(job: Job, due: Due, error: FetchError | ParseError) -> Look:
    now, limits = job.clock(), job.settings.file.collect
    state = after_failure(due.source, due.state, error, now=now, settings=limits, jitter=_jitter())
    log.warning("source failed", source=due.source.name, error=state.error, next_due_at=str(state.next_due_at))
    return Look(source_id=due.id, state=watched(due.source, state, now=now), before=due.state)


def _jitter() -> float:
    return random.random()  # noqa: S311 (spreads polls, guards nothing)


def _internal(error: Exception) -> ParseError:
    return ParseError(f"internal error: {type(error).__name__}: {error}")
