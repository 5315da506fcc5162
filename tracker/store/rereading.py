"""History read and related anew; events and stories keep their ids where most of them stays."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, Engine, delete, func, select, update

from tracker.store import tables
from tracker.store.articles import article_select, load_incoming, write_found
from tracker.store.database import one_writer, reading
from tracker.store.loading import load_events
from tracker.store.neighbours import find_neighbours, load_neighbours, write_keys
from tracker.store.revisions import keep_changes
from tracker.store.settling import Rules, as_found, settle
from tracker.store.values import DISPUTES, PROFILE, REPORT, as_article
from tracker.types import Article, ArticleStage, Change, Event, Incoming, Place, Report, Settled, Understanding

Compare = Callable[[Settled], Sequence[Change]]


@dataclass(frozen=True, slots=True)
class Rereading:
    """The articles in the database of `engine`, as they are read and related anew."""

    engine: Engine

    def since(self, day: date) -> list[int]:
        """List the articles reported since a day that went through every stage, without copies, earliest first."""
        articles = tables.articles.c
        reported = func.coalesce(articles.published_at, articles.fetched_at)
        wanted = select(articles.id).where(
            reported >= datetime.combine(day, time.min, UTC),
            articles.stage == ArticleStage.RELATED,
            articles.copy_of.is_(None),
            articles.text != "",
        )
        with reading(self.engine) as connection:
            return list(connection.scalars(wanted.order_by(reported, articles.url, articles.id)))

    def articles(self, ids: Sequence[int]) -> list[Article]:
        """Return articles in the order of `ids`."""
        with reading(self.engine) as connection:
            found = {row.id: as_article(row) for row in connection.execute(article_select(ids))}
        return [found[one] for one in ids if one in found]

    def keep(self, article: Article, understanding: Understanding, rules: Rules) -> bool:
        """Keep what was understood anew; return whether it differs from what stood there.

        A report takes the event of the one in whose place it stands, until events are settled.
        """
        with self.engine.begin() as connection:
            one_writer(connection)
            before = load_incoming(connection, article)
            if _is_same(connection, before, understanding):
                return False
            _replace(connection, before, understanding)
            if understanding.relevant:
                _weave(connection, load_incoming(connection, article), rules)
            return True

    def follow(self, article_ids: Iterable[int], rules: Rules) -> list[frozenset[int]]:
        """Choose anew what each article follows; return which stories are to be settled together.

        `article_ids` are all since a day: no article before them follows one of them.
        """
        joined: dict[int, set[int]] = {}
        for article_id in article_ids:
            with self.engine.begin() as connection:
                one_writer(connection)
                story_ids = _follow(connection, article_id, rules)
            whole = story_ids.union(*(joined.get(one, set()) for one in story_ids))
            joined.update(dict.fromkeys(whole, whole))
        return sorted({frozenset(whole) for whole in joined.values()}, key=min)

    def settle(self, story_ids: frozenset[int], rules: Rules, compare: Compare, *, revision: int) -> list[Change]:
        """Settle stories; keep under `revision` what this changed, and return it."""
        with self.engine.begin() as connection:
            one_writer(connection)
            articles = _articles_of(connection, story_ids)
            events, stories = _standing(connection, story_ids)
            settle(connection, story_ids, rules, afresh=True)
            after, titles = _standing(connection, _stories_of(connection, articles))
            went = dict(_went(connection, events.keys() - after.keys(), stories.keys() - titles.keys()))
            changes = compare(
                Settled(events_before=events, events=after, stories_before=stories, stories=titles, went=went)
            )
            keep_changes(connection, revision, changes)
            return list(changes)


def _standing(connection: Connection, story_ids: Collection[int]) -> tuple[dict[int, Event], dict[int, str]]:
    """Return the events of stories, without witnesses, and the stories' titles."""
    stories = tables.stories.c
    events = load_events(connection, tables.events.c.story_id.in_(story_ids), witnesses=False)
    titles = connection.execute(select(stories.id, stories.title).where(stories.id.in_(story_ids), ~stories.is_gone))
    return {event.id: event for event in events}, {row.id: row.title for row in titles}


def _stories_of(connection: Connection, article_ids: Collection[int]) -> set[int]:
    joined = tables.story_articles.c
    return set(connection.scalars(select(joined.story_id).where(joined.article_id.in_(article_ids)).distinct()))


