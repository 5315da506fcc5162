"""Where sources push from: hubs are noted as feeds name them, and asked to call where we can be called."""

import secrets
from collections import Counter

import structlog

from tracker.collect.http import Client
from tracker.collect.websub import subscribe
from tracker.errors import FetchError
from tracker.pipeline.job import Counts, Job
from tracker.types import HubSubscription, Poll

log = structlog.get_logger()


def note_hub(job: Job, source_id: int, found: Poll) -> None:
    """Keep the hub that an answer names; without a public address of ours nobody could call."""
    if found.hub and found.topic and job.settings.file.web.public_url:
        token, secret = secrets.token_urlsafe(32), secrets.token_hex(32)
        job.store.hubs.want(
            HubSubscription(source_id=source_id, hub=found.hub, topic=found.topic, token=token, secret=secret)
        )


def renew_hubs(job: Job, client: Client) -> Counts:
    """Ask the hubs that are due to call; one that says no is asked again later, and its source is polled as ever."""
    if not job.settings.file.web.public_url:
        return Counter()
    counts: Counts = Counter()
    for hub in job.store.hubs.claim_due(now=job.clock()):
        try:
            subscribe(hub, client, public_url=job.settings.public_url)
            counts["hubs_asked"] += 1
        except FetchError as error:
            log.warning("hub failed", hub=hub.hub, topic=hub.topic, error=str(error))
            counts["hubs_failed"] += 1
    return counts
