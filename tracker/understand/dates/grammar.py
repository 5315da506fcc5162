"""The grammar of date phrases: patterns, each with what it settles given the day of publication."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from tracker.types import ResolvedDate
from tracker.understand.dates.spans import (
    day_of,
    month_from,
    one_day,
    whole_month,
    whole_quarter,
    whole_week,
    whole_year,
)
from tracker.understand.dates.words import counted, numbered

Resolve = Callable[[re.Match[str], date], ResolvedDate | None]

_VERBS = {"may", "march", "mar", "mai", "mei"}
_DAYS = range(1, 32)
_MONTHS = 12
_MOST_AGO, _MOST_AFTER = 400, 3650
_WHOLE_WEEKDAY = len("Friday")
_LAST_LATIN = "\u2e80"


def _nearest_year(month: int, day: int, published: date) -> int:
    """Choose the year that puts a month and day closest to publication; at a tie the past one."""
    options = [year for year in (published.year, published.year - 1, published.year + 1) if day_of(year, month, day)]
    return min(options, key=lambda y: abs(date(y, month, day) - published), default=published.year)


def _month_day(match: re.Match[str], published: date) -> ResolvedDate | None:
    month, day = _month_number(match), int(match["day"])
    stated = match.groupdict().get("year")
    if month is None:
        return None
    return day_of(int(stated) if stated else _nearest_year(month, day, published), month, day)


def _numeric(match: re.Match[str], published: date) -> ResolvedDate | None:
    stated = match.groupdict().get("year")
    month, day = int(match["month"]), int(match["day"])
    return day_of(int(stated) if stated else _nearest_year(month, day, published), month, day)


def _bare_day(match: re.Match[str], published: date) -> ResolvedDate | None:
    wanted, day = int(match["day"]), published + timedelta(days=1)
    if wanted not in _DAYS:
        return None
    while day.day != wanted:
        day -= timedelta(days=1)
    return one_day(day)


def _weekday(match: re.Match[str], published: date) -> ResolvedDate | None:
    wanted = numbered("weekdays")[match["weekday"].casefold().rstrip(".")]
    how = (match.groupdict().get("how") or "").casefold().strip()
    if how in {"next", "coming", "下", "다음"}:
        return one_day(published + timedelta(days=(wanted - published.weekday() - 1) % 7 + 1))
    back = (published.weekday() - wanted) % 7
    if how in {"last", "previous", "past", "지난"} and back == 0:
        back = 7
    if how in {"上", "上個"}:
        back = published.weekday() + 7 - wanted
    return one_day(published - timedelta(days=back))


def _relative_day(match: re.Match[str], published: date) -> ResolvedDate | None:
    return one_day(published + timedelta(days=numbered("days")[match[0].casefold().replace("’", "'")]))


def _ago(match: re.Match[str], published: date) -> ResolvedDate | None:
    count = counted().get(match["count"].casefold()) or (int(match["count"]) if match["count"].isdigit() else 1)
    if count > _MOST_AGO:
        return None
    match match["unit"].casefold():
        case "day":
            return one_day(published - timedelta(days=count))
        case "week":
            return whole_week(published - timedelta(weeks=count))
        case "month":
            return month_from(published, -count)
        case _:
            return whole_year(published.year - count)


def _after_publication(match: re.Match[str], published: date) -> ResolvedDate | None:
    count = int(match["count"])
    return one_day(published + timedelta(days=count)) if count <= _MOST_AFTER else None


def _shift(match: re.Match[str]) -> int:
    return numbered("shifts")[match["which"].casefold().strip()]


def _this_month(match: re.Match[str], published: date) -> ResolvedDate | None:
    return month_from(published, _shift(match))


def _this_week(match: re.Match[str], published: date) -> ResolvedDate | None:
    return whole_week(published + timedelta(weeks=_shift(match)))


def _this_year(match: re.Match[str], published: date) -> ResolvedDate | None:
    return whole_year(published.year + _shift(match))


def _month_of_year(match: re.Match[str], published: date) -> ResolvedDate | None:
    month, said = _month_number(match), match.groupdict()
    if said.get("year"):
        return whole_month(int(said["year"]), month) if month else None
    if not month:
        return None
    if said.get("which"):
        return whole_month(published.year + _shift(match), month)
    ahead = (month - published.month) % _MONTHS
    return month_from(published, ahead if _is_ahead(ahead, said["how"].casefold()) else ahead - _MONTHS)


def _is_ahead(months: int, how: str) -> bool:
    """Say whether a bare month is the coming one: the nearer of the two, unless its preposition looks one way."""
    if months == 0 or how in {"by", "until"}:
        return True
    return how != "since" and months < _MONTHS / 2


def _month_number(match: re.Match[str]) -> int | None:
    """Return the month's number; "may" is a verb, "May" a month."""
    word = match["month"].rstrip(".")
    return None if word in _VERBS else numbered("months")[word.casefold()]


