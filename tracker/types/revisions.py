"""What reprocessing leaves behind: revisions of the record, and what each changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.types.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Which rules read and relate: the program's version, digests of its rules and data, and how much people taught.

    `edits` is the number of the last edit of the knowledge base.
    """

    program: str
    rules: str
    knowledge: str
    edits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What reprocessing changed of an event (E12) or story (S3): a field with what it was and is.

    Of what came `was` is None, of what is gone `is_now`; `into` says where most of it went.
    """

    of: str
    what: str
    was: str | None
    is_now: str | None
    into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One run of reprocessing: what was reported since a day, by which rules, and what came of it.

    `finished_at` is None while it runs, and where it was interrupted; what it changed until then is kept.
    """

    number: int
    since: date
    rulebook: Rulebook
    started_at: datetime
    finished_at: datetime | None
    articles: int
    reread: int
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Stories before and after they were settled: events and titles by id, and where what is gone went."""

    events_before: Mapping[int, Event]
    events: Mapping[int, Event]
    stories_before: Mapping[int, str]
    stories: Mapping[int, str]
    went: Mapping[str, str]
