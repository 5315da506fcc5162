"""Recognise companies and public bodies that the knowledge base lacks, by the form of their names and by context."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tracker.types import EntityKind
from tracker.understand.entities.english import Proposals
from tracker.understand.entities.model_context import is_title_case
from tracker.understand.entities.model_names import slug
from tracker.understand.entities.public_bodies import lower_case_bodies, ministries, public_body
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
_COMPOUND = re.compile(r"-[a-z]")  # "AI-driven"
_NONE = Proposals()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One text while organisations are sought in it."""

    folded: Folded
    known: Cover
    proposals: Proposals
    uses: Counter[str]


def organisations(folded: Folded, known: Cover, *, proposals: Proposals = _NONE) -> list[Span]:
    """Return unseen organisations; `proposals` is what a statistical reader says of the same text."""
    everywhere = list(capitalised_runs(folded))
    uses = Counter(word.text.removesuffix("'s") for run in everywhere for word in run)
    runs = [run for run in everywhere if not is_title_case(folded, run[0].start)]
    reading = _Reading(folded, known, proposals, uses)
    found = [span for run in runs for span in _in_run(reading, run)]
    return [*found, *ministries(folded), *lower_case_bodies(folded, known)]


def _in_run(reading: _Reading, run: list[Word]) -> Iterator[Span]:
    if body := public_body(reading.folded, run, reading.known):
        yield _span(reading.folded, body, EntityKind.AGENCY)
        return
    yield from (_span(reading.folded, words, EntityKind.COMPANY) for words in _divisions(run, reading.known))
    for piece in pieces(run, reading.known):
        words = trimmed(piece, without=NOT_NAMES)
        if words and _is_company(reading, words):
            yield _span(reading.folded, words, EntityKind.COMPANY)


def _divisions(run: list[Word], known: Cover) -> Iterator[list[Word]]:
    """Yield "Toshiba Memory", "Tata Steel": a known company with the word of another business directly behind it."""
    for word, following in pairwise(run):
        if following.text in _DIVISION_END and following.start == word.end + 1:
            yield from (
                [Word(span.start, span.end, span.name), following]
                for span in known.at(word.start, word.end)
                if span.end == word.end and span.kind is EntityKind.COMPANY
            )


def _is_company(reading: _Reading, words: list[Word]) -> bool:
    cased, last = reading.folded.cased, words[-1]
    if " ".join(word.text for word in words[-2:]) in _NOT_COMPANIES:
        return False
    if _LEGAL.match(cased, last.end) or (len(words) > 1 and _LEGAL.fullmatch(f" {last.text}")):
        return True
    if len(words) > 1 and last.text in _COMPANY_END:
        return last.text != "AI" or _AFTER_AI.match(cased, last.end) is None
    return _is_company_by_context(reading, words)


def _is_company_by_context(reading: _Reading, words: list[Word]) -> bool:
    """Weigh the context of a name whose form says nothing; an acronym or an ordinary word needs it spelt out."""
    flat, start, end = reading.folded.flat, words[0].start, words[-1].end
    name = reading.folded.cased[start:end]
    is_person = any(s < end and start < e for s, e in reading.proposals.persons)
    if is_person or words[-1].text in _NEVER_LAST or _COMPOUND.search(name):
        return False
    if _BEFORE.search(flat[max(0, start - 40) : start]) or _AFTER.match(flat, end, end + 90):
        return True
    if _ACRONYM.fullmatch(name) or _is_ordinary(reading, words):
        return False
    does, again = _DOES.match(flat, end, end + 20) is not None, reading.uses[words[0].text] > 1
    proposed = (start, end) in reading.proposals.organisations
    return _is_listed(reading, start, end) or (proposed and (does or again)) or (does and again)


def _is_ordinary(reading: _Reading, words: list[Word]) -> bool:
    """Say whether the text also writes a one-word name in lower case."""
    lower = re.escape(words[0].text.lower())
    return len(words) == 1 and re.search(rf"(?<!\w){lower}(?!\w)", reading.folded.cased) is not None


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
        start=start, end=start + len(name), kind=kind, entity_id=f"{kind.value}/{slug(name)}", name=name, known=False
    )
