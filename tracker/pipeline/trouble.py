"""Pause what cannot be delivered until a person does something, and tell the operators once."""

from datetime import datetime
from email.message import EmailMessage

import structlog

from tracker.errors import SendError
from tracker.notify import trouble
from tracker.notify.message import Message
from tracker.pipeline.job import Job
from tracker.store.operators import TROUBLE
from tracker.types import Delivery, Subscription

log = structlog.get_logger()


def stop_subscriptions(job: Job, subscription: Subscription, error: SendError) -> int:
    """Pause every subscription that the error reaches; return how many."""
    address = None if error.reach == "workspace" else subscription.address
    stopped = job.store.operators.stop(
        str(error),
        job.settings.file.operators.addresses,
        channel=subscription.channel,
        address=address,
        now=job.clock(),
    )
    log.error("subscriptions paused", address=address or "all", subscriptions=stopped, error=str(error))
    return stopped


def trouble_message(job: Job, delivery: Delivery) -> Message | None:
    """Write of what was paused for Slack; None where it was all resumed."""
    stopped = _stopped(job, delivery)
    return trouble.trouble_message(stopped) if stopped else None


def trouble_mail(job: Job, delivery: Delivery) -> EmailMessage:
    """Write of what was paused as a mail."""
    stopped = _stopped(job, delivery)
    if not stopped:
        raise SendError("what was paused has been resumed", outcome="refused")
    sender = job.settings.file.digest.sender
    return trouble.trouble_mail(stopped, sender=sender, recipient=delivery.subscription.address)


def _stopped(job: Job, delivery: Delivery) -> list[Subscription]:
    return job.store.operators.stopped(at=datetime.fromisoformat(delivery.key.removeprefix(TROUBLE)))
