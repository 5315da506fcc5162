"""Who does what to whom: actors and targets of an event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from tracker.knowledge import KnowledgeBase
from tracker.types import EntityKind, EventType, Mention
from tracker.understand.cues import Hit
from tracker.understand.text import Sentence

_GOVERNMENT = {EntityKind.AGENCY, EntityKind.COUNTRY}
_THINGS = {EntityKind.COMPANY, EntityKind.MODEL, EntityKind.CHIP, EntityKind.COUNTRY}

# Which kinds of entity can act in an event of a type, and which it hits; these beat the order of words.
_ACTS: dict[EventType, set[EntityKind]] = {
    EventType.RESTRICTION: _GOVERNMENT,
    EventType.EASING: _GOVERNMENT,
    EventType.LISTING: _GOVERNMENT,
    EventType.LEGISLATION: _GOVERNMENT,
    EventType.ENFORCEMENT: _GOVERNMENT,
    EventType.RETALIATION: _GOVERNMENT,
    EventType.LITIGATION: _GOVERNMENT | {EntityKind.COMPANY},
    EventType.COMPANY_RESPONSE: {EntityKind.COMPANY},
    EventType.MARKET_REACTION: set(),
    EventType.MODEL_RELEASE: {EntityKind.COMPANY},
    EventType.ADOPTION: {EntityKind.COMPANY},
    EventType.ANALYSIS: set(),
}
_HIT: dict[EventType, set[EntityKind]] = {
    EventType.COMPANY_RESPONSE: set(),
    EventType.MARKET_REACTION: {EntityKind.COMPANY},
    EventType.MODEL_RELEASE: {EntityKind.MODEL},
    EventType.ADOPTION: {EntityKind.MODEL},
    EventType.ANALYSIS: set(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]

    def completed(self, type_: EventType, around: Sequence[Mention], kb: KnowledgeBase) -> Self:
        """Fill what the event's own sentence leaves open from the mentions `around` it, headline and lead."""
        able = [m for m in around if m.kind in _ACTS[type_]]
        actors = self.actors or tuple(able[:1])
        actors = _precise(actors, able, kb)
        taken = _taken(actors, kb)
        targets = self.targets or once(m for m in around if _is_hit(m, type_) and m.entity_id not in taken)
        return type(self)(actors=actors, targets=tuple(t for t in targets if t.entity_id not in taken))


def find_roles(sentence: Sentence, hit: Hit, inside: Sequence[Mention], kb: KnowledgeBase) -> Roles:
    """Return who acts and who is hit in the event that `hit` stands for, from the mentions of its sentence."""
    cue = sentence.start + hit.start
    able = [m for m in inside if m.kind in _ACTS[hit.type]]
    actors = _actors(able, cue, sentence, kb)
    taken = _taken(actors, kb)
    return Roles(actors=actors, targets=once(m for m in inside if _is_hit(m, hit.type) and m.entity_id not in taken))


def once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep the first mention of each entity."""
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.entity_id, mention)
    return tuple(seen.values())


def _is_hit(mention: Mention, type_: EventType) -> bool:
    return mention.kind in _HIT.get(type_, _THINGS)


def _actors(able: Sequence[Mention], cue: int, sentence: Sentence, kb: KnowledgeBase) -> tuple[Mention, ...]:
    """The last able entity before the cue; one after it where "by" leads to it, or where there is no other."""
    passive = [m for m in able if m.quote.start > cue and _by(sentence, m)]
    before = [m for m in able if m.quote.start < cue]
    chosen = (passive or before[-1:] or able[:1])[:1]
    return _precise(tuple(chosen), able, kb)


def _precise(actors: tuple[Mention, ...], able: Sequence[Mention], kb: KnowledgeBase) -> tuple[Mention, ...]:
    """Name the body where one is named: "the US Commerce Department" is the department, not the country."""
    if not actors or actors[0].kind is not EntityKind.COUNTRY:
        return actors
    bodies = [m for m in able if m.kind is EntityKind.AGENCY and _home(m, kb) == actors[0].entity_id]
    return tuple(bodies[:1]) or actors


def _by(sentence: Sentence, mention: Mention) -> bool:
    start = mention.quote.start - sentence.start
    return sentence.text[max(0, start - 8) : start].casefold().endswith(("by ", "by the "))


def _taken(actors: Iterable[Mention], kb: KnowledgeBase) -> set[str]:
    return {name for m in actors for name in (m.entity_id, _home(m, kb))}


def _home(mention: Mention, kb: KnowledgeBase) -> str:
    entity = kb.entities.get(mention.entity_id)
    return f"country/{entity.country}" if entity and mention.kind is EntityKind.AGENCY else mention.entity_id
