"""What each subscription was told of a story: its first message, the replies in the thread, and edits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, exists, or_, select, update

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.types import DeliveryState, StorySnapshot, Thread

SNAPSHOT = TypeAdapter(StorySnapshot)
# How the keys of edits end, and those of summaries begin.
EDIT, SUMMARY = ":edit", "summary:"
_OPEN = (DeliveryState.PENDING, DeliveryState.GATHERED, DeliveryState.SENDING)
_ARRIVED = (DeliveryState.SENT, DeliveryState.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Threads:
    """What was said about stories, in the database of `engine`."""

    engine: Engine

    def thread(self, subscription_id: int, story_id: int, *, before: int | None = None) -> Thread:
        """Return what a subscription was told of a story; `told` is then what had been before some delivery."""
        table = tables.deliveries
        of_story = table.c.subscription_id == subscription_id, table.c.story_id == story_id
        with reading(self.engine) as connection:
            rows = connection.execute(select(table).where(*of_story).order_by(table.c.id)).all()
        first = next((row for row in rows if row.key == f"story:{story_id}"), None)
        edits = [row for row in rows if row.key.endswith(EDIT) and row.sent]
        said = [row for row in rows if not row.key.endswith(EDIT) and row.sent and row.state in _ARRIVED]
        return Thread(
            receipt=first.receipt if first else None,
            shown=_snapshot(edits or said[:1]),
            told=_snapshot([row for row in said if before is None or row.id < before]),
            updates=sum(":update:" in row.key for row in rows),
            summary=first.summary_id if first else None,
            is_waiting=any(row.state in _OPEN and not row.key.endswith(EDIT) for row in rows),
        )

    def keep(self, said: Mapping[int, StorySnapshot]) -> None:
        """Commit what a message is about to say, by delivery, before it is sent."""
        table = tables.deliveries
        with self.engine.begin() as connection:
            for delivery_id, snapshot in said.items():
                sent = SNAPSHOT.dump_json(snapshot).decode()
                connection.execute(update(table).where(table.c.id == delivery_id).values(sent=sent))


def story_of(key: str) -> int | None:
    """Return the story that a delivery's key is about."""
    kind, _, rest = key.partition(":")
    return int(rest.partition(":")[0]) if kind == "story" else None


def is_muted(connection: Connection, subscription_id: int, story_id: int) -> bool:
    """Say whether a subscription has muted a story."""
    table = tables.mutes.c
    same = table.subscription_id == subscription_id, table.story_id == story_id
    return connection.scalar(select(table.story_id).where(*same)) is not None


def look_again(connection: Connection, subscription_id: int, story_id: int, *, now: datetime) -> None:
    """Have it looked at whether what was told of a story is still true; a message that is still to go will be.

    The first message is locked, so that it cannot be written from what stood there before and sent unseen.
    """
    table = tables.deliveries
    first = table.c.subscription_id == subscription_id, table.c.key == f"story:{story_id}"
    state = connection.scalar(select(table.c.state).where(*first).with_for_update())
    if state == DeliveryState.WITHDRAWN:  # it was never told of, and there is something new
        due_anew = {"state": DeliveryState.PENDING, "created_at": now, "next_try_at": now, "attempts": 0, "error": None}
        connection.execute(update(table).where(*first).values(due_anew | {"held_for": None, "summary_id": None}))
    if state not in {DeliveryState.GATHERED, DeliveryState.SENDING, DeliveryState.SENT}:
        return
    key = {"subscription_id": subscription_id, "key": f"story:{story_id}{EDIT}"}
    due = {"state": DeliveryState.PENDING, "next_try_at": now, "attempts": 0, "error": None}
    new = insert(connection, table).values(key | due | {"story_id": story_id, "created_at": now})
    is_idle = table.c.state != DeliveryState.PENDING
    connection.execute(new.on_conflict_do_update(index_elements=[*key], set_=due, where=is_idle))


def recount(connection: Connection, article_id: int) -> None:
    """Have it looked at whether what was said of an article's story is still true: more is known, or less."""
    table, joined = tables.deliveries.c, tables.story_articles.c
    stories = select(joined.story_id).where(joined.article_id == article_id)
    told = select(table.subscription_id, table.story_id, table.created_at)
    for row in connection.execute(told.where(table.story_id.in_(stories), table.sent.is_not(None)).distinct()).all():
        if not is_muted(connection, row.subscription_id, row.story_id):
            look_again(connection, row.subscription_id, row.story_id, now=row.created_at)


def is_next(now: datetime) -> ColumnElement[bool]:
    """Choose deliveries before which none is open of the same story.

    An edit waits for all that are open, but not for one that is held back: that will say what is so then.
    """
    table, other = tables.deliveries, tables.deliveries.alias("other")
    is_held = and_(other.c.state == DeliveryState.PENDING, other.c.held_for.is_not(None), other.c.next_try_at > now)
    is_before = and_(~other.c.key.endswith(EDIT, autoescape=True), other.c.id < table.c.id)
    return ~exists(
        select(other.c.id).where(
            other.c.subscription_id == table.c.subscription_id,
            other.c.story_id == table.c.story_id,
            other.c.id != table.c.id,
            other.c.state.in_(_OPEN),
            or_(and_(table.c.key.endswith(EDIT, autoescape=True), ~is_held), is_before),
        )
    )


def _snapshot(rows: Sequence[Row[Any]]) -> StorySnapshot | None:
    return SNAPSHOT.validate_json(rows[-1].sent) if rows else None
