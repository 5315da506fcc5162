"""Cut an article into sentences, with offsets into its title and text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tracker.types import Part
from tracker.understand.words import word_table

# A paragraph without punctuation must not become one sentence of a megabyte.
_LONGEST_SENTENCE = 2000

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BULLET = re.compile(r"\s*(?:[-*•‣▪◦·●■–—]+\s+|\(?\d{1,2}[.)]\s+|#{1,6}\s+|>\s*)?")
_END = re.compile(
    # Each run of marks is taken whole or not at all, so that a megabyte of dots costs no more than other text.
    r"(?<![。！？｡])[。！？｡]++[」』”’）】》\"']*+"  # needs no space behind it
    r"|(?:(?<![!?])[!?]++|(?<!\.)\.++|(?<!…)…++)[\"'”’»)\]]*+(?=\s++[^\sa-zà-öø-ÿ])"
)
_LAST_WORD = re.compile(r"(?<![^\s(\[\"'“‘«/–—-])(?:[^\W\d_]+\.?)+$")
_NEXT_WORD = re.compile(r"[\s\"'“‘«(\[]*([^\W\d_]+)")
_NUMBER_NEXT = re.compile(r"\s+[\dIVX]")
_LONGEST_BULLET = 10
_DAY_NUMBER = re.compile(r"(?<![\d.,])\d{1,2}$")
_DATES_WITH_FULL_STOP = frozenset({"de", "da", "no", "nb", "fi", "cs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article: `text` equals the article's `part`[start:end]."""

    part: Part
    start: int
    end: int
    text: str


def sentences(title: str, text: str, *, language: str) -> tuple[Sentence, ...]:
    """Cut `title` and `text` into sentences, the title first and whole; none is empty or longer than 2,000."""
    found = [*_cut(title, 0, len(title), Part.TITLE)]
    for line in _LINE.finditer(text):
        start = line.start()
        for end in _ends(line[0], language):
            found += _cut(text, start, line.start() + end, Part.TEXT)
            start = line.start() + end
        found += _cut(text, start, line.end(), Part.TEXT)
    return tuple(found)


def _ends(line: str, language: str) -> Iterator[int]:
    for match in _END.finditer(line):
        if match[0][0] != "." or _is_full_stop(line, match, language):
            yield match.end()


def _is_full_stop(line: str, stop: re.Match[str], language: str) -> bool:
    """Say whether the dot of `stop` ends a sentence rather than an abbreviation, an initial or a day's number."""
    before = line[max(0, stop.start() - 40) : stop.start()]
    if language in _DATES_WITH_FULL_STOP and _DAY_NUMBER.search(before):
        return False
    last = _LAST_WORD.search(before)
    if last is None:
        return stop.start() > _LONGEST_BULLET or _BULLET.fullmatch(f"{line[: stop.start()]}. ") is None
    word = last[0].lower()
    if word in _abbreviations("never") or (len(word) == 1 and word.isascii() and last[0].isupper()):
        return False
    if word in _abbreviations("before_number"):
        return _NUMBER_NEXT.match(line, stop.end()) is None
    if word in _abbreviations("within"):
        following = _NEXT_WORD.match(line, stop.end())
        return following is not None and following[1].lower() in _abbreviations("openers")
    return True


def _cut(text: str, start: int, end: int, part: Part) -> Iterator[Sentence]:
    """Yield `text`[start:end] without its bullet and outer space, in pieces where it is too long."""
    bullet = _BULLET.match(text, start, end)
    start = bullet.end() if bullet else start
    while start < end:
        stop = end
        if end - start > _LONGEST_SENTENCE:
            space = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
            stop = space if space > start else start + _LONGEST_SENTENCE
        piece = text[start:stop]
        first = start + len(piece) - len(piece.lstrip())
        if words := piece.strip():
            yield Sentence(part=part, start=first, end=first + len(words), text=words)
        start = stop


@cache
def _abbreviations(kind: str) -> frozenset[str]:
    return frozenset(word_table("abbreviations")[kind])
