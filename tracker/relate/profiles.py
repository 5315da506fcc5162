"""What an article is about: weighted terms, entities and happenings."""

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tracker.relate.terms import by_weight, heaviest, tokenize, unit, weigh_terms
from tracker.types import Incoming, Mention, Part, Profile, Report

# The lead carries the news; what follows is background that stories share.
_LEAD_CHARACTERS = 2500
_TITLE_COUNTS = 2
# An entity that is first named after this many characters is background, too.
_FIRST_CHARACTERS = 500
_LATE_WEIGHT = 0.3
_KEPT = 80
_KEYS = 24
_TITLE_CUES = 2
_ACTOR_SHARE = 0.5
# An entity that weighs less is shared by nearly every story.
_TELLING_WEIGHT = 0.1


def profile_article(incoming: Incoming) -> Profile:
    """Say what an article is about."""
    article = incoming.article
    title, counts = Counter(tokenize(article.title)), Counter(tokenize(article.text[:_LEAD_CHARACTERS]))
    for token in title:
        counts[token] += _TITLE_COUNTS
    titled = (mention for mention in incoming.mentions if mention.quote.part is Part.TITLE)
    return Profile(
        terms=unit(heaviest(weigh_terms(counts), _KEPT)),
        headline=unit(heaviest(weigh_terms(title), _KEPT)),
        entities=unit(heaviest(_weigh_entities(incoming.mentions), _KEPT)),
        titled=unit(_weigh_entities(titled)),
        happenings=unit(_weigh_happenings(report for _, report in incoming.reports)),
        at=incoming.reported_at,
    )


def lookup_keys(profile: Profile) -> dict[str, float]:
    """Return the keys under which articles like this one are looked up, with what sharing one says for likeness."""
    entities = [entity for entity in by_weight(profile.entities) if _rarity(entity) > _TELLING_WEIGHT]
    keys = {f"e:{entity}"[:200]: profile.entities[entity] ** 2 for entity in entities[:_KEYS]}
    return keys | {f"t:{term}"[:200]: profile.terms[term] ** 2 for term in by_weight(profile.terms)[:_KEYS]}


def _weigh_entities(mentions: Iterable[Mention]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for mention in mentions:
        weight = _kinds()[mention.kind] * _rarity(mention.entity_id) * _prominence(mention)
        weights[mention.entity_id] = max(weight, weights.get(mention.entity_id, 0.0))
    return weights


def _prominence(mention: Mention) -> float:
    is_early = mention.quote.part is Part.TITLE or mention.quote.start < _FIRST_CHARACTERS
    return 1.0 if is_early else _LATE_WEIGHT


def _weigh_happenings(reports: Iterable[Report]) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for report in reports:
        if report.modality.makes_event:
            counts[str(report.type)] += _TITLE_CUES if report.cue.part is Part.TITLE else 1
            for actor in report.actors:
                counts[f"{report.type} {actor.entity_id}"] += _ACTOR_SHARE
    return {key: 1 + math.log(count + _ACTOR_SHARE) for key, count in counts.items()}


def _rarity(entity_id: str) -> float:
    return _rarities().get(entity_id, 1.0)


@cache
def _rarities() -> dict[str, float]:
    tiers = [tier for tier in _common_entities().values() if "entities" in tier]
    return {entity: tier["weight"] for tier in tiers for entity in tier["entities"]}


@cache
def _kinds() -> dict[str, float]:
    kinds: dict[str, float] = _common_entities()["kinds"]
    return kinds


def _common_entities() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("common_entities.toml").read_text(encoding="utf-8"))
