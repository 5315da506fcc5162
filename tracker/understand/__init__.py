"""Understand: text in, entities and reports out, each with its evidence.  Pure, and the only place that knows spaCy."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from tracker import knowledge
from tracker.knowledge import KnowledgeBase
from tracker.types import Understanding
from tracker.understand.entities import EntityFinder
from tracker.understand.events import find_reports
from tracker.understand.flat import flatten, name_entities
from tracker.understand.folding import fold
from tracker.understand.language import detect_language
from tracker.understand.relevance import Relevance
from tracker.understand.text import sentences

__all__ = ["Understander", "flatten", "load_understander", "name_entities"]

# Below this no report is sought, and spaCy is not asked: both cost more than all the rest.
_WORTH_CLOSE_READING = 0.4


class Understander:
    """The whole stage, built once a process."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._relevance = Relevance(kb)
        self._entities = EntityFinder(kb)

    def understand(
        self, *, title: str, text: str, language: str | None, published_at: datetime | None, zone: str = "UTC"
    ) -> Understanding:
        """Find what the article names and reports.  `zone` is the outlet's IANA time zone, for "yesterday"."""
        folded = fold(f"{title}\n{text}")
        if not self._relevance.passes_gate(folded):
            return Understanding(relevant=False, relevance=0.0)
        language = detect_language(title, text, stated=language)
        cut = sentences(title, text, language=language)
        mentions = self._entities.find(title, text, language=language)
        score = self._relevance.score(cut, mentions)
        if score < _WORTH_CLOSE_READING:
            return Understanding(relevant=False, relevance=score, mentions=mentions)
        if language == "en":
            mentions = self._entities.find(title, text, language=language, closely=True)
        reports = find_reports(
            cut, mentions, kb=self._kb, published_at=published_at, zone=ZoneInfo(zone), language=language
        )
        return Understanding(
            relevant=self._relevance.is_relevant(score), relevance=score, mentions=mentions, reports=reports
        )


@cache
def load_understander() -> Understander:
    return Understander(knowledge.load())
