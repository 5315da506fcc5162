"""What a subscription wants, and whether a story is that.  Pure."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from babel import Locale

from tracker.errors import InputError
from tracker.notify.naming import country_code, country_names, fold, is_named
from tracker.types import ChannelKind, EntityKind, Event, EventType, Modality, Story, Subscription
from tracker.weighing.exposure import affected
from tracker.weighing.severity import Standpoint, severity

_NAMING = {
    "country": EntityKind.COUNTRY,
    "company": EntityKind.COMPANY,
    "model": EntityKind.MODEL,
    "agency": EntityKind.AGENCY,
    "chip": EntityKind.CHIP,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "type": tuple(EventType),
    "modality": tuple(Modality),
    "exposure": ("yes", "no"),
}
_KEYS = (*_CHOICES, *_NAMING, "language", "severity")
_EXAMPLES = {"country": "CN", "company": "nvidia", "model": "claude", "agency": "BIS", "chip": "H20", "language": "ko",
             "severity": ">=60"}  # fmt: skip
_MOST_SEVERE = 100
_AT_LEAST = re.compile(r"(?:>=|≥)?\s*(\d{1,3})")
_TEXT = "text"
# Phones and chat programs turn the quotation marks that people type into these.
_STRAIGHT = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"：": ":", "，": ","})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One condition: any of `values` for `key`; `excludes` turns it round.  Free words have the key "text"."""

    key: str
    values: tuple[str, ...]
    excludes: bool = False

    def __str__(self) -> str:
        said = " or ".join(self.values)
        return f"{'not ' if self.excludes else ''}{self.key}: {said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All clauses have to hold for one event; no clause means every relevant story."""

    clauses: tuple[Clause, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(_written, self.clauses))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which events of a story met the filter, and in words by which clauses."""

    event_ids: tuple[int, ...]
    why: tuple[str, ...]


def parse_filter(text: str) -> Filter:
    """Read a filter such as `type:restriction,easing country:CN -company:"SK Hynix" open weights`.

    Values of one key are alternatives, different keys have to hold together, "-" excludes, free words have to
    stand in the story.  A wrong key or value is an InputError that names what is allowed.
    """
    wanted: dict[tuple[str, bool], list[str]] = {}
    for word in _split(text):
        excludes = word.startswith("-") and len(word) > 1
        key, values = _read(word[1:] if excludes else word)
        wanted.setdefault((key, excludes), []).extend(values)
    return Filter(clauses=tuple(_clauses(wanted)))


def match_story(wanted: Filter, story: Story, standpoint: Standpoint) -> Match | None:
    """Match a story: one of its events meets every clause.

    Analysis never matches alone: it counts where the filter asks for it and the story has an event beside it.
    """
    asked = any(c.key == "type" and not c.excludes and EventType.ANALYSIS in c.values for c in wanted.clauses)
    telling = [event for event in story.events if event.type is not EventType.ANALYSIS]
    chosen = story.events if asked and telling else telling
    matched = [event for event in chosen if all(_holds(clause, event, story, standpoint) for clause in wanted.clauses)]
    if not matched:
        return None
    why = tuple(_because(clause, matched, standpoint) for clause in wanted.clauses)
    return Match(event_ids=tuple(event.id for event in matched), why=why or ("every relevant story",))


def match_subscription(subscription: Subscription, story: Story, standpoint: Standpoint) -> Match | None:
    """Match a story with a stored filter; one that can no longer be read lets everything through and says so.

    A filter is checked when it is saved, but a later version may know fewer values.  A lost alert would go unseen,
    and an exception here would stop the alerts of everybody else.
    """
    try:
        return match_story(parse_filter(subscription.filter), story, standpoint)
    except InputError as error:
        match = match_story(Filter(), story, standpoint)
        why = f"every relevant story, because your filter cannot be read any more ({error})"
        return match and Match(event_ids=match.event_ids, why=(why,))


def owed(story: Story, subscriptions: Sequence[Subscription], standpoint: Standpoint) -> list[tuple[int, str]]:
    """Return which subscriptions are alerted to a story, each with the delivery's key; e-mail gets digests instead."""
    return [
        (subscription.id, f"story:{story.id}")
        for subscription in subscriptions
        if subscription.channel is ChannelKind.SLACK and match_subscription(subscription, story, standpoint)
    ]


def _split(text: str) -> list[str]:
    # Quotation marks only: an apostrophe ("China's") is part of its word.
    lexer = shlex.shlex(text.translate(_STRAIGHT), posix=True)
    lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
    try:
        return [word for word in lexer if word.strip()]
    except ValueError as error:
        raise InputError(f"filter {text!r}: a quotation mark is not closed") from error


def _read(word: str) -> tuple[str, list[str]]:
    key, colon, value = word.partition(":")
    # A quoted phrase or an address may hold a colon and is no condition for that.
    if not colon or not re.fullmatch(r"[\w-]+", key) or value.startswith(("//", " ")):
        return _TEXT, [fold(word)]
    key = key.casefold()
    if key not in _KEYS:
        raise InputError(f"filter: unknown key {key!r}{_meant(key, _KEYS)}; expected one of {', '.join(_KEYS)}")
    values = [one.strip() for one in value.split(",") if one.strip()]
    if not values:
        example = _EXAMPLES.get(key) or _CHOICES[key][0]
        raise InputError(f"filter: {key}: has no value; expected something like {key}:{example}")
    return key, [_value(key, one) for one in values]


