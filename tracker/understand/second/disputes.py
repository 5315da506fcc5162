"""Hold a second reader's answer against the reports; what it cannot quote does not count, and nothing is overruled."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.types import Dispute, Mention, Part, Quote, Report, Understanding
from tracker.understand.second.answer import Answer, Claim


@dataclass(frozen=True, slots=True)
class _Reading:
    """One article, and who reads it a second time."""

    title: str
    text: str
    reader: str
    mentions: Sequence[Mention]

    def locate(self, words: str | None) -> Quote | None:
        """Find words in the text, else in the title; None where they stand in neither."""
        wanted = (words or "").strip()
        for part, inside in ((Part.TEXT, self.text), (Part.TITLE, self.title)):
            if wanted and (start := inside.find(wanted)) >= 0:
                return Quote(part=part, start=start, end=start + len(wanted), text=wanted)
        return None

    def dispute(self, field: str, value: str, quote: Quote) -> Dispute:
        return Dispute(field=field, value=value, reader=self.reader, quote=quote)


def with_disputes(understanding: Understanding, answer: Answer, *, title: str, text: str, reader: str) -> Understanding:
    """Add to each report what `reader` reads otherwise; an event that no report tells of goes to the main one."""
    article = _Reading(title, text, reader, understanding.mentions)
    claims = [(claim, quote) for claim in answer.events if (quote := article.locate(claim.quote))]
    told: set[int] = set()
    reports = []
    for report in understanding.reports:
        close = [at for at, (_, quote) in enumerate(claims) if _overlap(quote, report.sentence)]
        told.update(close)
        alike = [at for at in close if claims[at][0].type is report.type] or close
        held = alike and report.modality.makes_event
        disputes = tuple(_disputes(article, report, *claims[alike[0]])) if held else ()
        reports.append(replace(report, disputes=disputes))
    told_types = {report.type for report in reports}
    further = tuple(
        article.dispute("event", claim.type.value, quote)
        for at, (claim, quote) in enumerate(claims)
        if at not in told and claim.type not in told_types
    )
    if reports and further:
        reports[0] = replace(reports[0], disputes=(*reports[0].disputes, *further))
    return replace(understanding, reports=tuple(reports))


def _disputes(article: _Reading, report: Report, claim: Claim, quote: Quote) -> Iterator[Dispute]:
    if claim.type is not report.type:
        yield article.dispute("type", claim.type.value, quote)
    if claim.modality is not report.modality:
        yield article.dispute("modality", claim.modality.value, quote)
    said, said_by = _day(claim.date), article.locate(claim.date_quote)
    ours = report.announced
    if said and said_by and not (ours and ours.date.first <= said <= ours.date.last):
        yield article.dispute("announced", said.isoformat(), said_by)
    yield from _names(article, "by", claim.actors, report.actors)
    yield from _names(article, "against", claim.targets, report.targets)


def _names(article: _Reading, field: str, claimed: Iterable[str], ours: Sequence[Mention]) -> Iterator[Dispute]:
    """Yield names that are entities of the article and that the report lacks; others cannot be told apart."""
    known = {mention.entity_id for mention in ours}
    for words in claimed:
        for mention in _named(article, words):
            if mention.entity_id not in known:
                known.add(mention.entity_id)
                yield article.dispute(field, mention.name, mention.quote)


def _named(article: _Reading, words: str) -> list[Mention]:
    """Return the entities whose names stand in words of the article, the first mention of each."""
    wanted = words.strip()
    if article.locate(wanted) is None:
        return []
    return [mention for mention in article.mentions if mention.quote.text in wanted]


def _day(stated: str | None) -> date | None:
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError:
        return None


def _overlap(one: Quote, other: Quote) -> bool:
    return one.part is other.part and one.start < other.end and other.start < one.end
