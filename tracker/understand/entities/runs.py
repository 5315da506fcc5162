"""Runs of capitalised words, which is where names are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.understand.entities.spans import Cover
from tracker.understand.folding import Folded
from tracker.understand.words import word_table

_NOT_FIRST = frozenset(word_table("organisations")["not_first"])
NOT_NAMES = _NOT_FIRST | frozenset(word_table("organisations")["not_names"])
_CAPITALISED = r"[A-Z][A-Za-z0-9&À-ÿ]*(?:[.'-][A-Za-z0-9&À-ÿ]+)*"
_JOINING = r"(?:of|for|on|the|and|de|del|du|des|van|voor|für|della|delle)"
_RUN = re.compile(rf"(?<![A-Za-z0-9_@#/.'-]){_CAPITALISED}(?:(?: {_JOINING}){{0,2}},? {_CAPITALISED})*")
_WORD = re.compile(r"[^\s,]+")


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str

    @property
    def is_small(self) -> bool:
        return self.text[0].islower()


def capitalised_runs(folded: Folded) -> Iterator[list[Word]]:
    """Yield each run of capitalised words, with the small words inside it ("of", "and"), as words."""
    for run in _RUN.finditer(folded.cased):
        yield [Word(m.start(), m.end(), m[0]) for m in _WORD.finditer(folded.cased, run.start(), run.end())]


def pieces(run: list[Word], known: Cover) -> Iterator[list[Word]]:
    """Cut a run at its small words, its commas, its possessives and at names already known."""
    piece: list[Word] = []
    for word in run:
        apart = piece and word.start != piece[-1].end + 1
        if word.is_small or apart or known.at(word.start, word.end):
            yield from [piece] if piece else []
            piece = []
        if not word.is_small and not known.at(word.start, word.end):
            bare = word.text.removesuffix("'s")
            piece.append(Word(word.start, word.start + len(bare), bare))
            if bare != word.text:
                yield piece
                piece = []
    if piece:
        yield piece


def trimmed(words: list[Word], *, without: frozenset[str] = _NOT_FIRST) -> list[Word]:
    """Drop leading words that start no name."""
    for position, word in enumerate(words):
        if word.text not in without and not word.is_small:
            return words[position:]
    return []
