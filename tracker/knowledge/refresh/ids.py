"""From the model ids of APIs to the names that people write: "claude-opus-4-5-20251101" is Claude Opus 4.5."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from tracker.knowledge.rows import csv_rows, slug, split

_DATE = re.compile(
    r"-(?:20\d\d-?[01]\d-?[0-3]\d|[01]\d-20\d\d|2[3-7][01]\d[0-3]\d|2[3-7](?:0[1-9]|1[0-2])|0\d[0-3]\d|[01]\d-[0-3]\d)(?=-|$)"
)
_EDITION = re.compile(r"-([01]\d[0-3]\d)(?=-|$)")
_VERSION = re.compile(r"[a-z]?\d{1,2}(?:\.\d{1,2}){0,2}[a-z]?")
_SIZE = re.compile(r"(?:[ae]?\d{1,4}(?:\.\d+)?[bmt]|\d+x\d+b|e\d+b)")
_JOINERS = {"dash": "-", "none": "", "space": " ", "": " "}
_VERSION_FIRST = re.compile(r"(?P<head>\w+) (?P<word>Opus|Sonnet|Haiku) (?P<version>[0-3](?:\.\d)?)(?P<rest>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """A model as people write it, and the slug of its family."""

    name: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    start: str
    family: str
    written: str
    joiner: str


def name_model(model_id: str) -> NamedModel | None:
    """Name the model behind an API's id, or None where the id names no single model of a known family."""
    rules = _rules()
    text = _bare(model_id, rules)
    head = next((head for head in _heads() if _starts(text, head.start)), None)
    if head is None:
        return None
    text = _undated(text, keep_edition=head.family in rules["dated"])
    words = _merge_versions(text[len(head.start) :].strip("-").split("-"))
    return _assemble(head, [word for word in words if word], rules)


@cache
def own_providers(family: str) -> frozenset[str]:
    """Give the providers that are the family's maker itself."""
    developer = next(
        row["developer"] for row in csv_rows("families.csv") if (row["slug"] or slug(row["name"])) == family
    )
    return frozenset(_rules()["makers"].get(developer, ()))


def _bare(model_id: str, rules: dict[str, Any]) -> str:
    text = re.split(r"[:@#]", model_id.rsplit("/", 1)[-1].lower())[0].replace("_", "-").replace(" ", "-")
    text = re.sub(r"(?<=\d)p(?=\d)", ".", text)
    prefixes = tuple(rules["prefixes"])
    while (found := next((prefix for prefix in prefixes if text.startswith(prefix)), None)) and not any(
        _starts(text, head.start) and len(head.start) > len(found) for head in _heads()
    ):
        text = text.removeprefix(found)
    return text


def _starts(text: str, start: str) -> bool:
    rest = text[len(start) :]
    return text.startswith(start) and (not rest or rest[0] in "-0123456789" or start.endswith(("-v", "-r")))


def _undated(text: str, *, keep_edition: bool) -> str:
    edition = _EDITION.search(text) if keep_edition else None
    text = _DATE.sub("", text)
    return f"{text}-{edition[1]}" if edition else text


def _merge_versions(words: list[str]) -> list[str]:
    """Join "4", "5" into "4.5", but not "3", "70b"; only the first pair is a version."""
    for place, (word, after) in enumerate(pairwise(words)):
        if re.fullmatch(r"[a-z]?\d{1,2}", word) and re.fullmatch(r"\d{1,2}", after):
            return [*words[:place], f"{word}.{after}", *words[place + 2 :]]
    return words


def _assemble(head: _Head, words: list[str], rules: dict[str, Any]) -> NamedModel | None:
    """Sort the words behind a head into version, qualifiers and sizes, and write the name."""
    version = ""
    tails: list[str] = []
    for word in words:
        if word in rules["reject"]:
            return None
        if child := _children().get((head.family, word)):
            head = child
        elif not version and not tails and _VERSION.fullmatch(word) and not _SIZE.fullmatch(word):
            version = word
        elif (tail := _tail(word, head, rules)) is None:
            return None
        elif tail:
            tails.append(tail)
    written = _written_version(version, head, rules)
    if written is None or not (written or tails):
        return None
    name = " ".join([head.written + (head.joiner + written if written else ""), *dict.fromkeys(tails)])
    return None if name in rules["exclude"] else NamedModel(name=_old_order(name), family=head.family)


def _tail(word: str, head: _Head, rules: dict[str, Any]) -> str | None:
    """Write a word behind the version; "" drops it, None refuses the id."""
    served = rules["drop_in"].get(head.family.split("-")[0], ()) or rules["drop_in"].get(head.family, ())
    if word in rules["drop"] or word in served or (word == "medium" and head.family not in rules["sized"]):
        return ""
    if head.family in rules["dated"] and re.fullmatch(r"[01]\d[0-3]\d", word):
        return word
    if _SIZE.fullmatch(word):
        return word.upper().replace("X", "x")
    written: str | None = rules["tails"].get(word)
    return written


def _written_version(version: str, head: _Head, rules: dict[str, Any]) -> str | None:
    """Write "v3.2" as "V3.2", "4.5v" as "4.5V", "4o" as it is; None for a run-in such as "52" for 5.2."""
    if re.fullmatch(r"[a-z]?[1-9]\d[a-z]?", version):
        return None
    if head.family in rules["dated"]:
        return head.family[-1].upper() + version.removeprefix("v") if version else ""
    if version.startswith("v"):
        version = version if head.family in rules["v_names"] else version[1:]
    if head.family in rules["whole"]:
        version = version.removesuffix(".0")
    version = version[:1].upper() + version[1:]
    return re.sub(r"v$", "V", version)


def _old_order(name: str) -> str:
    """Put the version of a Claude before 4 where its makers put it: "Claude 3.5 Sonnet"."""
    match = _VERSION_FIRST.fullmatch(name) if name.startswith("Claude ") else None
    return f"{match['head']} {match['version']} {match['word']}{match['rest']}" if match else name


@cache
def _rules() -> dict[str, Any]:
    rules = tomllib.loads((files("tracker.knowledge.refresh") / "ids.toml").read_text(encoding="utf-8"))
    return {
        key: frozenset(rule) if isinstance(rule, list) and key != "prefixes" else rule for key, rule in rules.items()
    }


@cache
def _heads() -> tuple[_Head, ...]:
    """List the starts of ids, longest first."""
    heads = [_head(start, row) for row in csv_rows("families.csv") for start in split(row["ids"])]
    return tuple(sorted(heads, key=lambda head: -len(head.start)))


@cache
def _children() -> dict[tuple[str, str], _Head]:
    """Map a family and a word of an id to the narrower family: ("claude", "opus") to Claude Opus."""
    return {
        (slug(row["prefix"]), row["heads"].lower()): _head("", row) for row in csv_rows("families.csv") if row["prefix"]
    }


def _head(start: str, row: dict[str, str]) -> _Head:
    written = row["name"].removesuffix(" V").removesuffix(" R") if row["slug"] in _rules()["dated"] else row["name"]
    joiner = " " if row["slug"] in _rules()["dated"] else _JOINERS[row["join"]]
    return _Head(start=start, family=row["slug"] or slug(row["name"]), written=written, joiner=joiner)
