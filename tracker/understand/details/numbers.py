"""Numbers as newspapers write them: figures, number words and scales, of any language that is read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tracker.understand.details.rules import load_table

# In these a comma is what a dot is elsewhere, and a space may part thousands.
_COMMA_IS_DECIMAL = frozenset({"de", "nl", "fr", "es", "it"})
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = re.compile("[⁰¹²³⁴-⁹]{1,2}$")
_DIGIT = re.compile(r"\d")
# The digit is asked for first: it fails fastest.
_NOT_INSIDE = r"(?=\d)(?<![A-Za-zÀ-ÿ0-9_/#§^])(?<!\d[.,:])(?<![A-Za-z0-9%]-)"
_LONGEST = 15
_POWER = (
    r"(?:10 ?(?:\^|\*\*) ?(?P<power>\d{1,2})|10 to the (?:power of )?(?P<ordinal>\d{1,2})(?:th|st|nd|rd)?(?: power)?"
    r"|10[的의] ?(?P<asian>\d{1,2}) ?(?:次方|승)|(?P<factor>\d(?:\.\d+)?)e\+?(?P<exponent>\d{1,2}))(?!\d)"
)
_FIGURES = {
    False: r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d)",
    True: r"(?:\d{1,3}(?:[. ']\d{3})+(?:,\d+)?|\d+(?:,\d+)?)(?!\d)",
}
_NUMERALS = {comma: re.compile(f"{_NOT_INSIDE}(?:{_POWER}|{figures})") for comma, figures in _FIGURES.items()}
_BARE = {comma: re.compile(figures) for comma, figures in _FIGURES.items()}
_HAN_NUMERAL = re.compile(
    "(?<![第一二三四五六七八九十百千万])[一二两兩三四五六七八九十百]{1,4}"
    "(?=[余餘多]?[家個个颗顆枚块塊台臺項项種种成割所社])"
)
_HAN_DIGITS = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN = re.compile("[\u3400-\u9fff]")
_TO = r"(?:-|~|(?<= )to|[至到]|(?<= )bis|(?<= )tot|(?<= )à) ?"
_SEPARATORS = {True: re.compile(rf" ?{_TO}[$€£¥]? ?"), False: re.compile(rf" ?{_TO}|%[-~]")}
_FROM = re.compile(r"(?:\bfrom|[从從由]|von|van|de) ?[$€£¥]?$", re.IGNORECASE)
_TO_SCALE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number at [start, end) of a folded text; `is_plain` where it is figures alone, without a scale or comma."""

    value: Decimal
    high: Decimal | None = None
    start: int
    end: int
    is_plain: bool = False


def find_numerals(text: str, original: str, words: Iterable[tuple[int, int, int]], language: str) -> list[Number]:
    """Return the bare numerals of a text in order, scales not yet read.

    `words` are the number words in it as (start, end, value); `original` is the text before folding, which makes
    10²⁶ of 1026.
    """
    found = [Number(value=Decimal(value), start=start, end=end) for start, end, value in words]
    found += _figures(text, original, language)
    if not text.isascii() and _HAN.search(text):
        found += _han_numerals(text)
    return sorted(found, key=lambda one: (one.start, -one.end))


def read_scale(text: str, number: Number, language: str, *, is_money: bool) -> Number:
    """Read on behind a numeral: the other end of a range, and the scale of both ("3 to 5 billion", "1조2000억")."""
    ranged = _range(text, number, language, is_money=is_money)
    if match := _scale(language, is_money).match(text, ranged.end):
        return _scaled(ranged, _powers(language)[match["scale"].casefold()], match.end())
    match = _asian_scale().match(text, ranged.end)
    if not match:
        return ranged
    power = _asian_powers()[match["scale"]]
    return _chain(text, _scaled(ranged, power, match.end()), power)


def _figures(text: str, original: str, language: str) -> Iterator[Number]:
    first = _DIGIT.search(text)
    if first is None:
        return
    for match in _NUMERALS[language in _COMMA_IS_DECIMAL].finditer(text, first.start()):
        if (value := _value(match, original, language)) is not None:
            yield Number(value=value, start=match.start(), end=match.end(), is_plain=match[0].isdigit())


