"""Which wire service a text is signed as, whoever prints or translates it; pure."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from tracker.knowledge import publishers

# A credit stands where a text begins or ends.
_START_CHARACTERS, _END_CHARACTERS = 160, 120


def credited_family(text: str, author: str | None) -> str | None:
    """Return the publisher family of the wire service that a text is credited to."""
    for name in _named(text, author or ""):
        if publisher := publishers.load().credited(name):
            return publisher.family
    return None


def _named(text: str, author: str) -> Iterator[str]:
    places = {"bylines": author.strip(), "starts": text[:_START_CHARACTERS], "ends": text[-_END_CHARACTERS:]}
    for place, passage in places.items():
        for pattern in _patterns()[place]:
            if found := pattern.search(passage):
                yield found["name"]


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    table = tomllib.loads(files("tracker.read").joinpath("credits.toml").read_text(encoding="utf-8"))
    return {place: [re.compile(pattern) for pattern in patterns] for place, patterns in table.items()}
