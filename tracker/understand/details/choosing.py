"""Which of the details around a report belong to it: those of its own sentence that are closest to its cue."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from tracker.types import EventType, Instrument, Quote, Report
from tracker.understand.details.finding import NOTHING, Details, find_details
from tracker.understand.reading import Reading, is_within
from tracker.understand.text import Sentence

# Further down the lead explains what came before.
_LEAD_SENTENCES = 2
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


def add_details(article: Reading, reports: Sequence[Report]) -> list[Report]:
    """Give each report the details of its sentence, and the first, the main one, what the lead says beside.

    Where reports share a sentence, a detail goes to the one whose cue is closest.
    """
    found = {sentence: _find(article, sentence) for sentence in {report.sentence: None for report in reports}}
    detailed = [_detailed(r, found[r.sentence], [o for o in reports if o.sentence == r.sentence]) for r in reports]
    if detailed and detailed[0].modality.makes_event:
        lead = (_as_quote(sentence) for sentence in article.lead())
        elsewhere = [quote for quote in lead if quote not in found][:_LEAD_SENTENCES]
        detailed[0] = _completed(article, detailed[0], elsewhere)
    return detailed


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
    instruments = _closest(_instruments(report, details), report, [r for r in sharing if _has_instrument(r)])
    return replace(
        report,
        user_class=users[0] if users and report.type in _HITTING else None,
        instruments=_distinct(instruments),
        quantities=tuple(_closest(details.quantities, report, sharing)[:_MOST_QUANTITIES]),
    )


def _completed(article: Reading, report: Report, lead: Iterable[Quote]) -> Report:
    """Fill each detail that the main report's own sentence leaves out from the first sentence that has it."""
    for sentence in lead:
        if _is_complete(report):
            break
        if (details := _find(article, sentence)) is not NOTHING:
            more = _detailed(report, details, ())
            report = replace(
                report,
                user_class=report.user_class or more.user_class,
                instruments=report.instruments or more.instruments,
                quantities=report.quantities or more.quantities,
            )
    return report


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
