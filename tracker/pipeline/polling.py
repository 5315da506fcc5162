"""Polling: what is due is looked at as it comes due, and nobody waits for who is slow."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Self

import structlog

from tracker.collect.computing import COMPUTING
from tracker.collect.crew import Crew
from tracker.collect.http import Client
from tracker.collect.pacing import Turns, host_of, is_refusal, poll_pace
from tracker.collect.schedule import address
from tracker.pipeline.hubs import renew_hubs
from tracker.pipeline.job import Advance, Counts, Job
from tracker.pipeline.looks import Looked, keep_looks, look
from tracker.store.sources import Due

log = structlog.get_logger()

# A source that is being polled is not taken by another process for this long.
_LEASE = timedelta(minutes=10)
# More would only wait in line, while another process could take them.
_CLAIMED_AT_MOST = 2000
# How often it is looked what has come due meanwhile.
_CLAIM_SECONDS = 1.0
# What came of looks is kept together: so many, or what has come within so long.
_KEPT_AT_ONCE, _KEPT_SECONDS = 100, 0.5
# A round in which ever more sources come due ends; the stages after it wait.
_ROUND_SECONDS = 60.0
# After a failure that is no source's own (the database is away), polling pauses.
_PAUSE_SECONDS = 10.0
_HUBS_SECONDS = 30.0


def poll_due(job: Job) -> Counts:
    """Poll what is due, and what comes due meanwhile; return when all of it is done."""
    ends_at = time.monotonic() + _ROUND_SECONDS
    counts: Counts = Counter()
    with Poller(job) as poller:
        with job.track("collect", poller.claim()) as advance:
            while poller.is_busy():
                counts.update(poller.step(advance, claims=time.monotonic() < ends_at))
        counts.update(poller.renew_hubs())
    return counts


@contextmanager
def background_polling(job: Job, on_news: Callable[[], None]) -> Iterator[None]:
    """Poll in the background as sources come due, until the block ends; call `on_news` when that brings entries."""
    stop = threading.Event()
    thread = threading.Thread(target=_poll_until, args=(job, on_news, stop), name="polling")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _poll_until(job: Job, on_news: Callable[[], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with Poller(job) as poller:
                _poll_on(poller, on_news, stop)
        except Exception:
            log.exception("polling broke")
            stop.wait(_PAUSE_SECONDS)


def _poll_on(poller: "Poller", on_news: Callable[[], None], stop: threading.Event) -> None:
    hubs_at = 0.0
    while not stop.is_set():
        counts = poller.step(claims=True)
        if time.monotonic() >= hubs_at:
            counts.update(poller.renew_hubs())
            hubs_at = time.monotonic() + _HUBS_SECONDS
        if any(counts.values()):
            log.info("polled", **counts)
        if counts["new"]:
            on_news()
        if not poller.is_busy():
            stop.wait(_CLAIM_SECONDS)


class Poller:
    """Polls the sources of a job, host by host; its connections stay open from step to step."""

    def __init__(self, job: Job) -> None:
        limits = job.settings.file.collect
        pace = poll_pace(limits)
        turns: Turns[Due] = Turns(at_once=pace.at_once, spacing=pace.spacing)
        self._job = job
        self._claim_at = 0.0
        self._open = ExitStack()
        self._client = self._open.enter_context(Client(limits, job.robots))
        self._crew: Crew[Due, Looked] = self._open.enter_context(
            Crew(turns, partial(look, client=self._client), host=_host, share=_share, places=pace.places)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give back what has not begun, and keep what comes of the rest."""
        waiting = self._crew.drop_waiting()
        self._open.close()
        self._job.store.sources.give_back([due.id for due in waiting], now=self._job.clock())
        self._keep()

    def claim(self) -> int:
        """Take what is due and put it in line; return how much that is."""
        self._claim_at = time.monotonic() + _CLAIM_SECONDS
        room = _CLAIMED_AT_MOST - self._crew.waiting()
        if room <= 0:
            return 0
        due = self._job.store.sources.claim_due(now=self._job.clock(), lease=_LEASE, limit=room)
        self._crew.add(due)
        return len(due)

    def step(self, advance: Advance | None = None, *, claims: bool) -> Counts:
        """Keep what has come of looks in about half a second; where `claims`, take now and then what is due."""
        if claims and time.monotonic() >= self._claim_at:
            self.claim()
        return self._keep(advance)

    def is_busy(self) -> bool:
        """Say whether anything is still to come of what was claimed."""
        return self._crew.is_busy()

    def renew_hubs(self) -> Counts:
        """Ask the hubs that are due to call."""
        return renew_hubs(self._job, self._client)

    def _keep(self, advance: Advance | None = None) -> Counts:
        ended = self._crew.take_ended(timeout=_KEPT_SECONDS, enough=_KEPT_AT_ONCE)
        if not ended:
            return Counter()
        with COMPUTING:
            counts = keep_looks(self._job, ended)
        if advance:
            for _ in ended:
                advance()
        return counts


def _host(due: Due) -> str:
    return host_of(address(due.source, due.state))


def _share(looked: Looked) -> Callable[[Due], Looked] | None:
    """Where a host asks for fewer requests, what waits for it fails as the look that was told so."""
    return (lambda due: replace(looked, due=due)) if is_refusal(looked.found) else None
