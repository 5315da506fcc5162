"""`tracker analyze`: what the understand and relate stages make of documents, without a database."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from tracker import relate as relating
from tracker.pipeline.job import Job, Track
from tracker.pipeline.second_reading import read_again
from tracker.types import Article, Dispute, Entry, Incoming, Report, Source, Understanding
from tracker.understand import flatten, load_understander

_REPORTS = TypeAdapter(tuple[Report, ...])
_DISPUTES = TypeAdapter(tuple[Dispute, ...])
_SOURCE = Source(name="analyze", kind="file", url="", family="analyze")


def analyze(
    documents: Sequence[Entry], *, now: datetime, track: Track, second_reader: Job | None = None
) -> Iterator[dict[str, Any]]:
    """Yield one result a document, in the order given; stories are formed in the order of publication.

    With the job of a `second_reader` the results hold its disputes, which its database keeps.
    """
    found: list[tuple[Entry, Understanding]] = []
    with track("analyze", len(documents)) as advance:
        for position, document in enumerate(documents):
            understanding = _understand(document)
            if second_reader:
                understanding = read_again(second_reader, _as_article(position, document, now), understanding)
            found.append((document, understanding))
            advance()
    stories = _group(found, now)
    for position, (document, understanding) in enumerate(found):
        yield {
            "id": document.key,
            **flatten(understanding),
            "story": stories.get(position),
            "reports": _REPORTS.dump_python(understanding.reports, mode="json"),
            "disputes": _DISPUTES.dump_python(understanding.disputes, mode="json"),
        }


def _understand(document: Entry) -> Understanding:
    return load_understander().understand(
        title=document.title,
        text=document.content,
        language=document.language,
        published_at=document.published_at,
    )


def _group(found: Sequence[tuple[Entry, Understanding]], now: datetime) -> dict[int, str]:
    incoming = [
        _as_incoming(position, document, understanding, now)
        for position, (document, understanding) in enumerate(found)
        if understanding.relevant
    ]
    web = relating.Web()
    for one in sorted(incoming, key=lambda i: (i.reported_at, i.article.url)):
        web.add(one)
    return {article: f"story-{group.members[0]}" for group in web.stories() for article in group.members}


def _as_incoming(position: int, document: Entry, understanding: Understanding, now: datetime) -> Incoming:
    reports = tuple(enumerate(understanding.reports))
    article = _as_article(position, document, now)
    return Incoming(article=article, mentions=understanding.mentions, reports=reports)


def _as_article(position: int, document: Entry, now: datetime) -> Article:
    return Article(
        id=position,
        source=_SOURCE,
        address=document.address,
        url=document.address,
        title=document.title,
        text=document.content,
        language=document.language or "und",
        published_at=document.published_at,
        fetched_at=now,
    )
