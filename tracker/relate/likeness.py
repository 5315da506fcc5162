"""How alike two articles are."""

import math
import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracker.relate.terms import cosine
from tracker.types import EntityKind, EventType, Profile

_GAP_UNIT = timedelta(days=60)
# Bills and cases go on for months.
_PROCEEDINGS = {EventType.LEGISLATION, EventType.LITIGATION, EventType.ENFORCEMENT}
# What a headline names to say what the story is about.
_SUBJECTS = (EntityKind.MODEL, EntityKind.CHIP)


class Weighing(BaseModel):
    """How much each feature says that two articles tell one story, learnt from our own stories."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float
    bias: float
    weights: dict[str, float]


@cache
def load_weighing() -> Weighing:
    """Return the weights that were learnt."""
    return Weighing.model_validate(tomllib.loads(Path(__file__).with_name("likeness.toml").read_text(encoding="utf-8")))


def likeness(one: Profile, other: Profile, weighing: Weighing) -> float:
    """Return how probable it is that two articles tell one story, 0 to 1."""
    features = compare(one, other)
    evidence = weighing.bias + sum(weight * features[name] for name, weight in weighing.weights.items())
    return round(1 / (1 + math.exp(-evidence)), 9)


def compare(one: Profile, other: Profile) -> dict[str, float]:
    """Return what speaks for and against one story, 0 to 1 each but for the gap in time."""
    gap = abs(one.at - other.at) / _GAP_UNIT
    return {
        "text": cosine(one.terms, other.terms),
        "headline": cosine(one.headline, other.headline),
        "entities": cosine(one.entities, other.entities),
        "titled": cosine(one.titled, other.titled),
        "happenings": cosine(one.happenings, other.happenings),
        "subject": float(_share_subject(one, other)),
        "gap": gap,
        "gap_in_proceedings": gap * float(_share_proceedings(one, other)),
    }


def _share_subject(one: Profile, other: Profile) -> bool:
    """Return whether a model or chip in a headline of the one is named by the other."""
    shared = (one.titled.keys() & other.entities.keys()) | (other.titled.keys() & one.entities.keys())
    return any(entity.startswith(_SUBJECTS) for entity in shared)


def _share_proceedings(one: Profile, other: Profile) -> bool:
    """Return whether both tell of a bill or a case."""
    return bool(one.happenings.keys() & other.happenings.keys() & _PROCEEDINGS)
