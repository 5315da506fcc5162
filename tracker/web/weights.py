"""How much an event weighs, and whom it affects, as a page shows it."""

from dataclasses import dataclass

from tracker import telling
from tracker.types import Event, Score
from tracker.weighing.severity import Standpoint, credibility, importance, severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The scores of one event by name, each with its parts; `touched` pairs a declared service with how."""

    scores: tuple[tuple[str, Score], ...]
    touched: tuple[tuple[str, str], ...]


def weigh(event: Event, standpoint: Standpoint) -> Weights:
    """Weigh an event for a page."""
    return Weights(
        scores=(
            ("Severity", severity(event, standpoint)),
            ("Importance", importance(event, standpoint)),
            ("Credibility", credibility(event)),
        ),
        touched=tuple(telling.affects(event, standpoint.stack)),
    )
