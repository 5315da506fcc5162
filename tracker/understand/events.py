"""Which policy events an article reports: cues found, weighed against their context, and merged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.knowledge import KnowledgeBase
from tracker.types import (
    DateRole,
    EntityKind,
    EventType,
    Mention,
    Modality,
    Part,
    Quote,
    Report,
    ReportDate,
)
from tracker.understand.cues import Hit, Needs, choose_cues
from tracker.understand.dates import FoundDate, find_dates
from tracker.understand.roles import find_roles
from tracker.understand.text import Sentence

# The main event is the one that headline and lead carry.
_TITLE_WEIGHT, _LEAD_WEIGHT, _BODY_WEIGHT = 3.0, 2.0, 1.0
_LEAD_SENTENCES = 2
_FAINT = {Modality.HYPOTHETICAL: 0.3, Modality.BACKGROUND: 0.3, Modality.RUMOUR: 0.8, Modality.INTENT: 0.9}
_MOST_REPORTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A report with how much it weighs and where it stands."""

    report: Report
    weight: float
    position: int


def find_reports(
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    *,
    kb: KnowledgeBase,
    published_at: datetime | None,
    zone: ZoneInfo,
    language: str,
) -> tuple[Report, ...]:
    """Return what the article reports, the main event first; each field rests on a quote."""
    found: list[_Found] = []
    for position, sentence in enumerate(sentences):
        inside = [m for m in mentions if _within(m.quote, sentence)]
        dates = _dates(sentence, published_at, zone, language)
        for hit in _settle(_hits(sentence, inside, kb, language)):
            report = _report(sentence, hit, inside, dates, kb)
            found.append(_Found(report=report, weight=_weight(sentence, position, hit), position=position))
    merged = _merge(found)
    merged.sort(key=lambda f: (not f.report.modality.makes_event, -f.weight, f.position))
    return tuple(f.report for f in merged[:_MOST_REPORTS])


def _within(quote: Quote, sentence: Sentence) -> bool:
    return quote.part is sentence.part and sentence.start <= quote.start and quote.end <= sentence.end


def _hits(sentence: Sentence, inside: Sequence[Mention], kb: KnowledgeBase, language: str) -> Iterator[Hit]:
    for cue, hit in choose_cues(sentence.text, language).find(sentence.text):
        if all(_holds(need, sentence, inside, kb) for need in cue.needs):
            yield hit


def _holds(need: Needs, sentence: Sentence, inside: Sequence[Mention], kb: KnowledgeBase) -> bool:
    kinds = {mention.kind for mention in inside}
    governed = bool(kinds & {EntityKind.AGENCY, EntityKind.COUNTRY})
    match need:
        case Needs.GOVERNMENT:
            return governed
        case Needs.POLICY:
            return governed or bool(kinds & {EntityKind.CHIP, EntityKind.MODEL})
        case Needs.OTHER_GOVERNMENT:
            return any(_state(m, kb) not in {None, "US"} for m in inside)
        case Needs.MODEL:
            return EntityKind.MODEL in kinds
        case Needs.COMPANY:
            return EntityKind.COMPANY in kinds
        case Needs.MODEL_OR_COMPANY:
            return bool(kinds & {EntityKind.MODEL, EntityKind.COMPANY, EntityKind.COUNTRY})
        case Needs.MARKET:
            return bool(kinds) or sentence.part is Part.TITLE


def _state(mention: Mention, kb: KnowledgeBase) -> str | None:
    if mention.kind is EntityKind.COUNTRY:
        return mention.entity_id.partition("/")[2]
    entity = kb.entities.get(mention.entity_id)
    return entity.country if entity and mention.kind is EntityKind.AGENCY else None


def _settle(hits: Iterable[Hit]) -> list[Hit]:
    """Keep of a sentence's hits the strongest of each type; a weak one gives way to any strong policy type."""
    best: dict[EventType, Hit] = {}
    for hit in hits:
        held = best.get(hit.type)
        if held is None or (hit.strength, -hit.start) > (held.strength, -held.start):
            best[hit.type] = hit
    strong = any(hit.strength >= 1 for hit in best.values())
    kept = [hit for hit in best.values() if hit.strength >= 1 or not strong or hit.type is EventType.COMPANY_RESPONSE]
    for winner, loser in _GIVES_WAY:
        if any(h.type is winner and h.modality.makes_event for h in kept):
            kept = [h for h in kept if h.type is not loser]
    return kept


# "Lifted export controls" also says "export controls"; a listing is more than a restriction, and so on.
_GIVES_WAY = (
    (EventType.EASING, EventType.RESTRICTION),
    (EventType.LISTING, EventType.RESTRICTION),
    (EventType.RETALIATION, EventType.RESTRICTION),
    (EventType.LEGISLATION, EventType.RESTRICTION),
    (EventType.ENFORCEMENT, EventType.RESTRICTION),
    (EventType.ADOPTION, EventType.MODEL_RELEASE),
)


