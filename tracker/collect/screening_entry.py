"""Changes of the Consolidated Screening List, told as articles in plain words; pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from html import escape

from babel import Locale
from w3lib.url import add_or_replace_parameters

from tracker.collect.entry import make_entry
from tracker.collect.screening_changes import Change, Verb
from tracker.collect.screening_snapshot import Party
from tracker.types import DateRole, Entry, StatedDate

# A list names itself and its keeper: Entity List (EL) - Bureau of Industry and Security.
_LIST_NAME = re.compile(r"(?P<list>.+?)(?: \([^)]*\))?(?: - (?P<keeper>.+))?")
_NAMES_IN_TITLE = 3
_NAMES_IN_LEAD = 20
_COUNTRIES_NAMED = 3
_PARTIES_SHOWN = 100
_VALUE_LIMIT = 500
# The lists hold dates such as 3033-01-17.
_YEARS = range(1940, 2100)
_LABELS = {
    "name": "name",
    "alt_names": "other names",
    "country": "country",
    "addresses": "addresses",
    "license_requirement": "licence requirement",
    "license_policy": "licence policy",
    "start_date": "listed from",
    "end_date": "listed until",
    "programs": "programmes",
    "notice": "Federal Register notice",
    "remarks": "remarks",
}
_HAVE_MANY = {"alt_names", "addresses", "programs"}
_PREPOSITIONS = {Verb.ADDED: "to", Verb.CHANGED: "on", Verb.REMOVED: "from"}


def tell(changes: Iterable[Change], *, url: str, seen_at: datetime, published_at: datetime | None) -> tuple[Entry, ...]:
    """Make one entry of all that one notice (else one look) added to a list, changed on it or removed from it.

    `url` is where the snapshot was; `seen_at` makes the addresses unique, as a party may come and go again.
    """
    grouped: dict[tuple[str, Verb, str], list[Change]] = defaultdict(list)
    for change in changes:
        grouped[change.party.source, change.verb, change.notice].append(change)
    return tuple(
        _as_entry(_Group(source=source, verb=verb, notice=notice, changes=tuple(found)), url, seen_at, published_at)
        for (source, verb, notice), found in grouped.items()
    )


@dataclass(frozen=True, kw_only=True)
class _Group:
    """What one notice did to one list."""

    source: str
    verb: Verb
    notice: str
    changes: tuple[Change, ...]

    @cached_property
    def parties(self) -> list[Party]:
        return [change.party for change in self.changes]

    @property
    def list_name(self) -> str:
        return self._named["list"]

    @property
    def keeper(self) -> str | None:
        return self._named["keeper"]

    @cached_property
    def _named(self) -> re.Match[str]:
        found = _LIST_NAME.fullmatch(self.source)
        assert found is not None  # a party without a list is none
        return found

    @cached_property
    def countries(self) -> list[str]:
        codes = dict.fromkeys(code for party in self.parties for code in (party.country or party.countries).split())
        return sorted({country_name(code) for code in codes})


def country_name(code: str) -> str:
    """Return the plain name of a country by its code: "Hong Kong", not "Hong Kong SAR China"."""
    name = str(_ENGLISH.territories.get(code.upper(), code))
    return name.removesuffix(" SAR China").partition(" (")[0]


_ENGLISH = Locale("en")


def _as_entry(group: _Group, url: str, seen_at: datetime, published_at: datetime | None) -> Entry:
    identity = sha256(repr((seen_at.isoformat(), group.source, group.verb, group.notice, group.changes)).encode())
    change = identity.hexdigest()[:16]
    list_url = next(
        (party.list_url for party in group.parties if party.list_url.startswith(("http://", "https://"))), url
    )
    entry = make_entry(
        key=f"{group.list_name}/{group.verb}/{change}",
        # A fragment would not do: it is dropped where addresses are compared, and all changes would be one article.
        address=add_or_replace_parameters(list_url, {"change": change}),
        title=_title(group),
        author=group.keeper,
        content=_content(group),
        language="en",
        published_at=published_at,
        has_page=False,
    )
    return replace(entry, dates=_stated_dates(group))


def _title(group: _Group) -> str:
    count = len(group.parties)
    where = f" ({_some(group.countries, _COUNTRIES_NAMED, 'countries')})" if group.countries else ""
    names = _some(_names(group), _NAMES_IN_TITLE, "more")
    return f"{group.list_name}: {count:,} {_parties(count)} {group.verb}{where}: {names}"


def _content(group: _Group) -> str:
    shown = "".join(f"<li>{_describe(change)}</li>" for change in group.changes[:_PARTIES_SHOWN])
    hidden = len(group.changes) - _PARTIES_SHOWN
    more = f"<p>And {hidden:,} more.</p>" if hidden > 0 else ""
    return f"<p>{escape(_lead(group))}</p><ul>{shown}</ul>{more}"


def _lead(group: _Group) -> str:
    """Say in sentences who did what to whom, by which notice and from when."""
    said = [_sentence(group)]
    if group.notice:
        said.append(f"The Federal Register notice is {group.notice}.")
    if group.verb is Verb.ADDED and (first := _shared_day(group, "start_date")):
        said.append(f"The addition is effective {_spell(first)}.")
    return " ".join(said)


def _sentence(group: _Group) -> str:
    count, verb = len(group.parties), group.verb
    where = f" in {_some(group.countries, _COUNTRIES_NAMED, 'countries')}" if group.countries else ""
    what = f"{count:,} {_parties(count)}{where}"
    if verb is Verb.CHANGED:
        what = f"the {'entry' if count == 1 else 'entries'} of {what}"
    names = _some(_names(group), _NAMES_IN_LEAD, "more").removesuffix(".")  # of "Ltd."
    place = f"{_PREPOSITIONS[verb]} the {group.list_name}: {names}."
    if group.keeper:
        return f"The {group.keeper.removeprefix('The ')} {verb} {what} {place}"
    return f"{what[0].upper()}{what[1:]} {'was' if count == 1 else 'were'} {verb} {place}"


def _describe(change: Change) -> str:
    party = change.party
    where = country_name(party.country) if party.country else ""
    name = f"<b>{escape(party.name)}</b>{f' ({escape(where)})' if where else ''}"
    if change.verb is Verb.CHANGED:
        return f"{name}: {escape('; '.join(_tell_field(*field) for field in change.fields))}."
    told = (f"{_LABELS[field]}: {_clip(value)}" for field, value in _stated(party))
    text = ". ".join(f"{one[0].upper()}{one[1:].rstrip('.')}" for one in told)
    return f"{name}. {escape(text)}." if text else f"{name}."


def _stated(party: Party) -> list[tuple[str, str]]:
    """List the fields that a party has, in the order of telling; absurd dates are left out."""
    values = party._asdict()
    for name in ("start_date", "end_date"):
        day = _as_day(values[name])
        values[name] = _spell(day) if day else ""
    return [(name, values[name]) for name in _LABELS if values[name] and name not in {"name", "country"}]


def _tell_field(name: str, old: str, new: str) -> str:
    """Say what a field was and is; of many values only those that came and went."""
    label = _LABELS[name]
    if name in _HAVE_MANY:
        was, now_is = old.split("; "), new.split("; ")
        came = [f"“{_clip(one)}” added" for one in now_is if one and one not in was]
        went = [f"“{_clip(one)}” removed" for one in was if one and one not in now_is]
        return f"{label}: {', '.join(came + went) or 'put in other words'}"
    if not old:
        return f"{label} “{_clip(new)}” added"
    return f"{label} changed from “{_clip(old)}” to “{_clip(new)}”" if new else f"{label} “{_clip(old)}” removed"


def _stated_dates(group: _Group) -> tuple[StatedDate, ...]:
    """Return the dates that all added parties share; a change or removal has none of its own."""
    if group.verb is not Verb.ADDED:
        return ()
    named = ((DateRole.EFFECTIVE, "start_date"), (DateRole.EXPIRY, "end_date"))
    found = [(role, name, _shared_day(group, name)) for role, name in named]
    return tuple(StatedDate(role=role, on=day, quote=f"{name}: {day}") for role, name, day in found if day)


def _shared_day(group: _Group, name: str) -> date | None:
    values = {str(getattr(party, name)) for party in group.parties}
    return _as_day(values.pop()) if len(values) == 1 else None


def _as_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _spell(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _names(group: _Group) -> list[str]:
    return list(dict.fromkeys(party.name for party in group.parties))


def _parties(count: int) -> str:
    return "party" if count == 1 else "parties"


def _some(names: Sequence[str], most: int, rest: str) -> str:
    """Write a list as English does, and count what goes beyond `most`; countries are then only counted."""
    if len(names) > most:
        if rest != "more":
            return f"{len(names):,} {rest}"
        names = [*names[:most], f"{len(names) - most:,} {rest}"]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _clip(text: str) -> str:
    return text if len(text) <= _VALUE_LIMIT else f"{text[:_VALUE_LIMIT].rstrip()}…"
