"""What editors put right from Slack: events corrected, stories and events merged and split."""

from datetime import datetime

from tracker.errors import InputError
from tracker.knowledge.edits import Author
from tracker.pipeline import correcting, regrouping
from tracker.store import Store
from tracker.telling import gist
from tracker.telling.typed import read_answer, read_id
from tracker.types import Event, Story


def correct(rest: str, store: Store, *, by: str, now: datetime) -> str:
    """Correct an event: `E12 type easing; date 2026-06-13 # why`; return what it is now."""
    name, _, what = rest.partition(" ")
    said = read_answer(what)
    events = correcting.correct(store, read_id(name, "EA"), said.parts, _author(by, said.why, now))
    return "; ".join(f"E{event.id}: {gist(event, None)}" for event in events) or "That is no event any more."


def merge(rest: str, store: Store, *, by: str, now: datetime) -> str:
    """Merge stories, or events of a story: `S3 S9 # why`."""
    names, why = _names(rest)
    made = regrouping.merge(store, [read_id(name, "SE") for name in names], _author(by, why, now))
    return f"{_name(made)} now holds them all."


def split(rest: str, store: Store, *, by: str, now: datetime) -> str:
    """Take articles out of a story or event: `S3 A4 A7 # why`."""
    names, why = _names(rest)
    if len(names) < 2:  # noqa: PLR2004 (what is split, and what is taken out of it)
        raise InputError("expected a story or event and the articles to take out of it: S3 A4 A7")
    articles = [read_id(name, "A")[1] for name in names[1:]]
    made = regrouping.split(store, read_id(names[0], "SE"), articles, _author(by, why, now))
    return f"{', '.join(names[1:]).upper()} now in {_name(made)}."


def _names(rest: str) -> tuple[list[str], str | None]:
    said, _, why = rest.partition("#")
    return said.split(), why.strip() or None


def _author(by: str, why: str | None, now: datetime) -> Author:
    return Author(by=by, at=now, why=why)


def _name(made: Story | Event) -> str:
    return f"S{made.id}" if isinstance(made, Story) else f"E{made.id} of S{made.story_id}"
