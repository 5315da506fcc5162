"""A made-up news agency: stories that overlap in companies and countries, each told by several articles over weeks."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2027, 1, 4, tzinfo=UTC)
_WEEKS = 10
_KINDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One article, and the story that it was written for."""

    key: str
    story: str
    title: str
    text: str
    published_at: datetime


def tell(count: int, *, seed: int = 1) -> list[Telling]:
    """Write `count` articles, in the order of publication."""
    chosen = random.Random(seed)
    told: list[Telling] = []
    while len(told) < count:
        told += _tell_story(f"story {len(told)}", chosen)
    return sorted(told[:count], key=lambda one: one.published_at)


def _tell_story(story: str, chosen: random.Random) -> Iterator[Telling]:
    kind = chosen.choice(_KINDS["kinds"])
    names = {
        "company": chosen.choice(_KINDS["companies"]),
        "country": chosen.choice(_KINDS["countries"]),
        "place": chosen.choice(_KINDS["places"]),
        "person": chosen.choice(_KINDS["people"]),
        "products": chosen.choice(_KINDS["products"]),
        "number": str(chosen.randrange(30, 900)),
    }
    first_at = START + timedelta(hours=chosen.randrange(24 * 7 * _WEEKS))
    for number in range(chosen.randrange(2, 9)):
        is_later = number > 2
        hours = chosen.randrange(24, 24 * 21) if is_later else chosen.randrange(12)
        published_at = first_at + timedelta(hours=hours)
        title, text = _write(kind, chosen, is_later=is_later)
        filled = names | {"weekday": f"{published_at:%A}"}
        key = f"{story}/{number}"
        yield Telling(
            key=key, story=story, title=title.format(**filled), text=text.format(**filled), published_at=published_at
        )


def _write(kind: dict[str, Any], chosen: random.Random, *, is_later: bool) -> tuple[str, str]:
    title = chosen.choice(kind["later" if is_later else "titles"])
    lead = chosen.choice(kind["followup" if is_later else "opening"])
    return title, " ".join([lead, *chosen.sample(kind["more"], k=chosen.randrange(1, 4))])
