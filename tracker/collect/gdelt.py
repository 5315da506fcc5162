"""GDELT's DOC 2.0 search: new articles for a query, from all over the world, by the time that GDELT saw them.

It is no more than opportunistic: it holds the last three months, limits requests by moods of its own, and says
what is wrong in plain text under HTTP 200.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import nh3
from babel import Locale
from pydantic import Field
from w3lib.url import add_or_replace_parameters

from tracker.collect.entry import make_entry
from tracker.collect.http import Client
from tracker.collect.kind import Options
from tracker.config import Duration, Text
from tracker.errors import FetchError, ParseError
from tracker.times import now
from tracker.types import Entry, Poll, PollState, Source

_STAMP = "%Y%m%d%H%M%S"
_SEEN = "%Y%m%dT%H%M%SZ"
# What GDELT lists late is still found: each window reaches back into the one before.
_OVERLAP = timedelta(hours=1)
# A window that starts earlier than three months ago is refused.
_REACH = timedelta(days=88)
# "One request every 5 seconds" is refused for minutes on end once it was broken, from other people's too.
_LIMITED = "limit requests"
_LIMITED_PAUSE = timedelta(minutes=15)
_WORDS_LIMIT = 200
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})|\\')
# Names that GDELT has from its language detector (CLD2) and CLDR spells in another way.
_OTHER_NAMES = {"bengali": "bn", "chineset": "zh", "norwegiannynorsk": "nn", "sinhalese": "si"}
# Titles come as tokens with blanks between them: "U . S . curbs , Trump ' s 2 . 5 %".
_GLUE = (
    (re.compile(r"\b([A-Z]) \. (?=[A-Z] \.)"), r"\1."),
    (re.compile(r"(\d) \. (?=\d)"), r"\1."),
    (re.compile(r"\b(\d{1,3}) , (?=\d{3}\b)"), r"\1,"),
    (re.compile(r"\b([A-Z]+) - (?=\d)"), r"\1-"),
    (re.compile(r"(\w) (['’]) (?=(?:s|t|re|ve|ll|d|m)\b)"), r"\1\2"),
    (re.compile(r" (?=[.,:;!?%)\]»](?:\s|$))"), ""),
    (re.compile(r"([(\[«$€£]) "), r"\1"),
)


class GdeltOptions(Options):
    """`query` in GDELT's own syntax; `timespan` is how far back the first look reaches."""

    query: Text
    timespan: Duration = timedelta(hours=24)
    max_records: int = Field(default=250, ge=1, le=250)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one look asks for: articles that GDELT saw from `start` to `end`, the oldest first."""

    start: datetime
    end: datetime

    @property
    def parameters(self) -> dict[str, str]:
        return {"startdatetime": self.start.strftime(_STAMP), "enddatetime": self.end.strftime(_STAMP)}


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Ask for what GDELT saw since the last look; a full answer is continued by the next one."""
    options = GdeltOptions.model_validate(dict(source.options))
    window = next_window(state.memory, now=now(), timespan=options.timespan)
    asked = {
        "query": options.query,
        "mode": "artlist",
        "format": "json",
        "sort": "DateAsc",
        "maxrecords": str(options.max_records),
        **window.parameters,
    }
    fetched = client.fetch(add_or_replace_parameters(source.url, asked), headers={"accept": "application/json"})
    articles = parse_articles(fetched.body)
    entries = tuple(as_entry(article) for article in articles if article.get("url"))
    start = start_after(window, entries, is_full=len(articles) >= options.max_records)
    return Poll(
        entries=entries,
        unchanged=not entries and state.memory is not None,
        memory=start.strftime(_STAMP).encode(),
    )


def next_window(memory: bytes | None, *, now: datetime, timespan: timedelta) -> Window:
    """Start where the last look ended, and never before GDELT's own memory begins."""
    start = _as_time((memory or b"").decode(errors="replace"), _STAMP) or now - timespan
    return Window(start=min(max(start, now - _REACH), now), end=now)


def start_after(window: Window, entries: tuple[Entry, ...], *, is_full: bool) -> datetime:
    """Say where the window after this one starts; it moves on even where one moment fills an answer."""
    if not is_full:
        return max(window.start, window.end - _OVERLAP)
    newest = max((e.published_at for e in entries if e.published_at), default=window.start)
    return max(newest, window.start + timedelta(seconds=1))


def parse_articles(body: bytes) -> list[Mapping[str, object]]:
    """Parse an artlist answer; whatever is no JSON is what GDELT has to say, as a FetchError."""
    text = body.decode("utf-8-sig", errors="replace").strip()
    if not text.startswith("{"):
        raise _refusal(text)
    try:
        # Titles hold raw control characters and stray backslashes.
        found = json.loads(_ESCAPE.sub(_keep_escape, text), strict=False)
    except ValueError as error:
        raise ParseError(f"GDELT's answer is broken JSON: {error}") from error
    articles = found.get("articles", [])
    if not isinstance(articles, list):
        raise ParseError("GDELT's answer has no list of articles")
    return [article for article in articles if isinstance(article, dict)]


def _refusal(text: str) -> FetchError:
    words = " ".join(nh3.clean(text, tags=set()).split())[:_WORDS_LIMIT]
    if not words:
        return FetchError("GDELT answered with an empty page")
    return FetchError(f"GDELT says: {words}", retry_after=_LIMITED_PAUSE if _LIMITED in words.lower() else None)


def _keep_escape(match: re.Match[str]) -> str:
    return match[0] if match[1] else r"\\"


def as_entry(article: Mapping[str, object]) -> Entry:
    """Make an entry of an article that an artlist names; it has to have its `url`."""
    said = {name: str(value) for name, value in article.items() if value}
    return make_entry(
        address=said["url"],
        title=join_title(said.get("title", "")),
        language=language_code(said.get("language", "")),
        published_at=_as_time(said.get("seendate", ""), _SEEN),
        family=said.get("domain"),
    )


def join_title(title: str) -> str:
    """Put a title of tokens together again; its words stay as they are."""
    joined = " ".join(title.split())
    for pattern, replacement in _GLUE:
        joined = pattern.sub(replacement, joined)
    return joined


def language_code(name: str) -> str | None:
    """Return the code of a language by its English name ("Dutch", "NorwegianNynorsk"); None where nobody knows it."""
    return _language_codes().get(name.replace(" ", "").lower())


@cache
def _language_codes() -> dict[str, str]:
    languages = Locale("en").languages
    return {name.replace(" ", "").lower(): code for code, name in languages.items() if "_" not in code} | _OTHER_NAMES


def _as_time(stamp: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, form).replace(tzinfo=UTC)
    except ValueError:
        return None
