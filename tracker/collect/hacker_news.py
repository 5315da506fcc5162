"""Hacker News through Algolia's search: the stories that a query finds, newest first."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pydantic import Field
from w3lib.url import add_or_replace_parameters

from tracker.collect.entry import make_entry
from tracker.collect.http import Client
from tracker.collect.kind import Options
from tracker.config import Duration, Text
from tracker.errors import ParseError
from tracker.times import now
from tracker.types import Entry, Poll, PollState, Source

_ITEM = "https://news.ycombinator.com/item?id="
# The most that Algolia gives in one answer.
_HITS_LIMIT = 1000
# Beyond this a number of seconds is no time that anybody posts at.
_SECONDS_LIMIT = 1 << 33
# What is indexed late is still found, and so is a story that takes two days to gather its points.
_OVERLAP = timedelta(hours=1)
_GATHERING = timedelta(days=2)


class HackerNewsOptions(Options):
    """`timespan` is how far back the first look reaches; stories under `min_points` wait until they have them."""

    query: Text
    min_points: int = Field(default=0, ge=0)
    timespan: Duration = timedelta(days=7)


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Ask for the stories since the last look."""
    options = HackerNewsOptions.model_validate(dict(source.options))
    cursor, moment = _as_cursor(state.memory), now()
    asked = {
        "query": options.query,
        "tags": "story",
        "hitsPerPage": str(_HITS_LIMIT),
        "numericFilters": filter_hits(cursor, options, now=moment),
    }
    fetched = client.fetch(add_or_replace_parameters(source.url, asked), headers={"accept": "application/json"})
    hits = parse_hits(fetched.body)
    newest = min(max([cursor or 0, *_created(hits)]), int(moment.timestamp()))
    return Poll(
        entries=tuple(_as_entry(hit) for hit in hits if hit.get("objectID")),
        unchanged=not hits and cursor is not None,
        memory=str(newest).encode() if newest else None,
    )


def filter_hits(cursor: int | None, options: HackerNewsOptions, *, now: datetime) -> str:
    """Write the filter for what came since `cursor`, a time in seconds; None stands for the first look."""
    if cursor is None:
        since = int((now - options.timespan).timestamp())
    else:
        since = cursor - int((_GATHERING if options.min_points else _OVERLAP).total_seconds())
    floor = f",points>={options.min_points}" if options.min_points else ""
    return f"created_at_i>{since}{floor}"


def parse_hits(body: bytes) -> list[Mapping[str, object]]:
    """Parse the answer of a search; raise ParseError where it is none."""
    try:
        found = json.loads(body)
    except ValueError as error:
        raise ParseError(f"the search's answer is broken JSON: {error}") from error
    hits = found.get("hits") if isinstance(found, dict) else None
    if not isinstance(hits, list):
        raise ParseError("the search's answer has no list of hits")
    return [hit for hit in hits if isinstance(hit, dict)]


def _as_cursor(memory: bytes | None) -> int | None:
    return int(memory) if memory and memory.isdigit() else None


def _created(hits: Iterable[Mapping[str, object]]) -> list[int]:
    return [at for hit in hits if isinstance(at := hit.get("created_at_i"), int) and 0 < at < _SECONDS_LIMIT]


def _as_entry(hit: Mapping[str, object]) -> Entry:
    """Make an entry: a link to a page, or a text of its own, which only the comments stand beside."""
    said = {name: value for name, value in hit.items() if isinstance(value, str) and value.strip()}
    item, link = f"{_ITEM}{hit['objectID']}", said.get("url")
    posted_at = next((datetime.fromtimestamp(at, UTC) for at in _created([hit])), None)
    return make_entry(
        key=item,
        address=link or item,
        title=said.get("title", ""),
        author=said.get("author"),
        content=said.get("story_text", ""),
        # Old articles are posted too: when a link was posted says little of when its page was published.
        published_at=None if link else posted_at,
        updated_at=posted_at if link else None,
        family=_host(link) if link else None,
        has_page=link is not None,
    )


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
