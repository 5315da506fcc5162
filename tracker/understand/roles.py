"""Who does what to whom: actors and targets of an event."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from tracker.knowledge import KnowledgeBase
from tracker.types import EntityKind, EventType, Mention
from tracker.understand.cues import Hit
from tracker.understand.text import Sentence

_GOVERNMENT = {EntityKind.AGENCY, EntityKind.COUNTRY}
_HIT_BY_POLICY = {EntityKind.COMPANY, EntityKind.MODEL, EntityKind.CHIP, EntityKind.COUNTRY}

_CONTROLS = {EventType.RESTRICTION, EventType.EASING, EventType.LEGISLATION, EventType.RETALIATION}

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
    EventType.ENFORCEMENT: {EntityKind.COMPANY},
    EventType.LISTING: {EntityKind.COMPANY},
    EventType.COMPANY_RESPONSE: set(),
    EventType.MARKET_REACTION: {EntityKind.COMPANY},
    EventType.MODEL_RELEASE: {EntityKind.MODEL},
    EventType.ADOPTION: {EntityKind.MODEL},
    EventType.ANALYSIS: set(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who acts and who is hit."""

    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]

    def completed(
        self,
        type_: EventType,
        around: Sequence[tuple[Sentence, Sequence[Mention]]],
        kb: KnowledgeBase,
        *,
        official: bool,
    ) -> Self:
        """Fill what the event's own sentence leaves open from the sentences `around` it, headline and lead.

        In an `official` document the body that issues it acts.
        """
        able = [m for sentence, inside in around for m in _able(type_, sentence, inside, kb)]
        bodies = [m for m in able if m.kind is EntityKind.AGENCY] if official else []
        actors = _precise(tuple(bodies[:1]) or self.actors or tuple(able[:1]), able, kb)
        taken = _taken(actors, kb)
        hit = [
            m
            for sentence, inside in around
            for m in _hit_in(type_, sentence, inside)
            if _stands_hit(type_, sentence, m)
        ]
        targets = [m for m in self.targets if m.entity_id not in taken] or _targets(type_, hit, taken, kb)
        if type_ is EventType.RESTRICTION and not any(m.kind is EntityKind.COUNTRY for m in targets):
            targets = (*targets, *_destinations(around, taken))
        return type(self)(actors=actors, targets=once(targets))


def find_roles(sentence: Sentence, hit: Hit, inside: Sequence[Mention], kb: KnowledgeBase) -> Roles:
    """Return who acts and who is hit in the event that `hit` stands for, from the mentions of its sentence."""
    cue = sentence.start + hit.start
    actors = _actors(_able(hit.type, sentence, inside, kb), cue, sentence, kb)
    return Roles(
        actors=actors, targets=_targets(hit.type, _hit_in(hit.type, sentence, inside, cue), _taken(actors, kb), kb)
    )


def once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep the first mention of each entity."""
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.entity_id, mention)
    return tuple(seen.values())


def _able(type_: EventType, sentence: Sentence, inside: Sequence[Mention], kb: KnowledgeBase) -> list[Mention]:
    """Return the mentions that may act; in a retaliation another government than the one that struck first."""
    able = [m for m in inside if m.kind in _ACTS[type_] and _stands_as_actor(sentence, m)]
    if type_ is EventType.RETALIATION:
        able = [m for m in able if _home(m, kb) != "country/US"]
    return able


def _stands_as_actor(sentence: Sentence, mention: Mention) -> bool:
    """A country that something is done to, or that describes another word, does not act ("sales to China")."""
    if mention.kind is EntityKind.COMPANY:
        return True
    before = sentence.text[: mention.quote.start - sentence.start][-40:]
    after = sentence.text[mention.quote.end - sentence.start :][:40]
    described = mention.kind is EntityKind.COUNTRY and (_describing().search(after) or _suffering().search(after))
    return not (_oblique().search(before) or described)


def _stands_hit(type_: EventType, sentence: Sentence, mention: Mention) -> bool:
    """Away from the event's own words, a control hits only whom its sentence says something is done to."""
    if type_ not in _CONTROLS:
        return True
    if mention.kind is EntityKind.COUNTRY:
        return not _stands_as_actor(sentence, mention)
    before = sentence.text[: mention.quote.start - sentence.start][-40:]
    return mention.kind is not EntityKind.COMPANY or bool(_oblique().search(before))


