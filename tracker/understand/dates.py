"""Date phrases, resolved against the day of publication: a small grammar, since the libraries get a third wrong."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.types import Precision, ResolvedDate

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januari januar janvier gennaio enero janv",
            "february feb februari februar février febbraio febrero févr",
            "march mar maart märz mars marzo mrt",
            "april apr avril aprile abril avr",
            "may mei mai maggio mayo",
            "june jun juni juin giugno junio",
            "july jul juli juillet luglio julio juil",
            "august aug augustus août agosto",
            "september sep sept septembre settembre septiembre",
            "october oct oktober octobre ottobre octubre okt",
            "november nov novembre noviembre",
            "december dec dezember décembre dicembre diciembre déc dez",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon maandag montag lundi lunedì lunes 月曜日 月曜 周一 星期一 週一 월요일",
            "tuesday tue tues dinsdag dienstag mardi martedì martes 火曜日 火曜 周二 星期二 週二 화요일",
            "wednesday wed woensdag mittwoch mercredi mercoledì miércoles 水曜日 水曜 周三 星期三 週三 수요일",
            "thursday thu thurs donderdag donnerstag jeudi giovedì jueves 木曜日 木曜 周四 星期四 週四 목요일",
            "friday fri vrijdag freitag vendredi venerdì viernes 金曜日 金曜 周五 星期五 週五 금요일",
            "saturday sat zaterdag samstag samedi sabato sábado 土曜日 土曜 周六 星期六 週六 토요일",
            "sunday sun zondag sonntag dimanche domenica domingo 日曜日 日曜 周日 星期日 周天 週日 일요일",
        )
    )
    for name in names.split()
}
_DAYS_OFF = {
    "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "gisteren": -1, "vandaag": 0, "morgen": 1,
    "hier": -1, "aujourd'hui": 0, "demain": 1, "gestern": -1, "heute": 0, "ieri": -1, "oggi": 0, "domani": 1,
    "ayer": -1, "hoy": 0, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "本日": 0, "明天": 1, "明日": 1, "어제": -1,
    "오늘": 0, "내일": 1, "前天": -2, "一昨日": -2,
}  # fmt: skip
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
_EARLIEST, _LATEST = 1990, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date phrase at [start, end) of the text it was found in."""

    date: ResolvedDate
    start: int
    end: int


def find_dates(text: str, *, published: date, language: str = "en") -> tuple[FoundDate, ...]:
    """Find the date phrases of `text`, in text order; overlapping readings give way to the longest.

    `published` is the day of publication in the outlet's zone.  A bare day ("the 13th") is the latest such day
    not after `published` plus one; a bare weekday the latest not after `published`.
    """
    del language  # the forms of all languages are distinct enough to be tried together
    found: list[FoundDate] = []
    for pattern, resolve in _GRAMMAR:
        for match in pattern.finditer(text):
            settled = resolve(match, published)
            if settled is not None:
                found.append(FoundDate(date=settled, start=match.start(), end=match.end()))
    return tuple(_longest(found))


def resolve_date(phrase: str, *, published: datetime, zone: ZoneInfo) -> ResolvedDate | None:
    """Resolve one phrase against the moment its article was published, in the outlet's zone."""
    found = find_dates(phrase, published=published.astimezone(zone).date())
    return found[0].date if found else None


def whole_day(day: date) -> ResolvedDate:
    """Return the one day as a resolved date."""
    return ResolvedDate(first=day, last=day, precision=Precision.DAY)


def _longest(found: list[FoundDate]) -> Iterator[FoundDate]:
    end = -1
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if one.start >= end:
            yield one
            end = one.end


def _day(year: int, month: int, day: int) -> ResolvedDate | None:
    try:
        return whole_day(date(year, month, day)) if _EARLIEST <= year <= _LATEST else None
    except ValueError:
        return None


def _month(year: int, month: int) -> ResolvedDate | None:
    if not (1 <= month <= 12 and _EARLIEST <= year <= _LATEST):
        return None
    last = date(year, month, monthrange(year, month)[1])
    return ResolvedDate(first=date(year, month, 1), last=last, precision=Precision.MONTH)


