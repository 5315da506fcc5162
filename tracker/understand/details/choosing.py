"""Which of the details around a report belong to it: those of its own sentence that are closest to its cue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from tracker.types import EventType, Instrument, Quote, Report
from tracker.understand.details.finding import NOTHING, Details, find_details
from tracker.understand.reading import Reading, is_within
from tracker.understand.text import Sentence

# The headline and two sentences: further down the lead explains what came before.
_LEAD_SENTENCES = 3
_MOST_INSTRUMENTS, _MOST_QUANTITIES = 6, 8

# What hits somebody: the users of a model that is released are no targets.
_HITTING = {
    EventType.RESTRICTION,
    EventType.EASING,
    EventType.LISTING,
    EventType.LEGISLATION,
    EventType.ENFORCEMENT,
    EventType.LITIGATION,
    EventType.RETALIATION,
    EventType.COMPANY_RESPONSE,
}
# The licence of a model is no legal instrument.
_WITHOUT_INSTRUMENT = {EventType.MODEL_RELEASE, EventType.ADOPTION}


class _Quoted(Protocol):
    @property
    def quote(self) -> Quote: ...


_Q = TypeVar("_Q", bound=_Quoted)


def add_details(article: Reading, reports: Sequence[Report], told: Iterable[Report] = ()) -> list[Report]:
    """Give each report that makes an event the details of its sentence, and the first, the main one, the lead's too.

    Where reports share a sentence, users and figures go to the one whose cue is closest.  `told` are the reports
    before they were merged: they know which other sentences tell of the main one again.
    """
    found = {one: _find(article, one) for one in {r.sentence: None for r in reports if r.modality.makes_event}}
    detailed = [
        _detailed(report, found[report.sentence], _sharing(reports, report.sentence))
        if report.modality.makes_event
        else report
        for report in reports
    ]
    if detailed and detailed[0].modality.makes_event:
        detailed[0] = _completed(article, detailed, found, told)
    return detailed


def _completed(
    article: Reading, reports: Sequence[Report], found: Mapping[Quote, Details], told: Iterable[Report]
) -> Report:
    """Fill what the main report's own sentence leaves out from the lead: where it, or nothing else, is told of."""
    main = reports[0]
    again = {one.sentence: one for one in told if one.type is main.type}
    for sentence in map(_as_quote, article.lead()[:_LEAD_SENTENCES]):
        if _is_complete(main):
            break
        sharing = _sharing(reports, sentence)
        if sentence in again or not sharing:
            details = found.get(sentence) or _find(article, sentence)
            bare = again.get(sentence) or replace(main, user_class=None, instruments=(), quantities=())
            main = _filled(main, _detailed(bare, details, sharing))
    return main


def _sharing(reports: Iterable[Report], sentence: Quote) -> list[Report]:
    return [report for report in reports if report.sentence == sentence]


def _filled(report: Report, more: Report) -> Report:
    return replace(
        report,
        user_class=report.user_class or more.user_class,
        instruments=report.instruments or more.instruments,
        quantities=report.quantities or more.quantities,
    )


def _find(article: Reading, sentence: Quote) -> Details:
    # Only a sentence with figures in it asks for the names.
    names = (mention.quote for mention in article.mentions if is_within(mention.quote, sentence))
    return find_details(sentence, language=article.language, names=names)


def _as_quote(sentence: Sentence) -> Quote:
    return Quote(part=sentence.part, start=sentence.start, end=sentence.end, text=sentence.text)


def _detailed(report: Report, details: Details, sharing: Sequence[Report]) -> Report:
    if details is NOTHING:
        return report
    users = _closest(details.users, report, [r for r in sharing if r.type in _HITTING])
    return replace(
        report,
        user_class=users[0] if users and report.type in _HITTING else None,
        instruments=_distinct(_closest(_instruments(report, details), report, ())),
        quantities=tuple(_closest(details.quantities, report, sharing)[:_MOST_QUANTITIES]),
    )


def _is_complete(report: Report) -> bool:
    has_user_class = report.user_class is not None or report.type not in _HITTING
    return has_user_class and bool(report.instruments or not _has_instrument(report)) and bool(report.quantities)


def _instruments(report: Report, details: Details) -> tuple[Instrument, ...]:
    if not _has_instrument(report):
        return ()
    return details.bills if report.type is EventType.LEGISLATION else details.instruments


def _has_instrument(report: Report) -> bool:
    return report.type not in _WITHOUT_INSTRUMENT


def _closest(found: Iterable[_Q], report: Report, sharing: Iterable[Report]) -> list[_Q]:
    """Return what is closer to the report's cue than to that of any that shares its sentence, closest first."""
    rivals = [other.cue for other in sharing if other is not report]
    far = [(_distance(one.quote, report.cue), one) for one in found]
    mine = [(away, one) for away, one in far if all(away <= _distance(one.quote, cue) for cue in rivals)]
    return [one for _, one in sorted(mine, key=lambda pair: (pair[0], pair[1].quote.start))]


def _distance(quote: Quote, cue: Quote) -> int:
    if quote.part is not cue.part:
        return quote.start
    return max(0, quote.start - cue.end, cue.start - quote.end)


def _distinct(instruments: Iterable[Instrument]) -> tuple[Instrument, ...]:
    """Keep the fullest name of each instrument: "final rule" says nothing beside "interim final rule"."""
    kept: list[Instrument] = []
    for one in instruments:
        name = one.name.casefold()
        same = next((i for i, k in enumerate(kept) if k.kind is one.kind and _contain(name, k.name.casefold())), None)
        if same is None:
            kept.append(one)
        elif len(one.name) > len(kept[same].name):
            kept[same] = one
    return tuple(kept[:_MOST_INSTRUMENTS])


def _contain(one: str, other: str) -> bool:
    return one in other or other in one