def _destinations(around: Iterable[tuple[Sentence, Sequence[Mention]]], taken: set[str]) -> Iterator[Mention]:
    """Yield the countries that goods are kept from ("the export of ASML's machines to China")."""
    for sentence, inside in around:
        for m in inside:
            before = sentence.text[: m.quote.start - sentence.start][-40:]
            if m.kind is EntityKind.COUNTRY and m.entity_id not in taken and _destination().search(before):
                yield m


def find_reached(sentences: Iterable[tuple[Sentence, Sequence[Mention]]]) -> list[Mention]:
    """Return the companies of the sentences that say whom a control reaches."""
    return [
        m for one, inside in sentences if _reached().search(one.text) for m in inside if m.kind is EntityKind.COMPANY
    ]


@cache
def _reached() -> re.Pattern[str]:
    return re.compile("|".join(_stance()["reached"]), re.IGNORECASE)


@cache
def _money() -> re.Pattern[str]:
    return re.compile(_stance()["money_after"], re.IGNORECASE)


@cache
def _oblique() -> re.Pattern[str]:
    return re.compile("|".join(_stance()["oblique_before"]), re.IGNORECASE)


@cache
def _describing() -> re.Pattern[str]:
    return re.compile("|".join(_stance()["describing_after"]), re.IGNORECASE)


@cache
def _suffering() -> re.Pattern[str]:
    return re.compile("|".join(_stance()["passive_after"]), re.IGNORECASE)


@cache
def _stance() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))


def _hit_in(type_: EventType, sentence: Sentence, inside: Iterable[Mention], cue: int | None = None) -> list[Mention]:
    kinds = _HIT.get(type_, _HIT_BY_POLICY)
    before = {m: sentence.text[: m.quote.start - sentence.start][-60:] for m in inside}
    after = {m: sentence.text[m.quote.end - sentence.start :][:40] for m in inside}
    hit = [m for m in inside if m.kind in kinds and not (m.kind is EntityKind.COUNTRY and _money().search(after[m]))]
    if type_ is EventType.MARKET_REACTION:  # the one whose shares moved stands before the move
        return [m for m in hit if cue is not None and m.quote.start < cue][-1:] or hit[:1]
    if type_ is EventType.ENFORCEMENT:  # whose goods were smuggled is not who is charged
        return [m for m in hit if not (_goods().search(after[m]) or _goods_of().search(before[m]))]
    return hit


def _targets(type_: EventType, hit: Iterable[Mention], taken: set[str], kb: KnowledgeBase) -> tuple[Mention, ...]:
    """Return whom the event hits; a chip only where nobody is named.

    A retaliation hits companies of others, and their country only where none of them is named.
    """
    others = once(m for m in hit if m.entity_id not in taken)
    if type_ is EventType.RETALIATION:
        others = tuple(m for m in others if _seat(m, kb) not in taken)
        others = tuple(m for m in others if m.kind is EntityKind.COMPANY) or others
    return tuple(m for m in others if m.kind is not EntityKind.CHIP) or others


@cache
def _goods() -> re.Pattern[str]:
    return re.compile(_stance()["goods_after"], re.IGNORECASE)


@cache
def _goods_of() -> re.Pattern[str]:
    return re.compile(_stance()["goods_before"], re.IGNORECASE)


@cache
def _destination() -> re.Pattern[str]:
    return re.compile(_stance()["destination_before"], re.IGNORECASE)


def _actors(able: Sequence[Mention], cue: int, sentence: Sentence, kb: KnowledgeBase) -> tuple[Mention, ...]:
    """The last able entity before the cue; one after it where "by" leads to it, or where there is no other."""
    passive = [m for m in able if m.quote.start > cue and _by(sentence, m)]
    before = [m for m in able if m.quote.start < cue]
    return _precise(tuple((passive or before[-1:] or able[:1])[:1]), able, kb)


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


def _seat(mention: Mention, kb: KnowledgeBase) -> str:
    entity = kb.entities.get(mention.entity_id)
    return f"country/{entity.country}" if entity else ""


def _home(mention: Mention, kb: KnowledgeBase) -> str:
    entity = kb.entities.get(mention.entity_id)
    return f"country/{entity.country}" if entity and mention.kind is EntityKind.AGENCY else mention.entity_id
