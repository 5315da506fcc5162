"""The word lists of this package, one TOML file a subject."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def word_table(name: str) -> dict[str, Any]:
    """Return the table of words/`name`.toml, read once."""
    return tomllib.loads((files("tracker.understand.words") / f"{name}.toml").read_text(encoding="utf-8"))
