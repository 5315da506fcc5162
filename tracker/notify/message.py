"""The alert about a story: what happened, to whom, by which words, and why it was sent.  Pure.

Every part has a length of its own, so that the whole stays under the limits of `blocks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker import telling, words
from tracker.notify.blocks import (
    Block,
    Spans,
    bold,
    bullets,
    button,
    buttons,
    fallback,
    fit,
    header,
    lines,
    link,
    quote,
    rich,
    small,
    text,
)
from tracker.notify.filters import Match
from tracker.telling.text import clean, cut, listed
from tracker.types import EntityKind, Event, Named, Story, Witness
from tracker.weighing.corroboration import decisive_witness
from tracker.weighing.exposure import Affected, affected
from tracker.weighing.severity import Standpoint
from tracker.weighing.stage import undone

_EVENTS_SHOWN = 6
_NAMES_SHOWN, _NAME_CHARS = 8, 60
_HEADLINE_CHARS, _PLAIN_CHARS, _QUOTE_CHARS, _LINE_CHARS, _SOURCE_CHARS = 300, 110, 700, 180, 150
_WHY_CHARS, _URL_CHARS = 600, 1500
_DISPUTES_SHOWN, _DISPUTE_CHARS, _SERVICES_SHOWN, _WEIGHT_CHARS = 4, 400, 6, 400
_PLURALS = {EntityKind.COMPANY: "companies", EntityKind.AGENCY: "agencies", EntityKind.COUNTRY: "countries"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A Slack message: the fallback `text` that notifications show, and its blocks."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What a button of an alert does: the name by which Slack reports a click, and what stands on it."""

    action: str
    label: str


EVIDENCE = Button(action="alert_evidence", label="Evidence")
WHY = Button(action="alert_why", label="Why me")
MUTE = Button(action="alert_mute", label="Mute story")
IRRELEVANT = Button(action="alert_irrelevant", label="Not relevant")
OPEN = Button(action="alert_open", label="Open")
BUTTONS = (EVIDENCE, WHY, MUTE, IRRELEVANT, OPEN)


def story_message(
    story: Story, match: Match, *, subscription_id: int, public_url: str, standpoint: Standpoint
) -> Message:
    """Write the alert about a story; the matched event that weighs most leads it."""
    main = telling.main_event(story, match.event_ids)
    title, address = headline(story, main), f"{public_url}/stories/{story.id}"
    told = [header(title)]
    if main is not None:
        told += _since_eased(story, main, standpoint)
        told += [rich(lines(_facts(main, standpoint))), *quotation(main)]
    told += _others(telling.other_events(story, main), main)
    remarks = small([f"{telling.corroboration(story.corroboration)}.", _weight(main, standpoint), _why(match)])
    return Message(
        text=fallback(f"{_summary(main, standpoint)}: {title}" if main else title),
        blocks=fit(told, rest(address), [remarks, _actions(f"{subscription_id}:{story.id}", address)]),
    )


def headline(story: Story, main: Event | None) -> str:
    """Say who did what to whom and from when; without plain words for it, the title of the story or its quote."""
    said = clean(telling.headline(story, main)) or "A story without a title"
    if main and telling.plain_words(main) and (since := telling.since(main)):
        return f"{cut(said, _PLAIN_CHARS)} ({since})"
    return cut(said, _HEADLINE_CHARS)


def rest(address: str) -> Block:
    """Link to what a message or a view has no room for."""
    return rich(lines([[link("There is more than fits here: open the story", address)]]))


def quotation(event: Event) -> list[Block]:
    """Quote the decisive sentence of an event, with its source linked."""
    witness = decisive_witness(event)
    if witness is None:
        return [rich(quote(cut(clean(event.headline), _QUOTE_CHARS)))]
    return [quoted(witness, witness.report.sentence.text)]


def quoted(witness: Witness, said: str) -> Block:
    """Quote what a witness says, with its source linked."""
    return rich(quote(cut(clean(said), _QUOTE_CHARS)), lines([[text("— "), *_source(witness)]]))


def _since_eased(story: Story, main: Event, standpoint: Standpoint) -> list[Block]:
    """Say first of all that the control has been eased since, where it has."""
    since = undone(main, story.events, standpoint.today, standpoint.stack.knowledge)
    if since is None:
        return []
    event, stage = since
    when = f", {words.resolved(event.date)}" if event.date else ""
    said = cut(telling.gist(event, main), _LINE_CHARS)
    return [rich(lines([[bold(f"Since then {words.inner_label(stage)}{when}: "), text(said)]]))]


def _summary(event: Event, standpoint: Standpoint) -> str:
    status = telling.staged(event, standpoint.today)
    return f"{status}, {words.resolved(event.date)}" if event.date else status


def _facts(event: Event, standpoint: Standpoint) -> list[Spans]:
    dates = "".join(f" · {cut(clean(one), _LINE_CHARS)}" for one in telling.stated_dates(event))
    rows: list[Spans] = [[bold(telling.staged(event, standpoint.today)), text(dates or " · no date stated")]]
    if found := telling.named(event, "actor"):
        rows.append([bold("By:"), text(f" {_names(found)}")])
    if found := telling.named(event, "target"):
        rows.append([bold("Affects:"), text(f" {_by_kind(found)}")])
    if found := telling.named(event, "named"):
        rows.append([bold("Also named:"), text(f" {_names(found)}")])
    rows += [_affects_you(touched) for touched in affected(event, standpoint.stack)[:_SERVICES_SHOWN]]
    return rows + [_disputed(*one) for one in telling.disagreements(event)[:_DISPUTES_SHOWN]]


def _affects_you(touched: Affected) -> Spans:
    return [bold("Affects you:"), text(f" {cut(clean(str(touched)), _LINE_CHARS)}")]


def _by_kind(found: Sequence[Named]) -> str:
    """Write what is hit by its kind: "models Fable 5, GLM-5.2; country South Korea"."""
    groups = ((kind, list(group)) for kind, group in groupby(found, key=lambda named: named.kind))
    return "; ".join(f"{_noun(kind, len(group))} {_names(group)}" for kind, group in groups)


def _noun(kind: EntityKind, number: int) -> str:
    return words.count(number, words.inner_label(kind), _PLURALS.get(kind)).partition(" ")[2]


def _disputed(field: str, sides: str) -> Spans:
    return [bold("Sources disagree:"), text(f" {field.lower()} {cut(clean(sides), _DISPUTE_CHARS)}")]


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
    dated = f", {words.resolved(event.date)}" if event.date else ""
    return [bold(f"{telling.status(event)}{dated}"), *([text(f": {said}")] if said else [])]


def _names(found: Sequence[Named]) -> str:
    return listed([n.name for n in found], shown=_NAMES_SHOWN, limit=_NAME_CHARS)


def _weight(event: Event | None, standpoint: Standpoint) -> str:
    return cut(f"{clean(telling.weight(event, standpoint))}.", _WEIGHT_CHARS) if event else ""


def _why(match: Match) -> str:
    return cut(f"Why you see this: {clean('; '.join(match.why))}", _WHY_CHARS) if match.why else ""


def _actions(value: str, address: str) -> Block:
    pressed = [button(one.label, one.action, value=value) for one in BUTTONS if one is not OPEN]
    return buttons(*pressed, button(OPEN.label, OPEN.action, value=value, url=address))
