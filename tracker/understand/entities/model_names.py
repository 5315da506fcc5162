"""Recognise names of AI models, those that nobody has told us yet included.

A family of the knowledge base settles a name by its form alone.  A name of no known family needs its form (a
version, a size, a qualifier) and its context (what introduces it, what it is listed with) to speak for it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tracker.knowledge.base import Family, KnowledgeBase
from tracker.knowledge.rows import open_slug
from tracker.types import Entity, EntityKind
from tracker.understand.entities.guards import is_listed
from tracker.understand.entities.model_context import ENOUGH, SIZE, TAILS, ModelContext
from tracker.understand.entities.spans import Cover, Span, longest
from tracker.understand.folding import Folded, fold
from tracker.understand.words import word_table

_WORDS = word_table("models")
_VERSION = r"(?:[vVKRMSk]?\d{1,3}(?:\.\d{1,2}){0,2}[a-z]?)"
_END = r"(?![A-Za-z0-9_%]|[.,]\d|-[A-Za-z0-9])"
_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9_.$€£#@&/])"
    r"(?P<left>(?:[A-Z][A-Za-z]+[ ]){0,2})(?P<head>[A-Z][A-Za-z]*)"
    rf"(?:[- ]?{_VERSION}{TAILS}*|[- ]?{SIZE}{TAILS}*){_END}"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_WORD_START = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]+")
_NOT_BARE = re.compile(r"\d|[ -]")
_WORD_NEXT = re.compile(r" ([A-Z][a-z]{2,})(?![A-Za-z0-9-]| [A-Z])")
_NAME = r"(?P<name>[A-Z][A-Za-z]+(?:[ -][A-Z][A-Za-z]+){0,2})"
_CALLED = re.compile(
    rf"(?:[Mm]odels?|LLMs?|[Cc]hatbot),? (?:called|named|dubbed|code-?named|known as) \"?{_NAME}(?![A-Za-z0-9])"
)
_EXPLAINED = re.compile(
    rf"(?<![A-Za-z0-9.] )(?<![A-Za-z0-9-])\"?{_NAME}\"?, (?:an?|its|the company's) (?:[a-z0-9][\w.-]* ){{0,4}}"
    r"(?:(?:language|AI|reasoning|open-weights?|open-source|frontier|foundation|multimodal|vision|image|video|speech"
    r"|coding|\d+B|billion-parameter) )+models?(?![a-z]| (?:developer|maker|company|provider|lab|startup))"
)
_UNIT_NEXT = re.compile(
    r" (?:percent|per cent|billion|million|trillion|bn|years?|days?|months?|weeks?|hours?|countries|people|points"
    r"|nanometers?|nm)(?![a-z])"
)
_ASIAN_TAIL = re.compile("|".join(sorted(_WORDS["asian_tails"], key=len, reverse=True)))
_ASIAN_NUMBER = r"[ -]?[A-Z]?\d{1,2}(?:\.\d{1,2})?(?![\d.,]*\d|[万億亿년月日年%개종])"
_ASIAN_VERSION = re.compile(
    rf"(?: ?(?:{_ASIAN_TAIL.pattern}))?(?:{_ASIAN_NUMBER})?{TAILS}*(?: ?(?:{_ASIAN_TAIL.pattern}))?"
)
_NOT_HEADS = frozenset(_WORDS["not_heads"])
_NOT_LEFT = frozenset(_WORDS["not_left"])

# How sure an unseen name is by its form and context, and by the models that it stands with.
_BY_FORM, _BY_COMPANY = 0.85, 0.7


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    text: str
    score: int

    @property
    def family(self) -> str:
        return re.split(r"[ -]|(?<=[a-z])(?=\d)", self.text)[0]


class ModelNames:
    """The families of the knowledge base, and what tells a model's name from other names with a number."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._entities = kb.entities
        self._ids = _known_models(kb)
        self._families = _families_by_word(kb)
        self._not_heads = _NOT_HEADS | {fold(head).flat for head in kb.lookalikes.heads}
        self._context = ModelContext(kb)

    def find(self, folded: Folded, known: Cover) -> list[Span]:
        """Return the models named; `known` are the names already found, which speak for or against a candidate."""
        members = [*self._members(folded, known), *self._extended(folded, known), *self._named(folded, known)]
        settled = members + [span for span in known.spans if span.kind is EntityKind.MODEL]
        cover = Cover(longest(settled, size=len(folded.cased)))
        candidates = [_grown(c, cover) for c in self._candidates(folded, known)]
        return members + [
            self.span(c.start, c.end, c.text, confidence=_BY_FORM if c.score >= ENOUGH else _BY_COMPANY)
            for c in _accept(folded, candidates, settled)
        ]

    def span(self, start: int, end: int, text: str, *, confidence: float = 0.95) -> Span:
        """Make the span of a model's name, linked to the knowledge base where that holds it under any spelling.

        `confidence` is that of an unseen one: by default its family is known, or the text calls it a model.
        """
        if entity := self._entities.get(self._ids.get(_compact(text), "")):
            return Span(start=start, end=end, kind=EntityKind.MODEL, entity_id=entity.id, name=entity.name)
        return Span(
            start=start,
            end=end,
            kind=EntityKind.MODEL,
            entity_id=f"model/{open_slug(text)}",
            name=text,
            known=False,
            confidence=confidence,
        )

    def _extended(self, folded: Folded, known: Cover) -> Iterator[Span]:
        """Yield known models in Asian script together with the version behind them ("솔라 프로 3", "文心大模型4.5")."""
        for span in known.spans:
            if span.kind is EntityKind.MODEL and not folded.cased[span.start : span.end].isascii():
                found = _ASIAN_VERSION.match(folded.cased, span.end)
                if found and found[0]:
                    rest = _ASIAN_TAIL.sub(lambda tail: _WORDS["asian_tails"][tail[0]], found[0])
                    yield self.span(span.start, found.end(), f"{span.name} {rest.strip(' -')}")

    def _members(self, folded: Folded, known: Cover) -> Iterator[Span]:
        """Yield members of known families; the bare family is an alias like any other, and not sought here."""
        for word in _WORD_START.finditer(folded.cased):
            for family in self._families.get(word[0].lower(), ()):
                found = _pattern(family.pattern).match(folded.cased, word.start())
                if not found or not _NOT_BARE.search(found[0]) or _compact(found[0]) == _compact(family.name):
                    continue
                start, end = found.start(), self._with_word(folded, found.end(), known)
                maker = [s for s in known.at(start, start + 1) if s.keeps and s.entity_id == family.developer]
                if maker and maker[0].end < end and _pattern(family.pattern).match(folded.cased, maker[0].end + 1):
                    start = maker[0].end + 1
                yield self.span(start, end, folded.cased[start:end])

    def _with_word(self, folded: Folded, end: int, known: Cover) -> int:
        """Return where a name ends with the capitalised word behind its version ("Llama 5 Scout")."""
        found = _WORD_NEXT.match(folded.cased, end)
        if not found or not folded.cased[end - 1].isdigit() or folded.is_headline(end):
            return end
        word = found[1].lower()
        plain = word in _NOT_LEFT or word in self._not_heads or word in _WORDS["not_next"]
        return end if plain or known.at(found.start(1), found.end()) else found.end()

    def _named(self, folded: Folded, known: Cover) -> Iterator[Span]:
        """Yield names without a version that the text plainly calls a model's ("a model called Kestrel")."""
        for pattern in (_CALLED, _EXPLAINED):
            for match in pattern.finditer(folded.cased):
                start, end = match.span("name")
                words = [word.lower() for word in _WORD.findall(match["name"])]
                if not known.at(start, end) and words and words[0] not in _NOT_LEFT | self._not_heads:
                    yield self.span(start, end, match["name"])

    def _candidates(self, folded: Folded, known: Cover) -> Iterator[_Candidate]:
        for match in _CANDIDATE.finditer(folded.cased):
            words = {word.lower() for word in _WORD.findall(match["left"])}
            if match["head"].lower() in self._not_heads or words & self._not_heads - _NOT_LEFT:
                continue
            start, end = self._left_border(folded, match, known), match.end()
            if _UNIT_NEXT.match(folded.flat, end) or any(s.kind not in _NO_OBSTACLE for s in known.at(start, end)):
                continue
            if len(match["head"]) == 1 and not self._context.introduced(folded, start, end):
                continue
            yield _Candidate(start, end, folded.cased[start:end], self._context.score(folded, start, end, known))

    def _left_border(self, folded: Folded, match: re.Match[str], known: Cover) -> int:
        """Return where the name starts: words to the left belong to it unless they are companies or plain words."""
        start = match.start("head")
        for word in reversed(list(_WORD.finditer(folded.cased, match.start("left"), match.end("left")))):
            kinds = {span.kind for span in known.at(word.start(), word.end())}
            if kinds - {EntityKind.MODEL} or word[0].lower() in _NOT_LEFT:
                break
            if not kinds and folded.is_headline(start):
                break
            start = word.start()
        return start


