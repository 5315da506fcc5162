"""What words say about which story is told: tokens in any script, weighted by how rare they are."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_RARE_SHARE = 0.01
_SHORTEST_PLURAL = 3

_WORD = re.compile(r"[a-z0-9à-ÿ]+(?:[.\-][a-z0-9à-ÿ]+)*|[\u3040-\u30ff\u3400-\u9fff]+|[\uac00-\ud7af]+")
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def tokenize(text: str) -> Iterator[str]:
    """Yield the words of a text, and the pairs of signs where words are not spaced."""
    for word in _WORD.findall(text.casefold()):
        if _ASIAN.match(word):
            yield from (word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif len(word) > 1:
            yield _singular(word)


def weigh_terms(counts: Counter[str]) -> dict[str, float]:
    """Weigh terms by how often they stand here and how rare they are elsewhere."""
    return {token: (1 + math.log(count)) * _rarity(token) for token, count in counts.items()}


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    """Return the cosine of two sparse vectors, 0 where either is empty."""
    if len(one) > len(other):
        one, other = other, one
    dot = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    return dot / (_length(one) * _length(other)) if dot else 0.0


def heaviest(weights: dict[str, float], limit: int) -> dict[str, float]:
    """Keep the `limit` heaviest, the first in the alphabet among equals."""
    return {term: weights[term] for term in by_weight(weights)[:limit]}


def by_weight(weights: dict[str, float]) -> list[str]:
    """Return the terms, heaviest first, in the order of the alphabet among equals."""
    return sorted(weights, key=lambda term: (-weights[term], term))


def unit(weights: dict[str, float]) -> dict[str, float]:
    """Scale a vector to length 1."""
    length = _length(weights)
    return {key: round(weight / length, 6) for key, weight in weights.items()} if length else {}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss") else word


def _rarity(token: str) -> float:
    return -math.log(_shares().get(token, _RARE_SHARE))


@cache
def _shares() -> dict[str, float]:
    tiers = tomllib.loads(Path(__file__).with_name("common_words.toml").read_text(encoding="utf-8"))
    shares: dict[str, float] = {}
    for tier in sorted(tiers.values(), key=lambda t: t["share"]):
        shares.update(dict.fromkeys(tokenize(tier["words"]), tier["share"]))
    return shares


def _length(weights: dict[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
