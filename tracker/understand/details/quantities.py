"""Numbers with their unit, their sign and what they measure: shares down 6.2%, $5.5 bn, 20万颗芯片, 10^26 FLOP."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.types import Measure
from tracker.understand.details.numbers import Number, find_numerals, read_scale
from tracker.understand.details.wording import (
    change_before,
    described,
    guard,
    level,
    names_before,
    noun_after,
    nouns,
    unit_name,
    units,
)
from tracker.understand.folding import Folded

_KANA = re.compile("[\u3040-\u30ff]")
_BEFORE, _NEAR = 64, 48
_VAGUE = 24
_YEARS = range(1900, 2101)
_MOST = 12
_ALL_TENTHS = 10
_LONGEST_WORD = 14
# What a currency before its amount may end with: most numbers need no closer look.
_CURRENCY_ENDS = frozenset("$€£¥₩₹DRPYBWF币幣")
# Behind a number that ends its phrase no unit follows.
_STOPS = re.compile(r" ?(?:[,.;:!?()\]\"']|$)")
# The yuan of mainland China is written with the simplified scales; 元 after the others may be Taiwan's or Hong Kong's.
_BARE_YUAN = re.compile("元(?!宇宙|素|件|器|件|旦|首|年)")
_TRADITIONAL = re.compile("[億萬]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A quantity at [start, end) of the folded text."""

    measure: Measure
    value: Decimal
    unit: str
    of: str | None = None
    high: Decimal | None = None
    is_change: bool = False
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """What the words around a number make it; `number` has its scale."""

    measure: Measure
    name: str
    number: Number


def find_quantities(
    folded: Folded, words: Iterable[tuple[int, int, int]], *, language: str, names: Iterable[tuple[int, int]] = ()
) -> list[Found]:
    """Find the quantities of one sentence, in text order, the first twelve.

    `words` are its number words as (start, end, value).  A number within one of `names`, spans of what is named, is
    part of the name ("Ascend 950").
    """
    found: list[Found] = []
    end = 0
    text = folded.cased
    numerals = find_numerals(text, folded.original, words, language)
    taken = tuple(names) if numerals else ()
    for numeral in numerals:
        if numeral.start < end or len(found) == _MOST or _is_name(text, numeral, taken):
            continue
        unit = _unit(folded, numeral, language)
        if unit is not None:
            found.append(_in_a_row(text, found[-1] if found else None, _measured(text, unit, end)))
            end = found[-1].end
    return found


def _is_name(text: str, numeral: Number, names: Iterable[tuple[int, int]]) -> bool:
    if any(start < numeral.end and numeral.start < end for start, end in names):
        return True
    before = text[max(0, numeral.start - _LONGEST_WORD) : numeral.start].rstrip(" ")
    return before.endswith("第") or before.rpartition(" ")[2].rstrip(".").lower() in names_before()


def _in_a_row(text: str, before: Found | None, found: Found) -> Found:
    """Give a change that leaves out its verb the direction of the change before it."""
    if before is None or not before.is_change or found.is_change or before.unit != found.unit:
        return found
    if found.of is not None or not guard("next_of_a_row").fullmatch(text, before.end, found.start):
        return found
    sign = -1 if before.value < 0 else 1
    return replace(found, value=sign * found.value, is_change=True, of=before.of, start=before.start)


# ---------------------------------------------------------------- units


def _unit(folded: Folded, numeral: Number, language: str) -> _Unit | None:
    text = folded.cased
    number = read_scale(text, numeral, language, is_money=False)
    money = _money(text, numeral, number, language)
    if money or _STOPS.match(text, number.end):
        return money or _compute_before(text, number) or _counted_before(text, number)
    return (
        _after(text, number, Measure.PERCENT, "percent")
        or _tenths(text, number)
        or _compute(text, number)
        or _after(text, number, Measure.POWER, "power")
        or _after(text, number, Measure.TIMES, "times")
        or _counted(folded, number)
    )


def _money(text: str, numeral: Number, number: Number, language: str) -> _Unit | None:
    before = text[max(0, numeral.start - 8) : numeral.start]
    if before.rstrip(" ")[-1:] in _CURRENCY_ENDS and (match := units("currency_before", end=True).search(before)):
        code = "CNY" if match.lastgroup == "JPY" and language == "zh" else match.lastgroup or ""
        scaled = read_scale(text, numeral, language, is_money=True)
        # "¥55亿元", "$5 billion dollars": the currency said twice is one.
        again = units("currency_after").match(text, scaled.end) or _BARE_YUAN.match(text, scaled.end)
        end = again.end() if again and again.lastgroup in {code, None} else scaled.end
        return _Unit(
            measure=Measure.MONEY,
            name=code,
            number=replace(scaled, start=numeral.start - len(before) + match.start(), end=end),
        )
    if match := units("currency_after").match(text, number.end):
        return _Unit(measure=Measure.MONEY, name=match.lastgroup or "", number=replace(number, end=match.end()))
    if (match := _BARE_YUAN.match(text, number.end)) and _is_mainland(text[number.start : number.end], text):
        return _Unit(measure=Measure.MONEY, name="CNY", number=replace(number, end=match.end()))
    return None


def _is_mainland(written: str, text: str) -> bool:
    return not _TRADITIONAL.search(written) or bool(_KANA.search(text))


def _after(text: str, number: Number, measure: Measure, section: str) -> _Unit | None:
    match = units(section).match(text, number.end)
    if match is None or (measure is Measure.PERCENT and guard("named_after").match(text, match.end())):
        return None
    return _Unit(measure=measure, name=unit_name(section, match), number=replace(number, end=match.end()))


