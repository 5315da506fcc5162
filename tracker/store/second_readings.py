"""What a language model answered, so that nothing is asked twice, and how much it was asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from tracker.store import tables
from tracker.store.database import insert, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """How many questions were asked, and how many tokens that took."""

    calls: int
    tokens: int


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
        sums = select(func.count().label("calls"), func.coalesce(func.sum(table.tokens), 0).label("tokens"))
        with reading(self.engine) as connection:
            row = connection.execute(sums.where(table.asked_at >= since)).one()
            return Spent(calls=row.calls, tokens=row.tokens)

    def retry_at(self, *, since: datetime) -> datetime | None:
        """Return before when nobody is to be asked, by what failed since then."""
        table = tables.second_readings.c
        with reading(self.engine) as connection:
            latest = select(table.retry_at).where(table.asked_at >= since, table.retry_at.is_not(None))
            return connection.scalar(latest.order_by(table.retry_at.desc()).limit(1))

    def keep(self, key: str, *, reader: str, answer: str, tokens: int, asked_at: datetime) -> None:
        """Keep an answer; what a question took before it had one is added up."""
        self._keep(key, reader=reader, answer=answer, tokens=tokens, asked_at=asked_at, retry_at=None)

    def keep_failure(self, key: str, *, reader: str, tokens: int, asked_at: datetime, retry_at: datetime) -> None:
        """Keep that no answer came, and when one may be asked for again."""
        self._keep(key, reader=reader, answer=None, tokens=tokens, asked_at=asked_at, retry_at=retry_at)

    def _keep(self, key: str, **row: object) -> None:
        table = tables.second_readings
        with self.engine.begin() as connection:
            statement = insert(connection, table).values(key=key, **row)
            later = row | {"tokens": table.c.tokens + statement.excluded.tokens}
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=later))
