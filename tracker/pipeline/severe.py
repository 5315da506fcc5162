"""Lists of what is severe: severity depends on the day and on whose services are asked for, so no database knows it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from tracker.store.queries import EventQuery, Queries, cursor
from tracker.types import Event, EventType, Modality, Story
from tracker.weighing.severity import Standpoint, can_reach, severity

_Listed = TypeVar("_Listed", Event, Story)


def severe_events(queries: Queries, query: EventQuery, minimum: int, standpoint: Standpoint) -> list[Event]:
    """List matching events that are at least this severe, last reported first."""
    types = tuple(one for one in query.types or EventType if can_reach(one, Modality.ACT, minimum))
    if not types:
        return []
    found = paged(queries.events, replace(query, types=types) if minimum else query)
    return list(islice((event for event in found if _is_severe(event, minimum, standpoint)), query.limit))


def severe_stories(queries: Queries, query: EventQuery, minimum: int, standpoint: Standpoint) -> list[Story]:
    """List stories that hold a matching event, and one that is at least this severe, last reported first."""
    found = paged(queries.stories, query)
    severe = (story for story in found if any(_is_severe(event, minimum, standpoint) for event in story.events))
    return list(islice(severe, query.limit))


def paged(ask: Callable[[EventQuery], list[_Listed]], query: EventQuery) -> Iterator[_Listed]:
    """Yield what matches, page by page."""
    asked = query
    while page := ask(asked):
        yield from page
        if len(page) < asked.limit:
            return
        asked = replace(asked, before=cursor(page[-1]))


def _is_severe(event: Event, minimum: int, standpoint: Standpoint) -> bool:
    return not minimum or severity(event, standpoint).value >= minimum
