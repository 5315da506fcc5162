"""Weigh what the text around a name says for its being an AI model's."""

import re

from tracker.knowledge.base import KnowledgeBase
from tracker.types import EntityKind
from tracker.understand.entities.spans import Cover
from tracker.understand.folding import Folded
from tracker.understand.words import word_table

_WORDS = word_table("models")
_TAIL = "|".join(sorted(map(re.escape, _WORDS["tails"]), key=len, reverse=True))
SIZE = r"[EA]?\d{1,4}(?:\.\d{1,2})?[BbMT](?:-?A\d{1,3}(?:\.\d)?[Bb])?"
TAILS = rf"(?:[- ]?(?:{_TAIL}|{SIZE})(?![a-z]))"

_HAS_SIZE = re.compile(rf"(?<![A-Za-z0-9.]){SIZE}(?![A-Za-z0-9])")
_HAS_TAIL = re.compile(rf"[- \d](?:{_TAIL})(?![a-z])")
_INTRODUCES = re.compile(_WORDS["introduces"])
_QUALIFIES = re.compile(_WORDS["qualifies"])
_DOES = re.compile(rf"(?<![a-z]){_WORDS['does']}(?![a-z])")
_AROUND = re.compile(rf"(?<![a-z]){_WORDS['around']}(?![a-z])")
_OWNED = re.compile(r"(?:'s?)?(?: [a-z]+){0,3} [\"']?")
_OWNER_WITHIN = 30

ENOUGH = 3


class ModelContext:
    """What speaks for a name: a score of `ENOUGH` makes it a model."""

    def __init__(self, kb: KnowledgeBase) -> None:
        labs = {entity_id for entity_id, sector in kb.sectors.items() if sector == "lab"}
        self._labs = labs | {family.developer for family in kb.families.values()}

    def score(self, folded: Folded, start: int, end: int, known: Cover) -> int:
        text, before = folded.cased[start:end], folded.flat[max(0, start - 40) : start]
        return (
            self.introduced(folded, start, end)
            + 2 * bool(_HAS_SIZE.search(text))
            + bool(_HAS_TAIL.search(text))
            + bool("." in text)
            + bool(_DOES.search(before))
            + is_around_models(folded, start, end)
            + 2 * self._owned_by_lab(folded, start, known)
        )

    def introduced(self, folded: Folded, start: int, end: int) -> int:
        """Return 3 for each side on which the text calls the name a model."""
        before = folded.flat[max(0, start - 80) : start]
        return 3 * bool(_INTRODUCES.search(before)) + 3 * bool(_QUALIFIES.match(folded.flat, end, end + 80))

    def _owned_by_lab(self, folded: Folded, start: int, known: Cover) -> bool:
        owner = known.before(start, within=_OWNER_WITHIN)
        if owner is None or owner.kind is not EntityKind.COMPANY or owner.entity_id not in self._labs:
            return False
        return _OWNED.fullmatch(folded.flat, owner.end, start) is not None


def is_around_models(folded: Folded, start: int, end: int, *, reach: int = 160) -> bool:
    return _AROUND.search(folded.flat, max(0, start - reach), end + reach) is not None
