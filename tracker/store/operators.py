"""What the operators are told of sources and of subscriptions, and who they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select, update

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.store.outbox import OPERATORS, owe, subscription_select
from tracker.store.sources import COLUMNS
from tracker.store.values import as_poll_state, as_source, as_subscription
from tracker.types import ChannelKind, PollState, Source, Subscription

# The key of what tells of subscriptions that had to be paused: this, and when.
TROUBLE = "trouble:"


@dataclass(frozen=True, slots=True)
class Operators:
    """The sources that the operators have heard of, or are about to, in the database of `engine`."""

    engine: Engine

    def watched(self) -> dict[int, tuple[Source, PollState]]:
        """Return the active sources that are unwell, or of which something was told, by id and in order of name."""
        table = tables.sources
        wanted = table.c.active, or_(table.c.unwell.is_not(None), table.c.told.is_not(None))
        with reading(self.engine) as connection:
            rows = connection.execute(select(*COLUMNS).where(*wanted).order_by(table.c.name))
            return {row.source_id: (as_source(row), as_poll_state(row)) for row in rows}

    def count_sources(self) -> int:
        """Count the active sources."""
        with reading(self.engine) as connection:
            found = select(func.count()).select_from(tables.sources).where(tables.sources.c.active)
            return connection.scalar(found) or 0

    def tell(
        self,
        told: Mapping[int, tuple[str | None, str]],
        recipients: Sequence[tuple[ChannelKind, str]],
        *,
        key: str,
        now: datetime,
    ) -> int:
        """Keep what is told of each source (what it was, what it is), and owe the message; return how many are told.

        A source of which another process has told something in the meantime is left to it.
        """
        table = tables.sources
        with self.engine.begin() as connection:
            kept = 0
            for source_id, (before, after) in told.items():
                is_same = table.c.id == source_id, table.c.told.is_not_distinct_from(before)
                taken = update(table).where(*is_same).values(told=after).returning(table.c.id)
                kept += connection.scalar(taken) is not None
            if kept:
                for channel, address in recipients:
                    owe(connection, _operator(connection, channel, address, now), key, now=now)
            return kept

    def stop(
        self,
        why: str,
        recipients: Sequence[tuple[ChannelKind, str]],
        *,
        channel: ChannelKind,
        address: str | None,
        now: datetime,
    ) -> int:
        """Pause the subscriptions to an address, or (None) all of a channel, and owe the operators a word of it.

        Those that are paused already are left as they are; return how many there were.
        """
        table = tables.subscriptions
        meant = [table.c.channel == channel, ~table.c.paused, table.c.filter != OPERATORS]
        meant += [table.c.address == address] if address is not None else []
        with self.engine.begin() as connection:
            stopped = update(table).where(*meant).values(paused=True, trouble=why, trouble_at=now)
            number = len(connection.scalars(stopped.returning(table.c.id)).all())
            for kind, to in recipients if number else ():
                owe(connection, _operator(connection, kind, to, now), f"{TROUBLE}{now.isoformat()}", now=now)
            return number

    def stopped(self, *, at: datetime | None = None) -> list[Subscription]:
        """List the subscriptions that had to be paused (`at` that time), by id."""
        table = tables.subscriptions.c
        in_trouble = table.trouble_at.is_not(None) if at is None else table.trouble_at == at
        with reading(self.engine) as connection:
            rows = connection.execute(subscription_select().where(in_trouble).order_by(table.id))
            return [as_subscription(row) for row in rows]


def _operator(connection: Connection, channel: ChannelKind, address: str, now: datetime) -> int:
    """Return the subscription that stands for an operator: a paused one, which no story and no digest goes to."""
    key = {"channel": channel, "address": address, "filter": OPERATORS}
    row: dict[str, Any] = {**key, "paused": True, "from_config": False, "created_at": now}
    statement = insert(connection, tables.subscriptions).values(row)
    again = statement.on_conflict_do_update(index_elements=[*key], set_={"paused": True})
    return int(connection.execute(again.returning(tables.subscriptions.c.id)).scalar_one())