def _tenths(text: str, number: Number) -> _Unit | None:
    match = units("tenths").match(text, number.end)
    if match is None or number.value > _ALL_TENTHS:
        return None
    tenfold = replace(number, value=number.value * 10, end=match.end())
    return _Unit(measure=Measure.PERCENT, name="%", number=tenfold)


def _compute(text: str, number: Number) -> _Unit | None:
    if match := units("compute").match(text, number.end):
        return _Unit(measure=Measure.COMPUTE, name=unit_name("compute", match), number=replace(number, end=match.end()))
    return _compute_before(text, number)


def _compute_before(text: str, number: Number) -> _Unit | None:
    start = max(0, number.start - _BEFORE)
    if match := units("compute_before", end=True).search(text[start : number.start]):
        return _Unit(
            measure=Measure.COMPUTE,
            name=unit_name("compute_before", match),
            number=replace(number, start=start + match.start()),
        )
    return None


def _counted(folded: Folded, number: Number) -> _Unit | None:
    text = folded.cased
    section = "count" if text.isascii() else "asian_count"
    match = None if text.isascii() else units(section).match(text, number.end)
    if match is None:
        match, section = described().match(text, number.end), "count"
    if match is None:
        return _counted_before(text, number)
    if match is None or _is_year(number) or (section == "count" and _follows_a_name(folded, number)):
        return None
    return _Unit(measure=Measure.COUNT, name=unit_name(section, match), number=replace(number, end=match.end()))


def _counted_before(text: str, number: Number) -> _Unit | None:
    if number.is_plain:
        return None
    start = max(0, number.start - _BEFORE)
    match = units("count_before", end=True).search(text[start : number.start])
    if match is None:
        return None
    counted = replace(number, start=start + match.start())
    return _Unit(measure=Measure.COUNT, name=unit_name("count_before", match), number=counted)


def _is_year(number: Number) -> bool:
    return number.is_plain and number.value in _YEARS and number.value % 100 != 0


_NAME_BEFORE = re.compile(r"(?<=[^.!?] )(?:[A-Z][A-Za-z]*|[a-z]+[A-Z]\w*) $")


def _follows_a_name(folded: Folded, number: Number) -> bool:
    """Say whether a bare figure goes with the capitalised word before it, as in "the Zephyr 900 chips"."""
    before = folded.cased[max(0, number.start - 30) : number.start]
    return number.is_plain and bool(_NAME_BEFORE.search(before)) and not folded.is_headline(number.start)


# ---------------------------------------------------------------- sign, and what is measured


def _measured(text: str, unit: _Unit, taken: int) -> Found:
    """Give a number its sign and its noun; what is quoted runs from the first word that counts to the last."""
    number = unit.number
    start = _reach_back(text, number.start)
    sign, change_start, change_end = _change(text, unit, start, taken)
    noun = _noun(text, unit, start, change_end, taken, is_change=bool(sign))
    starts, ends = [start], [number.end]
    if sign:
        starts.append(change_start)
        ends.append(change_end)
    if noun:
        starts.append(noun[1])
        ends.append(noun[2])
    return Found(
        measure=unit.measure,
        value=sign * number.value if sign else number.value,
        high=sign * number.high if sign and number.high is not None else number.high,
        unit=unit.name,
        of=noun[0] if noun else None,
        is_change=bool(sign),
        start=min(starts),
        end=max(ends),
    )


def _reach_back(text: str, start: int) -> int:
    """Return where the words begin that make the number vague ("more than 140")."""
    match = guard("vague").search(text[max(0, start - _VAGUE) : start])
    return start - len(match[0]) if match else start


def _change(text: str, unit: _Unit, start: int, taken: int) -> tuple[int, int, int]:
    """Return -1, 1, or 0 where the number is a level, with the span of the words that say so."""
    number = unit.number
    if unit.measure not in {Measure.PERCENT, Measure.MONEY, Measure.TIMES}:
        return 0, start, number.end
    explicit = text[number.start - 1 : number.start]
    if unit.measure is Measure.PERCENT and explicit in {"+", "-"}:
        return (1 if explicit == "+" else -1), number.start - 1, number.end
    first = max(taken, number.start - _BEFORE)
    before = text[first : number.start]
    if level().search(before):
        return 0, start, number.end
    section = "money_change_before" if unit.measure is Measure.MONEY else "change_before"
    if match := change_before(section).search(before):
        return _sign(match.lastgroup), first + match.start(match.lastgroup or 0), number.end
    if unit.measure is not Measure.MONEY and (match := units("change_after").match(text, number.end)):
        return _sign(match.lastgroup), start, match.end()
    return 0, start, number.end


def _sign(group: str | None) -> int:
    return -1 if group == "down" else 1


def _noun(text: str, unit: _Unit, start: int, end: int, taken: int, *, is_change: bool) -> tuple[str, int, int] | None:
    """Return what a share, an amount or a change is of, with its span: close behind it, else before it."""
    if unit.measure not in {Measure.PERCENT, Measure.MONEY, Measure.TIMES}:
        return None
    first = max(taken, start - _NEAR, text.rfind(";", 0, start) + 1)
    earlier = None
    for match in nouns().finditer(text, first, start):
        earlier = (unit_name("of", match), match.start(), match.end())
    if is_change and earlier:
        return earlier
    if unit.number.end < end and (within := nouns().search(text, unit.number.end, end)):
        return unit_name("of", within), within.start(), within.end()
    later = noun_after().match(text, end)
    return (unit_name("of", later), later.start(later.lastgroup or 0), later.end()) if later else earlier
