"""What people say of reports, and what they found in an article as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, select, update

from tracker.store import tables
from tracker.store.articles import article_select
from tracker.store.database import insert, one_writer, reading
from tracker.store.settling import Rules, settle
from tracker.store.threads import recount
from tracker.store.values import REPORT, REVIEW_COLUMNS, VERDICT, as_article, as_mention, as_review
from tracker.types import Article, Labels, Mention, Report, Review
from tracker.weighing.reviewing import holds

# The place of what is said of the article as a whole; its reports are counted from 0.
_WHOLE = -1
_LABELS = TypeAdapter(Labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """An article with what was found in it and what people said of that; reports and reviews are by position.

    Only reviews of the reports as they are now are among `reviews`.  `labels` are what a person found in the article
    once every report was reviewed, `earlier` what they were before a report was reviewed anew.
    """

    article: Article
    relevance: float
    mentions: tuple[Mention, ...]
    reports: Mapping[int, Report]
    reviews: Mapping[int, Review]
    labels: Labels | None = None
    earlier: Labels | None = None

    @property
    def is_judged(self) -> bool:
        return self.reports.keys() == self.reviews.keys()


@dataclass(frozen=True, slots=True)
class Reviews:
    """The reviews in the database of `engine`."""

    engine: Engine

    def of_article(self, article_id: int) -> Reviewed:
        """Return an article with all that was found in it and said of it."""
        with reading(self.engine) as connection:
            return _load(connection, article_id)

    def started(self) -> list[int]:
        """List the articles that anything is said of, in the order in which they came."""
        table = tables.reviews.c
        with reading(self.engine) as connection:
            return list(connection.scalars(select(table.article_id).distinct().order_by(table.article_id)))

    def keep(self, reviews: Sequence[Review], rules: Rules) -> None:
        """Keep reviews, all or none, and have the events of their stories say what their witnesses say now.

        What was sent is mended.  The labels of an article rest on what was said before: they are to be looked at anew.
        """
        articles = {review.article_id for review in reviews}
        joined = tables.story_articles.c
        with self.engine.begin() as connection:
            one_writer(connection)
            for review in reviews:
                _keep(connection, review)
            stories = select(joined.story_id).where(joined.article_id.in_(articles)).distinct()
            settle(connection, set(connection.scalars(stories)), rules, afresh=True)
            for article_id in sorted(articles):
                recount(connection, article_id)

    def given(self, article_ids: Sequence[int]) -> list[Review]:
        """List every review of reports of these articles, the overruled ones included, in the order of giving."""
        table = tables.review_log.c
        columns = (table.body.label("review_body"), table.made_by.label("review_by"), table.made_at.label("review_at"))
        said = select(table.article_id, table.position, *columns).where(table.article_id.in_(article_ids))
        with reading(self.engine) as connection:
            return [review for row in connection.execute(said.order_by(table.id)) if (review := as_review(row))]

    def keep_labels(self, article_id: int, labels: Labels, *, by: str, at: datetime, why: str | None) -> None:
        """Keep what a person found in an article as a whole."""
        body = {"labels": _LABELS.dump_python(labels, mode="json"), "is_current": True, "why": why}
        with self.engine.begin() as connection:
            _write(connection, article_id, _WHOLE, body, by=by, at=at)


def _keep(connection: Connection, review: Review) -> None:
    body = {
        "report": REPORT.dump_python(review.report, mode="json"),
        "verdict": VERDICT.dump_python(review.verdict, mode="json"),
        "why": review.why,
    }
    _write(connection, review.article_id, review.position, body, by=review.by, at=review.at)
    log = {"article_id": review.article_id, "position": review.position, "body": body}
    connection.execute(insert(connection, tables.review_log).values(log | {"made_by": review.by, "made_at": review.at}))
    is_whole = (tables.reviews.c.article_id == review.article_id) & (tables.reviews.c.position == _WHOLE)
    whole = connection.scalar(select(tables.reviews.c.body).where(is_whole))
    if whole:
        connection.execute(update(tables.reviews).where(is_whole).values(body=whole | {"is_current": False}))


def _write(
    connection: Connection, article_id: int, position: int, body: dict[str, Any], *, by: str, at: datetime
) -> None:
    said = {"body": body, "made_by": by, "made_at": at}
    row = insert(connection, tables.reviews).values(article_id=article_id, position=position, **said)
    connection.execute(row.on_conflict_do_update(index_elements=["article_id", "position"], set_=said))


def _load(connection: Connection, article_id: int) -> Reviewed:
    (article,) = connection.execute(article_select([article_id]))
    reports, mentions, reviews = tables.reports.c, tables.mentions.c, tables.reviews.c
    found = connection.execute(
        select(reports.position, reports.body).where(reports.article_id == article_id).order_by(reports.position)
    )
    read = {place: REPORT.validate_python(body) for place, body in found}
    said = connection.execute(
        select(reviews.article_id, reviews.position, *REVIEW_COLUMNS).where(
            reviews.article_id == article_id, reviews.position.in_(read)
        )
    )
    judged = [review for row in said if (review := as_review(row)) and holds(review, read[review.position])]
    whole = connection.scalar(select(reviews.body).where(reviews.article_id == article_id, reviews.position == _WHOLE))
    named = connection.execute(
        select(tables.mentions).where(mentions.article_id == article_id).order_by(mentions.position)
    )
    return Reviewed(
        article=as_article(article),
        relevance=article.relevance or 0.0,
        mentions=tuple(map(as_mention, named)),
        reports=read,
        reviews={review.position: review for review in judged},
        **_labels(whole),
    )


def _labels(body: dict[str, Any] | None) -> dict[str, Labels]:
    if body is None:
        return {}
    return {"labels" if body["is_current"] else "earlier": _LABELS.validate_python(body["labels"])}
