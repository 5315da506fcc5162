"""Rows into the frozen values of tracker.types, and back."""

from dataclasses import replace
from datetime import timedelta
from operator import attrgetter, itemgetter
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from tracker.store import tables
from tracker.types import (
    Article,
    ChannelKind,
    Dispute,
    EntityKind,
    Habits,
    Mention,
    Page,
    PollState,
    Precision,
    Profile,
    Quote,
    Report,
    ResolvedDate,
    Review,
    Source,
    StatedDate,
    Subscription,
    Tier,
    Verdict,
)

PROFILE = TypeAdapter(Profile)
REPORT = TypeAdapter(Report)
QUOTE = TypeAdapter(Quote)
VERDICT = TypeAdapter(Verdict)
HABITS = TypeAdapter(Habits)

_REVIEWS = tables.reviews.c
REVIEW_COLUMNS = (
    _REVIEWS.body.label("review_body"),
    _REVIEWS.made_by.label("review_by"),
    _REVIEWS.made_at.label("review_at"),
)

STATED_DATES = TypeAdapter(tuple[StatedDate, ...])
DISPUTES = TypeAdapter(tuple[Dispute, ...])

_SOURCE = ("name", "kind", "url", "language", "country", "family", "options")
_POLL = (
    "etag", "last_modified", "body_hash", "next_due_at", "polled_at", "succeeded_at", "newest_entry_at", "failures",
    "error", "moved_to", "moved_seen", "retired_at", "listed", "seen", "on_topic", "unwell",
)  # fmt: skip
_source_values = itemgetter(*(f"source_{name}" for name in _SOURCE))
_poll_values = itemgetter(*(f"source_{name}" for name in _POLL))
_poll_attributes = attrgetter(*_POLL)


def source_row(source: Source) -> dict[str, Any]:
    """Return the columns of `source`."""
    return {name: getattr(source, name) for name in _SOURCE} | {
        "options": dict(source.options),
        "tier": source.tier.value,
        "every_seconds": int(source.every.total_seconds()),
    }


def as_source(row: Row[Any]) -> Source:
    """Read a source from a row that holds the columns of `sources` (as named in sources_columns)."""
    found = row._mapping
    return Source(
        **dict(zip(_SOURCE, _source_values(found), strict=True)),
        tier=Tier(found["source_tier"]),
        every=timedelta(seconds=found["source_every_seconds"]),
    )


def poll_row(state: PollState) -> dict[str, Any]:
    """Return the columns of a source's poll state.

    Its memory is written apart, where it changed, and `told` by those who tell.
    """
    row = dict(zip(_POLL, _poll_attributes(state), strict=True))
    row["pause_seconds"] = int(state.pause.total_seconds()) if state.pause else None
    return row


def as_poll_state(row: Row[Any]) -> PollState:
    """Read the poll state of a source's row, with its memory where the row holds it."""
    found = row._mapping
    pause = found["source_pause_seconds"]
    return PollState(
        **dict(zip(_POLL, _poll_values(found), strict=True)),
        memory=found.get("source_memory"),
        told=found["source_told"],
        pause=None if pause is None else timedelta(seconds=pause),
    )


def page_row(page: Page) -> dict[str, Any]:
    """Return the columns of an article's body that its page fills."""
    return {"page_url": page.url, "page_type": page.content_type, "page": page.body}


def as_article(row: Row[Any]) -> Article:
    """Read an article from a row of `articles` joined with its source's columns."""
    source = as_source(row)
    return Article(
        id=row.id,
        source=replace(source, family=row.family) if row.family else source,
        address=row.address,
        url=row.url,
        title=row.title,
        text=row.text,
        language=row.language or "und",
        published_at=row.published_at,
        fetched_at=row.fetched_at,
        content_hash=row.content_hash or "",
        copy_of=row.copy_of,
        note=row.note,
        dates=STATED_DATES.validate_python(row.dates),
        disputes=DISPUTES.validate_python(row.disputes),
    )


def as_mention(row: Row[Any]) -> Mention:
    """Read a mention."""
    return Mention(
        entity_id=row.entity_id,
        kind=EntityKind(row.kind),
        name=row.name,
        quote=QUOTE.validate_python(row.quote),
        known=row.known,
        confidence=row.confidence,
    )


def as_review(row: Any) -> Review | None:
    """Read a review from a row that holds REVIEW_COLUMNS, `article_id` and `position`, where there is one."""
    if row.review_body is None:
        return None
    return Review(
        article_id=row.article_id,
        position=row.position,
        report=REPORT.validate_python(row.review_body["report"]),
        verdict=VERDICT.validate_python(row.review_body["verdict"]),
        by=row.review_by,
        at=row.review_at,
        why=row.review_body["why"],
    )


def as_subscription(row: Row[Any]) -> Subscription:
    """Read a subscription."""
    return Subscription(
        id=row.subscription_id,
        channel=ChannelKind(row.channel),
        address=row.address,
        filter=row.filter,
        paused=row.paused,
        trouble=row.trouble,
        habits=HABITS.validate_python(row.habits),
    )


def date_row(date: ResolvedDate | None) -> dict[str, Any]:
    """Return the three columns of an event's date."""
    return {
        "date_first": date.first if date else None,
        "date_last": date.last if date else None,
        "date_precision": date.precision.value if date else None,
    }


def as_date(row: Row[Any]) -> ResolvedDate | None:
    """Read an event's date, where it has one."""
    if row.date_first is None:
        return None
    return ResolvedDate(first=row.date_first, last=row.date_last, precision=Precision(row.date_precision))
