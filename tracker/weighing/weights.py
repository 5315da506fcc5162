"""The table of weights."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def weights() -> Mapping[str, Any]:
    """Return weights.toml, read on first use."""
    table: dict[str, Any] = tomllib.loads(
        files("tracker.weighing").joinpath("weights.toml").read_text(encoding="utf-8")
    )
    return table
