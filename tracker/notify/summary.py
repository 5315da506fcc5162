"""One message for several stories: why it is one, and each story in a few lines, the most severe first.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker import telling, words
from tracker.notify.blocks import (
    Block,
    Spans,
    bold,
    bullets,
    button,
    buttons,
    fallback,
    fits,
    header,
    lines,
    link,
    rich,
    text,
)
from tracker.notify.following import Changed
from tracker.notify.holding import DAILY_AT, Limit
from tracker.notify.message import EVIDENCE, MUTE, OPEN, WHY, Message, headline
from tracker.notify.reply import in_words
from tracker.telling.text import clean, cut
from tracker.types import Event, Habits, HeldFor, Story
from tracker.weighing.severity import Standpoint, severity
from tracker.weighing.stage import undone

_AT_LENGTH, _SHOWN, _NAMED = 5, 40, 3
_HEADLINE_CHARS, _NEWS_CHARS, _TEXT_CHARS = 150, 300, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story in a summary: the event that leads it, and what is new where the story was told before."""

    story: Story
    main: Event | None
    news: tuple[Changed, ...] = ()


def summary_message(
    told: Sequence[Told], why: str, *, subscription_id: int, public_url: str, standpoint: Standpoint
) -> Message:
    """Write what was held back of several stories; those for which there is no room are counted, with a link."""
    rows = [_Row(one, subscription_id, public_url, standpoint) for one in told]
    rows.sort(key=lambda row: (-row.severity, row.told.story.id))
    title = f"{words.count(len(rows), 'story', 'stories')}, {why}"
    named = "; ".join(cut(row.headline, _HEADLINE_CHARS) for row in rows[:_NAMED])
    more = f"; and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
    shown = min(len(rows), _SHOWN)
    while shown and not fits(_blocks(title, rows, shown, public_url)):
        shown -= 1
    return Message(
        text=fallback(cut(f"{title}: {named}{more}", _TEXT_CHARS)), blocks=_blocks(title, rows, shown, public_url)
    )


def why_together(held_for: HeldFor | None, habits: Habits, limit: Limit) -> str:
    """Say why several stories come as one message."""
    match held_for:
        case HeldFor.QUIET if habits.quiet:
            hours = f"{habits.quiet.start:%H:%M}–{habits.quiet.end:%H:%M}"
            return f"held during your quiet hours, {hours} {habits.zone}"
        case HeldFor.HOUR:
            return "gathered hourly"
        case HeldFor.DAY:
            return f"gathered daily, at {DAILY_AT:%H:%M} {habits.zone}"
        case HeldFor.BURST:
            return f"held after {words.count(limit.burst, 'message')} within {words.span(limit.within)}"
        case _:
            return "held back for a while"


class _Row:
    """What is said of a story."""

    def __init__(self, told: Told, subscription_id: int, public_url: str, standpoint: Standpoint) -> None:
        self.told = told
        self.severity = severity(told.main, standpoint).value if told.main else 0.0
        self.headline = cut(headline(told.story, told.main), _HEADLINE_CHARS)
        self._value = f"{subscription_id}:{told.story.id}"
        self._address = f"{public_url}/stories/{told.story.id}"
        self._standpoint = standpoint

    def at_length(self) -> list[Block]:
        """Write the story with its voices, what is new, and its buttons."""
        voices = text(f"{telling.corroboration(self.told.story.corroboration)}.")
        pressed = [button(one.label, one.action, value=self._value) for one in (EVIDENCE, WHY, MUTE)]
        opened = button(OPEN.label, OPEN.action, value=self._value, url=self._address)
        return [rich(lines([[self._link()], *self._state(), [voices]])), buttons(*pressed, opened)]

    def in_short(self) -> Spans:
        """Write the story in a line."""
        voices = words.count(self.told.story.corroboration.reports, "report")
        state = [span for row in self._state() for span in (text("; "), *row)]
        return [self._link(), *state, text(f"; {voices}.")]

    def _link(self) -> Block:
        return link(self.headline, self._address) | {"style": {"bold": True}}

    def _state(self) -> list[Spans]:
        main, story = self.told.main, self.told.story
        kind = f"{telling.staged(main, self._standpoint.today)} · severity {self.severity:g} · " if main else ""
        rows: list[Spans] = [[text(f"{kind}story {story.id}")]]
        if main and (since := undone(main, story.events, self._standpoint.today, self._standpoint.stack.knowledge)):
            event, stage = since
            dated = f", {words.resolved(event.date)}" if event.date else ""
            rows.append([bold(f"Since then {words.inner_label(stage)}{dated}")])
        if self.told.news:
            news = "; ".join(in_words(one, self._standpoint) for one in self.told.news)
            rows.append([bold("Told before. "), text(cut(clean(news), _NEWS_CHARS))])
        return rows


def _blocks(title: str, rows: Sequence[_Row], shown: int, public_url: str) -> tuple[Block, ...]:
    blocks = [header(title), *(block for row in rows[: min(shown, _AT_LENGTH)] for block in row.at_length())]
    if brief := [row.in_short() for row in rows[_AT_LENGTH:shown]]:
        blocks.append(rich(lines([[bold("And")]]), bullets(brief)))
    if further := len(rows) - shown:
        said = f"{words.count(further, 'more story', 'more stories')}: see all"
        blocks.append(rich(lines([[link(said, f"{public_url}/stories")]])))
    return tuple(blocks)
