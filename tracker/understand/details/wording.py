"""The words of quantities, as patterns."""

import re
from collections.abc import Mapping
from functools import cache

from tracker.understand.details.rules import load_table

_LATIN_BORDER = r"(?![A-Za-zÀ-ÿ0-9])"
_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff가-힣]")
_MANY = r" ?(?:多|余|餘|여|以上の|이상의?)? ?"


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    return load_table("quantities")


@cache
def _keys(section: str) -> dict[str, str]:
    """Return the names of a section by the names of their groups."""
    return {f"{section}_{at}": name for at, name in enumerate(_data()[section])}


def unit_name(section: str, match: re.Match[str]) -> str:
    return _keys(section)[match.lastgroup or ""]


def _alternatives(section: str) -> str:
    is_code = section.startswith(("currency", "change", "money"))
    pairs = zip(_keys(section), _data()[section].items(), strict=True)
    return "|".join(
        f"(?P<{name if is_code else key}>{'|'.join(map(_bordered, patterns))})" for key, (name, patterns) in pairs
    )


def _bordered(pattern: str) -> str:
    """Let a Latin word end where it ends; signs and Asian words need no border."""
    ends_in_letter = not _ASIAN.search(pattern) and re.search(r"[A-Za-z.)?]$", pattern) is not None
    return f"(?:{pattern}){_LATIN_BORDER}" if ends_in_letter else f"(?:{pattern})"


@cache
def units(section: str, *, end: bool = False) -> re.Pattern[str]:
    """Compile the patterns of a section: what follows a number, or with `end` what comes right before it."""
    if end:
        pairs = zip(_keys(section), _data()[section].items(), strict=True)
        is_code = section.startswith("currency")
        joined = "|".join(f"(?P<{name if is_code else key}>{'|'.join(p)})" for key, (name, p) in pairs)
        return re.compile(rf"(?<![A-Za-z])(?:{joined})$", re.IGNORECASE)
    lead = r"" if section == "change_after" else _MANY if section == "asian_count" else "(?: ?-? ?)(?:d'|de )?"
    return re.compile(f"{lead}(?:{_alternatives(section)})", re.IGNORECASE)


@cache
def described() -> re.Pattern[str]:
    """What is counted in Latin script, up to four words that describe it between."""
    never = _data()["guards"]["no_description"]
    word = rf"(?!(?:{never})\b)[A-Za-z0-9À-ÿ][\w./'&-]*"
    between = rf"(?: of (?:its|the|their|these|those|his|[A-Z][\w.-]*'s?))?(?:[ -]{word}){{0,4}}?"
    return re.compile(rf"{between}[ -](?:{_alternatives('count')})", re.IGNORECASE)


@cache
def change_before(section: str) -> re.Pattern[str]:
    between = str(_data()["change_before"]["between"])
    joined = "|".join(f"(?P<{name}>(?<![A-Za-zÀ-ÿ])(?:{'|'.join(_data()[section][name])}))" for name in ("down", "up"))
    return re.compile(rf"(?:{joined})(?:{between})$", re.IGNORECASE)


@cache
def level() -> re.Pattern[str]:
    return re.compile(str(_data()["change_before"]["level"]), re.IGNORECASE)


@cache
def nouns() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-zÀ-ÿ])(?:{_alternatives('of')})", re.IGNORECASE)


@cache
def noun_after() -> re.Pattern[str]:
    """A noun close behind: "15% of its China revenue", "a 20% stake", "15%の売上"."""
    return re.compile(
        r"(?: ?[の的의] ?[\u3400-\u9fff가-힣]{0,6}?)?"
        r"(?: (?:of|in|on|from|cut of|share of|van|der|des|de|du))?(?:[ -][\w'-]+){0,5}?"
        r"(?:[ -]|(?<=[\u3040-\u30ff\u3400-\u9fff가-힣%]))"
        rf"(?:{_alternatives('of')})",
        re.IGNORECASE,
    )


@cache
def names_before() -> frozenset[str]:
    return frozenset(_data()["guards"]["named_before"])


@cache
def guard(name: str) -> re.Pattern[str]:
    return re.compile(str(_data()["guards"][name]), re.IGNORECASE)
