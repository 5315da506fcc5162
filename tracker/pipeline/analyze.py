"""`tracker analyze`: what the understand and relate stages make of documents, without a database."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from tracker import relate as relating
from tracker.pipeline.job import Job, Track
from tracker.pipeline.second_reading import read_again
from tracker.types import Article, Candidate, Dispute, Entry, Incoming, Report, Source, StoryProfile, Understanding
from tracker.understand import flatten, load_understander

_REPORTS = TypeAdapter(tuple[Report, ...])
_DISPUTES = TypeAdapter(tuple[Dispute, ...])
_SOURCE = Source(name="analyze", kind="file", url="", family="analyze")
_CANDIDATES = 20


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
    stories = _Stories()
    return {
        one.article.id: f"story-{stories.place(one)}"
        for one in sorted(incoming, key=lambda i: (i.reported_at, i.article.id))
    }


@dataclass(slots=True)
class _Stories:
    """The stories so far, with an inverted index that narrows the candidates."""

    profiles: list[StoryProfile] = field(default_factory=list)
    by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def place(self, incoming: Incoming) -> int:
        """Return the number of the story that the article belongs to."""
        placement = relating.place(incoming, self._candidates(relating.profile_article(incoming)))
        story = placement.story_id
        if story is None:
            story = len(self.profiles)
            self.profiles.append(placement.profile)
        self.profiles[story] = placement.profile
        for key in relating.lookup_keys(placement.profile):
            self.by_key[key].add(story)
        return story

    def _candidates(self, profile: StoryProfile) -> list[Candidate]:
        shared = Counter(story for key in relating.lookup_keys(profile) for story in self.by_key.get(key, ()))
        best = sorted(shared, key=lambda story: (-shared[story], story))[:_CANDIDATES]
        return [Candidate(story_id=story, profile=self.profiles[story], events=()) for story in best]


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
