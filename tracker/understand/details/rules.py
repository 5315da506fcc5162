"""Rules kept as data: patterns that are tried only where a word stands that they cannot do without."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff가-힣]")
# A run of capitalised words that may name an act; "{never}" is what none of them is.
_NAME_WORD = r"(?!(?:{never})\b)(?-i:[A-Z])[A-Za-z0-9&-]*+"
_NAME = rf"{_NAME_WORD}(?: (?:(?:and|of|for|in|from|with|&) )?{_NAME_WORD}){{0,8}}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a rule found at [start, end) of a text; `row` is the rule's row in its table."""

    row: Mapping[str, Any]
    start: int
    end: int


class Rules:
    """The rows of a table, by their numbers; `triggers` are the words that make a row worth trying."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        never = "|".join(table.get("never", ()))
        self._rows: Sequence[Mapping[str, Any]] = table["row"]
        self._patterns = [[_compile(pattern, never) for pattern in row["patterns"]] for row in self._rows]

    @property
    def triggers(self) -> Mapping[int, Sequence[str]]:
        return {at: row["triggers"] for at, row in enumerate(self._rows)}

    def find(self, text: str, rows: Iterable[int]) -> list[Match]:
        """Return what `rows` find, in text order; of what overlaps the longest, else the one of the earlier row."""
        return list(_longest(match for at in sorted(rows) for match in self._matches(at, text)))

    def _matches(self, at: int, text: str) -> Iterator[Match]:
        for pattern in self._patterns[at]:
            for match in pattern.finditer(text):
                start, end = match.span(match.lastgroup or 0)
                yield Match(row=self._rows[at], start=start, end=end)


@cache
def load_table(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _compile(pattern: str, never: str) -> re.Pattern[str]:
    """Compile a pattern; one in Latin script matches whole words only."""
    written = pattern.replace("<name>", f"(?:{_NAME.replace('{never}', never)})")
    if not _ASIAN.search(written):
        written = rf"(?<![A-Za-zÀ-ÿ0-9])(?:{written})(?![A-Za-zÀ-ÿ0-9])"
    return re.compile(written, re.IGNORECASE)


def _longest(found: Iterable[Match]) -> Iterator[Match]:
    taken: list[Match] = []
    for one in sorted(found, key=lambda m: m.start - m.end):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    yield from sorted(taken, key=lambda m: m.start)
