"""Subscriptions, and the deliveries owed to them: the outbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, literal, or_, select, update

from tracker.store import tables, threads
from tracker.store.database import insert, reading
from tracker.store.values import HABITS, as_subscription
from tracker.types import ChannelKind, Delivery, DeliveryState, Habits, HeldFor, Subscription

# In place of a filter, and one that no subscriber can ask for: the operators are owed messages, but follow no stories.
OPERATORS = "operators:"
_AT_ONCE = Habits()
_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The subscriptions and deliveries in the database of `engine`."""

    engine: Engine

    def sync(self, wanted: Sequence[tuple[ChannelKind, str, str, Habits]], *, now: datetime) -> None:
        """Make the configured subscriptions active; those gone from the file are paused.

        Those in trouble stay paused until somebody resumes them.
        """
        with self.engine.begin() as connection:
            connection.execute(
                update(tables.subscriptions)
                .where(tables.subscriptions.c.from_config)
                .values(paused=True, from_config=False)
            )
            for channel, address, text, habits in wanted:
                _subscribe(connection, channel, address, text, habits=habits, from_config=True, now=now)

    def subscribe(
        self, channel: ChannelKind, address: str, text: str, *, now: datetime, habits: Habits = _AT_ONCE
    ) -> int:
        """Add a subscription, or resume the like one that exists, with these habits; return its id."""
        with self.engine.begin() as connection:
            return _subscribe(connection, channel, address, text, habits=habits, from_config=False, now=now)

    def change(self, subscription_id: int, text: str, habits: Habits, *, now: datetime) -> bool:
        """Give a subscription another filter and habits; False where there is none with this id, or one like that."""
        table = tables.subscriptions
        with self.engine.begin() as connection:
            row = connection.execute(select(table).where(table.c.id == subscription_id)).one_or_none()
            if row is None:
                return False
            like = (table.c.channel == row.channel, table.c.address == row.address, table.c.filter == text)
            if connection.scalar(select(table.c.id).where(*like, table.c.id != subscription_id)):
                return False
            values = {"filter": text, "habits": HABITS.dump_python(habits, mode="json")}
            connection.execute(update(table).where(table.c.id == subscription_id).values(values))
            _let_go(connection, subscription_id, now=now)
            return True

    def unsubscribe(self, subscription_id: int) -> bool:
        """Remove a subscription and what it is still owed; False where there is none with this id."""
        table = tables.subscriptions
        with self.engine.begin() as connection:
            gone = connection.scalar(table.delete().where(table.c.id == subscription_id).returning(table.c.id))
            return gone is not None

    def pause(self, subscription_id: int) -> bool:
        """Send a subscription nothing until it is resumed; False where there is none with this id."""
        return bool(self._wake(tables.subscriptions.c.id == subscription_id, paused=True))

    def resume(self, subscription_id: int | None = None) -> int:
        """Send a subscription what it is owed again, or all that had to be stopped; return how many there were."""
        table = tables.subscriptions.c
        is_meant = table.trouble.is_not(None) if subscription_id is None else table.id == subscription_id
        return self._wake(is_meant, paused=False)

    def _wake(self, which: ColumnElement[bool], *, paused: bool) -> int:
        table = tables.subscriptions
        values = {"paused": paused, "trouble": None, "trouble_at": None}
        with self.engine.begin() as connection:
            of_readers = table.c.filter != OPERATORS
            changed = update(table).where(which, of_readers).values(values).returning(table.c.id)
            return len(connection.scalars(changed).all())

    def subscriptions(self) -> list[Subscription]:
        """List all subscriptions by id, paused ones too, but not the operators'."""
        own = tables.subscriptions.c.filter == OPERATORS
        with reading(self.engine) as connection:
            rows = connection.execute(subscription_select().where(~own).order_by(tables.subscriptions.c.id))
            return [as_subscription(row) for row in rows]

    def subscription(self, subscription_id: int) -> Subscription | None:
        """Return a subscription, None where there is none with this id."""
        wanted = subscription_select().where(tables.subscriptions.c.id == subscription_id)
        with reading(self.engine) as connection:
            row = connection.execute(wanted).one_or_none()
            return as_subscription(row) if row else None

    def owe(self, subscription_id: int, key: str, *, now: datetime) -> bool:
        """Owe one message; False where it is owed or sent already."""
        with self.engine.begin() as connection:
            return owe(connection, subscription_id, key, now=now)

    def owe_all(self, channel: ChannelKind, key: str, *, subscribed_before: datetime, now: datetime) -> int:
        """Owe a message to each active subscription of `channel` that is old enough; return how many are new."""
        table = tables.subscriptions
        with self.engine.begin() as connection:
            old = table.c.created_at < subscribed_before
            ids = connection.scalars(select(table.c.id).where(table.c.channel == channel, ~table.c.paused, old)).all()
            return sum(owe(connection, subscription_id, key, now=now) for subscription_id in ids)

    def claim(
        self, *, now: datetime, limit: int, not_to: Collection[str] = (), not_by: Collection[ChannelKind] = ()
    ) -> list[Delivery]:
        """Take pending deliveries that are due and commit them as `sending`, before anything is sent.

        Of one story a subscription gets one message after the other.  What goes to the addresses `not_to` and by the
        channels `not_by` is left.
        """
        table, to = tables.deliveries, tables.subscriptions.c
        others = to.address.not_in(list(not_to)), to.channel.not_in(list(not_by))
        due = (
            select(table.c.id)
            .join(tables.subscriptions, to.id == table.c.subscription_id)
            .where(*_is_due(now), *others)
            .order_by(table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=table)
        )
        return self._claim(due, now=now, attempts=table.c.attempts + 1)

    def is_due(self, *, now: datetime, not_by: Collection[ChannelKind] = ()) -> bool:
        """Say whether anything is due that does not go by the channels `not_by`."""
        table, to = tables.deliveries, tables.subscriptions.c
        due = select(table.c.id).join(tables.subscriptions, to.id == table.c.subscription_id).where(*_is_due(now))
        with reading(self.engine) as connection:
            return connection.scalar(due.where(to.channel.not_in(list(not_by))).limit(1)) is not None

    def claim_unsettled(self, *, now: datetime, grace: timedelta, limit: int) -> list[Delivery]:
        """Take deliveries whose outcome is unknown: left in `sending` for longer than `grace`."""
        table = tables.deliveries
        stuck = (
            select(table.c.id)
            .where(table.c.state == DeliveryState.SENDING, table.c.claimed_at <= now - grace)
            .order_by(table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._claim(stuck, now=now, attempts=table.c.attempts)

    def settle(self, delivery_id: int, state: DeliveryState, *, now: datetime, **values: Any) -> None:
        """Commit what became of a delivery that was claimed (`receipt`, `error`, `next_try_at` as they apply).

        One that is owed anew in the meantime stays so.  What a summary tells becomes what that does.
        """
        if state is DeliveryState.SENT:
            values["sent_at"] = now
        with self.engine.begin() as connection:
            table = tables.deliveries
            claimed = table.c.id == delivery_id, table.c.state == DeliveryState.SENDING
            settled = update(table).where(*claimed).values(state=state, **values).returning(table.c.id)
            if connection.scalar(settled) is not None and state not in _OPEN:
                told = table.c.summary_id == delivery_id, table.c.state == DeliveryState.GATHERED
                connection.execute(update(table).where(*told).values(state=state, **values))

    def deliveries(self, *, limit: int = 100) -> list[Delivery]:
        """List the newest deliveries."""
        with reading(self.engine) as connection:
            newest = tables.deliveries.c.id.desc()
            return [as_delivery(row) for row in connection.execute(delivery_select().order_by(newest).limit(limit))]

    def count_by_state(self) -> dict[DeliveryState, int]:
        """Count deliveries by state."""
        counts = dict.fromkeys(DeliveryState, 0)
        with reading(self.engine) as connection:
            for state in connection.scalars(select(tables.deliveries.c.state)):
                counts[DeliveryState(state)] += 1
        return counts

    def _claim(self, ids: Select[tuple[Any]], *, now: datetime, attempts: Any) -> list[Delivery]:
        table = tables.deliveries
        claim = (
            update(table)
            .where(table.c.id.in_(ids.scalar_subquery()))
            .values(state=DeliveryState.SENDING, claimed_at=now, attempts=attempts)
            .returning(table.c.id)
        )
        with self.engine.begin() as connection:
            taken = connection.scalars(claim).all()
            rows = connection.execute(delivery_select().where(table.c.id.in_(taken)).order_by(table.c.id))
            return [as_delivery(row) for row in rows]


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Choose what is to be sent by now; what a paused subscription is owed waits (the operators' are all paused)."""
    table, to = tables.deliveries.c, tables.subscriptions.c
    is_awake = or_(~to.paused, to.filter == OPERATORS)
    return table.state == DeliveryState.PENDING, table.next_try_at <= now, is_awake, threads.is_next(now)


def owe(connection: Connection, subscription_id: int, key: str, *, now: datetime) -> bool:
    """Write an owed message inside the caller's transaction; False where it is owed or sent already.

    A story that was told before is looked at again instead; one that is muted is left alone.
    """
    story_id = threads.story_of(key)
    if story_id is not None and threads.is_muted(connection, subscription_id, story_id):
        return False
    row = {
        "subscription_id": subscription_id,
        "key": key,
        "story_id": story_id,
        "state": DeliveryState.PENDING,
        "created_at": now,
        "next_try_at": now,
    }
    new = (
        insert(connection, tables.deliveries)
        .values(row)
        .on_conflict_do_nothing(index_elements=["subscription_id", "key"])
        .returning(tables.deliveries.c.id)
    )
    is_new = connection.scalar(new) is not None
    if not is_new and story_id is not None:
        threads.look_again(connection, subscription_id, story_id, now=now)
    return is_new


def move_deliveries(connection: Connection, gone: int, into: int) -> None:
    """Have what was told of a story count as told of the one that it went into, and stay muted where it was.

    A subscription that was told of both keeps the thread of the latter.
    """
    table, mutes = tables.deliveries, tables.mutes
    told = select(table.c.subscription_id).where(table.c.story_id == into)
    moved = table.c.story_id == gone, table.c.subscription_id.not_in(told)
    start = len(f"story:{gone}") + 1
    key = literal(f"story:{into}").concat(func.substr(table.c.key, start))
    connection.execute(update(table).where(*moved).values(key=key, story_id=into))
    muted = select(mutes.c.subscription_id).where(mutes.c.story_id == into)
    still = mutes.c.story_id == gone, mutes.c.subscription_id.not_in(muted)
    connection.execute(update(mutes).where(*still).values(story_id=into))


def active_subscriptions(connection: Connection) -> list[Subscription]:
    """List the subscriptions that are owed messages."""
    statement = subscription_select().where(~tables.subscriptions.c.paused).order_by(tables.subscriptions.c.id)
    return [as_subscription(row) for row in connection.execute(statement)]


def _subscribe(
    connection: Connection,
    channel: ChannelKind,
    address: str,
    text: str,
    *,
    habits: Habits,
    from_config: bool,
    now: datetime,
) -> int:
    key = {"channel": channel, "address": address, "filter": text}
    row: dict[str, Any] = {"paused": False, "from_config": from_config}
    row["habits"] = HABITS.dump_python(habits, mode="json")
    again = row | {"trouble": None, "trouble_at": None}
    if from_config:
        again = row | {"paused": tables.subscriptions.c.trouble.is_not(None)}
    statement = insert(connection, tables.subscriptions).values(key | row | {"created_at": now})
    kept = statement.on_conflict_do_update(index_elements=[*key], set_=again).returning(tables.subscriptions.c.id)
    subscription_id = int(connection.execute(kept).scalar_one())
    _let_go(connection, subscription_id, now=now)
    return subscription_id


def _let_go(connection: Connection, subscription_id: int, *, now: datetime) -> None:
    """Have it decided anew how long what was held back has to wait, for the habits may be others."""
    table = tables.deliveries
    held = table.c.subscription_id == subscription_id, table.c.held_for.is_not(None)
    waiting = table.c.state == DeliveryState.PENDING, table.c.next_try_at > now
    connection.execute(update(table).where(*held, *waiting).values(next_try_at=now))


def subscription_select() -> Select[tuple[Any, ...]]:
    """Select what `as_subscription` reads."""
    columns = [c for c in tables.subscriptions.columns if c.name not in {"id", "created_at"}]
    return select(tables.subscriptions.c.id.label("subscription_id"), *columns)


def delivery_select() -> Select[tuple[Any, ...]]:
    """Select what `as_delivery` reads."""
    return (
        subscription_select()
        .add_columns(*(c for c in tables.deliveries.columns if c.name != "subscription_id"))
        .join(tables.deliveries, tables.deliveries.c.subscription_id == tables.subscriptions.c.id)
    )


def as_delivery(row: Row[Any]) -> Delivery:
    """Read a delivery with its subscription."""
    return Delivery(
        id=row.id,
        subscription=as_subscription(row),
        key=row.key,
        story_id=row.story_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.next_try_at,
        claimed_at=row.claimed_at,
        receipt=row.receipt,
        error=row.error,
        held_for=HeldFor(row.held_for) if row.held_for else None,
        summary_id=row.summary_id,
    )
