"""What a language model answered, so that nothing is asked twice, and how much it was asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from tracker.store import tables
from tracker.store.database import insert, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """How many questions were asked, how many tokens that took, and when the last one failed."""

    calls: int
    tokens: int
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondReadings:
    """The answers of second readers in the database of `engine`."""

    engine: Engine

    def answer(self, key: str) -> str | None:
        """Return what was answered to a question before, None where it was not."""
        table = tables.second_readings.c
        with reading(self.engine) as connection:
            return connection.scalar(select(table.answer).where(table.key == key))

    def spent(self, *, since: datetime) -> Spent:
        """Return what was spent since then."""
        table = tables.second_readings.c
        sums = select(
            func.count().label("calls"),
            func.coalesce(func.sum(table.tokens), 0).label("tokens"),
            func.max(table.asked_at).filter(table.answer.is_(None)).label("failed_at"),
        )
        with reading(self.engine) as connection:
            row = connection.execute(sums.where(table.asked_at >= since)).one()
            return Spent(calls=row.calls, tokens=row.tokens, failed_at=row.failed_at)

    def keep(self, key: str, *, reader: str, answer: str | None, tokens: int, asked_at: datetime) -> None:
        """Keep an answer, or that none came; a later one takes its place, and what both took is added up."""
        table = tables.second_readings
        row = {"key": key, "reader": reader, "answer": answer, "tokens": tokens, "asked_at": asked_at}
        with self.engine.begin() as connection:
            statement = insert(connection, table).values(row)
            later = row | {"tokens": table.c.tokens + tokens}
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=later))
