"""Recognise companies and public bodies that the knowledge base lacks, by the form of their names and by context."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from tracker.knowledge.rows import open_slug
from tracker.types import EntityKind
from tracker.understand.entities.english import Proposals, propose
from tracker.understand.entities.public_bodies import CONFIDENCE, lower_case_bodies, ministries, public_body
from tracker.understand.entities.runs import NOT_NAMES, Word, capitalised_runs, pieces, trimmed
from tracker.understand.entities.spans import Cover, Span
from tracker.understand.folding import Folded
from tracker.understand.words import word_table

_WORDS = word_table("organisations")
_COMPANY_END = frozenset(_WORDS["company_end"])
_DIVISION_END = frozenset(_WORDS["division_end"])
_NEVER_LAST = frozenset(_WORDS["outlets"]) | frozenset(_WORDS["not_last"])
_NOT_COMPANIES = frozenset(_WORDS["not_companies"])
_LEGAL = re.compile(_WORDS["legal"])
_AFTER_AI = re.compile(_WORDS["after_ai"])
_BEFORE = re.compile(_WORDS["company_before"])
_AFTER = re.compile(_WORDS["company_after"])
_DOES = re.compile(_WORDS["company_does"])
_LISTED = re.compile(r"(?:,| and| or|, and|, or) ")
_LIST_GAP = 6
_ACRONYM = re.compile(r"[A-Z0-9&]{2,6}")
_SMALL = re.compile(r"(?<![A-Za-z])[a-z]{2,}")
_COMPOUND = re.compile(r"-[a-z]")  # "AI-driven"
_PASSAGE = 200


class _Verdict(IntEnum):
    """What form and context make of a name; an OPEN one counts only if a statistical reader agrees."""

    NO = 0
    OPEN = 1
    LIKELY = 2
    SURE = 3


# An order, no measured share: in our own labelled texts all that were SURE or LIKELY are right, few that were OPEN.
_CONFIDENCE = {_Verdict.SURE: 0.95, _Verdict.LIKELY: 0.85, _Verdict.OPEN: 0.5}


@dataclass(frozen=True, slots=True)
class _Reading:
    """One text while organisations are sought in it: how often each word is in a name, which are written small."""

    folded: Folded
    known: Cover
    uses: Counter[str]
    small: frozenset[str]


def organisations(folded: Folded, known: Cover, *, closely: bool = False) -> list[Span]:
    """Return unseen organisations; reading `closely` asks spaCy about those that form does not settle."""
    everywhere = list(capitalised_runs(folded))
    uses = Counter(word.text.removesuffix("'s") for run in everywhere for word in run)
    reading = _Reading(folded, known, uses, frozenset(_SMALL.findall(folded.cased)))
    found: list[Span] = []
    judged: list[tuple[Span, _Verdict]] = []
    for run in everywhere:
        if folded.is_headline(run[0].start):
            continue
        if bodies := list(_bodies(folded, run, known)):
            found += (_span(folded, body, EntityKind.AGENCY) for body in bodies if not _is_known_body(body, known))
            continue
        found += (_span(folded, words, EntityKind.COMPANY) for words in _divisions(run, known))
        judged += ((_span(folded, words, EntityKind.COMPANY), _judge(reading, words)) for words in _names(run, known))
    found += _chosen(folded, judged, closely=closely)
    return [*found, *ministries(folded), *lower_case_bodies(folded, known)]


def _bodies(folded: Folded, run: list[Word], known: Cover) -> Iterator[list[Word]]:
    """Yield the public bodies in a run of capitalised words one after the other."""
    while run and (body := public_body(folded, run, known)):
        yield body
        run = [word for word in run if word.start >= body[-1].end]


def _is_known_body(words: list[Word], known: Cover) -> bool:
    """Say whether only its country stands behind a known body ("Departamento de Comercio de Estados Unidos")."""
    bodies = [span for span in known.at(words[0].start, words[0].end) if span.kind is EntityKind.AGENCY]
    behind = [word for word in words if bodies and word.start >= bodies[0].end and not word.is_small]
    return bool(behind) and all(
        any(span.kind is EntityKind.COUNTRY for span in known.at(word.start, word.end)) for word in behind
    )


def _names(run: list[Word], known: Cover) -> Iterator[list[Word]]:
    for piece in pieces(run, known):
        if words := trimmed(piece, without=NOT_NAMES):
            yield words


def _chosen(folded: Folded, judged: list[tuple[Span, _Verdict]], *, closely: bool) -> Iterator[Span]:
    unsure = [span for span, verdict in judged if verdict in {_Verdict.OPEN, _Verdict.LIKELY}]
    proposals = propose(folded.cased, list(_passages(folded, unsure))) if closely and unsure else Proposals()
    persons = Cover(
        Span(start=start, end=end, kind=None, entity_id="", name="") for start, end in sorted(proposals.persons)
    )
    for span, verdict in judged:
        proposed = (span.start, span.end) in proposals.organisations
        likely = verdict is _Verdict.LIKELY or (verdict is _Verdict.OPEN and proposed)
        if verdict is _Verdict.SURE or (likely and not persons.at(span.start, span.end)):
            yield replace(span, confidence=_CONFIDENCE[verdict])


def _passages(folded: Folded, spans: list[Span]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of text around `spans`, none twice."""
    done = 0
    for span in spans:
        if span.end <= done:
            continue
        start = max(done, folded.cased.rfind("\n", 0, span.start) + 1, span.start - _PASSAGE)
        line_end = folded.cased.find("\n", span.end, span.end + _PASSAGE)
        done = line_end if line_end >= 0 else min(len(folded.cased), span.end + _PASSAGE)
        yield start, done


