"""Answers as Slack shows them: Block Kit within its limits, and all outside text escaped."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tracker.notify import blocks
from tracker.telling import affects, corroboration, disagreements, weight
from tracker.types import Event, Modality, Named, Story, Subscription, Witness
from tracker.web.cards import make_card
from tracker.weighing.corroboration import decisive_witness
from tracker.weighing.severity import Standpoint
from tracker.words import clip, count, day, label, resolved, tier

# Slack takes 50 blocks a message and 3,000 characters a section.
_SECTION_CHARS = 3000
_EVENTS_SHOWN = 8
_NAMES_SHOWN = 8
_SUBSCRIPTIONS_SHOWN = 40
_TITLE_CHARS, _QUOTE_CHARS, _NAME_CHARS, _URL_CHARS, _INPUT_CHARS = 200, 400, 60, 500, 300

UNMUTE = "alert_unmute"
_COMMANDS = (
    ("/tracker stories [filter]", "the latest stories"),
    ("/tracker show 12", "one story: its events, each with its quote and source"),
    ("/tracker subscribe [filter]", "alerts in this conversation, one message a story"),
    ("/tracker list", "what this conversation is subscribed to"),
    ("/tracker unsubscribe 3", "no more alerts from subscription 3"),
    ("/tracker correct E12 type easing; date 2026-06-13 # why", "an event as it should be (editors)"),
    ("/tracker merge S3 S9 # why", "stories, or events of a story, that are one (editors)"),
    ("/tracker split S3 A4 A7 # why", "articles that do not belong to a story or event (editors)"),
)
_FILTERS = ("type:restriction,easing country:CN", "company:DeepSeek", "model:Claude")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer; `text` is what notifications and screen readers get."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A story that a filter chose, and its events that met the filter."""

    story: Story
    event_ids: tuple[int, ...]


def usage() -> Answer:
    """Say what can be asked."""
    lines = "\n".join(f"`{command}`  {what}" for command, what in _COMMANDS)
    filters = " · ".join(f"`{text}`" for text in _FILTERS)
    more = f"A filter is empty (every relevant story) or made of conditions that all have to hold: {filters}"
    return Answer(text="What /tracker can do", blocks=[_section(lines), _context(more)])


def unknown(word: str, close: str | None) -> Answer:
    """Say that a word is no command."""
    meant = f" Did you mean `/tracker {close}`?" if close else ""
    said = f"“{escape(clip(word, _NAME_CHARS))}” is no command.{meant}"
    return Answer(text=said, blocks=[_section(said), *usage().blocks])


def refused(reason: str) -> Answer:
    """Say what is wrong with the input."""
    said = escape(clip(reason, _INPUT_CHARS * 2))
    return Answer(text=said, blocks=[_section(said), _context("`/tracker help` shows what can be asked.")])


def done(what: str) -> Answer:
    """Say what was done."""
    said = escape(clip(what, _INPUT_CHARS * 2))
    return Answer(text=said, blocks=[_section(said)])


def no_stories(text: str, *, searched: int) -> Answer:
    """Say that nothing matches, and over how much."""
    if not searched:
        said = "No stories yet: nothing that was read so far reports an event that is tracked."
    else:
        said = f"None of the latest {count_stories(searched)} matches {_filter(text)}."
    return Answer(text=said, blocks=[_section(said)])


def stories(found: Sequence[Chosen], text: str, *, total: int, site: str, seen_from: Standpoint) -> Answer:
    """List stories, each with the main one of its chosen events quoted."""
    listed = [_section(_story_lines(chosen, site, seen_from)) for chosen in found]
    what = f"{_filter(text)}: " if text else ""
    shown = f"{what}{len(found)} of {count_stories(total)}"
    rest = f"{shown} · <{blocks.escape(site)}|All stories> · `/tracker show ID` for more"
    return Answer(text=f"{count_stories(total)}", blocks=[*listed, _context(rest)])


def story(shown: Story, *, site: str, seen_from: Standpoint) -> Answer:
    """Show one story with its events."""
    address = f"{site}/stories/{shown.id}"
    title = f"*{_link(shown.title or 'Story without a title', address, _TITLE_CHARS)}*"
    events = make_card(shown, limit=_EVENTS_SHOWN)
    told = [_section(f"{title}\n{corroboration(shown.corroboration)}")]
    told += [_section(_event_lines(event, seen_from)) for event in events.events]
    if events.further:
        told.append(_context(f"<{blocks.escape(address)}|{count(len(events.further), 'further event')}>"))
    told.append(_context(f"<{blocks.escape(address)}|Every value with its quote>"))
    return Answer(text=clip(escape(shown.title), _TITLE_CHARS), blocks=told)


def subscribed(number: int, text: str, address: str, *, found: int, searched: int) -> Answer:
    """Confirm a subscription, and say what it would have caught."""
    said = f"Subscription {number}: {_mention(address)} gets {_filter(text)}."
    tried = f"Of the latest {count_stories(searched)}, {found} would have matched." if searched else "No stories yet."
    hint = "In a private channel, invite the app first. " if address.startswith(("C", "G")) else ""
    return Answer(
        text=said, blocks=[_section(f"{said}\n{tried}"), _context(f"{hint}`/tracker unsubscribe {number}` ends it.")]
    )


