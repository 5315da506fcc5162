"""Recognise names of AI models, those that nobody has told us yet included.

A family of the knowledge base settles a name by its form alone.  A name of no known family needs its form (a
version, a size, a qualifier) and its context (what introduces it, what it is listed with) to speak for it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.knowledge.base import Family, KnowledgeBase
from tracker.types import EntityKind
from tracker.understand.folding import Folded, fold
from tracker.understand.spans import Span
from tracker.understand.words import word_table

_WORDS = word_table("models")
_TAIL = "|".join(sorted(map(re.escape, _WORDS["tails"]), key=len, reverse=True))
_SIZE = r"[EA]?\d{1,4}(?:\.\d{1,2})?[BbMT](?:-?A\d{1,3}(?:\.\d)?[Bb])?"
_TAILS = rf"(?:[- ]?(?:{_TAIL}|{_SIZE})(?![a-z]))"
_VERSION = r"(?:[vVKRMSk]?\d{1,3}(?:\.\d{1,2}){0,2}[a-z]?)"
_END = r"(?![A-Za-z0-9_%]|[.,]\d|-[A-Za-z0-9])"
_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9_.$€£#@&/])"
    r"(?P<left>(?:[A-Z][A-Za-z]+[ ]){0,2})(?P<head>[A-Z][A-Za-z]*)"
    rf"(?:(?P<version>[- ]?{_VERSION})(?P<tails>{_TAILS}*)|(?P<size>[- ]?{_SIZE})(?P<after>{_TAILS}*)){_END}"
)
_FIRST_WORD = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]+")
_HAS_SIZE = re.compile(rf"(?<![A-Za-z0-9.]){_SIZE}(?![A-Za-z0-9])")
_HAS_TAIL = re.compile(rf"[- \d](?:{_TAIL})(?![a-z])")
_INTRODUCES = re.compile(_WORDS["introduces"])
_QUALIFIES = re.compile(_WORDS["qualifies"])
_DOES = re.compile(rf"(?<![a-z]){_WORDS['does']}(?![a-z])")
_AROUND = re.compile(rf"(?<![a-z]){_WORDS['around']}(?![a-z])")
_UNIT_NEXT = re.compile(
    r" (?:percent|per cent|billion|million|trillion|bn|years?|days?|months?|weeks?|hours?|countries|people|points|nanometers?|nm)(?![a-z])"
)
_LISTED = re.compile(r"[\"',;/、和と및 ]{1,3}(?:(?:and|or|und|et|en|y|e|vs\.?|versus) )?[\"']?")
_NOT_HEADS = frozenset(_WORDS["not_heads"])
_NOT_LEFT = frozenset(_WORDS["not_left"])
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    text: str
    score: int


class ModelNames:
    """The families of the knowledge base, and what tells a model's name from other names with a number."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._ids = _known_models(kb)
        self._names = {entity.id: entity.name for entity in kb.entities.values()}
        self._families = _families_by_first_word(kb)
        self._not_heads = _NOT_HEADS | {fold(head).flat for head in kb.lookalikes.heads}
        self._labs = frozenset(i for i, sector in kb.sectors.items() if sector == "lab") | {
            f.developer for f in kb.families.values()
        }

    def find(self, folded: Folded, known: Sequence[Span]) -> list[Span]:
        """Return the models named; `known` are the names already found, which speak for or against a candidate."""
        members = list(self._members(folded))
        settled = members + [span for span in known if span.kind is EntityKind.MODEL]
        candidates = [c for c in self._candidates(folded, known) if not _inside(c.start, c.end, members)]
        accepted = self._accept(folded, candidates, settled)
        return members + [self.span(c.start, c.end, c.text) for c in accepted]

    def span(self, start: int, end: int, text: str) -> Span:
        """Make the span of a model's name, linked to the knowledge base where that holds it under any spelling."""
        entity_id = self._ids.get(_compact(text))
        if entity_id:
            return Span(start=start, end=end, kind=EntityKind.MODEL, entity_id=entity_id, name=self._names[entity_id])
        return Span(
            start=start, end=end, kind=EntityKind.MODEL, entity_id=f"model/{slug(text)}", name=text, known=False
        )

    def _members(self, folded: Folded) -> Iterator[Span]:
        """Yield members of known families; the bare family is an alias like any other, and not sought here."""
        for word in _FIRST_WORD.finditer(folded.cased):
            for family, pattern in self._families.get(word[0].lower(), ()):
                found = pattern.match(folded.cased, word.start())
                if found and _compact(found[0]) != _compact(family.name) and re.search(r"\d| ", found[0]):
                    yield self.span(found.start(), found.end(), found[0])

    def _candidates(self, folded: Folded, known: Sequence[Span]) -> Iterator[_Candidate]:
        blocked = [s for s in known if s.kind is not EntityKind.MODEL and s.kind is not EntityKind.COMPANY]
        for match in _CANDIDATE.finditer(folded.cased):
            start = self._left_border(folded, match, known)
            text = folded.cased[start : match.end()]
            if match["head"].lower() in self._not_heads or _touches(start, match.end(), blocked):
                continue
            if _UNIT_NEXT.match(folded.flat, match.end()):
                continue
            yield _Candidate(start, match.end(), text, self._score(folded, start, match.end(), known))

    def _left_border(self, folded: Folded, match: re.Match[str], known: Sequence[Span]) -> int:
        """Return where the name starts: words to the left belong to it unless they are companies or plain words."""
        start = match.start("head")
        for word in reversed(list(re.finditer(r"[A-Za-z]+", match["left"]))):
            at = match.start("left") + word.start()
            if word[0].lower() in _NOT_LEFT or _covered(at, known) or _is_title_case(folded, at):
                break
            start = at
        return start

    def _score(self, folded: Folded, start: int, end: int, known: Sequence[Span]) -> int:
        text, flat = folded.cased[start:end], folded.flat
        before, window = flat[max(0, start - 80) : start], flat[max(0, start - 160) : end + 160]
        return (
            3 * bool(_INTRODUCES.search(before))
            + 3 * bool(_QUALIFIES.match(flat, end, end + 80))
            + 2 * bool(_HAS_SIZE.search(text))
            + bool(_HAS_TAIL.search(text))
            + bool("." in text)
            + bool(_DOES.search(before[-40:]))
            + bool(_AROUND.search(window))
            + 2 * self._owned_by_lab(folded, start, known)
        )

    def _owned_by_lab(self, folded: Folded, start: int, known: Sequence[Span]) -> bool:
        return any(
            span.entity_id in self._labs
            and 0 < start - span.end <= 30
            and re.fullmatch(r"(?:'s?)?(?: [a-z]+){0,3} [\"']?", folded.flat[span.end : start])
            for span in known
            if span.end < start <= span.end + 30
        )

    def _accept(self, folded: Folded, candidates: list[_Candidate], settled: list[Span]) -> list[_Candidate]:
        """Accept what has enough to speak for it, then what stands in a list with an accepted one."""
        accepted = [c for c in candidates if c.score >= _ENOUGH]
        stretches = {(c.start, c.end) for c in accepted} | {(s.start, s.end) for s in settled}
        heads = {c.text.split()[0].split("-")[0] for c in accepted}
        for candidate in candidates:
            if candidate in accepted:
                continue
            listed = any(_listed(folded, candidate, stretch) for stretch in stretches)
            if (listed and candidate.score) or candidate.text.split()[0].split("-")[0] in heads:
                accepted.append(candidate)
                stretches.add((candidate.start, candidate.end))
        return accepted


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "unnamed"


