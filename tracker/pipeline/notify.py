"""The notify stage: settle what is uncertain, then send what the outbox owes."""

from collections import Counter
from datetime import timedelta

from tracker.digest import as_preview
from tracker.notify import outbox
from tracker.notify.filters import parse_filter
from tracker.notify.pace import Pace
from tracker.pipeline.digests import parse_week, write_digest
from tracker.pipeline.health import tell_operators
from tracker.pipeline.job import Counts, Job
from tracker.pipeline.sending import Sender
from tracker.times import week_name
from tracker.types import ChannelKind, Subscription

_AT_ONCE = 100


def notify(job: Job) -> Counts:
    """Owe what the operators are to hear, settle deliveries whose outcome is unknown, and send those that are due."""
    tell_operators(job)
    counts: Counts = Counter(sent=0)
    sender = Sender(job=job, pace=Pace(started_at=job.clock()))
    for delivery in job.store.outbox.claim_unsettled(now=job.clock(), grace=outbox.GRACE, limit=_AT_ONCE):
        counts.update(sender.settle(delivery))
    while (sent := _send_next(job, sender)) is not None:
        counts.update(sent)
    return counts


def _send_next(job: Job, sender: Sender) -> Counts | None:
    """Send what is next, or wait until it may go; None where nothing is left for this run.

    One at a time: a process that dies leaves at most one message uncertain.
    """
    now, pace, store = job.clock(), sender.pace, job.store.outbox
    if due := store.claim(now=now, limit=1, not_to=pace.held(now), not_by=pace.silent):
        return sender.send(due[0])
    pause = pace.pause(now) if store.is_due(now=now, not_by=pace.silent) else None
    if pause is None:
        return None
    job.wait(pause)
    return Counter()


def send_digest(job: Job, *, week: str | None) -> Counts:
    """Owe the digest of a week to every e-mail subscription, and send what is owed; each gets it once."""
    now = job.clock()
    key = f"digest:{week_name(parse_week(week, now))}"
    job.store.outbox.owe_all(ChannelKind.EMAIL, key, subscribed_before=now + timedelta(seconds=1), now=now)
    return notify(job)


def preview_digest(job: Job, *, week: str | None, text: str) -> str:
    """Return the plain-text digest of a week for a filter."""
    parse_filter(text)
    subscription = Subscription(id=0, channel=ChannelKind.EMAIL, address="you@example.org", filter=text)
    return as_preview(write_digest(job, subscription, parse_week(week, job.clock())))
