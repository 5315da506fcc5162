"""Who is told, and what they were told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tracker.types.events import Named
from tracker.types.kinds import (
    ChannelKind,
    DateRole,
    DeliveryState,
    EventType,
    Gathering,
    HeldFor,
    Modality,
    Stage,
)
from tracker.types.reports import ResolvedDate


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A span of the day by the wall clock; it passes midnight where `end` is not after `start`."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """When a subscription wants to be told: `zone` is an IANA name, `minimum_age` a story's before its alert."""

    gathering: Gathering = Gathering.AT_ONCE
    zone: str = "UTC"
    quiet: QuietHours | None = None
    minimum_age: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who wants what, where; an empty filter means every relevant story.

    `trouble` is why nothing can be delivered until a person does something; the subscription is paused then.
    """

    id: int
    channel: ChannelKind
    address: str
    filter: str
    paused: bool = False
    trouble: str | None = None
    habits: Habits = Habits()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSnapshot:
    """What a message said of an event when it was sent."""

    id: int
    type: EventType
    modality: Modality
    stage: Stage | None
    dates: Mapping[DateRole, ResolvedDate | None]
    actors: tuple[Named, ...]
    targets: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySnapshot:
    """What a message said of a story when it was sent.

    `main` is the event that led; `voices` are the numbers of reports, publishers and primary documents.
    """

    main: int | None
    events: tuple[EventSnapshot, ...]
    voices: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a subscription was told of a story.

    `receipt` is the first message's ("channel:ts"), None where it never arrived.  `shown` is what that message says
    now, `told` what it and the replies in its thread have said last; `updates` counts the replies that were owed.
    `summary` is the delivery that the first message is, where that is a summary of several stories.  While it
    `is_waiting`, a message is still to go that will say what is so then.
    """

    receipt: str | None
    shown: StorySnapshot | None
    told: StorySnapshot | None
    updates: int
    summary: int | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message owed to one subscription; `key` is unique and says what for ("digest:2026-W25").

    The keys of a story are "story:12" for its first message, "story:12:update:1" for what is new in the thread, and
    "story:12:edit" for a look at whether the first message is still true.  "summary:1" tells what was held back of
    several stories, and "summary:1:edit" has it written anew.  It may go from `due_at` on; `held_for` is what it was
    held back for, and `summary_id` the delivery by which it is told, or which it edits.
    """

    id: int
    subscription: Subscription
    key: str
    story_id: int | None
    state: DeliveryState
    attempts: int
    created_at: datetime
    due_at: datetime
    claimed_at: datetime | None = None
    receipt: str | None = None
    error: str | None = None
    held_for: HeldFor | None = None
    summary_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disfavour:
    """That a reader found an alert not relevant, and the filter and the clauses that brought it."""

    subscription_id: int
    story_id: int
    by: str
    filter: str
    why: tuple[str, ...]
    at: datetime
