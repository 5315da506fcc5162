"""Controls for tests: events whose witnesses say who keeps whom from what, and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from tests.making import make_quote
from tracker.types import (
    DateRole,
    EntityKind,
    Event,
    EventType,
    Mention,
    Modality,
    Named,
    Precision,
    Report,
    ReportDate,
    ResolvedDate,
    Said,
    Tier,
    UserClass,
    Witness,
)
from tracker.weighing.contested import display_date

CLAUDE, FABLE, OPUS = "model/claude", "model/claude-fable-5", "model/claude-opus-9-9"
QWEN, H20, ANTHROPIC = "model/qwen", "chip/h20", "company/anthropic"
US, KR, JP, IT, CN = (f"country/{code}" for code in ("US", "KR", "JP", "IT", "CN"))
_NAMES = {FABLE: "Claude Fable 5", OPUS: "Claude Opus 9.9", CLAUDE: "Claude"}
_SAYING = {
    EventType.RESTRICTION: "cut off access to the model",
    EventType.EASING: "restored access to the model",
    EventType.LITIGATION: "judge blocks the order",
}


def june(day: int) -> date:
    return date(2026, 6, day)


def on(day: date) -> ResolvedDate:
    return ResolvedDate(first=day, last=day, precision=Precision.DAY)


def control(
    number: int,
    day: date,
    *,
    hits: Sequence[str] = (FABLE,),
    by: Sequence[str] = (US,),
    named: Sequence[str] = (),
    type_: EventType = EventType.RESTRICTION,
    modality: Modality = Modality.ACT,
    users: UserClass | None = None,
    saying: str = "",
    effective: date | None = None,
    expiry: date | None = None,
    published: date | None = None,
    tier: Tier = Tier.PRESS,
) -> Event:
    """Make an event of one witness, published on its own day unless told otherwise."""
    sentence = saying or _SAYING.get(type_, "said so")
    roles = {"actor": by, "target": hits, "named": named}
    mentions = {role: tuple(_mention(one) for one in ids) for role, ids in roles.items()}
    dates = [(DateRole.ANNOUNCED, day), (DateRole.EFFECTIVE, effective), (DateRole.EXPIRY, expiry)]
    report = Report(
        type=type_, modality=modality, cue=make_quote(sentence), sentence=make_quote(sentence),
        actors=mentions["actor"], targets=mentions["target"], named=mentions["named"],
        dates=tuple(ReportDate(role=role, date=on(one), quote=make_quote(str(one))) for role, one in dates if one),
        user_class=Said(value=users, quote=make_quote("users")) if users else None,
    )  # fmt: skip
    at = datetime.combine(published or day, time(12), UTC)
    witness = Witness(
        report_id=number, article_id=number, title=sentence, url=f"https://p{number}.example/", source=f"p{number}",
        family=f"p{number}", tier=tier, published_at=at, fetched_at=at, report=report,
    )  # fmt: skip
    return Event(
        id=number, story_id=1, type=type_, modality=modality, headline=sentence, date=on(day),
        entities=tuple(_named(one, role) for role, ids in roles.items() for one in ids),
        first_reported_at=at, last_reported_at=at, witnesses=(witness,),
    )  # fmt: skip


def merged(*events: Event) -> Event:
    """Make one event of several tellings of one type."""
    witnesses = tuple(witness for event in events for witness in event.witnesses)
    times = sorted(event.first_reported_at for event in events)
    entities = tuple(dict.fromkeys(named for event in events for named in event.entities))
    return replace(
        events[0], witnesses=witnesses, entities=entities, date=display_date(witnesses, DateRole.ANNOUNCED),
        first_reported_at=times[0], last_reported_at=times[-1],
    )  # fmt: skip


def _name(entity_id: str) -> str:
    return _NAMES.get(entity_id, entity_id.partition("/")[2])


def _named(entity_id: str, role: str) -> Named:
    return Named(entity_id=entity_id, kind=EntityKind(entity_id.partition("/")[0]), name=_name(entity_id), role=role)


def _mention(entity_id: str) -> Mention:
    kind = EntityKind(entity_id.partition("/")[0])
    return Mention(entity_id=entity_id, kind=kind, name=_name(entity_id), quote=make_quote(_name(entity_id)))
