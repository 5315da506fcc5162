"""Which policy events an article reports: cues found, weighed against their context, and merged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.knowledge import KnowledgeBase
from tracker.types import DateRole, EntityKind, EventType, Mention, Modality, Part, Quote, Report, ReportDate
from tracker.understand.cues import Hit, Needs, choose_cues
from tracker.understand.dates import one_day
from tracker.understand.details import add_details
from tracker.understand.event_dates import is_fresh, is_news, lead_date, report_dates, set_dates
from tracker.understand.merging import Found, demote, merge
from tracker.understand.official import find_official
from tracker.understand.reading import Reading, quote_of
from tracker.understand.roles import Roles, find_reached, find_roles, once
from tracker.understand.text import Sentence

# The main event is the one that headline and lead carry.
_TITLE_WEIGHT, _LEAD_WEIGHT, _BODY_WEIGHT = 3.0, 2.0, 1.0
_FAINT = {Modality.HYPOTHETICAL: 0.3, Modality.BACKGROUND: 0.3, Modality.RUMOUR: 0.8, Modality.INTENT: 0.9}
_MOST_REPORTS = 8


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
    day = published_at.astimezone(zone).date() if published_at else None
    article = Reading(sentences=sentences, mentions=mentions, kb=kb, day=day, language=language)
    lead = article.lead()
    found = [
        Found(report=_report(article, sentence, hit), weight=_weight(sentence, hit, lead), position=position)
        for position, sentence in enumerate(sentences)
        for hit in _settle(_hits(article, sentence))
    ]
    merged = sorted(merge(found), key=lambda f: f.rank)[:_MOST_REPORTS]
    reports = demote([f.report for f in merged], day)
    if reports:
        reports[0] = _complete(article, reports[0])
    reports = add_details(article, reports, (f.report for f in found))
    return tuple(sorted(reports, key=lambda r: not r.modality.makes_event))


# ---------------------------------------------------------------- cues


def _hits(article: Reading, sentence: Sentence) -> Iterator[Hit]:
    # A headline leaves out who acts; the lead says it.
    around = article.lead() if sentence.part is Part.TITLE else (sentence,)
    named = [mention for one in around for mention in article.inside(one)]
    kinds = {mention.kind for mention in named}
    states = {_state(mention, article.kb) for mention in named} - {None}
    for cue, hit in choose_cues(sentence.text, article.language).find(sentence.text):
        if all(_holds(need, kinds, states, in_title=sentence.part is Part.TITLE) for need in cue.needs):
            yield hit


def _holds(need: Needs, kinds: set[EntityKind], states: set[str | None], *, in_title: bool) -> bool:
    governed = bool(kinds & {EntityKind.AGENCY, EntityKind.COUNTRY})
    holds = {
        Needs.GOVERNMENT: governed,
        Needs.POLICY: governed or bool(kinds & {EntityKind.CHIP, EntityKind.MODEL}),
        Needs.OTHER_GOVERNMENT: bool(states - {"US"}),
        Needs.MODEL: EntityKind.MODEL in kinds,
        Needs.COMPANY: EntityKind.COMPANY in kinds,
        Needs.MODEL_OR_COMPANY: bool(kinds & {EntityKind.MODEL, EntityKind.COMPANY, EntityKind.COUNTRY}),
        Needs.MARKET: bool(kinds) or in_title,
    }
    return holds[need]


def _state(mention: Mention, kb: KnowledgeBase) -> str | None:
    if mention.kind is EntityKind.COUNTRY:
        return mention.entity_id.partition("/")[2]
    entity = kb.entities.get(mention.entity_id)
    return entity.country if entity and mention.kind is EntityKind.AGENCY else None


def _settle(hits: Iterable[Hit]) -> list[Hit]:
    """Keep of a sentence's hits the strongest of each type; a weak one gives way to any strong one."""
    best: dict[EventType, Hit] = {}
    for hit in hits:
        held = best.get(hit.type)
        if held is None or (hit.strength, -hit.start) > (held.strength, -held.start):
            best[hit.type] = hit
    strong = any(hit.strength >= 1 for hit in best.values())
    kept = [hit for hit in best.values() if hit.strength >= 1 or not strong]
    for winner, loser in _GIVES_WAY:
        first, second = best.get(winner), best.get(loser)
        if first and second and first in kept and first.modality.makes_event and _overlap(first, second):
            kept = [hit for hit in kept if hit is not second]
    return kept


