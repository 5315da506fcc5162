"""When an event is, of all the dates that an article names: announced, in force, to be commented on."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from tracker.types import DateRole, Precision, ReportDate, ResolvedDate
from tracker.understand.cues import Hit
from tracker.understand.reading import Reading, quote_of
from tracker.understand.text import Sentence
from tracker.understand.words import word_table

# A report of an act is about these days; an older date beside a cue is its history.
_NEWS_DAYS = timedelta(days=45)
_LEAD_DAYS = timedelta(days=10)


def is_fresh(found: ResolvedDate, day: date | None) -> bool:
    return found.precision is Precision.DAY and day is not None and day - _LEAD_DAYS <= found.first <= day


def report_dates(article: Reading, sentence: Sentence, hit: Hit) -> Iterator[ReportDate]:
    """Yield at most one date a role: the one closest to the cue; an old one is history, not when it happened."""
    seen: set[DateRole] = set()
    found = article.dates(sentence)
    for one in sorted(found, key=lambda d: (min(abs(d.start - hit.end), abs(hit.start - d.end)), d.start)):
        role = _role(sentence, one.start, one.end)
        if role in seen or (role is DateRole.ANNOUNCED and not is_news(one.date, article.day)):
            continue
        seen.add(role)
        yield ReportDate(role=role, date=one.date, quote=quote_of(sentence, one.start, one.end))


def is_news(found: ResolvedDate, day: date | None) -> bool:
    return day is not None and found.last >= day - _NEWS_DAYS


def _role(sentence: Sentence, start: int, end: int) -> DateRole:
    """Return what the date at these offsets is by the words closest to it; those directly behind it come first."""
    before = sentence.text[:start].casefold()[-_ROLE_CHARACTERS:]
    after = sentence.text[end:].casefold().lstrip()
    for role, words in _ROLES.items():
        if after.startswith(tuple(words["after"])):
            return role
    found = [(before.rfind(word), role) for role, words in _ROLES.items() for word in words["before"]]
    at, role = max(found, key=lambda one: one[0])
    return role if at >= 0 else DateRole.ANNOUNCED


_ROLE_CHARACTERS = 80
_ROLES = {DateRole(name): words for name, words in word_table("date_roles").items()}


def set_dates(article: Reading, known: set[DateRole]) -> Iterator[ReportDate]:
    """Yield the first date of each other role that the article gives anywhere ("takes effect on July 1")."""
    seen = {DateRole.ANNOUNCED, *known}
    for sentence in article.sentences:
        for found in article.dates(sentence):
            role = _role(sentence, found.start, found.end)
            if role not in seen and is_news(found.date, article.day):
                seen.add(role)
                yield ReportDate(role=role, date=found.date, quote=quote_of(sentence, found.start, found.end))


def lead_date(article: Reading, lead: Sequence[Sentence]) -> Iterator[ReportDate]:
    """Yield the one recent day that the lead names ("said on Monday"), where it names just one."""
    days = [
        (sentence, found) for sentence in lead for found in article.dates(sentence) if is_fresh(found.date, article.day)
    ]
    if len({found.date for _, found in days}) == 1:
        sentence, found = days[0]
        yield ReportDate(role=DateRole.ANNOUNCED, date=found.date, quote=quote_of(sentence, found.start, found.end))
