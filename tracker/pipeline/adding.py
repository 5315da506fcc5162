"""Sources that people add while the tracker runs: from the shipped list, by address, or many at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import count
from urllib.parse import parse_qs, urlsplit

from tracker.collect.discover import Found, discover
from tracker.collect.http import Client
from tracker.collect.kinds import check_source
from tracker.collect.opml import Outline
from tracker.collect.pacing import host_of
from tracker.config import NAME_LIMIT, parse_source
from tracker.errors import ConfigError, FetchError, InputError, ParseError
from tracker.knowledge.source_list import SourceList, place
from tracker.store.sources import Sources
from tracker.times import write_duration
from tracker.types import Source

_BARE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?]\S*)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])", re.IGNORECASE)
_BY_SCHEME = {"imap": "email", "imaps": "email", "maildir": "email"}
_SEARCH_PARAMETERS, _SEARCH_OPTIONS = ("q", "query"), ("query", "term")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A source that may be added; `found` is what its address led to, where it was looked at."""

    source: Source
    found: Found | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What became of a source: `present` names the one that is polled at its place already, None where it was added."""

    source: Source
    present: str | None = None


def propose(asked: str, given: Mapping[str, object], client: Client, known: SourceList) -> Proposal:
    """Make a source of a shipped one's name or of an address; `given` has the fields that a person states.

    An address that nothing is known of is looked at, unless its kind is given.  Raise an InputError that says why it
    is refused, or what is missing.
    """
    if listed := known.named(asked):
        return Proposal(source=_checked(_fields(listed.source), given))
    url = _as_address(asked, known)
    _refuse_denied(url, known)
    fields = _fields_at(url, known)
    if "options" in given:  # what is asked for there is another thing than the shipped source asks for
        fields |= {"name": _name_of(url, given["options"])}
    if "kind" in fields or "kind" in given:
        return Proposal(source=_checked(fields, given))
    found = _discovered(url, client)
    _refuse_denied(found.url, known)
    return Proposal(source=_checked(_fields_at(found.url, known, said=_said(found)), given), found=found)


def propose_outline(outline: Outline, given: Mapping[str, object], known: SourceList) -> Source:
    """Make a source of a subscription in a list; raise an InputError that says why it cannot be one.

    `given` counts where neither that list nor the shipped one says what the source is.
    """
    url = _as_address(outline.url, known)
    _refuse_denied(url, known)
    named = {"name": outline.name[:NAME_LIMIT]} if outline.name else {}
    if outline.fields:  # a list of ours says all that is known
        return _checked({"url": outline.url, **named, **outline.fields}, {})
    return _checked({"kind": "feed"} | _fields_at(url, known, said={**named, **given}), {})


def admit(proposed: Iterable[Source], sources: Sources, *, exact: bool = False) -> Iterator[Admission]:
    """Add each source whose place nobody polls yet; a name that another one has gets a number.

    With `exact` such a name is an InputError.
    """
    polled = {place(health.source): health.source.name for health in sources.health()}
    names = {name.casefold() for name in polled.values()}
    for source in proposed:
        if present := polled.get(place(source)):
            yield Admission(source=source, present=present)
            continue
        if exact and source.name.casefold() in names:
            raise InputError(f"another source is called {source.name}; give this one another --name")
        added = _add(source, names, sources)
        polled[place(added)] = added.name
        yield Admission(source=added)


def closest(asked: str, names: Iterable[str]) -> str:
    """Return a question for the names that somebody may have meant; nothing where none is close."""
    folded = {name.casefold(): name for name in names}
    close = [folded[one] for one in get_close_matches(asked.casefold(), folded, n=3)]
    return f"  Did you mean {' or '.join(close)}?" if close else ""


def _as_address(asked: str, known: SourceList) -> str:
    address = re.sub(r"^feed:(//)?(?=\S)", "", asked.strip(), flags=re.IGNORECASE)
    if "://" in address:
        try:
            urlsplit(address)
        except ValueError as error:
            raise InputError(f"{asked}: not an address: {error}") from error
        return address
    if _BARE.fullmatch(address):
        return f"https://{address}"
    meant = closest(asked, (listed.source.name for listed in known.sources))
    raise InputError(f"{asked}: neither an address nor a shipped source; see tracker sources available.{meant}")


def _refuse_denied(url: str, known: SourceList) -> None:
    if reason := known.denied(url):
        raise InputError(f"{url} is refused: {reason}")


def _discovered(url: str, client: Client) -> Found:
    try:
        return discover(url, client)
    except (FetchError, ParseError) as error:
        raise InputError(f"{url}: {error}; another address may do, or its kind (feed, listing, page, …)") from error


def _fields_at(url: str, known: SourceList, *, said: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return the fields of the shipped source at an address; else what the address lets one guess, and what is said."""
    if listed := known.at(url):
        return _fields(listed.source)
    kind = known.kind_at(url) or _BY_SCHEME.get(urlsplit(url).scheme)
    guessed = {"kind": kind if kind != "feed" else None, "family": known.family_at(url)}
    return {"url": url, "name": _name_of(url)} | {k: v for k, v in guessed.items() if v} | dict(said or {})


def _said(found: Found) -> dict[str, object]:
    """Return the fields that a discovered source states itself."""
    language = _LANGUAGE.match(found.language or "")
    said = {
        "kind": found.kind,
        "name": found.title[:NAME_LIMIT].strip(),
        "language": language[0].lower() if language else "",
    }
    return {key: value for key, value in said.items() if value}


def _fields(source: Source) -> dict[str, object]:
    """Return a source as a table of the settings file has it."""
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "language": source.language,
        "country": source.country,
        "tier": source.tier,
        "family": source.family,
        "every": write_duration(source.every),
        "options": dict(source.options),
    }


def _name_of(url: str, options: object = None) -> str:
    """Name a source by its host, and by what is searched for there."""
    query = parse_qs(urlsplit(url).query)
    searches = [query.get(name, [""])[0] for name in _SEARCH_PARAMETERS]
    if isinstance(options, Mapping):
        searches += [str(options.get(name, "")) for name in _SEARCH_OPTIONS]
    searched = next(filter(None, searches), "")
    host = host_of(url).removeprefix("www.")
    return (f"{host}: {searched}" if searched else host)[:NAME_LIMIT]


def _checked(fields: Mapping[str, object], given: Mapping[str, object]) -> Source:
    """Make a source of its fields, where what is given counts first, and single options count first too."""
    stated: dict[str, object] = {**fields, **given}
    match fields.get("options"), given.get("options"):
        case dict(known), dict(own):
            stated["options"] = known | own
    source = parse_source(stated)
    try:
        check_source(source)
    except ConfigError as error:
        raise InputError(f"{source.name}: {error}; docs/sources.md has the kinds and their options") from error
    return source


def _add(source: Source, names: set[str], sources: Sources) -> Source:
    """Add a source under its name, or under that name with the first number that is free; `names` learns it."""
    for number in count(1):
        tail = f" ({number})" if number > 1 else ""
        named = replace(source, name=f"{source.name[: NAME_LIMIT - len(tail)]}{tail}")
        if named.name.casefold() not in names:
            names.add(named.name.casefold())
            if sources.add(named):
                return named
    raise AssertionError("numbers do not end")