def _value(key: str, value: str) -> str:
    if key in _CHOICES:
        return _choice(key, value.casefold().replace("-", "_").replace(" ", "_"))
    read = {"country": _country, "language": _language, "severity": _severity}.get(key)
    return read(value) if read else value


def _choice(key: str, value: str) -> str:
    if value in _CHOICES[key]:
        return value
    near = _meant(value, _CHOICES[key])
    raise InputError(f"filter: {key}:{value} is unknown{near}; expected one of {', '.join(_CHOICES[key])}")


def _country(value: str) -> str:
    if code := country_code(value):
        return code
    near = _meant(value.title(), country_names())
    raise InputError(f"filter: country:{value} is unknown{near}; expected a code or a name, such as CN or China")


def _severity(value: str) -> str:
    found = _AT_LEAST.fullmatch(value)
    if not found or int(found[1]) > _MOST_SEVERE:
        raise InputError(f"filter: severity:{value} is unknown; expected the least from 0 to 100, such as >=60")
    return f">={int(found[1])}"


def _language(value: str) -> str:
    code = fold(value).partition("-")[0]
    if found := code if code in _languages().values() else _languages().get(code):
        return found
    near = _meant(code, tuple(_languages()))
    raise InputError(f"filter: language:{value} is unknown{near}; expected a code or a name, such as ko or Korean")


@cache
def _languages() -> dict[str, str]:
    """Map the English names of the languages to their codes of two letters, which are what articles carry."""
    return {name.casefold(): code for code, name in Locale("en").languages.items() if len(code) == len("en")}


def _meant(given: str, known: Sequence[str]) -> str:
    near = get_close_matches(given, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _clauses(wanted: dict[tuple[str, bool], list[str]]) -> Iterator[Clause]:
    for (key, excludes), values in wanted.items():
        if key == _TEXT:  # every free word has to stand there
            yield from (Clause(key=_TEXT, values=(value,), excludes=excludes) for value in dict.fromkeys(values))
        else:
            yield Clause(key=key, values=tuple(dict.fromkeys(values)), excludes=excludes)


def _written(clause: Clause) -> str:
    values = ",".join(clause.values)
    said = values if clause.key == _TEXT else f"{clause.key}:{values}"
    return f"{'-' if clause.excludes else ''}" + (f'"{said}"' if " " in said or said.startswith("-") else said)


def _holds(clause: Clause, event: Event, story: Story, standpoint: Standpoint) -> bool:
    return _says(clause, event, story, standpoint) is not clause.excludes


def _says(clause: Clause, event: Event, story: Story, standpoint: Standpoint) -> bool:
    match clause.key:
        case "type" | "modality":
            return getattr(event, clause.key) in clause.values
        case "language":
            return any(language.partition("-")[0] in clause.values for language in story.corroboration.languages)
        case "severity":
            least = min(float(value.removeprefix(">=")) for value in clause.values)
            return severity(event, standpoint).value >= least
        case "exposure":
            return ("yes" if affected(event, standpoint.stack) else "no") in clause.values
        case "text":
            return _stands(clause.values[0], _words(event, story))
        case _:
            return any(_met(clause, event))


def _met(clause: Clause, event: Event) -> Iterator[str]:
    """Yield the names by which an event meets a clause."""
    kind = _NAMING[clause.key]
    return (n.name for n in event.entities if any(is_named(kind, value, n) for value in clause.values))


def _because(clause: Clause, matched: Sequence[Event], standpoint: Standpoint) -> str:
    """Write a clause, and through whom it holds where that is not plain ("country: CN (DeepSeek)")."""
    if clause.key == "severity":
        return f"{clause} ({max(severity(event, standpoint).value for event in matched):g})"
    if clause.key == "exposure":
        touched = dict.fromkeys(str(one) for event in matched for one in affected(event, standpoint.stack))
        return f"{clause} ({'; '.join(touched)})" if touched else str(clause)
    if clause.key not in _NAMING or clause.excludes:
        return str(clause)
    names = list(dict.fromkeys(name for event in matched for name in _met(clause, event)))
    plain = {fold(value) for value in clause.values}
    return str(clause) if plain & {fold(name) for name in names} else f"{clause} ({', '.join(names[:3])})"


def _stands(words: str, text: str) -> bool:
    # A word counts from its start ("ban", not "urban"); scripts without spaces have no such start.
    spaced = words[0].isalnum() and words[0] < "\u2e80"
    return re.search((r"(?<!\w)" if spaced else "") + re.escape(words), text) is not None


def _words(event: Event, story: Story) -> str:
    said = [text for witness in event.witnesses for text in (witness.title, witness.report.sentence.text)]
    return fold(" \n ".join([story.title, event.headline, *said, *(named.name for named in event.entities)]))
