"""Which policy events an article reports: cues found, weighed against their context, and merged."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.knowledge import KnowledgeBase
from tracker.types import (
    DateRole,
    EntityKind,
    EventType,
    Mention,
    Modality,
    Part,
    Precision,
    Quote,
    Report,
    ReportDate,
    ResolvedDate,
)
from tracker.understand.cues import Hit, Needs, choose_cues
from tracker.understand.dates import FoundDate, find_dates, one_day
from tracker.understand.official import find_official
from tracker.understand.roles import Roles, find_reached, find_roles, once
from tracker.understand.text import Sentence

# The main event is the one that headline and lead carry.
_TITLE_WEIGHT, _LEAD_WEIGHT, _BODY_WEIGHT = 3.0, 2.0, 1.0
_LEAD_SENTENCES = 3
_OUTLET = re.compile(r"\s[-|–—]\s[^-|–—]{2,30}$")
_FAINT = {Modality.HYPOTHETICAL: 0.3, Modality.BACKGROUND: 0.3, Modality.RUMOUR: 0.8, Modality.INTENT: 0.9}
_MOST_REPORTS = 8
# A report of an act is about these days; an older date beside a cue is its history.
_NEWS_DAYS = timedelta(days=45)
_LEAD_DAYS = timedelta(days=10)

# Where one of these is the main event, a restriction without a day of its own is what it is about, not news.
_ABOUT_CONTROLS = {
    EventType.EASING,
    EventType.LISTING,
    EventType.LEGISLATION,
    EventType.ENFORCEMENT,
    EventType.LITIGATION,
    EventType.RETALIATION,
    EventType.MARKET_REACTION,
    EventType.COMPANY_RESPONSE,
    EventType.MODEL_RELEASE,
    EventType.ADOPTION,
    EventType.ANALYSIS,
}
_ABOUT_SOMEBODY = {EventType.MARKET_REACTION, EventType.ADOPTION, EventType.MODEL_RELEASE, EventType.COMPANY_RESPONSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A report with how much it weighs and where it stands."""

    report: Report
    weight: float
    position: int

    @property
    def rank(self) -> tuple[bool, float, int, int]:
        """Return the order of reports: what happened first, then by weight, then as the article tells it."""
        return (not self.report.modality.makes_event, -self.weight, self.position, self.report.cue.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """What every step needs to know of the article."""

    sentences: Sequence[Sentence]
    mentions: Sequence[Mention]
    kb: KnowledgeBase
    day: date | None
    language: str

    def inside(self, sentence: Sentence) -> list[Mention]:
        """Return the mentions of a sentence; in a headline not those of the outlet that aggregators append."""
        end = sentence.end
        if sentence.part is Part.TITLE and (outlet := _OUTLET.search(sentence.text)):
            end = sentence.start + outlet.start()
        return [m for m in self.mentions if _within(m.quote, sentence) and m.quote.end <= end]

    def dates(self, sentence: Sentence) -> tuple[FoundDate, ...]:
        if self.day is None:
            return ()
        return find_dates(sentence.text, published=self.day)

    def lead(self) -> Sequence[Sentence]:
        """Return the headline and the first sentences of the text, a repeated headline aside."""
        titles = [s for s in self.sentences if s.part is Part.TITLE]
        said = {s.text.strip() for s in titles}
        body = [s for s in self.sentences if s.part is Part.TEXT and s.text.strip() not in said]
        return [*titles, *body[:_LEAD_SENTENCES]]


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
    article = _Article(sentences=sentences, mentions=mentions, kb=kb, day=day, language=language)
    lead = article.lead()
    found = [
        _Found(report=_report(article, sentence, hit), weight=_weight(sentence, hit, lead), position=position)
        for position, sentence in enumerate(sentences)
        for hit in _settle(_hits(article, sentence))
    ]
    merged = sorted(_merge(found), key=lambda f: f.rank)[:_MOST_REPORTS]
    reports = _demote([f.report for f in merged])
    if reports:
        reports[0] = _complete(article, reports[0])
    return tuple(sorted(reports, key=lambda r: not r.modality.makes_event))


def _within(quote: Quote, sentence: Sentence) -> bool:
    return quote.part is sentence.part and sentence.start <= quote.start and quote.end <= sentence.end


# ---------------------------------------------------------------- cues


def _hits(article: _Article, sentence: Sentence) -> Iterator[Hit]:
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


def _report(article: _Article, sentence: Sentence, hit: Hit) -> Report:
    inside = article.inside(sentence)
    roles = find_roles(sentence, hit, inside, article.kb)
    dates = tuple(_report_dates(article, sentence, hit))
    return Report(
        type=hit.type,
        modality=_modality(article, sentence, hit, dates),
        cue=_quote(sentence, hit.start, hit.end),
        sentence=Quote(part=sentence.part, start=sentence.start, end=sentence.end, text=sentence.text),
        actors=roles.actors,
        targets=roles.targets,
        named=_others(inside, roles),
        dates=dates,
        confidence=round(min(1.0, hit.strength) * _FAINT.get(hit.modality, 1.0), 2),
    )


def _modality(article: _Article, sentence: Sentence, hit: Hit, dates: Iterable[ReportDate]) -> Modality:
    """What lies behind the news may still be news ("since the ban of the 13th"); what is dated long ago is not."""
    if hit.modality is Modality.BACKGROUND:
        return Modality.ACT if any(_is_fresh(said.date, article.day) for said in dates) else hit.modality
    stated = [found.date for found in article.dates(sentence)]
    is_old = bool(stated) and not any(_is_news(one, article.day) for one in stated)
    return Modality.BACKGROUND if is_old and sentence.part is Part.TEXT else hit.modality


def _is_fresh(found: ResolvedDate, day: date | None) -> bool:
    return found.precision is Precision.DAY and day is not None and day - _LEAD_DAYS <= found.first <= day


def _quote(sentence: Sentence, start: int, end: int) -> Quote:
    text = sentence.text[start:end]
    return Quote(part=sentence.part, start=sentence.start + start, end=sentence.start + end, text=text)


def _others(inside: Iterable[Mention], roles: Roles) -> tuple[Mention, ...]:
    taken = {m.entity_id for m in (*roles.actors, *roles.targets)}
    return once(m for m in inside if m.entity_id not in taken)


def _report_dates(article: _Article, sentence: Sentence, hit: Hit) -> Iterator[ReportDate]:
    """Yield at most one date a role: the one closest to the cue; an old one is history, not when it happened."""
    seen: set[DateRole] = set()
    found = article.dates(sentence)
    for one in sorted(found, key=lambda d: (min(abs(d.start - hit.end), abs(hit.start - d.end)), d.start)):
        role = _role(sentence.text[: one.start])
        if role in seen or (role is DateRole.ANNOUNCED and not _is_news(one.date, article.day)):
            continue
        seen.add(role)
        yield ReportDate(role=role, date=one.date, quote=_quote(sentence, one.start, one.end))


def _is_news(found: ResolvedDate, day: date | None) -> bool:
    return day is not None and found.last >= day - _NEWS_DAYS


def _role(before: str) -> DateRole:
    """Return what a date is by the words closest before it."""
    words = before.casefold()[-_ROLE_CHARACTERS:]
    found = [(words.rfind(cue), role) for role, cues in _DATE_ROLES for cue in cues]
    at, role = max(found, key=lambda one: one[0])
    return role if at >= 0 else DateRole.ANNOUNCED


_ROLE_CHARACTERS = 80
_DATE_ROLES = (
    (
        DateRole.COMMENT,
        (
            "comments must",
            "comments should",
            "comment period",
            "comments are due",
            "comments due",
            "comment by",
            "comments by",
        ),
    ),
    (DateRole.COMPLIANCE, ("comply by", "compliance date", "compliance by", "must comply")),
    (DateRole.EXPIRY, ("expire", "until", "through")),
    (DateRole.EFFECTIVE, ("effective", "takes effect", "take effect", "in force", "into force", "starting")),
)


# ---------------------------------------------------------------- the article as a whole


def _merge(found: Sequence[_Found]) -> list[_Found]:
    """Join what tells of one event: the same type and kind of modality, and no two days or targets apart."""
    merged: list[_Found] = []
    for one in sorted(found, key=lambda f: f.rank):
        at = next((i for i, other in enumerate(merged) if _same(one.report, other.report)), None)
        if at is None:
            merged.append(one)
        else:
            merged[at] = replace(merged[at], report=_join(merged[at].report, one.report))
    return merged


def _same(one: Report, other: Report) -> bool:
    if one.type is not other.type or _firmness(one) != _firmness(other):
        return False
    if one.announced and other.announced and not _close(one.announced, other.announced):
        return False
    ours, theirs = ({m.entity_id for m in r.targets} for r in (one, other))
    if ours and theirs:
        return bool(ours & theirs)
    # A control told again without its targets is the same one; two figures about nobody in common are two.
    return one.type not in _ABOUT_SOMEBODY or bool(_about(one) & _about(other))


def _firmness(report: Report) -> tuple[bool, bool]:
    return report.modality.makes_event, report.modality is Modality.ACT


def _about(report: Report) -> set[str]:
    mentions = (*report.actors, *report.targets, *report.named)
    return {m.entity_id for m in mentions if m.kind in {EntityKind.COMPANY, EntityKind.MODEL}}


def _close(one: ReportDate, other: ReportDate) -> bool:
    return one.date.first <= other.date.last and other.date.first <= one.date.last


def _join(kept: Report, more: Report) -> Report:
    roles = {said.role for said in kept.dates}
    return replace(
        kept,
        actors=kept.actors or more.actors,
        targets=kept.targets or more.targets,
        named=once((*kept.named, *more.named)),
        dates=(*kept.dates, *(said for said in more.dates if said.role not in roles)),
        confidence=max(kept.confidence, more.confidence),
    )


def _demote(reports: list[Report]) -> list[Report]:
    """Make background of the restrictions that the main event is about, and of analysis beside any news."""
    if not reports or not reports[0].modality.makes_event:
        return reports
    main = reports[0]
    return [main, *(_as_background(r) if _is_context(r, main) else r for r in reports[1:])]


def _is_context(report: Report, main: Report) -> bool:
    if report.type is EventType.ANALYSIS:
        return True
    own_day = report.announced and report.announced != main.announced and report.sentence != main.sentence
    return report.type is EventType.RESTRICTION and main.type in _ABOUT_CONTROLS and not own_day


def _as_background(report: Report) -> Report:
    return replace(report, modality=Modality.BACKGROUND)


def _complete(article: _Article, report: Report) -> Report:
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
        dates = (announced, *kept, *_set_dates(article, {said.role for said in kept}))
    elif report.announced is None:
        dates = (*dates, *_lead_date(article, lead))
    reached = find_reached((s, article.inside(s)) for s in article.sentences) if report.type in _REACHES else []
    taken = {actor.entity_id for actor in roles.actors}
    targets = once((*roles.targets, *(m for m in reached if m.entity_id not in taken)))
    return replace(report, actors=roles.actors, targets=targets, dates=dates)


_REACHES = {EventType.RESTRICTION}


def _set_dates(article: _Article, known: set[DateRole]) -> Iterator[ReportDate]:
    """Yield the first date of each other role that an official document sets anywhere ("effective July 1, 2026")."""
    seen = {DateRole.ANNOUNCED, *known}
    for sentence in article.sentences:
        for found in article.dates(sentence):
            role = _role(sentence.text[: found.start])
            if role not in seen:
                seen.add(role)
                yield ReportDate(role=role, date=found.date, quote=_quote(sentence, found.start, found.end))


def _lead_date(article: _Article, lead: Sequence[Sentence]) -> Iterator[ReportDate]:
    """Yield the one recent day that the lead names ("said on Monday"), where it names just one."""
    days = [
        (sentence, found)
        for sentence in lead
        for found in article.dates(sentence)
        if _is_fresh(found.date, article.day)
    ]
    if len({found.date for _, found in days}) == 1:
        sentence, found = days[0]
        yield ReportDate(role=DateRole.ANNOUNCED, date=found.date, quote=_quote(sentence, found.start, found.end))
