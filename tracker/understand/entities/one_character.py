"""Countries that Chinese, Japanese and Korean headlines write with one character ("对华", "米商務省", "美·中")."""

import re
from collections.abc import Iterator

from tracker.knowledge.base import KnowledgeBase
from tracker.types import EntityKind
from tracker.understand.entities.spans import Span
from tracker.understand.folding import Folded
from tracker.understand.words import word_table

_TABLE = word_table("asian")
_CODES: dict[str, str] = _TABLE["one_character"]
_PATTERNS = [(frozenset(row["languages"]), re.compile(row["regex"], re.MULTILINE)) for row in _TABLE["pattern"]]


class OneCharacter:
    def __init__(self, kb: KnowledgeBase) -> None:
        ids = {character: f"country/{code}" for character, code in _CODES.items()}
        self._countries = {c: kb.entities[i] for c, i in ids.items() if i in kb.entities}

    def find(self, folded: Folded, *, language: str) -> Iterator[Span]:
        """Yield one span a character.  A Chinese headline may stand over a text in a Latin script."""
        if folded.cased.isascii():
            return
        script = language if language in {"ja", "ko"} else "zh"
        for languages, pattern in _PATTERNS:
            if script in languages:
                for match in pattern.finditer(folded.cased):
                    group = "c" if match["c"] else "d"
                    yield from self._spans(match.start(group), match[group])

    def _spans(self, start: int, characters: str) -> Iterator[Span]:
        for at, character in enumerate(characters, start):
            if country := self._countries.get(character):
                yield Span(
                    start=at, end=at + 1, kind=EntityKind.COUNTRY, entity_id=country.id, name=country.name, keeps=True
                )
