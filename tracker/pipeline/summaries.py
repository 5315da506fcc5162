"""Summaries as they go out: what each says of its stories now, and what was said of them before."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.notify.following import changed, snapshot
from tracker.notify.summary import Told, summary_message, why_together
from tracker.pipeline.alerts import Case, Parcel, find_case, is_reply
from tracker.pipeline.exposure import standpoint
from tracker.pipeline.holding import burst_limit
from tracker.pipeline.job import Job
from tracker.telling import leading_event
from tracker.types import Delivery


def pack(job: Job, summary: Delivery) -> Parcel | None:
    """Write a summary as things stand now; None where there is nothing to say of any story any more."""
    return _write(job, summary, _cases(job, job.store.summaries.members(summary.id)))


def pack_edit(job: Job, edit: Delivery) -> Parcel | None:
    """Write anew what was sent; what led a story goes on to lead it until it is outweighed."""
    members = [] if edit.summary_id is None else job.store.summaries.members(edit.summary_id, said=True)
    receipt = next((delivery.receipt for delivery in members if delivery.receipt), "")
    parcel = _write(job, edit, _cases(job, members)) if ":" in receipt else None
    return replace(parcel, thread=receipt, said={}) if parcel else None


def _cases(job: Job, members: Sequence[Delivery]) -> list[Case]:
    """Return the stories of deliveries, each once, with what was told of each before."""
    found = [find_case(job, delivery, before=delivery.id) for delivery in members]
    once = {case.story.id: case for case in reversed(found) if case}
    return list(reversed(once.values()))


def _write(job: Job, summary: Delivery, cases: Sequence[Case]) -> Parcel | None:
    told = [(case, one) for case in cases if (one := _told(case))]
    if not told:
        return None
    to = summary.subscription
    message = summary_message(
        [one for _, one in told],
        why_together(summary.held_for, to.habits, burst_limit(job)),
        subscription_id=to.id,
        public_url=job.settings.public_url,
        standpoint=standpoint(job.store, job.settings, now=job.clock()),
    )
    said = {case.delivery.id: snapshot(one.story, one.main, case.today) for case, one in told}
    return Parcel(message=message, said=said)


def _told(case: Case) -> Told | None:
    """Return what a summary says of a story; None where it says nothing new."""
    shown, before = case.thread.shown, case.thread.told
    main = leading_event(case.story, shown.main if shown else None, case.match.event_ids)
    news = changed(before, case.story, case.today) if before and is_reply(case.delivery) else []
    return None if is_reply(case.delivery) and not news else Told(story=case.story, main=main, news=tuple(news))
