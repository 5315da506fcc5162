"""All the details that one sentence holds, each with its span."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tracker.types import Instrument, InstrumentKind, Part, Quantity, Quote, Said, UserClass
from tracker.understand.details.numbers import number_words
from tracker.understand.details.quantities import Found, find_quantities
from tracker.understand.details.rules import Match, Rules, load_table
from tracker.understand.folding import Folded, fold
from tracker.understand.phrases import Phrases

_USERS, _INSTRUMENTS, _NUMBERS = "users", "instruments", "numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What one sentence says of users, instruments and quantities, each in text order.

    `bills` are the instruments as a sentence about law-making means them.
    """

    users: tuple[Said[UserClass], ...] = ()
    instruments: tuple[Instrument, ...] = ()
    bills: tuple[Instrument, ...] = ()
    quantities: tuple[Quantity, ...] = ()


NOTHING = Details()


def find_details(sentence: Quote, *, language: str, names: Iterable[Quote] = ()) -> Details:
    """Find the details in one sentence; `names` are the mentions in it, whose figures are no quantities."""
    folded = fold(sentence.text)
    triggered: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for start, end, kind in _triggers().find(folded):
        family, _, number = kind.partition(" ")
        triggered[family].append((start, end, int(number)))
    users = _matches(_USERS, folded, triggered)
    instruments = _matches(_INSTRUMENTS, folded, triggered)
    spans = ((name.start - sentence.start, name.end - sentence.start) for name in names)
    quantities = find_quantities(folded, triggered[_NUMBERS], language=language, names=spans)
    if not (users or instruments or quantities):
        return NOTHING
    named = tuple(_instrument(sentence, folded, match, "value") for match in instruments)
    may_be_bill = any("in_legislation" in match.row for match in instruments)
    return Details(
        users=tuple(Said(value=UserClass(m.row["value"]), quote=_quote(sentence, folded, m)) for m in users),
        instruments=named,
        bills=tuple(_instrument(sentence, folded, m, "in_legislation") for m in instruments) if may_be_bill else named,
        quantities=tuple(_quantity(sentence, folded, found) for found in quantities),
    )


def _matches(name: str, folded: Folded, triggered: Mapping[str, list[tuple[int, int, int]]]) -> list[Match]:
    rows = {row for _, _, row in triggered.get(name, ())}
    return _rules(name).find(folded.cased, rows) if rows else []


def _instrument(sentence: Quote, folded: Folded, match: Match, reading: str) -> Instrument:
    quote = _quote(sentence, folded, match)
    kind = match.row.get(reading, match.row["value"])
    return Instrument(kind=InstrumentKind(kind), name=" ".join(quote.text.split()), quote=quote)


def _quantity(sentence: Quote, folded: Folded, found: Found) -> Quantity:
    return Quantity(
        measure=found.measure,
        value=found.value,
        high=found.high,
        unit=found.unit,
        of=found.of,
        is_change=found.is_change,
        quote=_quote(sentence, folded, found),
    )


def _quote(sentence: Quote, folded: Folded, found: Match | Found) -> Quote:
    start, end = folded.span(found.start, found.end)
    return Quote(
        part=Part(sentence.part), start=sentence.start + start, end=sentence.start + end, text=sentence.text[start:end]
    )


@cache
def _rules(name: str) -> Rules:
    return Rules(load_table(name))


@cache
def _triggers() -> Phrases:
    """The words that make a rule worth trying, and the number words: one pass finds both."""
    rules = {f"{name} {row}": words for name in (_USERS, _INSTRUMENTS) for row, words in _rules(name).triggers.items()}
    return Phrases(rules | {f"{_NUMBERS} {number}": words for number, words in number_words().items()})