def _went(connection: Connection, event_ids: Collection[int], story_ids: Collection[int]) -> Iterator[tuple[str, str]]:
    """Say of what is gone where most of it went."""
    for kind, table, ids in (("E", tables.events, event_ids), ("S", tables.stories, story_ids)):
        merged = select(table.c.id, table.c.merged_into).where(table.c.id.in_(ids), table.c.merged_into.is_not(None))
        for row in connection.execute(merged):
            yield f"{kind}{row.id}", f"{kind}{row.merged_into}"


def _is_same(connection: Connection, before: Incoming, understanding: Understanding) -> bool:
    articles = tables.articles.c
    row = connection.execute(
        select(articles.relevant, articles.relevance, articles.disputes).where(articles.id == before.article.id)
    ).one()
    return (
        bool(row.relevant) == understanding.relevant
        and row.relevance == understanding.relevance
        and before.mentions == understanding.mentions
        and [_plain(report) for _, report in before.reports] == [_plain(report) for report in understanding.reports]
        and DISPUTES.validate_python(row.disputes) == understanding.disputes
    )


def _plain(report: Report) -> object:
    return REPORT.dump_python(report, mode="json")


def _replace(connection: Connection, before: Incoming, understanding: Understanding) -> None:
    table, article_id = tables.reports, before.article.id
    homes = {
        row.id: row.event_id
        for row in connection.execute(select(table.c.id, table.c.event_id).where(table.c.article_id == article_id))
    }
    told = [(report, homes[report_id]) for report_id, report in before.reports if homes[report_id] is not None]
    write_found(connection, article_id, understanding)
    if not understanding.relevant:
        return
    for position, report in enumerate(understanding.reports):
        if (home := _home(report, told, article_id)) is not None:
            place = (table.c.article_id == article_id) & (table.c.position == position)
            connection.execute(update(table).where(place).values(event_id=home))


def _home(report: Report, told: Sequence[tuple[Report, int]], article_id: int) -> int | None:
    """Return the event of the report in whose place one stands; of another type only where none is of its own."""
    place = Place.of(article_id, report)
    here = [(other, event) for other, event in told if place.overlaps(other)]
    return next((event for other, event in here if other.type is report.type), here[0][1] if here else None)


def _weave(connection: Connection, incoming: Incoming, rules: Rules) -> None:
    profile, article_id = rules.profile(incoming), incoming.article.id
    written = PROFILE.dump_python(profile, mode="json")
    table = tables.story_articles
    woven = update(table).where(table.c.article_id == article_id).values(profile=written)
    if not connection.execute(woven).rowcount:
        row = {"article_id": article_id, "story_id": as_found(connection, incoming), "profile": written}
        connection.execute(table.insert().values(row | {"reported_at": incoming.reported_at, "likeness": 0.0}))
    write_keys(connection, article_id, rules.keys(profile), incoming.reported_at)


def _follow(connection: Connection, article_id: int, rules: Rules) -> set[int]:
    """Choose anew what an article follows, or take it out of its story; return the stories that this touches."""
    found = load_neighbours(connection, [article_id])
    if not found:
        return set()
    (own,) = found
    articles = tables.articles.c
    if not connection.scalar(select(articles.relevant).where(articles.id == article_id)):
        for gone in (tables.story_articles, tables.article_terms):
            connection.execute(delete(gone).where(gone.c.article_id == article_id))
        return {own.strand.story_id}
    keys = rules.keys(own.profile)
    near = [one for one in find_neighbours(connection, keys, own.strand.order, rules.window)
            if one.strand.order < own.strand.order]  # fmt: skip
    sequel = rules.follow(own.profile, own.strand.order, near)
    table = tables.story_articles
    values = {"follows": sequel.follows, "likeness": sequel.likeness}
    connection.execute(update(table).where(table.c.article_id == article_id).values(values))
    homes = {one.strand.article_id: one.strand.story_id for one in near}
    return {own.strand.story_id} | ({homes[sequel.follows]} if sequel.follows is not None else set())


def _articles_of(connection: Connection, story_ids: Collection[int]) -> list[int]:
    joined = tables.story_articles.c
    return list(connection.scalars(select(joined.article_id).where(joined.story_id.in_(story_ids))))
