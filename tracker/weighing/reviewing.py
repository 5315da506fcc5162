"""What a person's verdict on a report changes.  Pure."""

from collections.abc import Mapping
from dataclasses import replace

from tracker.types import DateRole, Report, Review, Verdict


def holds(review: Review, report: Report) -> bool:
    """Say whether a review is of this report: one that was read anew and otherwise has to be judged anew."""
    return _judged(review.report) == _judged(report)


def displayed(report: Report, review: Review | None) -> Report:
    """Return a report with the corrections that a display may show: type and modality, which its cue is evidence of.

    What has no quote is not shown; what is no event at all is not shown either (relate/events.py).
    """
    if review is None or not holds(review, report) or not _is_shown(review):
        return report
    return _corrected(report, review.verdict)


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
