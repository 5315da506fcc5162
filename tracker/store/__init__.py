"""The database: what is kept, who may take what, and what can be asked."""

from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import Engine

from tracker.store import migrate
from tracker.store.articles import Articles
from tracker.store.backfills import Backfills
from tracker.store.database import connect
from tracker.store.editors import Editors
from tracker.store.entities import Entities
from tracker.store.feedback import Feedback
from tracker.store.hubs import Hubs
from tracker.store.operators import Operators
from tracker.store.outbox import Outbox
from tracker.store.queries import Queries
from tracker.store.regroupings import Regroupings
from tracker.store.relations import Relations
from tracker.store.rereading import Rereading
from tracker.store.reviews import Reviews
from tracker.store.revisions import Revisions
from tracker.store.second_readings import SecondReadings
from tracker.store.sources import Sources
from tracker.store.summaries import Summaries
from tracker.store.threads import Threads


@dataclass(frozen=True, slots=True)
class Store:
    """One database, by area.  Every public method of an area is one transaction."""

    engine: Engine
    sources: Sources = field(init=False)
    articles: Articles = field(init=False)
    backfills: Backfills = field(init=False)
    relations: Relations = field(init=False)
    regroupings: Regroupings = field(init=False)
    reviews: Reviews = field(init=False)
    rereading: Rereading = field(init=False)
    revisions: Revisions = field(init=False)
    editors: Editors = field(init=False)
    entities: Entities = field(init=False)
    outbox: Outbox = field(init=False)
    feedback: Feedback = field(init=False)
    summaries: Summaries = field(init=False)
    threads: Threads = field(init=False)
    operators: Operators = field(init=False)
    hubs: Hubs = field(init=False)
    second_readings: SecondReadings = field(init=False)
    queries: Queries = field(init=False)

    def __post_init__(self) -> None:
        for name, area in (
            ("sources", Sources),
            ("articles", Articles),
            ("backfills", Backfills),
            ("relations", Relations),
            ("regroupings", Regroupings),
            ("reviews", Reviews),
            ("rereading", Rereading),
            ("revisions", Revisions),
            ("editors", Editors),
            ("entities", Entities),
            ("outbox", Outbox),
            ("feedback", Feedback),
            ("summaries", Summaries),
            ("threads", Threads),
            ("operators", Operators),
            ("hubs", Hubs),
            ("second_readings", SecondReadings),
            ("queries", Queries),
        ):
            object.__setattr__(self, name, area(self.engine))

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database at `url` and bring its schema up to date."""
        store = cls.unmigrated(url)
        migrate.upgrade(store.engine)
        return store

    @classmethod
    def unmigrated(cls, url: str) -> Self:
        """Open the database at `url` as it is; ConfigError where nothing answers there."""
        return cls(connect(url))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
