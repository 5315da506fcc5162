"""Decide whether an article is about AI export controls: a gate over raw text, and a score after entities.

The gate asks only whether anything at all speaks for reading on.  The score is a logistic model over what each
sentence says (cues in words/relevance.toml) and where it stands; its weights (words/relevance_weights.toml) are
fitted by training/fit_relevance.py to texts written for that.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.knowledge.base import KnowledgeBase
from tracker.types import EntityKind, Mention, Part
from tracker.understand.folding import Folded, fold
from tracker.understand.phrases import Phrases
from tracker.understand.text import Sentence
from tracker.understand.words import word_table

_CUES = word_table("relevance")
_KINDS = ("control", "list", "measure", "hint", "crossing", "technology", "government", "other", "surrounding")
_THRESHOLD = 0.5
_LEAD_SENTENCES = 2
_MANY_SENTENCES = 3
# A short name in Latin script is a word as well; one in another script is not.
_SHORTEST_NAME, _SHORTEST_ASIAN_NAME = 5, 2
# Where the scripts of East Asia start in Unicode.
_FIRST_ASIAN = "\u1100"
_MADE_BY = frozenset({"chips", "lab", "equipment", "memory", "foundry", "eda", "packaging", "neocloud"})


@dataclass(slots=True)
class _Signs:
    """What one sentence holds: the kinds of its cues and entities, and the countries it names."""

    sentence: Sentence
    kinds: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)

    def levels(self) -> set[str]:
        """Name what the sentence amounts to, strongest claims included with the weaker ones."""
        technology, government = "technology" in self.kinds, "government" in self.kinds
        crossing = "crossing" in self.kinds or len(self.countries) > 1
        found = set()
        if "control" in self.kinds:
            found.add("outright" if technology else "outright_bare")
        if "list" in self.kinds:
            found.add("list")
        if "measure" in self.kinds and technology:
            found.add(f"measure{'_government' * government}{'_crossing' * crossing}")
        elif "measure" in self.kinds and government and crossing:
            found.add("measure_bare")
        if "hint" in self.kinds and technology and government:
            found.add("hint_between" if len(self.countries) > 1 else f"hint{'_crossing' * crossing}")
        if found and "surrounding" in self.kinds:
            found.add("surrounding")
        if "other" in self.kinds:
            found.add("other")
        return found


def _is_telling(name: str) -> bool:
    return len(name) >= (_SHORTEST_NAME if name[0] < _FIRST_ASIAN else _SHORTEST_ASIAN_NAME)


class Relevance:
    """The cues of relevance and the fitted weights."""

    def __init__(self, kb: KnowledgeBase, weights: Mapping[str, float] | None = None) -> None:
        self._weights = word_table("relevance_weights") if weights is None else weights
        self._makers = frozenset(i for i, sector in kb.sectors.items() if sector in _MADE_BY)
        self._cues = Phrases({kind: _CUES[kind] for kind in _KINDS})
        worth = {EntityKind.COMPANY, EntityKind.MODEL, EntityKind.CHIP, EntityKind.AGENCY}
        names = {a.text for a in kb.aliases if kb.entities[a.entity_id].kind in worth and _is_telling(a.text)}
        gate = {kind: _CUES[kind] for kind in ("control", "list", "technology")} | {
            "trade": _CUES["gate"],
            "name": names,
        }
        self._gate = Phrases(gate)

    def passes_gate(self, folded: Folded) -> bool:
        """Say whether anything in the raw text speaks for reading it at all."""
        return self._gate.any_in(folded)

    def score(self, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> float:
        """Return how surely the article is about AI export controls, 0 to 1."""
        features = self.features(sentences, mentions)
        total = self._weights["bias"] + sum(self._weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def is_relevant(self, score: float) -> bool:
        return score >= _THRESHOLD

    def features(self, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> dict[str, float]:
        """Return what the model weighs: the levels of the title, of the lead, and how often the text has each."""
        signs = self._signs(sentences, mentions)
        levels = [(sign, sign.levels()) for sign in signs]
        title = set().union(*(found for sign, found in levels if sign.sentence.part is Part.TITLE))
        texts = [found for sign, found in levels if sign.sentence.part is Part.TEXT]
        lead = set().union(*texts[:_LEAD_SENTENCES])
        features = {f"title.{level}": 1.0 for level in title} | {f"lead.{level}": 1.0 for level in lead}
        for level in set().union(*texts):
            count = sum(level in found for found in texts)
            features[f"text.{level}"] = min(1.0, count / _MANY_SENTENCES)
        if not any("technology" in sign.kinds for sign in signs):
            features["no_technology"] = 1.0
        if not any("government" in sign.kinds for sign in signs):
            features["no_government"] = 1.0
        return features

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
                sign.kinds.update(self._kinds_of(mention))
                sign.countries.update([mention.entity_id] if mention.kind is EntityKind.COUNTRY else [])
        return signs

    def _kinds_of(self, mention: Mention) -> set[str]:
        if mention.kind in {EntityKind.COUNTRY, EntityKind.AGENCY}:
            return {"government"}
        made = mention.kind in {EntityKind.MODEL, EntityKind.CHIP} or mention.entity_id in self._makers
        return {"technology"} if made else set()
