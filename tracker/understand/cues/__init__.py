"""Event cues: phrases that say that something happened, as data, and what their context makes of them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from tracker.types import EventType, Modality

_FOLDER = Path(__file__).parent
# Up to eight words, within one clause.
_GAP = r"(?:[^\s.;:!?]+[\s]+){0,8}?"
_WINDOW = 90


class Needs(StrEnum):
    """What else a sentence has to hold for a cue to count; events.py says when each holds."""

    GOVERNMENT = "government"
    POLICY = "policy"
    OTHER_GOVERNMENT = "other_government"
    MODEL = "model"
    COMPANY = "company"
    MODEL_OR_COMPANY = "model_or_company"
    MARKET = "market"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A cue at [start, end) of a sentence, with the modality that its context gives it."""

    type: EventType
    modality: Modality
    strength: float
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One kind of evidence for an event type."""

    type: EventType
    pattern: re.Pattern[str]
    needs: tuple[Needs, ...]
    strength: float

    def find(self, text: str) -> Iterator[Hit]:
        """Yield where `text` says it; a negated one is none."""
        for match in self.pattern.finditer(text):
            if (modality := _modality(text, match)) is not None:
                yield Hit(
                    type=self.type,
                    modality=modality,
                    strength=self.strength,
                    start=match.start(),
                    end=match.end(),
                )


@cache
def load_cues(language: str) -> tuple[Cue, ...]:
    """Load the cues of a language, with the English ones behind: names and headlines often stand in English."""
    files = dict.fromkeys((_FOLDER / f"{language}.toml", _FOLDER / "en.toml"))
    return tuple(cue for file in files if file.exists() for cue in _load(file))


def _load(file: Path) -> Iterator[Cue]:
    latin = file.stem not in {"zh", "ja", "ko"}
    for row in tomllib.loads(file.read_text(encoding="utf-8"))["cue"]:
        joined = "|".join(pattern.replace("~", _GAP) for pattern in row["patterns"])
        bounded = rf"(?<![A-Za-zÀ-ÿ])(?:{joined})" if latin else f"(?:{joined})"
        yield Cue(
            type=EventType(row["type"]),
            pattern=re.compile(bounded, re.IGNORECASE),
            needs=tuple(Needs(need) for need in row.get("needs", ())),
            strength=row.get("strength", 1.0),
        )


_NEGATED = re.compile(
    r"\b(?:not|never|without|nor|n['’]t|neither|no)\s+(?:yet\s+|be\s+|been\s+|to\s+)?$", re.IGNORECASE
)


def _modality(text: str, match: re.Match[str]) -> Modality | None:
    before = text[max(0, match.start() - _WINDOW) : match.start()]
    if _NEGATED.search(before):
        return None
    for modality, pattern in _rules():
        if pattern.search(before):
            return modality
    return Modality.ACT


@cache
def _rules() -> tuple[tuple[Modality, re.Pattern[str]], ...]:
    rows = tomllib.loads((_FOLDER / "modality.toml").read_text(encoding="utf-8"))["rule"]
    return tuple((Modality(r["modality"]), re.compile("|".join(r["before"]), re.IGNORECASE)) for r in rows)
