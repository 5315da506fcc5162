"""What readers do about alerts: stories they mute, and alerts they find of no use."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, or_, select

from tracker.store import tables
from tracker.store.database import insert, reading
from tracker.types import DeliveryState, Disfavour


@dataclass(frozen=True, slots=True)
class Feedback:
    """The mutes and judgements of readers in the database of `engine`."""

    engine: Engine

    def mute(self, subscription_id: int, story_id: int, *, by: str, now: datetime) -> bool:
        """Tell a subscription nothing more of a story, what is owed already included; False where it was muted."""
        with self.engine.begin() as connection:
            row = {"subscription_id": subscription_id, "story_id": story_id, "made_by": by, "made_at": now}
            new = insert(connection, tables.mutes).values(row).on_conflict_do_nothing()
            is_new = connection.scalar(new.returning(tables.mutes.c.story_id)) is not None
            owed = tables.deliveries.c
            of_story = owed.subscription_id == subscription_id, owed.story_id == story_id
            connection.execute(delete(tables.deliveries).where(*of_story, or_(*_is_to_go())))
            return is_new

    def unmute(self, subscription_id: int, story_id: int) -> bool:
        """Tell a subscription of a story again; False where it was not muted."""
        table = tables.mutes
        same = table.c.subscription_id == subscription_id, table.c.story_id == story_id
        with self.engine.begin() as connection:
            return connection.scalar(delete(table).where(*same).returning(table.c.story_id)) is not None

    def muted(self, subscription_id: int) -> list[int]:
        """List the stories that a subscription has muted, the latest first."""
        table = tables.mutes.c
        with reading(self.engine) as connection:
            found = select(table.story_id).where(table.subscription_id == subscription_id)
            return list(connection.scalars(found.order_by(table.made_at.desc(), table.story_id.desc())))

    def disfavour(self, said: Disfavour) -> None:
        """Keep that somebody finds an alert not relevant."""
        row = {"subscription_id": said.subscription_id, "story_id": said.story_id, "made_by": said.by}
        rest = {"filter": said.filter, "why": list(said.why), "made_at": said.at}
        with self.engine.begin() as connection:
            new = insert(connection, tables.feedback).values(row | rest)
            connection.execute(new.on_conflict_do_update(index_elements=[*row], set_=rest))

    def disfavours(self, *, limit: int = 100) -> list[Disfavour]:
        """List what was found not relevant, the latest first."""
        table = tables.feedback
        latest = select(table).order_by(table.c.made_at.desc(), table.c.story_id.desc(), table.c.made_by)
        with reading(self.engine) as connection:
            return [
                Disfavour(
                    subscription_id=row.subscription_id,
                    story_id=row.story_id,
                    by=row.made_by,
                    filter=row.filter,
                    why=tuple(row.why),
                    at=row.made_at,
                )
                for row in connection.execute(latest.limit(limit))
            ]


def _is_to_go() -> tuple[ColumnElement[bool], ...]:
    """Choose what is still to go, alone or in a summary."""
    owed, summary = tables.deliveries.c, tables.deliveries.alias("summary").c
    waiting = select(summary.id).where(summary.state == DeliveryState.PENDING)
    is_told_later = (owed.state == DeliveryState.GATHERED) & owed.summary_id.in_(waiting)
    return owed.state == DeliveryState.PENDING, is_told_later