def _compact(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "", text.lower())


def _known_models(kb: KnowledgeBase) -> dict[str, str]:
    models = (entity for entity in kb.entities.values() if entity.kind is EntityKind.MODEL)
    ids: dict[str, str] = {}
    for entity in models:
        for text in (entity.name, *(text for texts in entity.aliases.values() for text in texts)):
            ids.setdefault(_compact(fold(text).cased), entity.id)
    return ids


def _families_by_first_word(kb: KnowledgeBase) -> dict[str, list[tuple[Family, re.Pattern[str]]]]:
    words: dict[str, set[str]] = defaultdict(set)
    for entity in kb.entities.values():
        family = entity.id if entity.id in kb.families else entity.family
        if entity.kind is EntityKind.MODEL and family in kb.families:
            for text in (entity.name, *(text for texts in entity.aliases.values() for text in texts)):
                if family and (found := re.match(r"[A-Za-z]+", text)):
                    words[found[0].lower()].add(family)
    compiled = {family.entity_id: (family, re.compile(family.pattern)) for family in kb.families.values()}
    return {word: [compiled[i] for i in sorted(ids)] for word, ids in words.items()}


def _inside(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= start and end <= span.end for span in spans)


def _touches(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(span.start < end and start < span.end for span in spans)


def _covered(at: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= at < span.end and span.kind is not EntityKind.MODEL for span in spans)


def _listed(folded: Folded, candidate: _Candidate, stretch: tuple[int, int]) -> bool:
    start, end = stretch
    if end <= candidate.start <= end + 12:
        return _LISTED.fullmatch(folded.flat[end : candidate.start]) is not None
    return (
        candidate.end <= start <= candidate.end + 12
        and _LISTED.fullmatch(folded.flat[candidate.end : start]) is not None
    )


def _is_title_case(folded: Folded, at: int) -> bool:
    """Say whether most words of the line around `at` are capitalised, so that a capital says nothing."""
    line_start = folded.cased.rfind("\n", max(0, at - 300), at) + 1
    line_end = folded.cased.find("\n", at)
    words = re.findall(r"[A-Za-z]{2,}", folded.cased[line_start : line_end if line_end >= 0 else at + 300][:300])
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.6 * len(words)
