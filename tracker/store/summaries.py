"""Messages that tell of several stories at once: what was held back for one subscription and came due together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, or_, select, true, update

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.store.outbox import as_delivery, delivery_select
from tracker.store.threads import EDIT, SUMMARY, is_next
from tracker.types import Delivery, DeliveryState, HeldFor

# What waits for an age waits for each story alone.
TOGETHER = tuple(one for one in HeldFor if one is not HeldFor.AGE)


@dataclass(frozen=True, slots=True)
class Summaries:
    """The summaries in the database of `engine`, and what each of them tells."""

    engine: Engine

    def gather(self, delivery: Delivery, *, now: datetime) -> bool:
        """Owe one message for a claimed delivery and all others that were held and are due; False where it is alone.

        They are taken in the transaction that owes the message, so that each is told by one message only.
        """
        table = tables.deliveries
        if delivery.held_for not in TOGETHER or delivery.key.startswith(SUMMARY):
            return False
        with self.engine.begin() as connection:
            _lock(connection, delivery.subscription.id)
            same = table.c.subscription_id == delivery.subscription.id, table.c.state == DeliveryState.PENDING
            due = table.c.held_for.in_(TOGETHER), table.c.next_try_at <= now, table.c.story_id.is_not(None)
            others = select(table.c.id).where(*same, *due, is_next(now)).with_for_update(skip_locked=True)
            taken = connection.scalars(others).all()
            if not taken:
                return False
            summary_id = _owe_summary(connection, delivery, now=now)
            told = update(table).where(table.c.id.in_([delivery.id, *taken]))
            connection.execute(told.values(state=DeliveryState.GATHERED, summary_id=summary_id))
            return True

    def members(self, summary_id: int, *, said: bool = False) -> list[Delivery]:
        """List what a summary tells, or what it has `said`, by id."""
        table = tables.deliveries.c
        told = table.summary_id == summary_id, table.story_id.is_not(None), table.sent.is_not(None) if said else true()
        with reading(self.engine) as connection:
            rows = connection.execute(delivery_select().where(*told).order_by(table.id))
            return [as_delivery(row) for row in rows]

    def owe_edit(self, summary_id: int, *, now: datetime) -> None:
        """Have a summary that was sent written anew."""
        table = tables.deliveries
        due = {"state": DeliveryState.PENDING, "next_try_at": now, "attempts": 0, "error": None}
        with self.engine.begin() as connection:
            summary = connection.execute(select(table).where(table.c.id == summary_id)).one()
            key = {"subscription_id": summary.subscription_id, "key": f"{summary.key}{EDIT}"}
            rest = {"summary_id": summary_id, "held_for": summary.held_for, "created_at": now}
            new = insert(connection, table).values(key | due | rest)
            connection.execute(new.on_conflict_do_update(index_elements=[*key], set_=due))

    def sent_at(self, subscription_id: int, *, last: int) -> datetime | None:
        """Return when the `last`-last message about stories went out to a subscription; None where there are fewer."""
        table = tables.deliveries.c
        own = table.subscription_id == subscription_id, table.state == DeliveryState.SENT
        is_message = table.key.startswith(SUMMARY), table.story_id.is_not(None) & table.summary_id.is_(None)
        message = or_(*is_message), ~table.key.endswith(EDIT, autoescape=True)
        newest = select(table.sent_at).where(*own, *message).order_by(table.sent_at.desc(), table.id.desc())
        with reading(self.engine) as connection:
            found: datetime | None = connection.scalar(newest.offset(last - 1).limit(1))
            return found


def _lock(connection: Connection, subscription_id: int) -> None:
    """Let one process at a time gather for a subscription."""
    own = tables.subscriptions.c.id == subscription_id
    connection.execute(select(tables.subscriptions.c.id).where(own).with_for_update())


def _owe_summary(connection: Connection, delivery: Delivery, *, now: datetime) -> int:
    table = tables.deliveries
    own = table.c.subscription_id == delivery.subscription.id, table.c.key.startswith(SUMMARY)
    before = select(func.count()).where(*own, ~table.c.key.endswith(EDIT, autoescape=True))
    row = {
        "subscription_id": delivery.subscription.id,
        "key": f"{SUMMARY}{(connection.scalar(before) or 0) + 1}",
        "state": DeliveryState.PENDING,
        "held_for": delivery.held_for,
        "created_at": now,
        "next_try_at": now,
    }
    return int(connection.execute(insert(connection, table).values(row).returning(table.c.id)).scalar_one())