_NO_OBSTACLE = {EntityKind.MODEL, EntityKind.COMPANY}


def _compact(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "", text.lower())


def _accept(folded: Folded, candidates: list[_Candidate], settled: Sequence[Span]) -> list[_Candidate]:
    """Accept what has enough to speak for it, then its relatives and what stands in a list with an accepted one."""
    accepted = [c for c in candidates if c.score >= ENOUGH]
    families = {c.family for c in accepted}
    starts = {s.start for s in settled} | {c.start for c in accepted}
    ends = {s.end for s in settled} | {c.end for c in accepted}
    for candidate in candidates:
        if candidate.score >= ENOUGH:
            continue
        if candidate.family in families or (is_listed(folded.flat, candidate.start, candidate.end, starts, ends)):
            accepted.append(candidate)
            starts.add(candidate.start)
            ends.add(candidate.end)
    return accepted


def _grown(candidate: _Candidate, settled: Cover) -> _Candidate:
    """Raise the score of a candidate that says more than the settled name it starts with ("Devstral Large" 3)."""
    inner = settled.at(candidate.start, candidate.end)
    is_longer = all(candidate.start <= span.start and span.end <= candidate.end for span in inner)
    if not inner:
        return candidate
    return replace(candidate, score=ENOUGH if is_longer and inner[0].start == candidate.start else 0)


def _forms(entity: Entity) -> Iterator[str]:
    yield entity.name
    for texts in entity.aliases.values():
        yield from texts


def _known_models(kb: KnowledgeBase) -> dict[str, str]:
    ids: dict[str, str] = {}
    for entity in kb.entities.values():
        if entity.kind is EntityKind.MODEL:
            for text in _forms(entity):
                if key := _compact(fold(text).cased):
                    ids.setdefault(key, entity.id)
    return ids


def _families_by_word(kb: KnowledgeBase) -> dict[str, list[Family]]:
    """List, for each word that a member's name may start with, the families to try there."""
    words: dict[str, set[str]] = defaultdict(set)
    for family in kb.families.values():
        for text in (*family.heads, family.name):
            words[_first_word(text)].add(family.entity_id)
        parent = kb.families.get(family.parent or "")
        for text in (*parent.heads, parent.name) if parent else ():
            words[_first_word(text)].add(family.entity_id)
    return {word: [kb.families[i] for i in sorted(ids)] for word, ids in words.items() if word}


def _first_word(text: str) -> str:
    found = _WORD_START.search(fold(text).cased)
    return found[0].lower() if found else ""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