def _year(year: int) -> ResolvedDate | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    return ResolvedDate(first=date(year, 1, 1), last=date(year, 12, 31), precision=Precision.YEAR)


def _quarter(year: int, quarter: int) -> ResolvedDate | None:
    if not (1 <= quarter <= 4 and _EARLIEST <= year <= _LATEST):
        return None
    first, last = 3 * quarter - 2, 3 * quarter
    end = date(year, last, monthrange(year, last)[1])
    return ResolvedDate(first=date(year, first, 1), last=end, precision=Precision.QUARTER)


def _week(day: date) -> ResolvedDate:
    monday = day - timedelta(days=day.weekday())
    return ResolvedDate(first=monday, last=monday + timedelta(days=6), precision=Precision.WEEK)


def _nearest_year(month: int, day: int, published: date) -> int:
    """Choose the year that puts a month and day closest to publication; at a tie the past one."""
    options = [year for year in (published.year, published.year - 1, published.year + 1) if _day(year, month, day)]
    return min(options, key=lambda y: abs(date(y, month, day) - published), default=published.year)


def _month_day(match: re.Match[str], published: date) -> ResolvedDate | None:
    month, day = _MONTHS[match["month"].casefold().rstrip(".")], int(match["day"])
    stated = match.groupdict().get("year")
    return _day(int(stated) if stated else _nearest_year(month, day, published), month, day)


def _numeric(match: re.Match[str], published: date) -> ResolvedDate | None:
    stated = match.groupdict().get("year")
    month, day = int(match["month"]), int(match["day"])
    return _day(int(stated) if stated else _nearest_year(month, day, published), month, day)


def _bare_day(match: re.Match[str], published: date) -> ResolvedDate | None:
    wanted, day = int(match["day"]), published + timedelta(days=1)
    if not 1 <= wanted <= 31:
        return None
    while day.day != wanted:
        day -= timedelta(days=1)
    return whole_day(day)


def _weekday(match: re.Match[str], published: date) -> ResolvedDate | None:
    wanted = _WEEKDAYS[match["weekday"].casefold().rstrip(".")]
    how = (match.groupdict().get("how") or "").casefold().strip()
    if how in {"next", "coming", "下", "다음"}:
        return whole_day(published + timedelta(days=(wanted - published.weekday() - 1) % 7 + 1))
    back = (published.weekday() - wanted) % 7
    if how in {"last", "previous", "past", "지난"} and back == 0:
        back = 7
    if how in {"上", "上個"}:
        back = published.weekday() + 7 - wanted
    return whole_day(published - timedelta(days=back))


def _relative_day(match: re.Match[str], published: date) -> ResolvedDate | None:
    return whole_day(published + timedelta(days=_DAYS_OFF[match[0].casefold().replace("’", "'")]))


def _ago(match: re.Match[str], published: date) -> ResolvedDate | None:
    count = _NUMBERS.get(match["count"].casefold()) or (int(match["count"]) if match["count"].isdigit() else 1)
    if count > 400:
        return None
    match match["unit"].casefold():
        case "day":
            return whole_day(published - timedelta(days=count))
        case "week":
            return _week(published - timedelta(weeks=count))
        case "month":
            return _months_from(published, -count)
        case _:
            return _year(published.year - count)


