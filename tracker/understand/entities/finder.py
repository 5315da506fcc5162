"""Find the companies, models, chips, agencies and countries that an article names."""

from collections.abc import Iterator
from dataclasses import replace

from tracker.knowledge.base import KnowledgeBase
from tracker.types import EntityKind, Mention, Part, Quote
from tracker.understand.entities.known import Names
from tracker.understand.entities.metonyms import Metonyms
from tracker.understand.entities.model_names import ModelNames
from tracker.understand.entities.one_character import OneCharacter
from tracker.understand.entities.organisations import organisations
from tracker.understand.entities.short_forms import one_body, short_forms
from tracker.understand.entities.spans import Cover, Span, longest
from tracker.understand.folding import Folded, fold

# The title and the text are searched as one, so that each explains the names in the other.
_BORDER = "\n\n"
# Bodies whose name readers take for their country; "BIS" alone they do not.
_STATE_BODIES = frozenset({"executive", "ministry", "legislature"})


class EntityFinder:
    """Built once from the knowledge base; `find` is pure."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._names = Names(kb)
        self._one_character = OneCharacter(kb)
        self._metonyms = Metonyms(kb)
        self._models = ModelNames(kb)

    def find(self, title: str, text: str, *, language: str, closely: bool = False) -> tuple[Mention, ...]:
        """Return every mention in text order, the title's first; none overlaps but a country inside a body's name.

        Reading `closely` asks spaCy for companies that nothing else gives away; it costs more than all the rest.
        """
        folded = fold(title + _BORDER + text)
        size = len(folded.cased)
        known = list(self._names.find(folded, language=language))
        known += self._one_character.find(folded, language=language)
        known = self._metonyms.replace(folded, known)
        known += self._models.find(folded, Cover(longest(known, size=size)))
        known += organisations(folded, Cover(longest(known, size=size)), closely=closely)
        known += short_forms(folded, longest(known, size=size), self._models)
        spans = one_body(folded, longest(known, size=size))
        spans = longest([*spans, *self._states(spans)], size=size)
        mentions = (_as_mention(span, folded, len(title)) for span in spans)
        return tuple(mention for mention in mentions if mention is not None)

    def _states(self, spans: list[Span]) -> Iterator[Span]:
        """Yield the country of each body that stands for it: a government, a ministry, a legislature."""
        for span in spans:
            country = (
                self._kb.entities.get(f"country/{self._kb.entities[span.entity_id].country}")
                if span.known and span.kind is EntityKind.AGENCY
                else None
            )
            if country and self._kb.bodies.get(span.entity_id) in _STATE_BODIES:
                yield replace(span, kind=EntityKind.COUNTRY, entity_id=country.id, name=country.name, keeps=True)


def _as_mention(span: Span, folded: Folded, title_size: int) -> Mention | None:
    """Make a mention with offsets into its own part; None for a name that is no entity or crosses the border."""
    start, end = folded.span(span.start, span.end)
    offset = title_size + len(_BORDER)
    if span.kind is None or start < title_size < end or title_size <= start < offset:
        return None
    part, shift = (Part.TITLE, 0) if end <= title_size else (Part.TEXT, offset)
    quote = Quote(part=part, start=start - shift, end=end - shift, text=folded.original[start:end])
    return Mention(
        entity_id=span.entity_id,
        kind=span.kind,
        name=span.name,
        quote=quote,
        known=span.known,
        confidence=span.confidence,
    )
