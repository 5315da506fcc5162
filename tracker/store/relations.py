"""Articles into stories and reports into events, with the deliveries they cause, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from tracker.store import tables
from tracker.store.database import one_writer
from tracker.store.loading import load_stories
from tracker.store.neighbours import find_neighbours, write_keys
from tracker.store.outbox import active_subscriptions, owe
from tracker.store.settling import Owed, Rules, as_found, settle
from tracker.store.values import PROFILE
from tracker.types import Article, ArticleStage, Incoming, Profile, Sequel


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The story that an article came to, whether it is a new one, and how many events are new."""

    story_id: int
    is_new_story: bool
    new_events: int


@dataclass(frozen=True, slots=True)
class Relations:
    """The events and stories in the database of `engine`, as the relate stage writes them."""

    engine: Engine

    def relate(self, incoming: Incoming, rules: Rules, *, now: datetime) -> Related:
        """Place one article; all that it changes and every delivery it causes is committed together or not at all."""
        profile, order = rules.profile(incoming), incoming.order
        keys = rules.keys(profile)
        with self.engine.begin() as connection:
            one_writer(connection)
            sequel = rules.follow(profile, order, find_neighbours(connection, keys, order, rules.window))
            story_id = _story_of(connection, sequel.follows)
            home = story_id or as_found(connection, incoming)
            _weave(connection, incoming, profile, sequel, home)
            write_keys(connection, incoming.article.id, keys, incoming.reported_at)
            new_events = settle(connection, {home, *_pull(connection, sequel, incoming.article.id)}, rules)
            home = _story_of(connection, incoming.article.id) or home
            if not _finish(connection, incoming.article.id):
                _owe_story(connection, home, rules.owed, now=now)
            return Related(story_id=home, is_new_story=story_id is None, new_events=new_events)

    def tell(self, copy: Article, owed: Owed, *, now: datetime) -> None:
        """Owe the story of what a new article copies: until now all that told it was history.

        Where that article is still to be related it is no longer history, and is alerted to in its turn.
        """
        first = tables.articles.c.id == copy.copy_of
        with self.engine.begin() as connection:
            _finish(connection, copy.id)
            connection.execute(update(tables.articles).where(first).values(is_history=False))
            if (story_id := _story_of(connection, copy.copy_of)) is not None:
                _owe_story(connection, story_id, owed, now=now)


def _story_of(connection: Connection, article_id: int | None) -> int | None:
    joined = tables.story_articles.c
    return connection.scalar(select(joined.story_id).where(joined.article_id == article_id))


def _weave(connection: Connection, incoming: Incoming, profile: Profile, sequel: Sequel, story_id: int) -> None:
    connection.execute(
        tables.story_articles.insert().values(
            article_id=incoming.article.id,
            story_id=story_id,
            reported_at=incoming.reported_at,
            follows=sequel.follows,
            likeness=sequel.likeness,
            profile=PROFILE.dump_python(profile, mode="json"),
        )
    )


def _pull(connection: Connection, sequel: Sequel, article_id: int) -> set[int]:
    """Have later articles follow this one; return the stories that they come from."""
    table = tables.story_articles
    found = set()
    for follower, likeness in sequel.followers.items():
        pulled = update(table).where(table.c.article_id == follower).values(follows=article_id, likeness=likeness)
        found |= set(connection.scalars(pulled.returning(table.c.story_id)))
    return found


def _finish(connection: Connection, article_id: int) -> bool:
    """Take an article out of the flow; return whether it is history, which nobody is told of."""
    is_history: bool = connection.scalars(
        update(tables.articles)
        .where(tables.articles.c.id == article_id)
        .values(stage=ArticleStage.RELATED, lease_until=None)
        .returning(tables.articles.c.is_history)
    ).one()
    return is_history


def _owe_story(connection: Connection, story_id: int, owed: Owed, *, now: datetime) -> None:
    (story,) = load_stories(connection, [story_id])
    for subscription_id, key in owed(story, active_subscriptions(connection)):
        owe(connection, subscription_id, key, now=now)