def _months_from(published: date, count: int) -> ResolvedDate | None:
    months = published.year * 12 + published.month - 1 + count
    return _month(months // 12, months % 12 + 1)


def _after_publication(match: re.Match[str], published: date) -> ResolvedDate | None:
    count = int(match["count"])
    return whole_day(published + timedelta(days=count)) if count <= 3650 else None


def _this_month(match: re.Match[str], published: date) -> ResolvedDate | None:
    shift = {"this": 0, "last": -1, "next": 1, "本": 0, "这": 0, "上个": -1, "上": -1, "下": 1, "今": 0, "先": -1,
             "来": 1, "이번": 0, "지난": -1, "다음": 1}  # fmt: skip
    return _months_from(published, shift[match["which"].casefold()])


def _this_week(match: re.Match[str], published: date) -> ResolvedDate | None:
    shift = {"this": 0, "last": -1, "next": 1, "本": 0, "上": -1, "下": 1, "今": 0, "先": -1, "来": 1, "이번": 0,
             "지난": -1, "다음": 1}  # fmt: skip
    return _week(published + timedelta(weeks=shift[match["which"].casefold()]))


def _this_year(match: re.Match[str], published: date) -> ResolvedDate | None:
    shift = {"this": 0, "last": -1, "next": 1, "今": 0, "去": -1, "明": 1, "昨": -1, "来": 1, "올해": 0, "작년": -1,
             "지난해": -1, "내년": 1}  # fmt: skip
    return _year(published.year + shift[match["which"].casefold()])


def _month_of_year(match: re.Match[str], published: date) -> ResolvedDate | None:
    month = _MONTHS[match["month"].casefold().rstrip(".")]
    which = (match.groupdict().get("which") or "").casefold()
    stated = match.groupdict().get("year")
    if stated:
        return _month(int(stated), month)
    if which == "last":
        return _month(published.year - 1, month)
    if which == "this":
        return _month(published.year, month)
    if which == "next":
        return _month(published.year + 1, month)
    return _month(published.year if month <= published.month else published.year - 1, month)


def _year_end(match: re.Match[str], published: date) -> ResolvedDate | None:
    stated = match.groupdict().get("year")
    return _day(int(stated) if stated else published.year, 12, 31)


def _stated_quarter(match: re.Match[str], published: date) -> ResolvedDate | None:
    ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4, "一": 1, "二": 2, "三": 3, "四": 4}
    said = match["quarter"].casefold()
    stated = match.groupdict().get("year")
    return _quarter(int(stated) if stated else published.year, ordinals.get(said) or int(said))


def _fiscal(match: re.Match[str], _published: date) -> ResolvedDate | None:
    return _year(int(match["year"]))


def _week_of(match: re.Match[str], published: date) -> ResolvedDate | None:
    day = _month_day(match, published)
    return _week(day.first) if day else None


_NAMED_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_NAMED_DAY = "|".join(sorted(map(re.escape, _WEEKDAYS), key=len, reverse=True))
_LATIN_DAY = "|".join(name for name in sorted(_WEEKDAYS, key=len, reverse=True) if name.isascii() and len(name) > 5)
_SHORT_DAY = "Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun|lundi|mardi|jeudi|lunes|jueves|martes|lunedì|sabato|sábado"
_ASIAN_DAY = "|".join(name for name in sorted(_WEEKDAYS, key=len, reverse=True) if ord(name[0]) > 0x2E80)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ORDINAL = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|\.)?"
_NO_WORD = r"(?<![A-Za-z0-9_À-ÿ])"
_NO_MORE = r"(?![A-Za-z0-9_À-ÿ%])"


def _rule(
    pattern: str, resolve: Callable[[re.Match[str], date], ResolvedDate | None], *, exact: bool = False
) -> tuple[re.Pattern[str], Callable[[re.Match[str], date], ResolvedDate | None]]:
    return re.compile(pattern, 0 if exact else re.IGNORECASE), resolve


