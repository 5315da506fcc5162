"""Event cues: phrases that say that something happened, as data, and what their context makes of them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from tracker.types import EventType, Modality

_FOLDER = Path(__file__).parent
# What "~" stands for: some words, or some characters where words are not spaced, within one clause.
_WORDS_BETWEEN = r"(?:[^\s.;:!?]+[\s]+){0,8}?[\"“”'‘’«»(]?"
_CHARACTERS_BETWEEN = r"[^，。；,;.!?、]{0,20}?"
_UNSPACED = {"zh", "ja", "ko"}
_WINDOW = 90
_HANGUL = re.compile("[\uac00-\ud7af]")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A context that makes a cue something other than an act; no modality: a negated cue, which is none."""

    modality: Modality | None
    before: re.Pattern[str] | None
    within: re.Pattern[str] | None
    after: re.Pattern[str] | None

    def holds(self, before: str, within: str, after: str) -> bool:
        said = ((self.before, before), (self.within, within), (self.after, after))
        return any(pattern is not None and pattern.search(text) for pattern, text in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The cues of one language."""

    cues: tuple[Cue, ...]
    rules: tuple[Rule, ...]

    def find(self, text: str) -> Iterator[tuple[Cue, Hit]]:
        """Yield what `text`, one sentence, says happened."""
        for cue in self.cues:
            for match in cue.pattern.finditer(text):
                rule = self._rule(text, match)
                if rule is None or rule.modality is not None:
                    yield cue, _hit(cue, match, rule)

    def _rule(self, text: str, match: re.Match[str]) -> Rule | None:
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        after = text[match.end() : match.end() + _WINDOW]
        return next((rule for rule in self.rules if rule.holds(before, match[0], after)), None)


def choose_cues(text: str, language: str) -> Cues:
    """Return the cues for one sentence: by its script, then by the article's language, else English."""
    if _HANGUL.search(text):
        return load_cues("ko")
    if _KANA.search(text):
        return load_cues("ja")
    if _HAN.search(text):
        return load_cues("zh")
    return load_cues(language if language not in _UNSPACED else "en")


@cache
def load_cues(language: str) -> Cues:
    """Load the cues of a language, with the English ones where there are none of its own."""
    file = _FOLDER / f"{language}.toml"
    if not file.exists():
        return load_cues("en")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return Cues(cues=tuple(_cues(table["cue"], language)), rules=tuple(_rules(table["rule"])))


def _cues(rows: Iterable[Mapping[str, Any]], language: str) -> Iterator[Cue]:
    gap = _CHARACTERS_BETWEEN if language in _UNSPACED else _WORDS_BETWEEN
    for row in rows:
        joined = "|".join(pattern.replace("~", gap) for pattern in row["patterns"])
        bounded = joined if language in _UNSPACED else rf"(?<![A-Za-zÀ-ÿ])(?:{joined})"
        yield Cue(
            type=EventType(row["type"]),
            pattern=re.compile(bounded, re.IGNORECASE),
            needs=tuple(Needs(need) for need in row["needs"]),
            strength=row.get("strength", 1.0),
        )


def _rules(rows: Iterable[Mapping[str, Any]]) -> Iterator[Rule]:
    for row in rows:
        modality = None if row["modality"] == "none" else Modality(row["modality"])
        before, within, after = (_any(row.get(place)) for place in ("before", "within", "after"))
        yield Rule(modality=modality, before=before, within=within, after=after)


def _any(patterns: list[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None


def _hit(cue: Cue, match: re.Match[str], rule: Rule | None) -> Hit:
    said = match[0].rstrip()
    return Hit(
        type=cue.type,
        modality=rule.modality if rule and rule.modality else Modality.ACT,
        strength=cue.strength,
        start=match.start(),
        end=match.start() + len(said),
    )
