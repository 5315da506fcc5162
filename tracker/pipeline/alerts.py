"""Alerts as they go out: what the first message, a reply and an edit say now, and what was said before."""

from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import SendError
from tracker.notify.filters import Match, match_subscription
from tracker.notify.following import changed, snapshot
from tracker.notify.message import Message, story_message
from tracker.notify.reply import reply_message
from tracker.pipeline.exposure import standpoint
from tracker.pipeline.job import Job
from tracker.telling import leading_event, main_event
from tracker.types import Delivery, Story, StorySnapshot, Thread
from tracker.weighing.severity import Standpoint

_NONE = Match(event_ids=(), why=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message ready to go, and what it says; `thread` is the receipt of the message that it replies to."""

    message: Message
    said: StorySnapshot
    thread: str | None = None
    broadcast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
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
        return Parcel(message=message, said=snapshot(self.story, main, self.today))


def pack(job: Job, delivery: Delivery) -> Parcel | None:
    """Write the message of a delivery as things stand now; None where there is nothing to say any more."""
    case = _open(job, delivery)
    return _reply(case) if is_reply(delivery) else case.alert(case.match)


def is_alert(delivery: Delivery) -> bool:
    """Say whether a delivery is a message about a story, the first or a reply."""
    return delivery.key.startswith("story:") and not is_edit(delivery)


def is_reply(delivery: Delivery) -> bool:
    """Say whether a delivery goes to a thread."""
    return ":update:" in delivery.key


def is_edit(delivery: Delivery) -> bool:
    """Say whether a delivery is a look at what was sent before."""
    return delivery.key.startswith("story:") and delivery.key.endswith(":edit")


def owe_reply(job: Job, delivery: Delivery) -> bool:
    """Owe the thread a reply where the story says something else than was told; return whether it does."""
    case = _open(job, delivery)
    if case.thread.told is None or not changed(case.thread.told, case.story, case.today):
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
    return None if parcel.said == shown else replace(parcel, thread=case.thread.receipt)


def thread_of(job: Job, delivery: Delivery) -> str | None:
    """Return the receipt of the message that a reply stands under; None for what is no reply."""
    return _open(job, delivery).thread.receipt if is_reply(delivery) else None


def _reply(case: _Case) -> Parcel | None:
    news = changed(case.thread.told, case.story, case.today) if case.thread.told else []
    if not news or not case.thread.receipt:
        return None
    site = case.job.settings.public_url
    main = main_event(case.story, case.match.event_ids)
    return Parcel(
        message=reply_message(case.story, news, public_url=site, standpoint=case.seen_from),
        said=snapshot(case.story, main, case.today),
        thread=case.thread.receipt if _can_thread(case.thread) else None,
        broadcast=any(one.decisive for one in news),
    )


def _can_thread(thread: Thread) -> bool:
    """Say whether the first message stands in Slack: what was printed has no thread."""
    return thread.receipt is not None and ":" in thread.receipt


def _open(job: Job, delivery: Delivery) -> _Case:
    story_id = int(delivery.key.split(":")[1])
    story = job.store.queries.story(story_id)
    if story is None:
        raise SendError(f"story {story_id} is no longer in the database", outcome="refused")
    return _Case(
        job=job,
        delivery=delivery,
        story=story,
        thread=job.store.threads.thread(delivery.subscription.id, story_id),
        seen_from=standpoint(job.store, job.settings, now=job.clock()),
    )
