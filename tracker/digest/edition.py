"""What goes into a weekly digest, and in which order.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker import telling, words
from tracker.telling.text import clean, cut, is_web, listed
from tracker.types import Event, EventType, Story, Subscription
from tracker.weighing.corroboration import decisive_witness
from tracker.weighing.severity import Standpoint

_TYPES = tuple(EventType)
# Some mail programs cut a mail off at 100 kB: what is beyond the first stories is told in one line each.
_TOLD_IN_FULL, _TOLD_IN_ALL = 25, 100
_EVENTS_SHOWN = 4
_HEADLINE_CHARS, _QUOTE_CHARS, _LINE_CHARS, _SOURCE_CHARS = 200, 600, 180, 150
_NAMES_SHOWN, _NAME_CHARS, _FILTER_CHARS = 8, 60, 300
_URL_CHARS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A verbatim sentence and where it stands; `url` only where a reader may follow it."""

    text: str
    source: str
    url: str | None
    published: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One story; `facts` are labelled values, `others` its other events in a line each, `further` those left out."""

    headline: str
    url: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    quoted: Quoted | None
    others: tuple[str, ...]
    further: int
    corroboration: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One digest.  `groups` are stories told in full, by type; `brief` the next ones; `left` how many are left out."""

    week: str
    days: str
    told: str
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    brief: tuple[Entry, ...]
    left: int
    wanted: str
    looked_at: str
    site: str


def make_edition(
    stories: Sequence[tuple[Story, tuple[int, ...]]],
    *,
    week: str,
    subscription: Subscription,
    looked_at: str,
    public_url: str,
    standpoint: Standpoint,
) -> Edition:
    """Choose and order what a digest says: by type of the main event, the most reported story first."""
    told = [(story, telling.main_event(story, event_ids)) for story, event_ids in stories]
    ranked = sorted(told, key=lambda pair: _rank(*pair))
    groups: dict[str, list[Entry]] = {}
    for story, main in ranked[:_TOLD_IN_FULL]:
        label = words.label(main.type) if main else "No event"
        groups.setdefault(label, []).append(_entry(story, main, public_url, standpoint))
    return Edition(
        week=f"week {int(week.partition('W')[2])}",
        days=week_days(week),
        told=count_stories(len(ranked)) if ranked else "nothing new",
        groups=tuple((label, tuple(entries)) for label, entries in groups.items()),
        brief=tuple(_entry(story, main, public_url, standpoint) for story, main in ranked[_TOLD_IN_FULL:_TOLD_IN_ALL]),
        left=max(len(ranked) - _TOLD_IN_ALL, 0),
        wanted=cut(clean(subscription.filter), _FILTER_CHARS),
        looked_at=clean(looked_at),
        site=public_url,
    )


def week_days(week: str) -> str:
    """Write the days of an ISO week: 29 June to 5 July 2026."""
    year, _, number = week.partition("-W")
    monday, sunday = (date.fromisocalendar(int(year), int(number), day) for day in (1, 7))
    first = words.day(monday)
    if monday.year == sunday.year:
        first = first.removesuffix(f" {monday.year}")
    if monday.month == sunday.month:
        first = str(monday.day)
    return f"{first} to {words.day(sunday)}"


def count_stories(number: int) -> str:
    """Write a number of stories."""
    return f"{number:,} story" if number == 1 else f"{number:,} stories"


def _rank(story: Story, main: Event | None) -> tuple[int, int, int, int]:
    place = _TYPES.index(main.type) if main else len(_TYPES)
    return place, -len(story.corroboration.families), -story.corroboration.reports, -story.id


def _entry(story: Story, main: Event | None, site: str, standpoint: Standpoint) -> Entry:
    others = telling.other_events(story, main)
    return Entry(
        headline=cut(clean(telling.headline(story, main)) or "A story without a title", _HEADLINE_CHARS),
        url=f"{site}/stories/{story.id}",
        summary=_summary(main) if main else "",
        facts=_facts(main, standpoint) if main else (),
        quoted=_quoted(main) if main else None,
        others=tuple(_line(event, main) for event in others[:_EVENTS_SHOWN]),
        further=max(len(others) - _EVENTS_SHOWN, 0),
        corroboration=telling.corroboration(story.corroboration),
        severity=telling.weight(main, standpoint) if main else "",
    )


def _summary(event: Event) -> str:
    dates = [cut(clean(one), _LINE_CHARS) for one in telling.stated_dates(event)]
    return " · ".join([telling.status(event), *(dates or ["no date stated"])])


def _facts(event: Event, standpoint: Standpoint) -> tuple[tuple[str, str], ...]:
    named = tuple(
        (label, listed([n.name for n in found], shown=_NAMES_SHOWN, limit=_NAME_CHARS))
        for label, role in (("By", "actor"), ("Affects", "target"))
        if (found := telling.named(event, role))
    )
    touched = ((cut(clean(service), _NAME_CHARS), how) for service, how in telling.affects(event, standpoint.stack))
    disputed = (f"{field.lower()} {clean(sides)}" for field, sides in telling.disagreements(event))
    return (*named, *touched, *(("Sources disagree", cut(one, _LINE_CHARS)) for one in disputed))


def _quoted(event: Event) -> Quoted | None:
    witness = decisive_witness(event)
    if witness is None:
        return None
    sentence = witness.report.sentence.text
    title = "" if witness.title == sentence else witness.title
    return Quoted(
        text=cut(clean(sentence), _QUOTE_CHARS),
        source=cut(clean(": ".join(part for part in (witness.source, title) if part.strip())), _SOURCE_CHARS),
        url=witness.url if is_web(witness.url) and len(witness.url) <= _URL_CHARS else None,
        published=words.day(witness.published_at) if witness.published_at else "undated",
    )


def _line(event: Event, main: Event | None) -> str:
    when = f", {words.resolved(event.date)}" if event.date else ""
    said = cut(telling.gist(event, main), _LINE_CHARS)
    return f"{telling.status(event)}{when}" + (f": {said}" if said else "")
