"""Tell the operators of sources that have turned bad, or are well again: each turn once."""

from datetime import datetime
from email.message import EmailMessage

import structlog

from tracker.collect.watch import tellings, to_tell
from tracker.errors import SendError
from tracker.notify.message import Message
from tracker.notify.operators import News, SourceNews, news_mail, news_message
from tracker.pipeline.job import Job
from tracker.types import Delivery

log = structlog.get_logger()

# The key of a delivery: this, and the time of the telling, by which each source knows what was told of it.
KEY = "sources:"


def tell_operators(job: Job) -> int:
    """Owe the operators a message where a source has lastingly turned; return how many sources it names.

    What was told stands in the same transaction as the delivery, so that nothing is told twice or lost.
    """
    recipients = job.settings.file.operators.addresses
    if not recipients:
        return 0
    now, sources = job.clock(), job.store.operators.watched()
    told = {number: (sources[number][1].told, new) for number, new in to_tell(sources, now=now).items()}
    if not told:
        return 0
    log.info("operators told", sources=[sources[number][0].name for number in told])
    return job.store.operators.tell(told, recipients, key=f"{KEY}{now.isoformat()}", now=now)


def operators_message(job: Job, delivery: Delivery) -> Message:
    """Write a telling for Slack."""
    return news_message(_news(job, delivery))


def operators_mail(job: Job, delivery: Delivery) -> EmailMessage:
    """Write a telling as a mail."""
    sender = job.settings.file.digest.sender
    return news_mail(_news(job, delivery), sender=sender, recipient=delivery.subscription.address)


def _news(job: Job, delivery: Delivery) -> News:
    at = datetime.fromisoformat(delivery.key.removeprefix(KEY))
    told = [
        SourceNews(name=source.name, url=source.url, condition=telling.condition, words=telling.words)
        for source, state in job.store.operators.watched().values()
        for telling in tellings(state)
        if telling.at == at
    ]
    if not told:
        raise SendError("the sources that this was about are no longer configured", outcome="refused")
    return News(told=told, sources=job.store.operators.count_sources(), at=at, public_url=job.settings.public_url)
