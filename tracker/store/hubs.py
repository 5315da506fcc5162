"""Subscriptions at WebSub hubs: which are wanted, which are due, which hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, and_, func, or_, select, update

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.types import HubSubscription

# A lease is renewed this long before it ends; a hub that did not ask back is asked again after `_AGAIN`.
_MARGIN = timedelta(days=1)
_AGAIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Hubs:
    """The hub subscriptions in the database of `engine`."""

    engine: Engine

    def want(self, wanted: HubSubscription) -> None:
        """Keep where a source pushes from; what is known already stays as it is, a new hub or topic starts anew."""
        table = tables.hubs
        row = {name: getattr(wanted, name) for name in ("source_id", "hub", "topic", "token", "secret")}
        with self.engine.begin() as connection:
            statement = insert(connection, table).values(row)
            is_other = or_(table.c.hub != statement.excluded.hub, table.c.topic != statement.excluded.topic)
            anew = row | {"asked_at": None, "lease_until": None}
            connection.execute(statement.on_conflict_do_update(index_elements=["source_id"], set_=anew, where=is_other))

    def claim_due(self, *, now: datetime) -> list[HubSubscription]:
        """Take the subscriptions of active sources that are to be asked for: new, unanswered or about to end."""
        table = tables.hubs.c
        is_ending = or_(table.lease_until.is_(None), table.lease_until < now + _MARGIN)
        is_active = table.source_id.in_(select(tables.sources.c.id).where(tables.sources.c.active))
        due = and_(is_active, or_(table.asked_at.is_(None), and_(is_ending, table.asked_at < now - _AGAIN)))
        with self.engine.begin() as connection:
            taken = update(tables.hubs).where(due).values(asked_at=now).returning(*tables.hubs.c)
            return sorted(map(_as_hub, connection.execute(taken)), key=lambda hub: hub.source_id)

    def confirm(self, token: str, topic: str, *, until: datetime) -> bool:
        """Keep until when a hub calls; False where nobody asked for this."""
        table = tables.hubs.c
        is_asked = and_(table.token == token, table.topic == topic, table.asked_at.is_not(None))
        with self.engine.begin() as connection:
            kept = update(tables.hubs).where(is_asked).values(lease_until=until).returning(table.source_id)
            return connection.scalar(kept) is not None

    def of_token(self, token: str) -> HubSubscription | None:
        """Return the subscription whose callback holds this token."""
        with reading(self.engine) as connection:
            row = connection.execute(select(tables.hubs).where(tables.hubs.c.token == token)).first()
            return _as_hub(row) if row else None

    def hasten(self, source_id: int, *, now: datetime) -> None:
        """Have a source polled next: its hub says that there is something new."""
        table = tables.sources.c
        is_later = and_(table.id == source_id, table.active, func.coalesce(table.next_due_at, now) > now)
        with self.engine.begin() as connection:
            connection.execute(update(tables.sources).where(is_later).values(next_due_at=now))


def _as_hub(row: Row[Any]) -> HubSubscription:
    return HubSubscription(
        source_id=row.source_id,
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        lease_until=row.lease_until,
    )
