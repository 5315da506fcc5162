"""History understood and related anew by the rules of today; nobody is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.pipeline.articles import QUIET_RULES, understand_article
from tracker.pipeline.job import Job
from tracker.types import Event

_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What reprocessing changed of an event: a field with what it was and is; `is_now` is None for what is gone."""

    event_id: int
    what: str
    was: str | None
    is_now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprocessed:
    """How many articles were looked at and read otherwise than before, and what this changed of events."""

    articles: int
    reread: int
    changes: tuple[Change, ...]


def reprocess(job: Job, since: date) -> Reprocessed:
    """Run understanding and relating over what was reported since a day; ids stay where most of it stays.

    Each article is kept as it is done: what is interrupted is finished by running it again.
    """
    store, ids = job.store, job.store.rereading.since(since)
    reread = 0
    with job.track("understand", len(ids)) as advance:
        for start in range(0, len(ids), _AT_ONCE):
            for article in store.rereading.articles(ids[start : start + _AT_ONCE]):
                reread += store.rereading.keep(article, understand_article(job, article), QUIET_RULES)
                advance()
    clusters = store.rereading.follow(ids, QUIET_RULES)
    changes: list[Change] = []
    with job.track("relate", len(clusters)) as advance:
        for story_ids in clusters:
            changes += _changes(*store.rereading.settle(story_ids, QUIET_RULES))
            advance()
    return Reprocessed(articles=len(ids), reread=reread, changes=tuple(changes))


def _changes(before: Mapping[int, Event], after: Mapping[int, Event]) -> Iterator[Change]:
    for event_id in sorted(before.keys() | after.keys()):
        was, is_now = before.get(event_id), after.get(event_id)
        if was is None or is_now is None:
            yield Change(event_id=event_id, what="event", was=_headline(was), is_now=_headline(is_now))
            continue
        for what, value in _FIELDS.items():
            if value(was) != value(is_now):
                yield Change(event_id=event_id, what=what, was=value(was), is_now=value(is_now))


def _headline(event: Event | None) -> str | None:
    return event.headline if event else None


def _role(role: str) -> Callable[[Event], str]:
    return lambda event: ", ".join(sorted(one.name for one in event.entities if one.role == role))


_FIELDS: dict[str, Callable[[Event], str]] = {
    "story": lambda event: f"S{event.story_id}",
    "type": lambda event: event.type.replace("_", " "),
    "modality": lambda event: event.modality.value,
    "date": lambda event: str(event.date or ""),
    "by": _role("actor"),
    "against": _role("target"),
    "headline": lambda event: event.headline,
}
