"""Which rules are at work: digests of those that read and relate, and of the knowledge base."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from tracker.store.entities import Entities
from tracker.types import Rulebook

_RULES = ("tracker.understand", "tracker.relate", "tracker.weighing")
_KNOWLEDGE = ("tracker.knowledge",)
_KINDS = (".py", ".toml", ".csv", ".json", ".txt", ".jsonl")
_SHOWN_CHARS = 12


def rulebook(entities: Entities) -> Rulebook:
    """Return which rules this process reads and relates by; the same files give the same on every machine."""
    return Rulebook(
        program=version("export-control-tracker"),
        rules=_digest(_RULES),
        knowledge=_digest(_KNOWLEDGE),
        edits=entities.version(),
    )


@cache
def _digest(packages: tuple[str, ...]) -> str:
    whole = sha256()
    for package in packages:
        for path, held in _files(files(package), package):
            whole.update(f"{path}\0".encode() + sha256(held).digest())
    return whole.hexdigest()[:_SHOWN_CHARS]


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_dir():
            yield from _files(one, f"{path}/{one.name}")
        elif one.name.endswith(_KINDS):
            yield f"{path}/{one.name}", one.read_bytes()
