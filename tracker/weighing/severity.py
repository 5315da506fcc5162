"""How much an event weighs: severity (0 to 100), credibility and importance (0 to 1), each the sum of named parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker import words
from tracker.types import EntityKind, Event, EventType, Modality, Score, Share, Tier
from tracker.weighing.contested import contested_fields, display_users
from tracker.weighing.corroboration import corroborate_event
from tracker.weighing.exposure import Stack, affected
from tracker.weighing.stage import event_stage
from tracker.weighing.weights import weights

_TIERS = tuple(Tier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """From where events are weighed: whose services, and on which day."""

    today: date
    stack: Stack


def severity(event: Event, standpoint: Standpoint) -> Score:
    """Weigh an event, 0 to 100."""
    shares = [
        *_stakes(event, standpoint.today).values(),
        _voices_share(event),
        _exposure_share(event, standpoint.stack),
    ]
    return Score(shares=tuple(share for share in shares if share.points))


def importance(event: Event, standpoint: Standpoint) -> Score:
    """Weigh what would be at stake if it is true, 0 to 1; whom it affects and who says so do not count."""
    stakes, table = _stakes(event, standpoint.today), weights()
    shares = [
        Share(name=share.name, points=round(table["importance"][part] * share.points / most(part), 2))
        for part, share in stakes.items()
    ]
    return Score(shares=tuple(share for share in shares if share.points))


def credibility(event: Event) -> Score:
    """Weigh how sure an event is, 0 to 1: the witness closest to the facts, the voices, and whether they agree."""
    table, counted = weights()["credibility"], corroborate_event(event)
    if not counted.tiers:
        return Score(shares=())
    closest = min(counted.tiers, key=_TIERS.index)
    disputed = len({one.field for one in contested_fields(event)})
    agreement = max(table["agreement"]["all"] - table["agreement"]["each"] * disputed, 0)
    shares = (
        Share(name=words.tier(closest), points=table["closest"][closest]),
        Share(
            name=words.count(len(counted.families), "publisher"),
            points=_nth(table["voices"]["counts"], len(counted.families)),
        ),
        Share(
            name=f"{words.count(disputed, 'field')} contested" if disputed else "nothing contested",
            points=round(agreement, 2),
        ),
    )
    return Score(shares=tuple(share for share in shares if share.points))


def can_reach(type_: EventType, modality: Modality, minimum: float) -> bool:
    """Say whether an event of this type and modality can be as severe as `minimum`."""
    table = weights()["severity"]
    rest = sum(most(part) for part in ("stage", "targets", "corroboration", "exposure"))
    return bool(table["type"][type_] + table["modality"][modality] + rest >= minimum)


def most(part: str) -> float:
    """Return the most points that a part of severity can give."""
    table = weights()["severity"][part]
    if part == "corroboration":
        return float(table["voices"][-1] + table["primary"])
    return float(table.get("most") or max(table.values()))


def _stakes(event: Event, today: date) -> dict[str, Share]:
    table = weights()["severity"]
    stage = event_stage(event, today)
    return {
        "type": Share(name=words.inner_label(event.type), points=table["type"][event.type]),
        "modality": Share(name=words.inner_label(event.modality), points=table["modality"][event.modality]),
        "stage": Share(name=words.inner_label(stage) if stage else "", points=table["stage"][stage] if stage else 0),
        "targets": _targets_share(event),
    }


def _targets_share(event: Event) -> Share:
    table, users = weights()["severity"]["targets"], display_users(event.witnesses)
    named = {named.kind for named in event.entities if named.role == "target"}
    kinds = [kind for kind in EntityKind if kind in named]
    hit: list[words.Label] = [*kinds, *([users] if users else [])]
    points = min(sum(table[one] for one in hit), table["most"])
    return Share(name=f"hits {' and '.join(map(words.inner_label, hit))}", points=points)


def _voices_share(event: Event) -> Share:
    table, counted = weights()["severity"]["corroboration"], corroborate_event(event)
    primary = " with a primary document" if counted.primaries else ""
    points = _nth(table["voices"], len(counted.families)) + (table["primary"] if primary else 0)
    return Share(name=f"{words.count(len(counted.families), 'publisher')}{primary}", points=points)


def _exposure_share(event: Event, stack: Stack) -> Share:
    table, touched = weights()["severity"]["exposure"], affected(event, stack)
    points = min(table["first"] + table["each"] * (len(touched) - 1), table["most"]) if touched else 0
    return Share(name=f"affects {', '.join(one.service for one in touched)}", points=points)


def _nth(counts: Sequence[float], number: int) -> float:
    return counts[min(number, len(counts)) - 1] if number else 0
