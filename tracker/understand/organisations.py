"""Recognise companies and public bodies that the knowledge base lacks, by the form of their names and by context."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.types import EntityKind
from tracker.understand.folding import Folded
from tracker.understand.model_context import is_title_case
from tracker.understand.model_names import slug
from tracker.understand.spans import Cover, Span
from tracker.understand.words import word_table

_WORDS = word_table("organisations")
_BODY_OF = frozenset(_WORDS["body_of"])
_BODY_END = frozenset(_WORDS["body_end"])
_BODY_END_NEEDS: dict[str, list[str]] = _WORDS["body_end_needs"]
_BODY_LOWER = re.compile(rf"(?:'s?)? {_WORDS['body_lower']}")
_COMPANY_END = frozenset(_WORDS["company_end"])
_NOT_COMPANIES = frozenset(_WORDS["not_companies"])
_NOT_NAMES = frozenset(_WORDS["not_names"])
_LEGAL = re.compile(_WORDS["legal"])
_COMPANY_BEFORE = re.compile(_WORDS["company_before"])
_COMPANY_AFTER = re.compile(_WORDS["company_after"])

_CAPITALISED = r"[A-Z][A-Za-z0-9&À-ÿ]*(?:[.'-][A-Za-z0-9&À-ÿ]+)*"
_JOINING = r"(?:of|for|on|the|and|de|del|du|des|van|voor|für|della|delle)"
_RUN = re.compile(rf"(?<![A-Za-z0-9_@#/.'-]){_CAPITALISED}(?:(?: {_JOINING}){{0,2}},? {_CAPITALISED})*")
_WORD = re.compile(r"[^\s,]+")
_LONGEST_NAME_WORDS = 10
_LISTED = re.compile(r"(?:,| and| or|, and|, or) ")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str


class Organisations:
    """Proposes companies and public bodies from capitalised runs of words."""

    def find(self, folded: Folded, known: Cover, *, proposals: Sequence[tuple[int, int]] = ()) -> list[Span]:
        """Return unseen organisations; `proposals` are stretches that a statistical reader takes for one."""
        found: list[Span] = []
        for run in _RUN.finditer(folded.cased):
            words = [_Word(m.start(), m.end(), m[0]) for m in _WORD.finditer(folded.cased, run.start(), run.end())]
            if not is_title_case(folded, run.start()):
                found += self._in_run(folded, words, known)
        return found + list(_lower_case_bodies(folded, known))

    def _in_run(self, folded: Folded, words: list[_Word], known: Cover) -> Iterator[Span]:
        if body := _body(words, known):
            yield _span(folded, body, EntityKind.AGENCY)
            return
        for piece in _pieces(words, known):
            if _is_company(folded, piece, known):
                yield _span(folded, piece, EntityKind.COMPANY)


def _body(words: list[_Word], known: Cover) -> list[_Word] | None:
    """Return the words of a public body in a run of capitalised words."""
    for position, word in enumerate(words):
        following = words[position + 1].text if position + 1 < len(words) else ""
        if word.text in _BODY_OF and following in {
            "of",
            "for",
            "on",
            "de",
            "van",
            "voor",
            "für",
            "della",
            "delle",
            "des",
        }:
            return _until_other(words[position:], known)
    for position in range(len(words) - 1, 0, -1):
        if words[position].text in _BODY_END and _is_body_end(words, position):
            name = _trimmed(words[: position + 1])
            return name if 1 < len(name) <= _LONGEST_NAME_WORDS else None
    return None


def _is_body_end(words: list[_Word], position: int) -> bool:
    needs = _BODY_END_NEEDS.get(words[position].text)
    return needs is None or words[position - 1].text in needs


def _until_other(words: list[_Word], known: Cover) -> list[_Word]:
    """Cut a body's name before "and" where something else begins, and before its closing small words."""
    for position in range(3, len(words)):
        named = {span.kind for span in known.at(words[position].start, words[position].end)}
        if words[position - 1].text == "and" and (named or words[position].text in _BODY_OF):
            words = words[: position - 1]
            break
    words = words[:_LONGEST_NAME_WORDS]
    while words and words[-1].text[0].islower():
        words = words[:-1]
    return words


def _pieces(words: list[_Word], known: Cover) -> Iterator[list[_Word]]:
    """Cut a run at small words and at names already known."""
    piece: list[_Word] = []
    for word in words:
        if word.text[0].islower() or known.at(word.start, word.end):
            if piece:
                yield piece
            piece = []
        else:
            piece.append(word)
    if piece:
        yield piece


def _is_company(folded: Folded, piece: list[_Word], known: Cover) -> bool:
    words = _trimmed(piece)
    if not words or " ".join(w.text for w in words[-2:]) in _NOT_COMPANIES:
        return False
    if len(words) > 1 and (words[-1].text in _COMPANY_END or _LEGAL.fullmatch(f" {words[-1].text}")):
        return True
    return _LEGAL.match(folded.cased, words[-1].end) is not None


def _trimmed(words: list[_Word]) -> list[_Word]:
    """Drop leading words that start no name."""
    for position, word in enumerate(words):
        if word.text not in _NOT_NAMES and not word.text[0].islower():
            return words[position:]
    return []


def _span(folded: Folded, words: list[_Word], kind: EntityKind) -> Span:
    words = _trimmed(words) if kind is EntityKind.COMPANY else words
    start, end = words[0].start, words[-1].end
    name = folded.cased[start:end]
    if kind is EntityKind.COMPANY and (legal := _LEGAL.search(name)) and legal.end() == len(name) and legal.start() > 0:
        name = name[: legal.start()]
        end = start + len(name)
    return Span(start=start, end=end, kind=kind, entity_id=f"{kind.value}/{slug(name)}", name=name, known=False)


def _lower_case_bodies(folded: Folded, known: Cover) -> Iterator[Span]:
    """Yield "China's commerce ministry" and the like, country included."""
    for span in known.spans:
        if span.kind is EntityKind.COUNTRY and (found := _BODY_LOWER.match(folded.cased, span.end)):
            name = folded.cased[span.start : found.end()]
            country = span.entity_id.partition("/")[2].lower()
            body = slug(folded.cased[span.end : found.end()].removeprefix("'s").strip())
            yield Span(
                start=span.start,
                end=found.end(),
                kind=EntityKind.AGENCY,
                entity_id=f"agency/{country}-{body}",
                name=name,
                known=False,
            )
