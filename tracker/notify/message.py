"""The alert about a story: what happened, to whom, by which words, and why it was sent.  Pure.

Every part has a length of its own, so that the whole stays under the limits of `blocks` and under the 13,000
characters at which Slack answers msg_blocks_too_long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker import telling, words
from tracker.notify.blocks import (
    Block,
    Spans,
    bold,
    bullets,
    escape,
    header,
    lines,
    link,
    quote,
    rich,
    small,
    text,
)
from tracker.notify.filters import Match
from tracker.telling.text import clean, cut, listed, wrap
from tracker.types import Event, Named, Story, Witness
from tracker.weighing.corroboration import decisive_witness
from tracker.weighing.severity import Standpoint

_EVENTS_SHOWN = 6
_NAMES_SHOWN, _NAME_CHARS = 8, 60
_HEADLINE_CHARS, _QUOTE_CHARS, _LINE_CHARS, _SOURCE_CHARS = 300, 700, 180, 150
_WHY_CHARS, _URL_CHARS = 600, 1500
_DISPUTES_SHOWN, _DISPUTE_CHARS, _SERVICES_SHOWN, _WEIGHT_CHARS = 4, 400, 6, 400
_INDENT, _TERMINAL_COLUMNS = 4, 78


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A Slack message: the fallback `text` that notifications show, and its blocks."""

    text: str
    blocks: tuple[Block, ...]


def story_message(story: Story, match: Match, *, public_url: str, standpoint: Standpoint) -> Message:
    """Write the alert about a story; the matched event that weighs most leads it."""
    main = telling.main_event(story, match.event_ids)
    title = cut(clean(telling.headline(story, main)) or "A story without a title", _HEADLINE_CHARS)
    told = [header(title)]
    if main is not None:
        told += [rich(lines(_facts(main, standpoint))), *_quotation(main)]
    told += _others(telling.other_events(story, main), main)
    told.append(small([f"{telling.corroboration(story.corroboration)}.", _weight(main, standpoint), _why(match)]))
    told.append(rich(lines([[link("Open the story: every value with its quote", f"{public_url}/stories/{story.id}")]])))
    return Message(text=escape(f"{_summary(main)}: {title}" if main else title), blocks=tuple(told))


def as_console(message: Message, address: str) -> str:
    """Write the message as a terminal shows it, for want of a token."""
    told = [f"Not sent to {address}, because SLACK_BOT_TOKEN is not set.  The message would be:"]
    for block in message.blocks:
        told += ["", *_as_lines(block)]
    return "\n".join([*told, ""])


def _summary(event: Event) -> str:
    return f"{telling.status(event)}, {words.resolved(event.date)}" if event.date else telling.status(event)


def _facts(event: Event, standpoint: Standpoint) -> list[Spans]:
    dates = "".join(f" · {cut(clean(one), _LINE_CHARS)}" for one in telling.stated_dates(event))
    rows: list[Spans] = [[bold(telling.status(event)), text(dates or " · no date stated")]]
    for label, role in (("By:", "actor"), ("Affects:", "target"), ("Also named:", "named")):
        if found := telling.named(event, role):
            rows.append([bold(label), text(f" {_names(found)}")])
    for service, how in telling.affects(event, standpoint.stack)[:_SERVICES_SHOWN]:
        rows.append([bold(f"{cut(clean(service), _NAME_CHARS)}:"), text(f" {cut(clean(how), _LINE_CHARS)}")])
    return rows + [_disputed(*one) for one in telling.disagreements(event)[:_DISPUTES_SHOWN]]


def _disputed(field: str, sides: str) -> Spans:
    return [bold("Sources disagree:"), text(f" {field.lower()} {cut(clean(sides), _DISPUTE_CHARS)}")]


def _quotation(event: Event) -> list[Block]:
    witness = decisive_witness(event)
    if witness is None:
        return [rich(quote(cut(clean(event.headline), _QUOTE_CHARS)))]
    said = cut(clean(witness.report.sentence.text), _QUOTE_CHARS)
    return [rich(quote(said), lines([[text("— "), *_source(witness)]]))]


def _source(witness: Witness) -> Spans:
    title = "" if witness.title == witness.report.sentence.text else witness.title
    source = clean(": ".join(part for part in (witness.source, title) if part.strip()))
    published = words.day(witness.published_at) if witness.published_at else "undated"
    url = witness.url if len(witness.url) <= _URL_CHARS else ""
    return [link(cut(source, _SOURCE_CHARS), url), text(f" ({published})")]


def _others(events: Sequence[Event], main: Event | None) -> list[Block]:
    if not events:
        return []
    rows: list[Spans] = [_line(event, main) for event in events[:_EVENTS_SHOWN]]
    if further := len(events) - len(rows):
        rows.append([text(f"and {words.count(further, 'more event')}")])
    return [rich(lines([[bold("Also in this story")]]), bullets(rows))]


def _line(event: Event, main: Event | None) -> Spans:
    said = cut(telling.gist(event, main), _LINE_CHARS)
    return [bold(_summary(event)), *([text(f": {said}")] if said else [])]


def _names(found: Sequence[Named]) -> str:
    return listed([n.name for n in found], shown=_NAMES_SHOWN, limit=_NAME_CHARS)


def _weight(event: Event | None, standpoint: Standpoint) -> str:
    return cut(f"{clean(telling.weight(event, standpoint))}.", _WEIGHT_CHARS) if event else ""


def _why(match: Match) -> str:
    return cut(f"Why you see this: {clean('; '.join(match.why))}", _WHY_CHARS) if match.why else ""


def _as_lines(block: Block) -> Iterator[str]:
    """Write a block as indented lines."""
    match block["type"]:
        case "header":
            yield from _wrapped(block["text"]["text"])
        case "context":
            for part in block["elements"]:
                yield from _wrapped(part["text"])
        case _:
            for part in block["elements"]:
                yield from _rich_lines(part)


def _rich_lines(part: Block, first: str = "") -> Iterator[str]:
    if part["type"] == "rich_text_list":
        for row in part["elements"]:
            yield from _rich_lines(row, "- ")
        return
    for line in "".join(map(_as_text, part["elements"])).split("\n"):
        yield from _wrapped(line, first)


def _as_text(span: Block) -> str:
    return f"{span['text']} <{span['url']}>" if span["type"] == "link" else str(span["text"])


def _wrapped(line: str, first: str = "") -> list[str]:
    start = " " * _INDENT + first
    return wrap(line, _TERMINAL_COLUMNS, indent=len(start), first=start).split("\n")