def _year_end(match: re.Match[str], published: date) -> ResolvedDate | None:
    stated = match.groupdict().get("year")
    return day_of(int(stated) if stated else published.year, 12, 31)


def _stated_quarter(match: re.Match[str], published: date) -> ResolvedDate | None:
    ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4, "一": 1, "二": 2, "三": 3, "四": 4}
    said = match["quarter"].casefold()
    stated = match.groupdict().get("year")
    return whole_quarter(int(stated) if stated else published.year, ordinals.get(said) or int(said))


def _stated_year(match: re.Match[str], _published: date) -> ResolvedDate | None:
    return whole_year(int(match["year"]))


def _month_of_number(match: re.Match[str], _published: date) -> ResolvedDate | None:
    return whole_month(int(match["year"]), int(match["month"]))


def _week_of(match: re.Match[str], published: date) -> ResolvedDate | None:
    day = _month_day(match, published)
    return whole_week(day.first) if day else None


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_NAMED_MONTH = _any(numbered("months"))
_LATIN_DAY = _any(w for w in numbered("weekdays") if w[0] < _LAST_LATIN and len(w) >= _WHOLE_WEEKDAY)
_SHORT_DAY = "Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun|lundi|mardi|jeudi|lunes|jueves|martes|lunedì|sabato|sábado"
_ASIAN_DAY = _any(w for w in numbered("weekdays") if w[0] > _LAST_LATIN)
# "morgen" is also a morning, "hier" is German for here.
_LATIN_TODAY = _any(w for w in numbered("days") if w[0] < _LAST_LATIN and w not in {"morgen", "hier"})
_ASIAN_TODAY = _any(w for w in numbered("days") if w[0] > _LAST_LATIN)
_COUNT = _any(w for w in counted() if w != "zero")
_NO_EDITION = r"(?!\s+(?:century|anniversary|annual|congress|round|floor))"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ASIAN_YEAR = r"(?P<year>20\d\d)\s*[年년]\s*"
_ASIAN_MONTH = r"(?P<month>[01]?\d)\s*[月월]\s*"
_DIGITS = r"(?P<day>[0-3]?\d)"
_ORDINAL = rf"{_DIGITS}(?:st|nd|rd|th|er|\.)?"
_NO_WORD = r"(?<![A-Za-z0-9_À-ÿ])"
_NO_MORE = r"(?![A-Za-z0-9_À-ÿ%])"
_NO_YEAR = r"(?!\.?,?\s+(?:of\s+)?(?:\d|(?:last|this|next) year))"
_WHICH = "(?:earlier |later |early |late )?(?P<which>this|last|next)"


def _rule(pattern: str, resolve: Resolve, *, exact: bool = False) -> tuple[re.Pattern[str], Resolve]:
    return re.compile(pattern, 0 if exact else re.IGNORECASE), resolve


