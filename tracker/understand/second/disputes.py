"""Hold a second reader's claims against the reports: what the rules say stands, what it says otherwise beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.knowledge import KnowledgeBase
from tracker.types import DateRole, Dispute, EventType, Mention, Quote, Report, ReportDate, Understanding
from tracker.understand.second.grounding import Grounded
from tracker.weighing.agreeing import dates_agree, lineage

_HAPPENED = (DateRole.ANNOUNCED, DateRole.EFFECTIVE)


def with_disputes(
    understanding: Understanding, claims: Iterable[Grounded], *, reader: str, kb: KnowledgeBase
) -> Understanding:
    """Add to each report what `reader` reads otherwise; an event that no report tells of goes to the main one.

    Where no report makes an event, it goes to the article, for nobody would see it elsewhere.

    What a claim leaves out is no dispute, and neither is a wider or narrower name of the same thing.
    """
    second = _Second(reader, kb)
    reports = list(understanding.reports)
    free, further = list(range(len(reports))), list[Dispute]()
    for claim in claims:
        at = _match(claim, reports, free)
        if at is not None:
            free.remove(at)
            reports[at] = replace(reports[at], disputes=tuple(second.disputes(reports[at], claim)))
        is_told = at is not None and reports[at].modality.makes_event
        if not is_told and _is_further(claim, reports):
            further.append(second.dispute("event", claim.type.value, claim.quote))
    if reports and reports[0].modality.makes_event:
        reports[0] = replace(reports[0], disputes=(*reports[0].disputes, *further))
        further = []
    return replace(understanding, reports=tuple(reports), disputes=tuple(further))


def _is_further(claim: Grounded, reports: Iterable[Report]) -> bool:
    """Say whether a claim is of an event that no report makes; the same event told twice is not."""
    is_news = claim.modality.makes_event and claim.type is not EventType.ANALYSIS
    return is_news and claim.type not in {report.type for report in reports if report.modality.makes_event}


def _match(claim: Grounded, reports: Sequence[Report], free: Iterable[int]) -> int | None:
    """Choose the report that a claim is about: of its type and in the same words, of its type, in the same words.

    The rules may rest a report on the headline that the claim takes from the lead, so words alone do not tell.
    """
    ranks = {
        at: (reports[at].type is claim.type, _overlap(claim.quote, reports[at].sentence))
        for at in free
        if reports[at].type is claim.type or _overlap(claim.quote, reports[at].cue)
    }
    return max(ranks, key=lambda at: (*ranks[at], -at), default=None)


@dataclass(frozen=True, slots=True)
class _Second:
    reader: str
    kb: KnowledgeBase

    def dispute(self, field: str, value: str, quote: Quote) -> Dispute:
        return Dispute(field=field, value=value, reader=self.reader, quote=quote)

    def disputes(self, report: Report, claim: Grounded) -> Iterator[Dispute]:
        if claim.type is not report.type:
            yield self.dispute("type", claim.type.value, claim.quote)
        if claim.modality is not report.modality:
            yield self.dispute("modality", claim.modality.value, claim.quote)
        ours, theirs = _date(report), claim.date
        if theirs and not (ours and dates_agree(theirs.value, ours.date)):
            yield self.dispute("announced", str(theirs.value), theirs.quote)
        yield from self._names("by", claim.actors, report.actors)
        yield from self._names("against", claim.targets, report.targets)

    def _names(self, field: str, claimed: Iterable[Mention], ours: Sequence[Mention]) -> Iterator[Dispute]:
        for mention in claimed:
            if not any(_are_one(mention, other, self.kb) for other in ours):
                yield self.dispute(field, mention.name, mention.quote)


def _date(report: Report) -> ReportDate | None:
    """Return when a report says that it happened, else when it takes effect."""
    return next((said for role in _HAPPENED for said in report.dates if said.role is role), None)


def _are_one(one: Mention, other: Mention, kb: KnowledgeBase) -> bool:
    """Say whether two names are of one actor or target: a model and its family or maker, a body and its state."""
    return one.entity_id in _wider(other, kb) or other.entity_id in _wider(one, kb)


def _wider(mention: Mention, kb: KnowledgeBase) -> set[str]:
    line = lineage(mention.entity_id, kb, name=mention.name)
    known = [entity for one in line if (entity := kb.entities.get(one))]
    makers = {entity.developer for entity in known if entity.developer}
    states = {f"country/{entity.country}" for entity in known if entity.country and entity.id.startswith("agency/")}
    return {*line, *makers, *states}


def _overlap(one: Quote, other: Quote) -> bool:
    return one.part is other.part and one.start < other.end and other.start < one.end