def _divisions(run: list[Word], known: Cover) -> Iterator[list[Word]]:
    """Yield "Toshiba Memory", "Tata Steel": a known company with the word of another business directly behind it."""
    for word, following in pairwise(run):
        if following.text in _DIVISION_END and following.start == word.end + 1:
            yield from (
                [Word(span.start, span.end, span.name), following]
                for span in known.at(word.start, word.end)
                if span.end == word.end and span.kind is EntityKind.COMPANY
            )


def _judge(reading: _Reading, words: list[Word]) -> _Verdict:
    cased, last = reading.folded.cased, words[-1]
    if " ".join(word.text for word in words[-2:]) in _NOT_COMPANIES:
        return _Verdict.NO
    if _LEGAL.match(cased, last.end) or (len(words) > 1 and _LEGAL.fullmatch(f" {last.text}")):
        return _Verdict.SURE
    if len(words) > 1 and last.text in _COMPANY_END:
        return _Verdict.SURE if last.text != "AI" or _is_ai_company(reading, words) else _Verdict.NO
    return _judge_context(reading, words)


def _is_ai_company(reading: _Reading, words: list[Word]) -> bool:
    """Say whether a name in "AI" is a company's and no kind of AI ("Cutting-edge AI", "the Foo AI assistant")."""
    plain = _COMPOUND.search(words[0].text) or words[0].text.lower() in reading.small
    return not plain and _AFTER_AI.match(reading.folded.cased, words[-1].end) is None


def _judge_context(reading: _Reading, words: list[Word]) -> _Verdict:
    """Weigh the context of a name whose form says nothing; an acronym or an ordinary word needs it spelt out."""
    flat, start, end = reading.folded.flat, words[0].start, words[-1].end
    name = reading.folded.cased[start:end]
    if words[-1].text in _NEVER_LAST or _COMPOUND.search(name):
        return _Verdict.NO
    if _BEFORE.search(flat[max(0, start - 40) : start]) or _AFTER.match(flat, end, end + 90):
        return _Verdict.LIKELY
    if _ACRONYM.fullmatch(name) or (len(words) == 1 and name.lower() in reading.small):
        return _Verdict.NO
    does, again = _DOES.match(flat, end, end + 20) is not None, reading.uses[words[0].text] > 1
    if _is_listed(reading, start, end) or (does and again):
        return _Verdict.LIKELY
    return _Verdict.OPEN if does or again else _Verdict.NO


def _is_listed(reading: _Reading, start: int, end: int) -> bool:
    """Say whether a known company stands next to it in a list."""
    flat, known = reading.folded.flat, reading.known
    if flat[max(0, start - 4) : start] == " in ":
        return False
    left, right = known.before(start, within=_LIST_GAP), known.after(end, within=_LIST_GAP)
    before = left is not None and left.kind is EntityKind.COMPANY and _LISTED.fullmatch(flat, left.end, start)
    after = right is not None and right.kind is EntityKind.COMPANY and _LISTED.fullmatch(flat, end, right.start)
    return bool(before or after)


def _span(folded: Folded, words: list[Word], kind: EntityKind) -> Span:
    start, end = words[0].start, words[-1].end
    name = folded.cased[start:end]
    legal = _LEGAL.search(name) if kind is EntityKind.COMPANY else None
    if legal and legal.end() == len(name) and legal.start() > 0:
        name = name[: legal.start()]
    return Span(
        start=start,
        end=start + len(name),
        kind=kind,
        entity_id=f"{kind.value}/{open_slug(name)}",
        name=name,
        known=False,
        confidence=CONFIDENCE,
    )
