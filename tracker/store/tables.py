"""The schema, once.  Points in time are UTC; ids are integers; JSON holds values of tracker.types."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from tracker.times import as_utc


class Moment(TypeDecorator[datetime]):
    """An aware UTC time on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = as_utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[Any]:
    return Column("id", Integer, primary_key=True)


def _to(target: str, *, primary_key: bool = False, nullable: bool = False, ondelete: str = "CASCADE") -> Column[Any]:
    name = {"sources": "source", "articles": "article", "events": "event", "stories": "story"}.get(target, target[:-1])
    return Column(
        f"{name}_id",
        ForeignKey(f"{target}.id", ondelete=ondelete),
        primary_key=primary_key,
        nullable=nullable,
    )


def _gone() -> tuple[Column[Any], Column[Any]]:
    """Return what a row says that nothing is left of, so that its id still leads somewhere."""
    return Column("is_gone", Boolean, nullable=False, server_default="0"), Column("merged_into", Integer)


sources = Table(
    "sources",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("language", String(20), nullable=False),
    Column("country", String(2)),
    Column("tier", String(20), nullable=False),
    Column("family", String(200), nullable=False),
    Column("every_seconds", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("from_config", Boolean, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("next_due_at", Moment),
    Column("polled_at", Moment),
    Column("succeeded_at", Moment),
    Column("newest_entry_at", Moment),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("options", JSON, nullable=False, server_default="{}"),
    Column("memory", LargeBinary),
    Column("moved_to", Text),
    Column("moved_seen", Integer, nullable=False, server_default="0"),
    Column("retired_at", Moment),
    Column("pause_seconds", Integer),
    Column("listed", Integer),
    Column("seen", Float, nullable=False, server_default="0"),
    Column("on_topic", Float, nullable=False, server_default="0"),
    Column("unwell", Text),
    Column("told", Text),
    Index(None, "active", "next_due_at"),
)

# Where sources push from (WebSub), and until when.
hubs = Table(
    "hubs",
    metadata,
    _to("sources", primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("secret", String(64), nullable=False),
    Column("asked_at", Moment),
    Column("lease_until", Moment),
)

# `address` is what the source listed (unique per source, never rewritten); `url` the canonical one; `family` the
# publisher where it is another than the source's, `credit` the wire service that the text is signed as.  Nobody is
# alerted to what `is_history`.
articles = Table(
    "articles",
    metadata,
    _id(),
    _to("sources"),
    Column("address", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("author", Text),
    Column("text", Text, nullable=False, server_default=""),
    Column("language", String(20)),
    Column("published_at", Moment),
    Column("updated_at", Moment),
    Column("fetched_at", Moment, nullable=False),
    Column("content_hash", String(64)),
    Column("signature", LargeBinary),
    Column("copy_of", ForeignKey("articles.id", ondelete="SET NULL")),
    Column("note", Text),
    Column("relevance", Float),
    Column("relevant", Boolean),
    Column("stage", String(20), nullable=False),
    Column("error", Text),
    Column("lease_until", Moment),
    Column("family", String(200)),
    Column("credit", String(200)),
    Column("dates", JSON, nullable=False, server_default="[]"),
    Column("is_history", Boolean, nullable=False, server_default="0"),
    Column("disputes", JSON, nullable=False, server_default="[]"),
    UniqueConstraint("source_id", "address"),
    Index(None, "stage", "is_history", "id"),
    Index(None, "url"),
    Index(None, "content_hash"),
    Index(None, "copy_of"),
)

# How far each archive has been read, under one choice of what to keep (`wanted`).  `state` is the archive's size and
# time of change: where they differ it is another archive.
backfills = Table(
    "backfills",
    metadata,
    _id(),
    Column("path", Text, nullable=False),
    Column("wanted", Text, nullable=False),
    Column("state", String(80), nullable=False),
    Column("record", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("looked_at", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
    Column("problems", JSON, nullable=False),
    Column("is_finished", Boolean, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("path", "wanted"),
)

# What collect leaves for read; gone once the text is read.
bodies = Table(
    "bodies",
    metadata,
    _to("articles", primary_key=True),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("wants_page", Boolean, nullable=False),
    Column("page_url", Text),
    Column("page_type", Text),
    Column("page", LargeBinary),
)

article_bands = Table(
    "article_bands",
    metadata,
    Column("band", String(40), primary_key=True),
    _to("articles", primary_key=True),
)

mentions = Table(
    "mentions",
    metadata,
    _to("articles", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("entity_id", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("known", Boolean, nullable=False),
    Column("quote", JSON, nullable=False),
    Column("confidence", Float, nullable=False, server_default="1"),
    Index(None, "entity_id"),
    Index(None, "known", "entity_id"),
)

# What people teach the knowledge base, in the order in which it counts; never changed, only added to.
entity_edits = Table(
    "entity_edits",
    metadata,
    _id(),
    Column("action", String(10), nullable=False),
    Column("entity_id", String(200), nullable=False),
    Column("name", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("why", Text),
    Index(None, "action", "entity_id"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("title", Text, nullable=False),
    Column("first_reported_at", Moment, nullable=False),
    Column("last_reported_at", Moment, nullable=False),
    *_gone(),
    Index(None, "last_reported_at", "id"),
)

# Each article `follows` the earlier one that it is most like; what hangs together is a story.
story_articles = Table(
    "story_articles",
    metadata,
    _to("articles", primary_key=True),
    _to("stories"),
    Column("reported_at", Moment, nullable=False),
    Column("follows", Integer),
    Column("likeness", Float, nullable=False),
    Column("profile", JSON, nullable=False),
    Index(None, "story_id"),
)

# The inverted index that narrows which articles an article is held against.
article_terms = Table(
    "article_terms",
    metadata,
    Column("term", String(200), primary_key=True),
    Column("reported_at", Moment, primary_key=True),
    _to("articles", primary_key=True),
    Index(None, "article_id"),
)

# What people merged and split, in the order in which it counts; never changed, only added to.
regroupings = Table(
    "regroupings",
    metadata,
    _id(),
    Column("together", Boolean, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("why", Text),
)

# The two sides of a regrouping: articles, or reports by their place.
regrouping_places = Table(
    "regrouping_places",
    metadata,
    _to("regroupings", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("is_left", Boolean, nullable=False),
    _to("articles"),
    Column("type", String(20)),
    Column("sentence", JSON),
    Index(None, "article_id"),
)

events = Table(
    "events",
    metadata,
    _id(),
    _to("stories"),
    Column("type", String(20), nullable=False),
    Column("modality", String(20), nullable=False),
    Column("headline", Text, nullable=False),
    Column("date_first", Date),
    Column("date_last", Date),
    Column("date_precision", String(10)),
    Column("first_reported_at", Moment, nullable=False),
    Column("last_reported_at", Moment, nullable=False),
    *_gone(),
    Index(None, "story_id"),
    Index(None, "type", "last_reported_at", "id"),
    Index(None, "last_reported_at", "id"),
)

event_entities = Table(
    "event_entities",
    metadata,
    _to("events", primary_key=True),
    Column("entity_id", String(200), primary_key=True),
    Column("role", String(10), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Index(None, "entity_id", "event_id"),
)

reports = Table(
    "reports",
    metadata,
    _id(),
    _to("articles"),
    Column("position", Integer, nullable=False),
    Column("type", String(20), nullable=False),
    Column("modality", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    _to("events", nullable=True, ondelete="SET NULL"),
    UniqueConstraint("article_id", "position"),
    Index(None, "event_id"),
)

# What people say of reports.  By place, for what a report was may be found anew.
reviews = Table(
    "reviews",
    metadata,
    _to("articles", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
)

# Every review of a report as it was given; never changed, only added to.
review_log = Table(
    "review_log",
    metadata,
    _id(),
    _to("articles"),
    Column("position", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Index(None, "article_id"),
)

# Each run of reprocessing, by which rules; `program` and the digests say which.
revisions = Table(
    "revisions",
    metadata,
    _id(),
    Column("since", Date, nullable=False),
    Column("program", String(40), nullable=False),
    Column("rules", String(64), nullable=False),
    Column("knowledge", String(64), nullable=False),
    Column("edits", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("articles", Integer, nullable=False),
    Column("reread", Integer, nullable=False),
)

# What a revision changed of an event or story (`of`: E12, S3); no links, for it outlives both.
revision_changes = Table(
    "revision_changes",
    metadata,
    _id(),
    _to("revisions"),
    Column("of", String(20), nullable=False),
    Column("what", String(20), nullable=False),
    Column("was", Text),
    Column("is_now", Text),
    Column("into", String(20)),
    Index(None, "revision_id"),
)

# Who may correct on the pages.  A key is random and long, so that a plain hash of it gives nothing away.
editors = Table(
    "editors",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
)

# What a language model was asked of an article, by a hash of the question; `answer` is null where none came,
# and nobody is asked before `retry_at`.
second_readings = Table(
    "second_readings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("reader", String(200), nullable=False),
    Column("answer", Text),
    Column("tokens", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("retry_at", Moment),
    Index(None, "asked_at"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    Column("channel", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("filter", Text, nullable=False),
    Column("paused", Boolean, nullable=False, server_default="0"),
    Column("from_config", Boolean, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Column("trouble", Text),
    Column("trouble_at", Moment),
    Column("habits", JSON, nullable=False, server_default="{}"),
    UniqueConstraint("channel", "address", "filter"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _to("subscriptions"),
    Column("key", String(200), nullable=False),
    # The story that it is about, none for digests; no link, for what was sent outlives the story.
    Column("story_id", Integer),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Column("next_try_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("sent_at", Moment),
    Column("receipt", Text),
    Column("sent", Text),
    Column("error", Text),
    Column("held_for", String(10)),
    # The delivery by which this one is told, or which it edits; no link, for they go together.
    Column("summary_id", Integer),
    UniqueConstraint("subscription_id", "key"),
    Index(None, "state", "next_try_at", "id"),
    Index(None, "story_id", "subscription_id"),
    Index(None, "summary_id"),
    Index(None, "subscription_id", "sent_at"),
)

# Stories that a subscription is no longer told of.
mutes = Table(
    "mutes",
    metadata,
    _to("subscriptions", primary_key=True),
    _to("stories", primary_key=True),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
)

# What readers say of alerts: who found which story of no use to which subscription, and what the alert said.
feedback = Table(
    "feedback",
    metadata,
    _to("subscriptions", primary_key=True),
    _to("stories", primary_key=True),
    Column("made_by", String(200), primary_key=True),
    Column("filter", Text, nullable=False),
    Column("why", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
)
