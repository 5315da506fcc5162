"""The alert about a story: what happened, to whom, by which words, and why it was sent.  Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker import words
from tracker.notify import blocks
from tracker.notify.filters import Match
from tracker.types import EntityKind, Event, EventType, Modality, Story, Tier, Witness

_OTHERS_SHOWN = 5
_NAMES_SHOWN = 12
_ORDER = {kind: rank for rank, kind in enumerate(EventType)}
_TIERS = {tier: rank for rank, tier in enumerate(Tier)}
_KINDS = (
    ("Models", EntityKind.MODEL),
    ("Chips", EntityKind.CHIP),
    ("Companies", EntityKind.COMPANY),
    ("Countries", EntityKind.COUNTRY),
    ("Agencies", EntityKind.AGENCY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A Slack message: the fallback `text` that notifications show, and its blocks."""

    text: str
    blocks: tuple[blocks.Block, ...]


def story_message(story: Story, match: Match, *, public_url: str) -> Message:
    """Write the alert about a story; the matched event that weighs most leads it."""
    main = main_event(story, match.event_ids)
    title = blocks.clean(story.title)
    built = [blocks.header(title)]
    if main is not None:
        built += _about(main)
    built += _others(event for event in story.events if main is None or event.id != main.id)
    built.append(blocks.small([corroboration(story), f"Why you see this: {', '.join(match.why)}" if match.why else ""]))
    built.append(blocks.link_button("Open the story", f"{public_url}/stories/{story.id}"))
    text = f"{_summary(main)}: {title}" if main else title
    return Message(text=blocks.escape(blocks.cut(text, blocks.TEXT_LIMIT // 10)), blocks=tuple(built))


def as_console(message: Message, address: str) -> str:
    """Write the message as a terminal shows it, for want of a token."""
    lines = [f"Not sent to {address}, because SLACK_BOT_TOKEN is not set.  The message would be:", ""]
    lines += [f"    {line}" for block in message.blocks for line in _as_lines(block)]
    return "\n".join([*lines, ""])


def main_event(story: Story, event_ids: Sequence[int]) -> Event | None:
    """Return the event that leads: among those that matched, an act first, then by type, then the latest."""
    chosen = [event for event in story.events if event.id in event_ids] or list(story.events)
    return min(chosen, key=lambda e: (e.modality is not Modality.ACT, _ORDER[e.type], -e.id), default=None)


def corroboration(story: Story) -> str:
    """Say how many reports there are and how many publishers speak; copies add to the first number only."""
    voices = words.count(len(story.families), "independent publisher")
    primary = "a primary document among them" if story.has_primary else "no primary document yet"
    return f"{words.count(story.articles, 'report')}, {voices}, {primary}"


def _summary(event: Event) -> str:
    modality = "" if event.modality is Modality.ACT else f" ({event.modality})"
    when = f", {words.resolved(event.date)}" if event.date else ""
    return f"{words.label(event.type)}{modality}{when}"


def _about(event: Event) -> list[blocks.Block]:
    pairs = [
        ("What", _summary(event)),
        ("By", _names(n.name for n in event.entities if n.role == "actor")),
        ("Affects", _names(n.name for n in event.entities if n.role == "target")),
        *(
            (label, _names(n.name for n in event.entities if n.kind is kind and n.role == "named"))
            for label, kind in _KINDS
        ),
    ]
    built = [blocks.fields(pairs)]
    if event.witnesses:
        witness = min(event.witnesses, key=lambda w: (_TIERS[w.tier], w.published_at or w.fetched_at, w.report_id))
        built.append(blocks.quotation(blocks.clean(witness.report.sentence.text), _cited(witness), witness.url))
    return [block for block in built if block]


def _cited(witness: Witness) -> str:
    when = words.day(witness.published_at) if witness.published_at else "undated"
    return f"{blocks.clean(witness.source)}, {when}"


def _others(events: Iterable[Event]) -> list[blocks.Block]:
    ranked = sorted(events, key=lambda e: (_ORDER[e.type], e.id))
    if not ranked:
        return []
    lines = [f"{_summary(event)}: {blocks.clean(event.headline)}" for event in ranked[:_OTHERS_SHOWN]]
    if len(ranked) > _OTHERS_SHOWN:
        lines.append(f"and {words.count(len(ranked) - _OTHERS_SHOWN, 'more event')}")
    return [blocks.line("Also in this story"), blocks.bullets(lines)]


def _names(names: Iterable[str]) -> str:
    once = list(dict.fromkeys(map(blocks.clean, names)))
    more = f" and {len(once) - _NAMES_SHOWN} more" if len(once) > _NAMES_SHOWN else ""
    return ", ".join(once[:_NAMES_SHOWN]) + more


def _as_lines(block: blocks.Block) -> list[str]:
    match block["type"]:
        case "header":
            return [block["text"]["text"], ""]
        case "section":
            return [part["text"] for part in block.get("fields", [block.get("text")])]
        case "context":
            return ["", *(part["text"] for part in block["elements"])]
        case "actions":
            return [f"{part['text']['text']}: {part['url']}" for part in block["elements"]]
        case _:
            return [line for part in block["elements"] for line in _rich_lines(part)]


def _rich_lines(part: blocks.Block) -> list[str]:
    if part["type"] == "rich_text_list":
        return [f"- {row['elements'][0]['text']}" for row in part["elements"]]
    text = part["elements"][0]["text"]
    return ["", f"“{text}”"] if part["type"] == "rich_text_quote" else [f"({text})", ""]
