"""What a person's verdict on a report changes.  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.types import DateRole, Day, Mention, Named, Precision, Report, ReportDate, ResolvedDate, Review, Verdict


def holds(review: Review, report: Report) -> bool:
    """Say whether a review is of this report: one that was read anew and otherwise has to be judged anew."""
    return _judged(review.report) == _judged(report)


def displayed(report: Report, review: Review | None) -> Report:
    """Return a report with a person's corrections; of what they say, the sentence that they judged is the evidence.

    What is no event at all is not shown either (relate/events.py).
    """
    if review is None or not holds(review, report) or not _is_shown(review):
        return report
    verdict = review.verdict
    corrected = _corrected(report, verdict)
    if verdict.date is not None:
        others = tuple(said for said in report.dates if said.role is not DateRole.ANNOUNCED)
        corrected = replace(corrected, dates=(*_dated(report, verdict.date), *others))
    actors = report.actors if verdict.actors is None else _named(report, verdict.actors)
    targets = report.targets if verdict.targets is None else _named(report, verdict.targets)
    return replace(corrected, actors=actors, targets=targets)


def judged_reports(reports: Mapping[int, Report], reviews: Mapping[int, Review]) -> dict[int, Report]:
    """Return by position the reports that people left as events, with type and modality as they gave them.

    Every report is reviewed.
    """
    return {
        position: _corrected(report, reviews[position].verdict)
        for position, report in reports.items()
        if reviews[position].verdict.is_event
    }


def _corrected(report: Report, verdict: Verdict) -> Report:
    return replace(report, type=verdict.type or report.type, modality=verdict.modality or report.modality)


def _dated(report: Report, days: Sequence[Day]) -> tuple[ReportDate, ...]:
    quote = report.announced.quote if report.announced else report.sentence
    return tuple(
        ReportDate(
            role=DateRole.ANNOUNCED, date=ResolvedDate(first=day, last=day, precision=Precision.DAY), quote=quote
        )
        for day in days[:1]
    )


def _named(report: Report, named: Sequence[Named]) -> tuple[Mention, ...]:
    quotes = {one.entity_id: one.quote for one in (*report.named, *report.targets, *report.actors)}
    return tuple(
        Mention(entity_id=one.entity_id, kind=one.kind, name=one.name, quote=quotes.get(one.entity_id, report.sentence))
        for one in named
    )


def _is_shown(review: Review) -> bool:
    modality = review.verdict.modality
    return review.verdict.is_event and (modality is None or modality.makes_event)


def _judged(report: Report) -> tuple[object, ...]:
    """Return what a verdict is on; entities by their quotes, for their ids change with what people teach."""
    return (
        report.type,
        report.modality,
        report.cue,
        [mention.quote for mention in report.actors],
        [mention.quote for mention in report.targets],
        [said.date for said in report.dates if said.role is DateRole.ANNOUNCED],
    )
