"""Read the data files of the knowledge base; nothing here knows what they mean."""

import csv
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

_DATA = files("tracker.knowledge") / "data"
_SLUG = re.compile(r"[^a-z0-9]+")
_NO_WORD = re.compile(r"[\W_]+")


def csv_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file; lines that start with "#" are comments, a short row ends in empty cells."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader((line for line in lines if line and not line.startswith("#")), restval="")


def toml_table(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def split(cell: str) -> tuple[str, ...]:
    """Split a cell of several values at "|"."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def slug(name: str) -> str:
    """Make the last part of an entity id: "GPT-5.5 Pro" gives "gpt-5-5-pro"."""
    return _SLUG.sub("-", name.lower().replace("+", " plus ")).strip("-")


def open_slug(name: str) -> str:
    """Make the last part of the id of an entity that is not shipped; other scripts than Latin stay."""
    apart = _SLUG if name.isascii() else _NO_WORD
    return apart.sub("-", name.casefold()).strip("-") or "unnamed"


def letters(name: str) -> str:
    """Reduce a name to its letters and digits: spellings that differ only in case and separators give the same."""
    return "".join(filter(str.isalnum, name.casefold()))
