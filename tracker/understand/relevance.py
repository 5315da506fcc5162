"""Decide whether an article is about AI export controls: a gate over raw text, and a score after entities.

The gate asks only whether anything at all speaks for reading on; the score weighs how much each sentence speaks
of controls, and where in the article it stands.  Cues and weights are in words/relevance.toml.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.knowledge.base import KnowledgeBase
from tracker.types import EntityKind, Mention, Part
from tracker.understand.folding import Folded, fold
from tracker.understand.phrases import Phrases
from tracker.understand.text import Sentence
from tracker.understand.words import word_table

_CUES = word_table("relevance")
_WEIGHTS: dict[str, float] = _CUES["weights"]
_KINDS = ("control", "hint", "technology", "government", "other", "background")
_GOVERNMENTS = {EntityKind.COUNTRY, EntityKind.AGENCY}
_TECHNOLOGIES = {EntityKind.MODEL, EntityKind.CHIP}
_LEAD_SENTENCES = 2
_SHORTEST_NAME = 5


@dataclass(slots=True)
class _Signs:
    """What one sentence holds: the kinds of its cues and of its entities."""

    sentence: Sentence
    kinds: set[str] = field(default_factory=set)

    @property
    def value(self) -> float:
        """How much the sentence speaks of controls, 0 to 1."""
        sides = ("technology" in self.kinds) + ("government" in self.kinds)
        if "control" in self.kinds:
            return _WEIGHTS["outright" if "technology" in self.kinds else "elsewhere"]
        if "hint" in self.kinds:
            return (0.0, _WEIGHTS["faint"], _WEIGHTS["hinted"])[sides]
        return 0.0


class Relevance:
    """The cues of relevance, compiled once."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._cues = Phrases({kind: _CUES[kind] for kind in _KINDS})
        worth = {EntityKind.COMPANY, EntityKind.MODEL, EntityKind.CHIP, EntityKind.AGENCY}
        names = {a.text for a in kb.aliases if kb.entities[a.entity_id].kind in worth and len(a.text) >= _SHORTEST_NAME}
        gate = {kind: _CUES[kind] for kind in ("control", "technology")} | {"trade": _CUES["gate"], "name": names}
        self._gate = Phrases(gate)

    def passes_gate(self, folded: Folded) -> bool:
        """Say whether anything in the raw text speaks for reading it at all."""
        return self._gate.any_in(folded)

    def speaks_of_control(self, folded: Folded) -> bool:
        """Say whether the article is worth close reading."""
        return any(kind == "control" for _, _, kind in self._cues.find(folded))

    def score(self, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> float:
        """Return how surely the article is about AI export controls, 0 to 1."""
        signs = self._signs(sentences, mentions)
        title = [s.value for s in signs if s.sentence.part is Part.TITLE]
        values = _text_values(signs)
        if not title and not values:
            return 0.0
        others = sum("other" in s.kinds for s in signs) / len(signs)
        total = (
            _WEIGHTS["bias"]
            + _WEIGHTS["title"] * max(title, default=0.0)
            + _WEIGHTS["lead"] * max(values[:_LEAD_SENTENCES], default=0.0)
            + _WEIGHTS["mean"] * (sum(values) / len(values) if values else 0.0)
            + _WEIGHTS["sum"] * min(3.0, sum(values))
            + _WEIGHTS["other"] * 3 * others
            + _WEIGHTS["no_technology"] * (not any("technology" in s.kinds for s in signs))
        )
        return 1 / (1 + math.exp(-total))

    def is_relevant(self, score: float) -> bool:
        return score >= _WEIGHTS["threshold"]

    def _signs(self, sentences: Sequence[Sentence], mentions: Iterable[Mention]) -> list[_Signs]:
        signs = [_Signs(sentence) for sentence in sentences]
        for sign in signs:
            sign.kinds.update(kind for _, _, kind in self._cues.find(fold(sign.sentence.text)))
        starts = {part: [s.sentence.start for s in signs if s.sentence.part is part] for part in Part}
        titles = len(starts[Part.TITLE])
        for mention in mentions:
            at = bisect_right(starts[mention.quote.part], mention.quote.start) - 1
            if at >= 0:
                sign = signs[at + (titles if mention.quote.part is Part.TEXT else 0)]
                sign.kinds.update(_kinds_of(mention.kind))
        return signs


def _kinds_of(kind: EntityKind) -> set[str]:
    if kind in _GOVERNMENTS:
        return {"government"}
    return {"technology"} if kind in _TECHNOLOGIES else set()


def _text_values(signs: Sequence[_Signs]) -> list[float]:
    """Return the values of the text's sentences, less of those behind a "Background:"."""
    values, passing = [], 1.0
    for sign in signs:
        if sign.sentence.part is Part.TITLE:
            continue
        if "background" in sign.kinds and sign.sentence.text.lstrip("*# ")[:12].casefold().startswith(
            ("background", "背景")
        ):
            passing = _WEIGHTS["passing"]
        values.append(sign.value * passing)
    return values