def _value(match: re.Match[str], original: str, language: str) -> Decimal | None:
    said = match.groupdict()
    power = said["power"] or said["ordinal"] or said["asian"]
    if power:
        return Decimal(10 ** int(power))
    if said["factor"]:
        return _whole(Decimal(said["factor"]), int(said["exponent"]))
    written = original[match.start() : match.end()] if len(original) == len(match.string) else match[0]
    if (raised := _RAISED.search(written)) and written[: raised.start()] == "10":
        return Decimal(10 ** int(raised[0].translate(_SUPERSCRIPTS)))
    return _plain(match[0], language)


def _plain(figures: str, language: str) -> Decimal | None:
    if len(figures) > _LONGEST:
        return None
    is_comma = language in _COMMA_IS_DECIMAL
    groups, point = (". '", ",") if is_comma else (",", ".")
    return Decimal(figures.translate({ord(group): None for group in groups}).replace(point, "."))


def _whole(value: Decimal, power: int) -> Decimal:
    """Multiply by a power of ten, without the exponent that Decimal would keep."""
    scaled = value * Decimal(10**power)
    return Decimal(int(scaled)) if scaled == int(scaled) else scaled.normalize()


def _han_numerals(text: str) -> Iterator[Number]:
    for match in _HAN_NUMERAL.finditer(text):
        value = _han_value(match[0])
        if value > 1:
            yield Number(value=Decimal(value), start=match.start(), end=match.end())


def _han_value(numeral: str) -> int:
    total, digit = 0, 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[character]
    return total + digit


def _range(text: str, number: Number, language: str, *, is_money: bool) -> Number:
    separator = _SEPARATORS[is_money].match(text, number.end)
    if not separator or _FROM.search(text[max(0, number.start - 8) : number.start]):
        return number
    upper = _BARE[language in _COMMA_IS_DECIMAL].match(text, separator.end())
    high = _plain(upper[0], language) if upper else None
    if upper is None or high is None or high <= number.value:
        return number
    return Number(value=number.value, high=high, start=number.start, end=upper.end())


def _scaled(number: Number, power: int, end: int) -> Number:
    high = None if number.high is None else _whole(number.high, power)
    return Number(value=_whole(number.value, power), high=high, start=number.start, end=end)


def _chain(text: str, number: Number, power: int) -> Number:
    """Add what follows a number of Asian scale: 1조2000억, 3万5000."""
    while power >= _TO_SCALE and number.high is None and (more := _continued().match(text, number.end)):
        smaller = _asian_powers()[more["scale"]] if more["scale"] else 0
        if smaller >= power:
            break
        value = number.value + _whole(Decimal(more["figures"]), smaller)
        number, power = Number(value=value, start=number.start, end=more.end()), smaller
    return number


@cache
def number_words() -> Mapping[str, list[str]]:
    """Return the number words by the number, in figures, that they stand for."""
    words: dict[str, list[str]] = load_table("quantities")["words"]
    return words


@cache
def _powers(language: str) -> dict[str, int]:
    table = load_table("quantities")
    own = table["scales_of"].get(language, {})
    sections = (table["money_scales"], table["scales"], own)
    return {word: int(power) for section in sections for power, words in section.items() for word in words}


@cache
def _asian_powers() -> dict[str, int]:
    return {word: int(power) for power, words in load_table("quantities")["asian_scales"].items() for word in words}


@cache
def _scale(language: str, is_money: bool) -> re.Pattern[str]:
    letters = {word for words in load_table("quantities")["money_scales"].values() for word in words}
    words = [word for word in _powers(language) if is_money or word not in letters]
    return re.compile(rf"[ -]?(?P<scale>{_any(words)})(?![A-Za-zÀ-ÿ0-9])", re.IGNORECASE)


@cache
def _asian_scale() -> re.Pattern[str]:
    return re.compile(rf" ?[多余餘여]?(?P<scale>{_any(_asian_powers())})")


@cache
def _continued() -> re.Pattern[str]:
    return re.compile(rf" ?(?P<figures>\d{{1,4}})(?: ?(?P<scale>{_any(_asian_powers())}))?(?![\d.,])")


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