def subscriptions(own: Sequence[Subscription], address: str) -> Answer:
    """List the subscriptions of one conversation."""
    if not own:
        said = f"{_mention(address)} has no subscription yet. `/tracker subscribe` gets every relevant story."
        return Answer(text=said, blocks=[_section(said)])
    lines = [f"*{s.id}*  {_filter(s.filter)}{' (paused)' if s.paused else ''}" for s in own[:_SUBSCRIPTIONS_SHOWN]]
    listed = [_section(line) for line in lines]
    if len(own) > len(lines):
        listed.append(_context(f"and {len(own) - len(lines)} more"))
    return Answer(text=count(len(own), "subscription"), blocks=listed)


def unsubscribed(number: int) -> Answer:
    """Confirm that a subscription has ended."""
    said = f"Subscription {number} is removed."
    return Answer(text=said, blocks=[_section(said)])


def muted(story_id: int, value: str) -> Answer:
    """Confirm that a story is muted, with a button that takes it back."""
    said = f"Muted: nothing more of story {story_id} comes to this conversation from this subscription."
    back = blocks.buttons(blocks.button("Unmute story", UNMUTE, value=value))
    return Answer(text=said, blocks=[_section(said), back])


def said(text: str) -> Answer:
    """Say one thing."""
    return Answer(text=escape(text), blocks=[_section(escape(text))])


def escape(text: str) -> str:
    """Make outside text inert: no mention, no link, one line, nothing that turns its direction."""
    return blocks.escape(blocks.clean(text))


def count_stories(number: int) -> str:
    """Write a number of stories."""
    return f"{number:,} story" if number == 1 else f"{number:,} stories"


def _story_lines(chosen: Chosen, site: str, seen_from: Standpoint) -> str:
    shown = chosen.story
    met = tuple(event for event in shown.events if event.id in chosen.event_ids)
    card = make_card(replace(shown, events=met), limit=1)
    title = f"*{_link(shown.title or 'Story without a title', f'{site}/stories/{shown.id}', _TITLE_CHARS)}*"
    event = "".join(f"{_event_lines(event, seen_from)}\n" for event in card.events)
    others = len(shown.events) - len(card.events)
    further = f" · {count(others, 'further event')}" if others else ""
    return f"{title}  `{shown.id}`\n{event}{corroboration(shown.corroboration)}{further}"


def _event_lines(event: Event, seen_from: Standpoint) -> str:
    kind = label(event.type) + ("" if event.modality is Modality.ACT else f" ({event.modality.value})")
    when = resolved(event.date) if event.date else "no date stated"
    witness = decisive_witness(event)
    lines = [f"*{kind}* · {when}", f">“{escape(clip(event.headline, _QUOTE_CHARS))}”"]
    lines += [f">{_credit(witness)}"] if witness else []
    for name, role in (("By", "actor"), ("Affects", "target")):
        if named := [n for n in event.entities if n.role == role]:
            lines.append(f"{name} {_names(named)}")
    touched = affects(event, seen_from.stack)[:_NAMES_SHOWN]
    lines += [f"*{escape(clip(service, _NAME_CHARS))}*: {escape(clip(how, _TITLE_CHARS))}" for service, how in touched]
    disputed = [f"{field.lower()} {sides}" for field, sides in disagreements(event)][:_NAMES_SHOWN]
    lines += [f"Sources disagree: {escape(clip(one, _TITLE_CHARS))}" for one in disputed]
    lines.append(escape(clip(weight(event, seen_from), _INPUT_CHARS)))
    return "\n".join(lines)


def _credit(witness: Witness) -> str:
    source = _link(witness.source, witness.url, _NAME_CHARS)
    published = day(witness.published_at) if witness.published_at else "undated"
    return f"{source}, {tier(witness.tier)}, {published}"


def _names(named: Sequence[Named]) -> str:
    shown = ", ".join(escape(clip(n.name, _NAME_CHARS)) for n in named[:_NAMES_SHOWN])
    return f"{shown} and {len(named) - _NAMES_SHOWN} more" if len(named) > _NAMES_SHOWN else shown


def _filter(text: str) -> str:
    # A backquote would end the code span and let the rest be formatted.
    return f"`{escape(clip(text, _INPUT_CHARS)).replace('`', chr(39))}`" if text else "every relevant story"


def _mention(address: str) -> str:
    return f"<@{address}>" if address.startswith(("U", "W")) else f"<#{address}>"


def _link(text: str, url: str, limit: int) -> str:
    shown = escape(clip(text, limit))
    return f"<{blocks.escape(url)}|{shown}>" if blocks.is_web(url) and len(url) <= _URL_CHARS else shown


def _section(text: str) -> dict[str, Any]:
    # Escaping may lengthen a text fivefold: whole lines are left out at the end, never half an entity or a link.
    lines = text.split("\n")
    while len("\n".join(lines)) > _SECTION_CHARS:
        lines.pop()
    return {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines), "verbatim": True}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}
