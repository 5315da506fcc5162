"""The Federal Register: published documents by window of publication dates, or those on public inspection."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import structlog
from pydantic import Field

from tracker.collect.federal_document import (
    DOCUMENT_FIELDS,
    INSPECTION_FIELDS,
    agency_slugs,
    day_of,
    read_document,
    read_inspection,
    text_of,
)
from tracker.collect.http import Client
from tracker.collect.kind import Options
from tracker.config import Text
from tracker.errors import ParseError
from tracker.times import now
from tracker.types import Entry, Poll, PollState, Source

log = structlog.get_logger()

_PER_PAGE = 250
# A query yields 10,000 documents at most (fr_toolbelt's tests), 2,000 according to others.
_WINDOW_LIMIT = 2_000
_QUERY_LIMIT = 10_000
# Enough for a full window even where a page holds no more than 20.
_PAGES_PER_QUERY = 100
# After so many requests a look ends with the window that it is in, and the next look goes on from there.
_REQUESTS_PER_LOOK = 40
# What is published late, or searchable late, is still found.
_OVERLAP = timedelta(days=3)
_TYPES = {"RULE": "Rule", "PRORULE": "Proposed Rule", "NOTICE": "Notice", "PRESDOCU": "Presidential Document"}


class FederalRegisterOptions(Options):
    """What to ask for: everything where nothing is said; `days` is how far back the first look reaches."""

    agencies: tuple[Text, ...] = ()
    term: str = ""
    types: tuple[Literal["RULE", "PRORULE", "NOTICE", "PRESDOCU"], ...] = ()
    days: int = Field(default=30, ge=1, le=3650)
    public_inspection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days of publication, both included."""

    first: date
    last: date

    def halves(self) -> tuple["Window", "Window"]:
        """Split a window of more than one day, the earlier half first."""
        middle = self.first + (self.last - self.first) // 2
        return Window(first=self.first, last=middle), Window(first=middle + timedelta(days=1), last=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page of results; `count` is how many there are on all pages."""

    count: int
    results: list[object]
    next_page: str | None


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Ask for documents published since shortly before the last one seen, or for all on public inspection."""
    options = FederalRegisterOptions.model_validate(dict(source.options))
    asking = _Asking(source=source, client=client)
    if options.public_inspection:
        found = list(asking.pages(_address(source.url, {"fields[]": INSPECTION_FIELDS})))
        wanted = [one for one in found if not isinstance(one, dict) or _is_wanted(one, options)]
        return asking.as_poll(_read_all(source, wanted, read_inspection), state, memory=None)
    window = next_window(state.memory, today=now().date(), days=options.days)
    records, through = _read_windows(asking, options, window)
    start = start_after(window, through, records)
    return asking.as_poll(_read_all(source, records, read_document), state, memory=start.isoformat().encode())


def next_window(memory: bytes | None, *, today: date, days: int) -> Window:
    """Return the days to ask for; what is remembered is the first of them."""
    try:
        first = date.fromisoformat((memory or b"").decode())
    except ValueError:
        first = today - timedelta(days=days)
    return Window(first=min(first, today), last=today)


def start_after(window: Window, through: date, records: Sequence[object]) -> date:
    """Say where the next look starts, when this one read `window` completely up to `through`."""
    if through < window.last:
        return through + timedelta(days=1)
    days = [day for one in records if isinstance(one, dict) and (day := day_of(one, "publication_date"))]
    seen = max((day for day in days if day <= window.last), default=window.first)
    return max(window.first, seen - _OVERLAP)


def _read_windows(asking: "_Asking", options: FederalRegisterOptions, window: Window) -> tuple[list[object], date]:
    """Read windows small enough for the API, the oldest first; return the records and the last day read."""
    records: list[object] = []
    waiting, through = [window], None
    while waiting and (through is None or asking.requests < _REQUESTS_PER_LOOK):
        window = waiting.pop()
        address = _address(asking.source.url, _query(options, window))
        answer = asking.ask(address)
        if answer.count > _WINDOW_LIMIT and window.first < window.last:
            waiting.extend(reversed(window.halves()))
            continue
        records.extend(asking.pages(address, answer))
        through = window.last
    assert through is not None
    return records, through


@dataclass(slots=True, kw_only=True)
class _Asking:
    """The requests of one look: how many, and a hash of all that was answered."""

    source: Source
    client: Client
    requests: int = 0
    _answered: Any = field(default_factory=sha256)

    def ask(self, address: str) -> Answer:
        fetched = self.client.fetch(address, headers={"accept": "application/json"})
        self.requests += 1
        self._answered.update(fetched.body)
        return parse_answer(fetched.body, url=fetched.url)

    def pages(self, address: str, answer: Answer | None = None) -> Iterator[object]:
        """Go through the results of a query page by page; `answer` is the first page where it was read before."""
        answer = answer or self.ask(address)
        if answer.count > _QUERY_LIMIT:
            raise ParseError(f"{answer.count:,} documents in one answer: narrow the search by agencies, term or types")
        for _ in range(_PAGES_PER_QUERY):
            yield from answer.results
            if answer.next_page is None:
                return
            answer = self.ask(answer.next_page)
        raise ParseError(f"more than {_PAGES_PER_QUERY} pages in one answer")

    def as_poll(self, entries: tuple[Entry, ...], state: PollState, *, memory: bytes | None) -> Poll:
        body_hash = self._answered.hexdigest()
        unchanged = body_hash == state.body_hash
        return Poll(entries=() if unchanged else entries, unchanged=unchanged, body_hash=body_hash, memory=memory)


def parse_answer(body: bytes, *, url: str) -> Answer:
    """Parse an answer that was fetched from `url`; raise ParseError where it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the answer is broken JSON: {error}") from error
    count = found.get("count") if isinstance(found, dict) else None
    # Where nothing was found, the results may be left out.
    results = found.get("results", [] if count == 0 else None) if isinstance(found, dict) else None
    if not isinstance(results, list):
        raise ParseError("the answer holds no results: is this the address of the documents API?")
    return Answer(
        count=count if isinstance(count, int) else len(results),
        results=results,
        next_page=_next_page(found.get("next_page_url"), url),
    )


def _next_page(link: object, url: str) -> str | None:
    if not isinstance(link, str) or not link:
        return None
    following = urljoin(url, link)
    if urlsplit(following)[:2] != urlsplit(url)[:2]:
        raise ParseError(f"the next page is on another host: {urlsplit(following).netloc}")
    return following


def _query(options: FederalRegisterOptions, window: Window) -> dict[str, Sequence[str]]:
    asked: dict[str, Sequence[str]] = {
        "conditions[agencies][]": options.agencies,
        "conditions[term]": (options.term,) if options.term else (),
        "conditions[type][]": options.types,
        "conditions[publication_date][gte]": (window.first.isoformat(),),
        "conditions[publication_date][lte]": (window.last.isoformat(),),
        "order": ("oldest",),
        "per_page": (str(_PER_PAGE),),
        "fields[]": DOCUMENT_FIELDS,
    }
    return {name: values for name, values in asked.items() if values}


def _address(url: str, asked: dict[str, Sequence[str]]) -> str:
    """Add what is asked to an address, whose own query may hold further conditions."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in asked]
    added = [(name, value) for name, values in asked.items() for value in values]
    return parts._replace(query=urlencode([*kept, *added]), fragment="").geturl()


def _is_wanted(record: dict[str, object], options: FederalRegisterOptions) -> bool:
    """Apply the options to a document on public inspection: the list of them is not searched but read."""
    kinds = {_TYPES[name] for name in options.types}
    phrases = [phrase.strip(' "').casefold() for phrase in options.term.split("|")]
    title = text_of(record, "title").casefold()
    return (
        (not options.agencies or not agency_slugs(record).isdisjoint(options.agencies))
        and (not kinds or text_of(record, "type") in kinds)
        and any(phrase in title for phrase in phrases)
    )


def _read_all(source: Source, found: Sequence[object], read: Callable[[object], Entry]) -> tuple[Entry, ...]:
    """Read each record; one that is broken is said to be and loses no other."""
    entries, complaints = [], []
    for one in found:
        try:
            entries.append(read(one))
        except ParseError as error:
            complaints.append(str(error))
            log.warning("record skipped", source=source.name, error=str(error))
    if complaints and not entries:
        raise ParseError(f"none of {len(complaints)} records could be read; the first: {complaints[0]}")
    return tuple(entries)