def _weight(sentence: Sentence, position: int, hit: Hit) -> float:
    if sentence.part is Part.TITLE:
        place = _TITLE_WEIGHT
    else:
        place = _LEAD_WEIGHT if position <= _LEAD_SENTENCES else _BODY_WEIGHT
    return place * hit.strength * _FAINT.get(hit.modality, 1.0)


def _report(
    sentence: Sentence, hit: Hit, inside: Sequence[Mention], dates: Sequence[FoundDate], kb: KnowledgeBase
) -> Report:
    actors, targets = find_roles(sentence, hit, inside, kb)
    taken = {m.entity_id for m in (*actors, *targets)}
    return Report(
        type=hit.type,
        modality=hit.modality,
        cue=_quote(sentence, hit.start, hit.end),
        sentence=Quote(part=sentence.part, start=sentence.start, end=sentence.end, text=sentence.text),
        actors=actors,
        targets=targets,
        named=_once(m for m in inside if m.entity_id not in taken),
        dates=tuple(_report_dates(sentence, hit, dates)),
        confidence=round(min(1.0, hit.strength) * _FAINT.get(hit.modality, 1.0), 2),
    )


def _quote(sentence: Sentence, start: int, end: int) -> Quote:
    text = sentence.text[start:end]
    return Quote(part=sentence.part, start=sentence.start + start, end=sentence.start + end, text=text)


def _once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.entity_id, mention)
    return tuple(seen.values())


def _dates(sentence: Sentence, published_at: datetime | None, zone: ZoneInfo, language: str) -> tuple[FoundDate, ...]:
    if published_at is None:
        return ()
    return find_dates(sentence.text, published=published_at.astimezone(zone).date(), language=language)


def _report_dates(sentence: Sentence, hit: Hit, dates: Sequence[FoundDate]) -> Iterator[ReportDate]:
    """Yield at most one date a role: the one closest to the cue."""
    seen: set[DateRole] = set()
    for found in sorted(dates, key=lambda d: (min(abs(d.start - hit.end), abs(hit.start - d.end)), d.start)):
        role = _role(sentence.text[: found.start])
        if role not in seen:
            seen.add(role)
            yield ReportDate(role=role, date=found.date, quote=_quote(sentence, found.start, found.end))


def _role(before: str) -> DateRole:
    words = before.casefold()[-40:]
    for role, cues in _DATE_ROLES:
        if any(cue in words for cue in cues):
            return role
    return DateRole.ANNOUNCED


_DATE_ROLES = (
    (DateRole.COMMENT, ("comments must", "comment period", "comments are due", "comment by", "comments by")),
    (DateRole.COMPLIANCE, ("comply by", "compliance date", "compliance by")),
    (DateRole.EXPIRY, ("expire", "until", "through")),
    (DateRole.EFFECTIVE, ("effective", "takes effect", "take effect", "in force", "into force", "starting")),
)


def _merge(found: Sequence[_Found]) -> list[_Found]:
    """Join what tells of one event: the same type and kind of modality, and no two days or targets apart."""
    merged: list[_Found] = []
    for one in sorted(found, key=lambda f: (-f.weight, f.position)):
        at = next((i for i, other in enumerate(merged) if _same(one.report, other.report)), None)
        if at is None:
            merged.append(one)
        else:
            merged[at] = _joined(merged[at], one)
    return merged


def _same(one: Report, other: Report) -> bool:
    if one.type is not other.type or one.modality.makes_event != other.modality.makes_event:
        return False
    if one.announced and other.announced and not _close(one.announced, other.announced):
        return False
    ours, theirs = ({m.entity_id for m in r.targets} for r in (one, other))
    return not ours or not theirs or bool(ours & theirs)


def _close(one: ReportDate, other: ReportDate) -> bool:
    return one.date.first <= other.date.last and other.date.first <= one.date.last


def _joined(kept: _Found, other: _Found) -> _Found:
    report, more = kept.report, other.report
    roles = {date.role for date in report.dates}
    joined = Report(
        type=report.type,
        modality=report.modality,
        cue=report.cue,
        sentence=report.sentence,
        actors=report.actors or more.actors,
        targets=_once((*report.targets, *more.targets)),
        named=_once((*report.named, *more.named)),
        dates=(*report.dates, *(date for date in more.dates if date.role not in roles)),
        confidence=max(report.confidence, more.confidence),
    )
    return _Found(report=joined, weight=kept.weight, position=kept.position)
