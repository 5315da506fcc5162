"""A made-up flow of news, as long as wanted: words as often as Zipf's law has them, stories that name things of their own.

Fast to make, so that a million articles can be: an article is a list of words, entities that it names and one report.
"""

import tomllib
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from tracker import relate
from tracker.types import (
    Article,
    EntityKind,
    EventType,
    Incoming,
    Mention,
    Modality,
    Part,
    Quote,
    Report,
    Source,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source(name="newsflow", kind="file", url="", family="newsflow")
_COMMON_WORDS = Path(relate.__file__).with_name("common_words.toml")
_EVERYDAY: list[str] = tomllib.loads(_COMMON_WORDS.read_text(encoding="utf-8"))["everywhere"]["words"].split()[:120]
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_WORDS = 60_000
_ENTITIES = 20_000
# Zipf and Mandelbrot: the word of rank r stands in a text in proportion to 1 / (r + 2.7).
_SHIFT = 2.7
_TEXT_WORDS = 60
_TITLE_WORDS = 8
_OWN_WORDS = 12
_COMMON_RANKS = 500
_MOST_ARTICLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """A story: what its articles have in common."""

    number: int
    words: tuple[str, ...]
    entities: tuple[str, ...]
    type: EventType
    times: tuple[datetime, ...]


class Newsflow:
    """Stories whose first articles are spread evenly over `span`."""

    def __init__(self, *, seed: int, span: timedelta) -> None:
        self._random = Random(seed)
        self._span = span
        self._ranks = list(accumulate(1 / (rank + _SHIFT) for rank in range(1, _WORDS)))

    def tales(self, articles: int) -> Iterator[Tale]:
        """Yield stories that have so many articles together."""
        number, left = 0, articles
        while left > 0:
            count = min(left, 1 + int(self._random.expovariate(1 / 3)), _MOST_ARTICLES)
            yield self._tale(number, count)
            number, left = number + 1, left - count

    def write(self, tale: Tale) -> Iterator[Incoming]:
        """Yield the articles of a story, with ids of nought."""
        for at in tale.times:
            yield self._article(tale, at)

    def _tale(self, number: int, count: int) -> Tale:
        first = START + self._span * self._random.random()
        return Tale(
            number=number,
            words=tuple(_word(self._random.randrange(_COMMON_RANKS, _WORDS)) for _ in range(_OWN_WORDS)),
            entities=tuple(f"company/{_word(self._zipf(_ENTITIES))}" for _ in range(2)),
            type=self._random.choice(
                (EventType.RESTRICTION, EventType.EASING, EventType.LISTING, EventType.ENFORCEMENT)
            ),
            times=tuple(sorted(first + timedelta(hours=self._random.expovariate(1 / 60)) for _ in range(count))),
        )

    def _article(self, tale: Tale, at: datetime) -> Incoming:
        pick = self._random
        own = pick.sample(tale.words, k=8)
        body = [*own, *(_word(self._zipf(_WORDS)) for _ in range(_TEXT_WORDS - len(own)))]
        title = " ".join([*own[:3], *(_word(self._zipf(_WORDS)) for _ in range(_TITLE_WORDS - 3))])
        text = " ".join(body)
        mentions = tuple(
            _mention(entity) for entity in (*tale.entities, "country/US", f"country/{_word(pick.randrange(40))}")
        )
        quote = Quote(part=Part.TITLE, start=0, end=len(title), text=title)
        report = Report(
            type=tale.type, modality=Modality.ACT, cue=quote, sentence=quote, actors=mentions[2:3], targets=mentions[:1]
        )
        article = Article(
            id=0,
            source=SOURCE,
            address="",
            url="",
            title=title,
            text=text,
            language="en",
            published_at=at,
            fetched_at=at,
        )
        return Incoming(article=article, mentions=mentions, reports=((0, report),))

    def _zipf(self, below: int) -> int:
        return bisect(self._ranks, self._random.random() * self._ranks[below - 2])


@cache
def _word(rank: int) -> str:
    """Spell the word of a rank; the first are those of real news."""
    if rank < len(_EVERYDAY):
        return _EVERYDAY[rank]
    spelt, rest = "", rank + len(_SYLLABLES)
    while rest:
        rest, syllable = divmod(rest, len(_SYLLABLES))
        spelt += _SYLLABLES[syllable]
    return spelt


def _mention(entity_id: str) -> Mention:
    kind, _, name = entity_id.partition("/")
    return Mention(
        entity_id=entity_id,
        kind=EntityKind(kind),
        name=name,
        quote=Quote(part=Part.TITLE, start=0, end=len(name), text=name),
    )
