"""A reply in a story's thread: what is new, and what changed from what to what, each with its quote.  Pure."""

from collections.abc import Sequence

from tracker import telling, words
from tracker.notify.blocks import Block, Spans, bold, bullets, fallback, fit, lines, link, rich, text
from tracker.notify.following import Change, Changed
from tracker.notify.message import Message, quotation, rest
from tracker.telling.text import clean, cut
from tracker.types import Story
from tracker.weighing.severity import Standpoint

_SHOWN = 6
_LINE_CHARS, _VALUE_CHARS, _TEXT_CHARS = 180, 300, 1000
_NONE = "not stated"


def reply_message(
    story: Story, news: Sequence[Changed], *, public_url: str, standpoint: Standpoint, named: str | None = None
) -> Message:
    """Write what has changed in a story since it was told.

    In a thread of several stories it says of which: the one that is `named` so.
    """
    address = f"{public_url}/stories/{story.id}"
    told: list[Block] = [rich(lines([[text("Of "), link(named, address)]]))] if named else []
    for one in news[:_SHOWN]:
        told += _told(one, standpoint)
    if further := len(news) - _SHOWN:
        told += [rich(lines([[text(f"and {words.count(further, 'more change')}")]]))] if further > 0 else []
    said = "; ".join(in_words(one, standpoint) for one in news[:_SHOWN])
    return Message(
        text=fallback(cut(clean(f"Update{f' of {named}' if named else ''}: {said}"), _TEXT_CHARS)),
        blocks=fit(told, rest(address)),
    )


def _told(one: Changed, standpoint: Standpoint) -> list[Block]:
    rows: list[Spans] = [[bold(_title(one, standpoint))], [text(cut(telling.gist(one.event, None), _LINE_CHARS))]]
    changes: list[Spans] = [[bold(f"{change.field}: "), text(_written(change))] for change in one.changes]
    listed = [bullets(changes)] if changes else []
    return [rich(lines(rows), *listed), *quotation(one.event)]


def _title(one: Changed, standpoint: Standpoint) -> str:
    dated = f", {words.resolved(one.event.date)}" if one.event.date else ""
    return f"{'Changed' if one.changes else 'New'}: {telling.staged(one.event, standpoint.today).lower()}{dated}"


def in_words(one: Changed, standpoint: Standpoint) -> str:
    """Say in a line what is new, or from what to what it changed."""
    said = f"{_title(one, standpoint)}, {telling.gist(one.event, None)}"
    return ", ".join([said, *(f"{change.field.lower()} {_written(change)}" for change in one.changes)])


def _written(change: Change) -> str:
    before, after = (cut(clean(value), _VALUE_CHARS) if value else _NONE for value in (change.before, change.after))
    return f"from {before} to {after}"
