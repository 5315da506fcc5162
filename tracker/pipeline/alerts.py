"""Alerts as they go out: what the first message, a reply and an edit say now, and what was said before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import SendError
from tracker.notify.filters import Match, match_subscription
from tracker.notify.following import changed, snapshot
from tracker.notify.message import Message, headline, story_message
from tracker.notify.reply import reply_message
from tracker.pipeline.exposure import standpoint
from tracker.pipeline.job import Job
from tracker.store.threads import EDIT, SUMMARY
from tracker.telling import leading_event, main_event
from tracker.types import Delivery, Story, StorySnapshot, Thread
from tracker.weighing.severity import Standpoint

_NONE = Match(event_ids=(), why=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message ready to go, and what it says of whom, by delivery.

    `thread` is the receipt of the message that it replies to.
    """

    message: Message
    said: Mapping[int, StorySnapshot]
    thread: str | None = None
    broadcast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A story, and what the subscription of a delivery was told of it."""

    job: Job
    delivery: Delivery
    story: Story
    thread: Thread
    seen_from: Standpoint

    @property
    def today(self) -> date:
        return self.seen_from.today

    @property
    def match(self) -> Match:
        # What matched when the delivery was written may have changed since; the story is owed all the same.
        return match_subscription(self.delivery.subscription, self.story, self.seen_from) or _NONE

    def alert(self, match: Match) -> Parcel:
        main = main_event(self.story, match.event_ids)
        message = story_message(
            self.story,
            match,
            subscription_id=self.delivery.subscription.id,
            public_url=self.job.settings.public_url,
            standpoint=self.seen_from,
        )
        return Parcel(message=message, said={self.delivery.id: snapshot(self.story, main, self.today)})


def pack(job: Job, delivery: Delivery) -> Parcel | None:
    """Write the message of a delivery as things stand now; None where there is nothing to say any more."""
    case = _open(job, delivery)
    return _reply(case) if is_reply(delivery) else case.alert(case.match)


def is_alert(delivery: Delivery) -> bool:
    """Say whether a delivery is a message about stories: the first, a reply or a summary."""
    return (delivery.story_id is not None or is_summary(delivery)) and not is_edit(delivery)


def is_summary(delivery: Delivery) -> bool:
    """Say whether a delivery tells of several stories, or edits what did."""
    return delivery.key.startswith(SUMMARY)


def is_reply(delivery: Delivery) -> bool:
    """Say whether a delivery goes to a thread."""
    return ":update:" in delivery.key


def is_edit(delivery: Delivery) -> bool:
    """Say whether a delivery is a look at what was sent before."""
    return delivery.key.endswith(EDIT)


def owe_reply(job: Job, delivery: Delivery) -> bool:
    """Owe the thread a reply where the story says something else than was told; return whether it is new.

    A message that is held back will say it.
    """
    case = _open(job, delivery)
    if case.thread.told is None or case.thread.is_waiting or not changed(case.thread.told, case.story, case.today):
        return False
    key = f"story:{case.story.id}:update:{case.thread.updates + 1}"
    return job.store.outbox.owe(delivery.subscription.id, key, now=job.clock())


def pack_edit(job: Job, delivery: Delivery) -> Parcel | None:
    """Write the first message anew; None where it says so already.  What led goes on to lead until it is outweighed."""
    case = _open(job, delivery)
    shown = case.thread.shown
    if shown is None or not _can_thread(case.thread):
        return None
    led = leading_event(case.story, shown.main, case.match.event_ids)
    parcel = case.alert(replace(case.match, event_ids=(led.id,) if led else ()))
    said = parcel.said[delivery.id]
    if case.thread.summary is not None:
        _edit_summary(case, shown, said)
        return None
    return None if said == shown else replace(parcel, thread=case.thread.receipt)


def thread_of(job: Job, delivery: Delivery) -> str | None:
    """Return the receipt of the message that a reply stands under; None for what is no reply."""
    return _open(job, delivery).thread.receipt if is_reply(delivery) else None


def _reply(case: Case) -> Parcel | None:
    news = changed(case.thread.told, case.story, case.today) if case.thread.told else []
    if not news or not case.thread.receipt:
        return None
    site = case.job.settings.public_url
    main = main_event(case.story, case.match.event_ids)
    named = None if case.thread.summary is None else headline(case.story, main)
    return Parcel(
        message=reply_message(case.story, news, public_url=site, standpoint=case.seen_from, named=named),
        said={case.delivery.id: snapshot(case.story, main, case.today)},
        thread=case.thread.receipt if _can_thread(case.thread) else None,
        broadcast=any(one.decisive for one in news),
    )


def _edit_summary(case: Case, shown: StorySnapshot, said: StorySnapshot) -> None:
    """Owe an edit of the summary in which a story stands, where more has changed than how many voices there are."""
    if case.thread.summary is not None and replace(said, voices=shown.voices) != shown:
        case.job.store.summaries.owe_edit(case.thread.summary, now=case.job.clock())
        case.job.store.threads.keep({case.delivery.id: said})


def _can_thread(thread: Thread) -> bool:
    """Say whether the first message stands in Slack: what was printed has no thread."""
    return thread.receipt is not None and ":" in thread.receipt


def find_case(job: Job, delivery: Delivery, *, before: int | None = None) -> Case | None:
    """Return the story of a delivery, and what its subscription was told of it (`before` some delivery).

    None where the story is gone.
    """
    story_id = delivery.story_id
    story = None if story_id is None else job.store.queries.story(story_id)
    if story_id is None or story is None:
        return None
    return Case(
        job=job,
        delivery=delivery,
        story=story,
        thread=job.store.threads.thread(delivery.subscription.id, story_id, before=before),
        seen_from=standpoint(job.store, job.settings, now=job.clock()),
    )


def _open(job: Job, delivery: Delivery) -> Case:
    case = find_case(job, delivery)
    if case is None:
        raise SendError(f"story {delivery.story_id} is no longer in the database", outcome="refused")
    return case
