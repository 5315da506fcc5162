"""The weekly digest of one subscription."""

from datetime import date, datetime, timedelta
from email.message import EmailMessage

from tracker.collect.health import Condition, judge
from tracker.digest import compose_digest
from tracker.errors import InputError
from tracker.notify.filters import match_subscription
from tracker.pipeline.exposure import standpoint
from tracker.pipeline.job import Job
from tracker.times import week_bounds, week_name
from tracker.types import Subscription


def write_digest(job: Job, subscription: Subscription, day: date) -> EmailMessage:
    """Write the digest of the week of `day`."""
    start, end = week_bounds(day)
    found = job.store.queries.stories_between(start, end)
    seen_from = standpoint(job.store, job.settings, now=job.clock())
    matches = ((story, match_subscription(subscription, story, seen_from)) for story in found)
    return compose_digest(
        [(story, match.event_ids) for story, match in matches if match],
        week=week_name(day),
        subscription=subscription,
        looked_at=_looked_at(job),
        public_url=job.settings.public_url,
        standpoint=seen_from,
        sender=job.settings.file.digest.sender,
    )


def _looked_at(job: Job) -> str:
    sources = job.store.sources.health()
    if not sources:
        return "No sources are configured; what is here came from local files."
    judged = [(one.source.name, judge(one.source, one.state, now=job.clock())) for one in sources]
    down = [name for name, health in judged if health.state in {Condition.FAILING, Condition.RETIRED}]
    waiting = [name for name, health in judged if health.state is Condition.WAITING]
    useless = [f"{name} ({health.words})" for name, health in judged if health.state.is_bad and name not in down]
    if len(down) + len(waiting) == 0:
        said = f"All {len(sources)} sources answered"
    else:
        said = f"{len(sources) - len(down) - len(waiting)} of {len(sources)} sources answered"
    for names, how in ((down, "failing"), (waiting, "not asked yet"), (useless, "answering, but of no use")):
        said += f"; {how}: {', '.join(names)}" if names else ""
    return f"{said}."


def parse_week(given: str | None, now: datetime) -> date:
    """Return a day in the week that is meant: an ISO week (2026-W25), a day in it, or by default last week."""
    if given is None:
        return (now - timedelta(days=7)).date()
    try:
        return date.fromisoformat(f"{given}-1" if "W" in given.upper() else given)
    except ValueError as error:
        raise InputError(f"week {given}: expected an ISO week such as 2026-W25, or a day such as 2026-06-18") from error
