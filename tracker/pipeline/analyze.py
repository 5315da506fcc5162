"""`tracker analyze`: what the understand and relate stages make of documents, without a database."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from tracker import relate as relating
from tracker.pipeline.job import Job, Track
from tracker.pipeline.second_reading import read_again
from tracker.types import Article, Dispute, Entry, Incoming, Neighbour, Report, Source, Strand, Understanding
from tracker.understand import flatten, load_understander

_REPORTS = TypeAdapter(tuple[Report, ...])
_DISPUTES = TypeAdapter(tuple[Dispute, ...])
_SOURCE = Source(name="analyze", kind="file", url="", family="analyze")
_NEIGHBOURS = 60


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
    web = _Web()
    for one in sorted(incoming, key=lambda i: (i.reported_at, i.article.url)):
        web.add(one)
    return {
        article: f"story-{group.members[0]}"
        for group in relating.gather(web.strands(), ())
        for article in group.members
    }


@dataclass(slots=True)
class _Web:
    """The articles so far, in the order of publication, with an inverted index that narrows which are alike."""

    articles: dict[int, Neighbour] = field(default_factory=dict)
    by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, incoming: Incoming) -> None:
        """Find what an article follows."""
        profile, order = relating.profile_article(incoming), incoming.order
        keys = relating.lookup_keys(profile)
        shared: defaultdict[int, float] = defaultdict(float)
        for key, weight in keys.items():
            for article_id in self.by_key[key]:
                shared[article_id] += weight
        best = sorted(shared, key=lambda article_id: (-shared[article_id], article_id))[:_NEIGHBOURS]
        sequel = relating.follow(profile, order, [self.articles[article_id] for article_id in best])
        article_id = incoming.article.id
        strand = Strand(
            article_id=article_id, story_id=article_id, order=order, follows=sequel.follows, likeness=sequel.likeness
        )
        self.articles[article_id] = Neighbour(strand=strand, profile=profile)
        for key in keys:
            self.by_key[key].add(article_id)

    def strands(self) -> list[Strand]:
        return [one.strand for one in self.articles.values()]


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
