"""The collect stage: poll what is due, fetch the pages that are wanted."""

import random
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import structlog

from tracker.collect import poll
from tracker.collect.health import counted
from tracker.collect.http import Client
from tracker.collect.pacing import host_of, in_turns, poll_pace
from tracker.collect.schedule import address, after_failure, after_success
from tracker.collect.watch import watched
from tracker.errors import FetchError, ParseError
from tracker.pipeline.gate import passes_gate, wants_page
from tracker.pipeline.hubs import note_hub, renew_hubs
from tracker.pipeline.job import Counts, Job
from tracker.pipeline.pages import fetch_pages
from tracker.store.sources import SourceHealth
from tracker.types import Poll, PollState

log = structlog.get_logger()

# A source that is being polled is not taken by another process for this long.
_POLL_LEASE = timedelta(minutes=10)


def collect(job: Job) -> Counts:
    """Poll the sources that are due, then fetch the pages of new articles that want theirs."""
    counts: Counts = Counter(sources=0, failed=0, new=0)
    counts.update(poll_due(job))
    counts.update(fetch_pages(job))
    return counts


def poll_due(job: Job) -> Counts:
    """Poll the sources that are due, and keep what they list."""
    counts: Counts = Counter()
    limits = job.settings.file.collect
    due = job.store.sources.claim_due(now=job.clock(), lease=_POLL_LEASE)
    with (
        Client(limits, job.robots) as client,
        ThreadPoolExecutor(limits.workers) as pool,
        job.track("collect", len(due)) as advance,
    ):
        looks = in_turns(due, partial(_look, client), host=_host, pool=pool, pace=poll_pace(limits))
        for health, look in looks:
            counts.update(_save_look(job, health, look))
            advance()
        counts.update(renew_hubs(job, client))
    return counts


def _host(health: SourceHealth) -> str:
    return host_of(address(health.source, health.state))


def _look(client: Client, health: SourceHealth) -> Poll:
    return poll(health.source, health.state, client)


def _save_look(job: Job, health: SourceHealth, look: Future[Poll]) -> Counts:
    limits = job.settings.file.collect
    now, jitter = job.clock(), random.random()  # noqa: S311 (spreads polls, guards nothing)
    try:
        found = look.result()
    except (FetchError, ParseError) as error:
        return _save_failure(job, health, error, jitter)
    except Exception as error:
        log.exception("source broke", source=health.source.name)
        return _save_failure(job, health, ParseError(f"internal error: {type(error).__name__}: {error}"), jitter)
    state = after_success(health.source, health.state, found, now=now, settings=limits, jitter=jitter)
    note_hub(job, health.id, found)
    is_first = health.state.polled_at is None
    new = found.entries if is_first else job.store.sources.unlisted(health.id, found.entries)
    passed = [(entry, passes_gate(entry)) for entry in new]
    listed = None if found.unchanged else len(found.entries)
    state = counted(state, listed=listed, new=len(new), on_topic=sum(passes for _, passes in passed))
    state = watched(health.source, state, now=now)
    wanted = [(entry, wants_page(health.source, entry, passes=passes)) for entry, passes in passed]
    return Counter(sources=1, new=job.store.sources.save_poll(health.id, state, wanted, now=now))


def _save_failure(job: Job, health: SourceHealth, error: FetchError | ParseError, jitter: float) -> Counts:
    state: PollState = after_failure(
        health.source, health.state, error, now=job.clock(), settings=job.settings.file.collect, jitter=jitter
    )
    state = watched(health.source, state, now=job.clock())
    job.store.sources.save_failure(health.id, state)
    log.warning("source failed", source=health.source.name, error=state.error, next_due_at=str(state.next_due_at))
    return Counter(sources=1, failed=1)
