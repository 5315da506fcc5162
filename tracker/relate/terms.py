"""What an article is about, as weighted terms and entities."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tracker.types import EntityKind, Incoming, Mention, Profile

# The lead carries the news; what follows is background that stories share.
_LEAD_CHARACTERS = 2500
_TITLE_COUNTS = 2
_RARE_SHARE = 0.01
_KEPT_TERMS = 80
_KEYS = 24
_SHORTEST_PLURAL = 3

# How much sharing an entity says that two articles tell the same story.
_KIND_WEIGHT = {
    EntityKind.MODEL: 1.0,
    EntityKind.CHIP: 1.0,
    EntityKind.COMPANY: 0.8,
    EntityKind.AGENCY: 0.5,
    EntityKind.COUNTRY: 0.4,
}
# The two sides of nearly every story in this field.
_EVERYWHERE = {"country/US", "country/CN"}

_WORD = re.compile(r"[a-z0-9à-ÿ]+(?:[.\-][a-z0-9à-ÿ]+)*|[\u3040-\u30ff\u3400-\u9fff]+|[\uac00-\ud7af]+")
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def profile_article(incoming: Incoming) -> Profile:
    """Say what an article is about."""
    article = incoming.article
    counts = Counter(_tokens(article.text[:_LEAD_CHARACTERS]))
    for token in _tokens(article.title):
        counts[token] += _TITLE_COUNTS
    weights = {token: (1 + math.log(count)) * _rarity(token) for token, count in counts.items()}
    return Profile(
        terms=_unit(_heaviest(weights)), entities=_unit(_entity_weights(incoming.mentions)), at=incoming.reported_at
    )


def lookup_keys(profile: Profile) -> dict[str, float]:
    """Return the keys under which articles like this one are looked up, with what sharing one says for likeness."""
    terms = sorted(profile.terms, key=lambda t: (-profile.terms[t], t))[:_KEYS]
    entities = [entity for entity in profile.entities if entity not in _EVERYWHERE]
    keys = {f"e:{entity}"[:200]: profile.entities[entity] ** 2 for entity in entities}
    return keys | {f"t:{term}"[:200]: profile.terms[term] ** 2 for term in terms}


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    """Return the cosine of two sparse vectors, 0 where either is empty."""
    if len(one) > len(other):
        one, other = other, one
    dot = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    return dot / (_length(one) * _length(other)) if dot else 0.0


def _tokens(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        if _ASIAN.match(word):
            yield from (word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif len(word) > 1:
            yield _singular(word)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss") else word


def _rarity(token: str) -> float:
    return -math.log(_shares().get(token, _RARE_SHARE))


@cache
def _shares() -> dict[str, float]:
    tiers = tomllib.loads(Path(__file__).with_name("common_words.toml").read_text(encoding="utf-8"))
    shares: dict[str, float] = {}
    for tier in sorted(tiers.values(), key=lambda t: t["share"]):
        shares.update(dict.fromkeys(_tokens(tier["words"]), tier["share"]))
    return shares


def _entity_weights(mentions: Iterable[Mention]) -> dict[str, float]:
    counts = Counter(mention.entity_id for mention in mentions)
    kinds = {mention.entity_id: mention.kind for mention in mentions}
    return {
        entity: (1 + math.log(count)) * (0.1 if entity in _EVERYWHERE else _KIND_WEIGHT[kinds[entity]])
        for entity, count in counts.items()
    }


def _heaviest(weights: dict[str, float]) -> dict[str, float]:
    kept = sorted(weights, key=lambda t: (-weights[t], t))[:_KEPT_TERMS]
    return {term: weights[term] for term in kept}


def _unit(weights: dict[str, float]) -> dict[str, float]:
    length = _length(weights)
    return {key: round(weight / length, 6) for key, weight in weights.items()} if length else {}


def _length(weights: dict[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
