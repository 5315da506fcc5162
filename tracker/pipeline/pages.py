"""Fetch the pages of new articles that want theirs, host by host."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from tracker.collect.http import Client
from tracker.collect.kinds import fetch_page
from tracker.collect.pacing import host_of, in_turns, page_pace
from tracker.collect.schedule import is_worth_waiting
from tracker.errors import FetchError
from tracker.pipeline.job import Counts, Job
from tracker.types import Collected, Page

_PAGES_AT_ONCE = 1000
# The articles that have their pages wait for the end of the round; the other pages come in the next one.
_PATIENCE = timedelta(seconds=60)


def fetch_pages(job: Job, *, patience: timedelta = _PATIENCE) -> Counts:
    """Fetch what can be had within a round; `pages_later` counts what is left for another one."""
    counts: Counts = Counter(pages=0, pages_failed=0, pages_later=0)
    limits = job.settings.file.collect
    wanting = job.store.articles.claim_pages(now=job.clock(), limit=_PAGES_AT_ONCE)
    late: list[int] = []
    with (
        Client(limits, job.robots) as client,
        ThreadPoolExecutor(limits.workers) as pool,
        job.track("fetch pages", len(wanting)) as advance,
    ):
        pace = page_pace(limits, asked=client.asked_delay, patience=patience)
        fetches = in_turns(wanting, partial(_fetch, client), host=_host, pool=pool, pace=pace)
        for collected, fetch in fetches:
            if fetch.cancelled():
                late.append(collected.id)
            else:
                counts.update(_save_page(job, collected, fetch))
            advance()
    job.store.articles.release(late)
    counts["pages_later"] += len(late)
    return counts


def _fetch(client: Client, collected: Collected) -> Page:
    return fetch_page(collected.entry.address, client)


def _host(collected: Collected) -> str:
    return host_of(collected.entry.address)


def _save_page(job: Job, collected: Collected, fetch: Future[Page]) -> Counts:
    try:
        page = fetch.result()
    except FetchError as error:
        if is_worth_waiting(error, since=collected.fetched_at, now=job.clock()):
            return Counter(pages_later=1)  # the article stays taken for a while, and is tried again then
        note = f"page not read ({error}); text from the source's own entry"
        job.store.articles.save_page(collected.id, None, note=note)
        return Counter(pages_failed=1)
    job.store.articles.save_page(collected.id, page)
    return Counter(pages=1)