# The order does not matter: of overlapping readings the longest wins.
GRAMMAR: tuple[tuple[re.Pattern[str], Resolve], ...] = (
    # whole dates: 2026-06-13, June 13, 2026, 13 June
    _rule(rf"(?<![\d.\-/]){_YEAR}[-/.](?P<month>[01]?\d)[-/.]{_DIGITS}(?![\d\-/])", _numeric),
    _rule(rf"{_NO_WORD}(?P<month>{_NAMED_MONTH})\.?\s+{_ORDINAL}(?!\d)(?:,?\s+{_YEAR}(?!\d))?{_NO_MORE}", _month_day),
    _rule(
        rf"{_NO_WORD}{_ORDINAL}\s+(?:of\s+|de\s+)?(?P<month>{_NAMED_MONTH})\.?(?:,?\s+(?:de\s+)?{_YEAR}(?!\d))?{_NO_MORE}",
        _month_day,
    ),
    _rule(rf"week of (?P<month>{_NAMED_MONTH})\.?\s+{_ORDINAL}{_NO_MORE}", _week_of),
    # days: the 13th, on Friday, yesterday, three days ago
    _rule(rf"(?<=\b[Tt]he ){_DIGITS}(?:st|nd|rd|th)(?:\s+\(local time\))?(?![\w-]){_NO_EDITION}", _bare_day),
    _rule(
        rf"(?:(?P<how>last|next|past|previous|coming)\s+)?(?<![A-Za-zÀ-ÿ])(?P<weekday>{_LATIN_DAY})(?![A-Za-zÀ-ÿ])",
        _weekday,
    ),
    _rule(rf"(?<![A-Za-zÀ-ÿ])(?P<weekday>{_SHORT_DAY})\.?(?=[\s,)]|$)", _weekday, exact=True),
    _rule(rf"{_NO_WORD}(?:{_LATIN_TODAY})(?![\w'’])", _relative_day),
    _rule(rf"{_NO_WORD}(?P<count>\d{{1,3}}|an?|{_COUNT}) (?P<unit>day|week|month|year)s? (?:ago|earlier)", _ago),
    _rule(
        r"(?P<count>\d{1,4}) days (?:after|from|following) (?:the )?(?:date of )?(?:its )?publication",
        _after_publication,
    ),
    # months and longer: March 2026, Feb. last year, by year-end, Q1 2027, fiscal 2026
    _rule(rf"{_NO_WORD}(?P<month>{_NAMED_MONTH})\.?,?\s+(?:of\s+)?{_YEAR}{_NO_MORE}", _month_of_year),
    _rule(
        rf"{_NO_WORD}(?P<month>{_NAMED_MONTH})\.?\s+(?:of\s+)?(?P<which>last|this|next) year{_NO_MORE}", _month_of_year
    ),
    _rule(
        rf"{_NO_WORD}(?P<how>in|since|until|by|early|late|mid-?|of)\s*(?P<month>{_NAMED_MONTH}){_NO_MORE}{_NO_YEAR}",
        _month_of_year,
    ),
    _rule(rf"{_WHICH} month", _this_month),
    _rule(rf"{_WHICH} week", _this_week),
    _rule(rf"{_WHICH} year", _this_year),
    _rule(rf"{_NO_WORD}(?:by |at )?(?:the )?(?:year-end|year end|end of the year|end of {_YEAR})", _year_end),
    _rule(rf"{_NO_WORD}Q(?P<quarter>[1-4])(?:\s+(?:of\s+)?{_YEAR})?{_NO_MORE}", _stated_quarter, exact=True),
    _rule(rf"(?P<quarter>first|second|third|fourth)[ -]quarter(?: of {_YEAR})?", _stated_quarter),
    _rule(rf"(?:fiscal|fiscal year|FY)\s?{_YEAR}", _stated_year),
    _rule(rf"{_NO_WORD}(?:in|since|until|by|during|from)\s+{_YEAR}(?![\d\-–])", _stated_year),
    # Chinese, Japanese, Korean
    _rule(rf"{_ASIAN_YEAR}{_ASIAN_MONTH}{_DIGITS}\s*[日일]", _numeric),
    _rule(rf"(?<!\d){_ASIAN_MONTH}{_DIGITS}\s*[日일号號]", _numeric),
    _rule(rf"(?<![\d月월年.]){_DIGITS}\s*[日일](?!本|间|間|[가-힣]*간)", _bare_day),
    _rule(rf"(?P<how>上個|上|下|지난\s*|다음\s*)?(?P<weekday>{_ASIAN_DAY})", _weekday),
    _rule(_ASIAN_TODAY, _relative_day),
    _rule(rf"{_ASIAN_YEAR}{_ASIAN_MONTH}", _month_of_number),
    _rule(r"(?P<year>20\d\d)\s*[年년]", _stated_year),
    _rule(r"(?P<which>本|这|這|上个|上個|上|下|今|先|来)月(?!\d)", _this_month),
    _rule(r"(?P<which>이번|지난|다음)\s*달", _this_month),
    _rule(r"(?P<which>本|上|下|今|先|来)[周週](?![一二三四五六日天])", _this_week),
    _rule(r"(?P<which>今|去|明|昨|来)年", _this_year),
    _rule(r"(?P<which>올해|작년|지난해|내년)", _this_year),
)
