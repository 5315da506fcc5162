"""Who does what to whom: actors and targets of an event within its sentence."""

from collections.abc import Iterable, Sequence

from tracker.knowledge import KnowledgeBase
from tracker.types import EntityKind, EventType, Mention
from tracker.understand.cues import Hit
from tracker.understand.text import Sentence

_GOVERNMENT = {EntityKind.AGENCY, EntityKind.COUNTRY}

_THINGS = {EntityKind.COMPANY, EntityKind.MODEL, EntityKind.CHIP, EntityKind.COUNTRY}

# Which kinds of entity can act in an event of a type, and which it hits; role priors beat the order of words.
_ACTS = {
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
_HIT = {
    EventType.COMPANY_RESPONSE: set(),
    EventType.MARKET_REACTION: {EntityKind.COMPANY},
    EventType.MODEL_RELEASE: {EntityKind.MODEL},
    EventType.ADOPTION: {EntityKind.MODEL},
    EventType.ANALYSIS: set(),
}


def find_roles(
    sentence: Sentence, hit: Hit, inside: Sequence[Mention], kb: KnowledgeBase
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Return (actors, targets) of the event that `hit` stands for, from the mentions of its sentence."""
    cue = sentence.start + hit.start
    able = [m for m in inside if m.kind in _ACTS[hit.type]]
    actors = _actors(able, cue, sentence, kb)
    taken = {m.entity_id for m in actors} | {_home(m, kb) for m in actors}
    hit_kinds = _HIT.get(hit.type, _THINGS)
    targets = [m for m in inside if m.kind in hit_kinds and m.entity_id not in taken]
    return actors, _once(targets)


def _actors(able: Sequence[Mention], cue: int, sentence: Sentence, kb: KnowledgeBase) -> tuple[Mention, ...]:
    """The last able entity before the cue; one after it where "by" leads to it, or where there is no other."""
    passive = [m for m in able if m.quote.start > cue and _by(sentence, m)]
    before = [m for m in able if m.quote.start < cue]
    chosen = (passive or before[-1:] or able[:1])[:1]
    if chosen and chosen[0].kind is EntityKind.COUNTRY:
        # "The US Commerce Department": the agency acts, not the country whose name stands beside it.
        beside = [m for m in able if m.kind is EntityKind.AGENCY and _home(m, kb) == chosen[0].entity_id]
        chosen = beside[:1] or chosen
    return tuple(chosen)


def _by(sentence: Sentence, mention: Mention) -> bool:
    start = mention.quote.start - sentence.start
    return sentence.text[max(0, start - 8) : start].casefold().endswith(("by ", "by the "))


def _home(mention: Mention, kb: KnowledgeBase) -> str:
    entity = kb.entities.get(mention.entity_id)
    return f"country/{entity.country}" if entity and mention.kind is EntityKind.AGENCY else mention.entity_id


def _once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.entity_id, mention)
    return tuple(seen.values())
