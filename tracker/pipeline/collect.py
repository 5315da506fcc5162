"""The collect stage: poll what is due, fetch the pages that are wanted."""

import random
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import timedelta

import structlog

from tracker.collect import fetch_page, poll
from tracker.collect.http import Client
from tracker.collect.schedule import after_failure, after_success
from tracker.errors import FetchError, ParseError
from tracker.pipeline.job import Counts, Job
from tracker.read import wants_page
from tracker.store.sources import SourceHealth
from tracker.types import Collected, Page, Poll, PollState

log = structlog.get_logger()

_PAGES_AT_ONCE = 100
# A source that is being polled is not taken by another process for this long.
_POLL_LEASE = timedelta(minutes=10)


def collect(job: Job) -> Counts:
    """Poll the sources that are due, then fetch the pages of new articles that want theirs."""
    counts: Counts = Counter(sources=0, failed=0, new=0, pages=0, pages_failed=0)
    counts.update(poll_due(job))
    limits = job.settings.file.collect
    with Client(limits) as client, ThreadPoolExecutor(limits.workers) as pool:
        while wanting := job.store.articles.claim_pages(now=job.clock(), limit=_PAGES_AT_ONCE):
            fetches = {pool.submit(fetch_page, one.entry.address, client): one for one in wanting}
            with job.track("fetch pages", len(fetches)) as advance:
                for fetch in as_completed(fetches):
                    counts.update(_save_page(job, fetches[fetch], fetch))
                    advance()
    return counts


def poll_due(job: Job) -> Counts:
    """Poll the sources that are due, and keep what they list."""
    counts: Counts = Counter()
    limits = job.settings.file.collect
    due = job.store.sources.claim_due(now=job.clock(), lease=_POLL_LEASE)
    with Client(limits) as client, ThreadPoolExecutor(limits.workers) as pool:
        looks = {pool.submit(poll, health.source, health.state, client): health for health in due}
        with job.track("collect", len(looks)) as advance:
            for look in as_completed(looks):
                counts.update(_save_look(job, looks[look], look))
                advance()
    return counts


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
    wanted = [(entry, wants_page(health.source, entry)) for entry in found.entries]
    return Counter(sources=1, new=job.store.sources.save_poll(health.id, state, wanted, now=now))


def _save_failure(job: Job, health: SourceHealth, error: FetchError | ParseError, jitter: float) -> Counts:
    state: PollState = after_failure(
        health.source, health.state, error, now=job.clock(), settings=job.settings.file.collect, jitter=jitter
    )
    job.store.sources.save_failure(health.id, state)
    log.warning("source failed", source=health.source.name, error=state.error, next_due_at=str(state.next_due_at))
    return Counter(sources=1, failed=1)


def _save_page(job: Job, collected: Collected, fetch: Future[Page]) -> Counts:
    try:
        page = fetch.result()
    except FetchError as error:
        note = f"page not read ({error}); text from the source's own entry"
        job.store.articles.save_page(collected.id, None, note=note)
        return Counter(pages_failed=1)
    job.store.articles.save_page(collected.id, page)
    return Counter(pages=1)