# The order does not matter: of overlapping readings the longest wins.
_GRAMMAR = (
    _rule(rf"(?<![\d.\-/]){_YEAR}[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?![\d\-/])", _numeric),
    _rule(rf"{_NO_WORD}(?P<month>{_NAMED_MONTH})\.?\s+{_ORDINAL}(?!\d)(?:,?\s+{_YEAR}(?!\d))?{_NO_MORE}", _month_day),
    _rule(
        rf"{_NO_WORD}{_ORDINAL}\s+(?:of\s+|de\s+)?(?P<month>{_NAMED_MONTH})\.?(?:,?\s+(?:de\s+)?{_YEAR}(?!\d))?{_NO_MORE}",
        _month_day,
    ),
    _rule(rf"week of (?P<month>{_NAMED_MONTH})\.?\s+{_ORDINAL}{_NO_MORE}", _week_of),
    _rule(rf"{_NO_WORD}(?P<month>{_NAMED_MONTH})\.?,?\s+(?:of\s+)?{_YEAR}{_NO_MORE}", _month_of_year),
    _rule(
        rf"{_NO_WORD}(?P<month>{_NAMED_MONTH})\.?\s+(?:of\s+)?(?P<which>last|this|next) year{_NO_MORE}", _month_of_year
    ),
    _rule(
        rf"{_NO_WORD}(?:in|since|until|by|early|late|mid-?|of)\s*(?P<month>{_NAMED_MONTH}){_NO_MORE}", _month_of_year
    ),
    _rule(
        r"(?<=\b[Tt]he )(?P<day>[0-3]?\d)(?:st|nd|rd|th)(?:\s+\(local time\))?(?![\w-])(?!\s+(?:century|anniversary|annual|congress|round|floor))",
        _bare_day,
    ),
    _rule(
        r"(?:(?P<how>last|next|this|past|previous|coming)\s+)?"
        rf"(?<![A-Za-z])(?P<weekday>{_LATIN_DAY})(?![A-Za-z])",
        _weekday,
    ),
    _rule(rf"(?<![A-Za-z])(?P<weekday>{_SHORT_DAY})\.?(?=[\s,)]|$)", _weekday, exact=True),
    _rule(rf"(?P<how>上個|上|下|지난\s*|다음\s*)?(?P<weekday>{_ASIAN_DAY})", _weekday),
    _rule(
        _NO_WORD
        + "(?:"
        + "|".join(w.replace("'", "['’]") for w in _DAYS_OFF if w.isascii() and w not in {"morgen", "hier"})
        + r")(?![\w'’])",
        _relative_day,
    ),
    _rule("|".join(w for w in _DAYS_OFF if not w.isascii()), _relative_day),
    _rule(
        rf"{_NO_WORD}(?P<count>\d{{1,3}}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?P<unit>day|week|month|year)s? (?:ago|earlier)",
        _ago,
    ),
    _rule(
        r"(?P<count>\d{1,4}) days (?:after|from|following) (?:the )?(?:date of )?(?:its )?publication",
        _after_publication,
    ),
    _rule(r"(?:earlier |later |early |late )?(?P<which>this|last|next) month", _this_month),
    _rule(r"(?:earlier |later |early |late )?(?P<which>this|last|next) week", _this_week),
    _rule(r"(?:earlier |later |early |late )?(?P<which>this|last|next) year", _this_year),
    _rule(rf"{_NO_WORD}(?:by |at )?(?:the )?(?:year-end|year end|end of the year|end of {_YEAR})", _year_end),
    _rule(rf"{_NO_WORD}Q(?P<quarter>[1-4])(?:\s+(?:of\s+)?{_YEAR})?{_NO_MORE}", _stated_quarter, exact=True),
    _rule(rf"(?P<quarter>first|second|third|fourth)[ -]quarter(?: of {_YEAR})?", _stated_quarter),
    _rule(rf"(?:fiscal|fiscal year|FY)\s?{_YEAR}", _fiscal),
    _rule(rf"{_NO_WORD}(?:in|since|until|by|during|from)\s+{_YEAR}(?![\d\-–])", _fiscal),
    _rule(r"(?P<year>20\d\d)\s*[年년]\s*(?P<month>[01]?\d)\s*[月월]\s*(?P<day>[0-3]?\d)\s*[日일]", _numeric),
    _rule(r"(?<!\d)(?P<month>[01]?\d)\s*[月월]\s*(?P<day>[0-3]?\d)\s*[日일号]", _numeric),
    _rule(r"(?<![\d月월年.])(?P<day>[0-3]?\d)\s*[日일](?!本|间|間|[가-힣]*간)", _bare_day),
    _rule(
        r"(?P<year>20\d\d)\s*[年년]\s*(?P<month>[01]?\d)\s*[月월]", lambda m, _: _month(int(m["year"]), int(m["month"]))
    ),
    _rule(r"(?P<year>20\d\d)\s*[年년]", _fiscal),
    _rule(
        r"(?P<which>本|这|上个|上|下|今|先|来)[月](?!\d)|(?P<which2>이번|지난|다음)\s*달",
        lambda m, p: _this_month(m, p) if m["which"] else None,
    ),
    _rule(r"(?P<which>本|上|下|今|先|来)[周週](?![一二三四五六日天])", _this_week),
    _rule(r"(?P<which>今|去|明|昨|来)年", _this_year),
    _rule(r"(?P<which>올해|작년|지난해|내년)", _this_year),
)
