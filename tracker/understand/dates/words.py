"""The words of date phrases, as data."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def numbered(section: str) -> dict[str, int]:
    """Return the words of a section of words.toml, each with its number."""
    return {word: int(number) for number, words in _table()[section].items() for word in words}


@cache
def counted() -> dict[str, int]:
    """Return the number words, from zero up."""
    return {word: number for number, word in enumerate(_table()["numbers"]["words"])}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
