"""Whether a message about stories goes now, waits, goes together with others, or is news no more."""

from dataclasses import replace

from tracker.notify import outbox
from tracker.notify.holding import Hold, Limit, hold, hold_burst, ready
from tracker.notify.outbox import Outcome
from tracker.pipeline.job import Job
from tracker.store.summaries import TOGETHER
from tracker.types import Delivery, Gathering


def hold_back(job: Job, delivery: Delivery) -> Outcome | None:
    """Return what becomes of a message that does not go now; None where it goes."""
    slack, first = job.settings.file.slack, _ready(job, delivery)
    if too_old := outbox.after_age(first.until, slack.maximum_age, now=job.clock()):
        return too_old
    if held := hold(first, delivery.subscription.habits, now=job.clock()) or _after_burst(job, delivery):
        return outbox.after_hold(delivery, held)
    return outbox.after_gathering() if job.store.summaries.gather(delivery, now=job.clock()) else None


def burst_limit(job: Job) -> Limit:
    """Return how many messages a subscription gets within how long."""
    slack = job.settings.file.slack
    return Limit(burst=slack.burst, within=slack.burst_within)


def _ready(job: Job, delivery: Delivery) -> Hold:
    habits = delivery.subscription.habits
    if delivery.story_id is None:  # a summary, which has waited for its hour
        return ready(replace(habits, gathering=Gathering.AT_ONCE), delivery.created_at)
    is_first = bool(habits.minimum_age) and delivery.key == f"story:{delivery.story_id}"
    reported_at = job.store.queries.first_reported_at(delivery.story_id) if is_first else None
    return ready(habits, delivery.created_at, reported_at=reported_at)


def _after_burst(job: Job, delivery: Delivery) -> Hold | None:
    """Hold what comes after too many others, but not what was held before and makes one message with the rest."""
    if delivery.held_for in TOGETHER:
        return None
    limit = burst_limit(job)
    last = job.store.summaries.sent_at(delivery.subscription.id, last=limit.burst)
    return hold_burst(last, limit, now=job.clock())