# "Lifted export controls" also says "export controls": of two cues that share words, the first kind is meant.
_GIVES_WAY = (
    (EventType.EASING, EventType.RESTRICTION),
    (EventType.LISTING, EventType.RESTRICTION),
    (EventType.RETALIATION, EventType.RESTRICTION),
    (EventType.LEGISLATION, EventType.RESTRICTION),
    (EventType.LEGISLATION, EventType.ENFORCEMENT),
    (EventType.ENFORCEMENT, EventType.RESTRICTION),
    (EventType.EASING, EventType.COMPANY_RESPONSE),
    (EventType.RESTRICTION, EventType.COMPANY_RESPONSE),
    (EventType.ADOPTION, EventType.MARKET_REACTION),
    (EventType.ADOPTION, EventType.MODEL_RELEASE),
)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _weight(sentence: Sentence, hit: Hit, lead: Sequence[Sentence]) -> float:
    in_lead = _LEAD_WEIGHT if sentence in lead else _BODY_WEIGHT
    place = _TITLE_WEIGHT if sentence.part is Part.TITLE else in_lead
    return place * hit.strength * _FAINT.get(hit.modality, 1.0)


# ---------------------------------------------------------------- reports


def _report(article: Reading, sentence: Sentence, hit: Hit) -> Report:
    inside = article.inside(sentence)
    roles = find_roles(sentence, hit, inside, article.kb)
    dates = tuple(report_dates(article, sentence, hit))
    return Report(
        type=hit.type,
        modality=_modality(article, sentence, hit, dates),
        cue=quote_of(sentence, hit.start, hit.end),
        sentence=Quote(part=sentence.part, start=sentence.start, end=sentence.end, text=sentence.text),
        actors=roles.actors,
        targets=roles.targets,
        named=_others(inside, roles),
        dates=dates,
        confidence=round(min(1.0, hit.strength) * _FAINT.get(hit.modality, 1.0), 2),
    )


def _modality(article: Reading, sentence: Sentence, hit: Hit, dates: Iterable[ReportDate]) -> Modality:
    """What lies behind the news may still be news ("since the ban of the 13th"); what is dated long ago is not."""
    if hit.modality is Modality.BACKGROUND:
        return Modality.ACT if any(is_fresh(said.date, article.day) for said in dates) else hit.modality
    stated = [found.date for found in article.dates(sentence)]
    is_old = bool(stated) and not any(is_news(one, article.day) for one in stated)
    return Modality.BACKGROUND if is_old and sentence.part is Part.TEXT else hit.modality


def _others(inside: Iterable[Mention], roles: Roles) -> tuple[Mention, ...]:
    taken = {m.entity_id for m in (*roles.actors, *roles.targets)}
    return once(m for m in inside if m.entity_id not in taken)


# ---------------------------------------------------------------- the article as a whole


def _complete(article: Reading, report: Report) -> Report:
    """Give the main event what headline and lead say beside its own sentence: who, whom, and when."""
    lead = article.lead()
    official = find_official(article.sentences) if article.day else None
    roles = Roles(actors=report.actors, targets=report.targets).completed(
        report.type,
        [(sentence, article.inside(sentence)) for sentence in lead],
        article.kb,
        official=official is not None,
    )
    dates = report.dates
    if official and article.day and official.speaks_of(report.type):
        kept = [said for said in dates if said.role is not DateRole.ANNOUNCED]
        announced = ReportDate(role=DateRole.ANNOUNCED, date=one_day(article.day), quote=official.quote)
        dates = (announced, *kept)
    elif report.announced is None:
        dates = (*dates, *lead_date(article, lead))
    if report.type in _CONTROLS:
        dates = (*dates, *set_dates(article, {said.role for said in dates}))
    reached = find_reached((s, article.inside(s)) for s in article.sentences) if report.type in _REACHES else []
    taken = {actor.entity_id for actor in roles.actors}
    targets = once((*roles.targets, *(m for m in reached if m.entity_id not in taken)))
    return replace(report, actors=roles.actors, targets=targets, dates=dates)


_REACHES = {EventType.RESTRICTION}
# What has a day to start on, to be commented on, or to end.
_CONTROLS = {
    EventType.RESTRICTION,
    EventType.EASING,
    EventType.LISTING,
    EventType.RETALIATION,
    EventType.LEGISLATION,
}
