"""Find what stands for a public body without being its name: "the Trump administration", "a House committee"."""

import re
from collections.abc import Iterator

from tracker.knowledge.base import KnowledgeBase
from tracker.understand.entities.spans import Cover, Span
from tracker.understand.folding import Folded
from tracker.understand.words import word_table

_ROWS = word_table("organisations")["metonym"]
_START = r"(?<![A-Za-z0-9_-])"


class Metonyms:
    def __init__(self, kb: KnowledgeBase) -> None:
        rows = [(kb.entities.get(row["entity"]), row["regex"]) for row in _ROWS]
        self._patterns = [(entity, re.compile(f"{_START}(?:{regex})")) for entity, regex in rows if entity]

    def replace(self, folded: Folded, found: list[Span]) -> list[Span]:
        """Return `found` with the metonyms of the text in place of what overlaps them and is no longer."""
        metonyms = list(self._find(folded))
        cover = Cover(metonyms)
        return [span for span in found if not any(_as_long(m, span) for m in cover.at(span.start, span.end))] + metonyms

    def _find(self, folded: Folded) -> Iterator[Span]:
        for entity, pattern in self._patterns:
            for match in pattern.finditer(folded.cased):
                start, end = match.start(), match.start() + len(match[0].rstrip().removesuffix("'s"))
                yield Span(start=start, end=end, kind=entity.kind, entity_id=entity.id, name=entity.name)


def _as_long(metonym: Span, span: Span) -> bool:
    """Say whether the metonym is as long as the span but for an article ("the Trump administration")."""
    return metonym.end - metonym.start + len("the ") >= span.end - span.start
