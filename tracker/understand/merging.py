"""What several sentences report as one event, and what is only behind another event; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.types import EntityKind, EventType, Modality, Report, ReportDate
from tracker.understand.event_dates import is_fresh
from tracker.understand.roles import once

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
class Found:
    """A report with how much it weighs and where it stands."""

    report: Report
    weight: float
    position: int

    @property
    def rank(self) -> tuple[bool, float, int, int]:
        """Return the order of reports: what happened first, then by weight, then as the article tells it."""
        return (not self.report.modality.makes_event, -self.weight, self.position, self.report.cue.start)


def merge(found: Sequence[Found]) -> list[Found]:
    """Join what tells of one event: the same type and kind of modality, and no two days or targets apart."""
    merged: list[Found] = []
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


def demote(reports: list[Report], day: date | None) -> list[Report]:
    """Make background of the restrictions that the main event is about, and of analysis beside any news.

    A restriction that is dated to the days before the article's own `day` is news of its own.
    """
    if not reports or not reports[0].modality.makes_event:
        return reports
    main = reports[0]
    return [main, *(_as_background(r) if _is_context(r, main, day) else r for r in reports[1:])]


def _is_context(report: Report, main: Report, day: date | None) -> bool:
    if report.type is EventType.ANALYSIS:
        return True
    is_dated = report.announced is not None and is_fresh(report.announced.date, day)
    own_day = is_dated and report.announced != main.announced and report.sentence != main.sentence
    return report.type is EventType.RESTRICTION and main.type in _ABOUT_CONTROLS and not own_day


def _as_background(report: Report) -> Report:
    return replace(report, modality=Modality.BACKGROUND)
