"""When stages run: APScheduler in one process, Procrastinate on PostgreSQL for many.

Either way the schedule is only a clock.  What is due stands in the database and every stage may run twice, so a
missed or doubled tick costs nothing.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from tracker.config import DigestSettings, Settings
from tracker.errors import ConfigError
from tracker.pipeline import BESIDE_POLLING, STAGES, Counts, Job, background_polling
from tracker.times import week_bounds, week_name
from tracker.types import ChannelKind

if TYPE_CHECKING:
    import procrastinate

log = structlog.get_logger()

Stages = Mapping[str, Callable[[Job], Counts]]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def run_stage(job: Job, stage: str, *, stages: Stages = STAGES) -> Counts:
    """Run one stage over all that waits for it; return what it counted."""
    counts = stages[stage](job)
    if any(counts.values()):
        log.info("stage done", stage=stage, **counts)
    return counts


def run_cycle(job: Job, *, stages: Stages = STAGES) -> dict[str, Counts]:
    """Run what is due: the digest where its hour has come, and every stage in order."""
    owe_digests(job)
    return run_stages(job, stages=stages)


def run_stages(job: Job, *, after: str | None = None, stages: Stages = STAGES) -> dict[str, Counts]:
    """Run every stage in order, or those that follow `after`."""
    names = list(stages)
    return {stage: run_stage(job, stage, stages=stages) for stage in names[names.index(after) + 1 if after else 0 :]}


@contextmanager
def running_clock(job: Job) -> Iterator[None]:
    """Poll sources as they come due and run cycles of the other stages, in the background until the block ends.

    A cycle runs at once, at each tick, and soon after a poll brought something.
    """
    scheduler = BackgroundScheduler(timezone="UTC")
    is_running = threading.Lock()

    def cycle() -> None:
        with is_running:
            run_cycle(job, stages=BESIDE_POLLING)

    def hurry() -> None:
        if not is_running.locked():  # what a cycle under way misses waits for the next tick
            tick.modify(next_run_time=job.clock())

    tick = _tick(scheduler, job, cycle)
    scheduler.start()
    try:
        with background_polling(job, on_news=hurry):
            yield
    finally:
        scheduler.shutdown(wait=True)


def run_scheduler(job: Job) -> None:
    """Put every stage on the queue at each tick, for the workers; blocks until interrupted."""
    scheduler = BlockingScheduler(timezone="UTC")
    with _queue(job).open() as queue:

        def tick() -> None:
            owe_digests(job)
            for stage in STAGES:
                _defer(queue, stage)

        _tick(scheduler, job, tick)
        try:
            scheduler.start()
        finally:
            scheduler.shutdown(wait=True)  # a tick under way needs the queue still


def run_worker(job: Job) -> None:
    """Poll sources as they come due, take the other stages from the queue and run them; blocks until interrupted."""
    queue = _queue(job)
    with queue.open(), background_polling(job, on_news=partial(_defer, queue, "collect")):
        queue.run_worker(delete_jobs="always")


def owe_digests(job: Job) -> int:
    """Owe last week's digest once its hour has come; return how many are new."""
    now = job.clock()
    due_at = digest_due_at(job.settings.file.digest, now)
    if now < due_at:
        return 0
    key = f"digest:{week_name((due_at - timedelta(days=7)).date())}"
    return job.store.outbox.owe_all(ChannelKind.EMAIL, key, subscribed_before=due_at, now=now)


def digest_due_at(settings: DigestSettings, now: datetime) -> datetime:
    """Return when, in the ISO week of `now`, the digest of the week before goes out."""
    monday, _ = week_bounds(now.date())
    return monday + timedelta(days=_WEEKDAYS.index(settings.weekday), hours=settings.hour)


def _tick(scheduler: BaseScheduler, job: Job, work: Callable[[], object]) -> Any:
    seconds = job.settings.file.run.tick.total_seconds()
    return scheduler.add_job(
        work, "interval", seconds=seconds, next_run_time=job.clock(), coalesce=True, max_instances=1
    )


def _queue(job: Job) -> "procrastinate.App":
    """Build the queue: one task a stage; a stage that found work puts the next one on the queue at once.

    A queueing lock keeps at most one waiting job a stage, so that ticks never pile up.  A job of a killed worker
    needs no rescue: the next tick queues its stage again, and leases give back what it had taken.
    """
    import procrastinate  # noqa: PLC0415 (comes with the postgres extra)

    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_conninfo(job.settings)))
    for stage, following in zip(STAGES, [*list(STAGES)[1:], None], strict=True):

        @queue.task(name=stage, queueing_lock=stage)
        def work(stage: str = stage, following: str | None = following) -> None:
            if any(run_stage(job, stage, stages=BESIDE_POLLING).values()) and following:
                _defer(queue, following)

    return queue


def _defer(queue: "procrastinate.App", stage: str) -> None:
    from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415 (comes with the postgres extra)

    with suppress(AlreadyEnqueued):  # what waits already will see this work too
        queue.configure_task(stage, queueing_lock=stage).defer()


def _conninfo(settings: Settings) -> str:
    url = settings.env.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    if not url.startswith("postgresql://"):
        raise ConfigError(
            "DATABASE_URL: expected postgresql://… for scheduler and worker processes (SQLite: use tracker run)"
        )
    separator = "&" if "?" in url else "?"
    return f"{url}{separator}options=-csearch_path%3Dprocrastinate"
