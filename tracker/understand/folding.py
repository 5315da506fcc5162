"""A copy of a text in which look-alike characters are one, with the way back to the original's offsets.

Width, hyphens, quotation marks, spaces and accents-as-marks differ between outlets; a name does not.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

# Zero-width, bidirectional and soft-hyphen characters: invisible, and sometimes inside a name.
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
# Marks that may compose with the character before them, and the parts of decomposed Korean syllables.
_MARKS = "\u0300-\u036f\u3099\u309a"
_JAMO = "\u1100-\u11ff"
_SHIFTING = re.compile(f"[{_INVISIBLE}{_MARKS}{_JAMO}]")
_SYLLABLE = "[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?"
_CLUSTER = re.compile(f"[{_INVISIBLE}]+|{_SYLLABLE}|.[{_MARKS}]{{0,8}}", re.DOTALL)
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]+")
_HYPHENS = "‐‑‒–—―−⁃﹘﹣－"
_APOSTROPHES = "‘’‚‛ʼ′`´＇"
_QUOTES = "“”„‟«»〝〞〟＂"


class _Table(dict[int, str]):
    """One character for one: the compatibility form where that is a single character too."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        form = "-" if character in _HYPHENS else "'" if character in _APOSTROPHES else character
        form = '"' if character in _QUOTES else " " if character.isspace() and character not in "\n\r" else form
        if form == character:
            compatible = unicodedata.normalize("NFKC", character)
            form = compatible if len(compatible) == 1 else character
        self[code] = form
        return form


_ONE_FOR_ONE = _Table()
_USUAL = [(character, _ONE_FOR_ONE[ord(character)]) for character in "‐‑‒–—‘’“”„«»\u00a0"]
_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace() and chr(code) not in " \n\r")
_LOOK_ALIKES = re.compile(f"[{re.escape(_HYPHENS + _APOSTROPHES + _QUOTES + _SPACES)}]")
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[A-Za-z]{2,}")
_HEADLINE = 400
_FEW_WORDS = 3
_MOST = 0.6


@dataclass(frozen=True)
class Folded:
    """`cased` keeps case and line ends; `starts` and `ends` lead back to the original (None: same offsets)."""

    original: str
    cased: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    @cached_property
    def flat(self) -> str:
        """`cased` in lower case with hyphens and line ends as spaces, the same length."""
        lower = self.cased.lower()
        if len(lower) != len(self.cased):
            lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.cased)
        # Four replacements: translating what is not ASCII takes fifty times as long.
        return lower.replace("-", " ").replace("\n", " ").replace("\r", " ").replace("\t", " ")

    def is_headline(self, at: int) -> bool:
        """Say whether most words of the line at `at` are capitalised, so that a capital there says nothing."""
        starts, headlines = self._lines
        line = bisect_right(starts, at) - 1
        return line >= 0 and headlines[line]

    @cached_property
    def _lines(self) -> tuple[list[int], list[bool]]:
        """The starts of the lines, and whether each is like a headline."""
        lines = list(_LINE.finditer(self.cased))
        return [line.start() for line in lines], [_is_headline(line[0][:_HEADLINE]) for line in lines]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of [start:end] here; `end` is greater than `start`."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def _is_headline(line: str) -> bool:
    words = _WORD.findall(line)
    capitals = sum(word[0].isupper() for word in words)
    return len(words) > _FEW_WORDS and capitals > _MOST * len(words)


def fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text, text)
    if not _SHIFTING.search(text):
        return Folded(text, _one_for_one(text))
    pieces, starts, ends = [], [], []
    for cluster in _CLUSTER.finditer(text):
        composed = "" if _IS_INVISIBLE.fullmatch(cluster[0]) else unicodedata.normalize("NFC", cluster[0])
        pieces.append(composed)
        starts += [cluster.start()] * len(composed)
        ends += [cluster.end()] * len(composed)
    return Folded(text, _one_for_one("".join(pieces)), tuple(starts), tuple(ends))


def _one_for_one(text: str) -> str:
    """Translate by the table; most texts hold little that it changes, and replacing that is far cheaper."""
    for character, form in _USUAL:
        text = text.replace(character, form)
    # Three dots in one have a form of three, which is not taken.
    is_plain = unicodedata.is_normalized("NFKC", text.replace("…", "")) and not _LOOK_ALIKES.search(text)
    return text if is_plain else text.translate(_ONE_FOR_ONE)
