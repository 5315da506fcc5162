"""Whom a rule in the Federal Register puts on the Entity List or takes off it; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_ENTITIES = r"(?:entit(?:y|ies)|entries|persons?|part(?:y|ies)|address(?:es)?)"
# A rule says of itself that it adds the following 37 entities to the Entity List, and then names them line by line.
_LEAD = re.compile(
    rf"\b(?P<verb>add|remov)(?:s|es|ing|ed)? the following\b[^.:\n]{{0,60}}\b{_ENTITIES}\b[^:\n]{{0,200}}:"
)
# Its preamble says whom the committee determined to add, under which destination.
_SENTENCE = re.compile(
    r"\bdetermined to (?P<verb>add|remov)e? (?P<names>[^\n]{3,4000}?),? "
    r"(?:under the destinations? of|(?:to|from) the Entity List)"
)
_BULLET = re.compile(r"^\s*(?:[•·▪*-]|\(?\d{1,3}[.)])\s*")
_ALIAS = re.compile(r"^\s*[—–]")
# What stands behind a name: its aliases, its address, the end of its item.
_BEHIND = re.compile(
    r",? (?:a\.?k\.?a\.?|f\.?k\.?a\.?|d\.?b\.?a\.?|also known as|including)\b.*|\s*[;:].*|,? and$", re.DOTALL
)
_NAME = re.compile(r"[A-Z0-9\"“(][^\n]{1,150}")
_ENDS_A_LIST = re.compile(r"[.!?]$")
_ABBREVIATED = re.compile(r"(?:Ltd|Co|Inc|Corp|L\.L\.C|LLC|S\.A|Pte|Pvt|Bhd|A\.S|B\.V|Int'l|Univ|Inst)\.$")
_MOST_WORDS = 18


class Verb(StrEnum):
    ADDS = "adds"
    REMOVES = "removes"


@dataclass(frozen=True, slots=True)
class NoticeName:
    """A party that a notice names, and what is done to it."""

    verb: Verb
    name: str


def names_in_notice(text: str) -> tuple[NoticeName, ...]:
    """List the parties that the text of a rule adds or removes, each once, in the order of the text."""
    found = [NoticeName(verb, name) for verb, names in _lists(text) for name in names]
    return tuple(dict.fromkeys(found))


def citations(text: str) -> frozenset[str]:
    """Find the pages of the Federal Register that a text cites, written one way: 91 FR 30101."""
    pages = re.findall(r"\b(\d{2,3}) (?:FR|F\.R\.|Fed\. Reg\.) (\d[\d,]*)\b", text)
    return frozenset(f"{volume} FR {page.replace(',', '')}" for volume, page in pages)


def _lists(text: str) -> Iterator[tuple[Verb, list[str]]]:
    leads = list(_LEAD.finditer(text))
    ends = [*(lead.start() for lead in leads[1:]), len(text)]
    for lead, end in zip(leads, ends, strict=False):
        yield _verb(lead), list(_listed(text[lead.end() : end]))
    for sentence in _SENTENCE.finditer(text):
        pieces = re.split(r";\s*(?:and\s+)?", sentence["names"])
        yield _verb(sentence), [name for piece in pieces if (name := _as_name(piece))]


def _listed(rest: str) -> Iterator[str]:
    """Yield the names in the lines behind a lead, as far as the list goes: prose ends it, a heading does not."""
    for line in filter(str.strip, rest.split("\n")):
        is_item, plain = bool(_BULLET.match(line)), _BULLET.sub("", line).strip()
        if _ALIAS.match(line):
            continue
        if not is_item and _is_prose(plain):
            return
        if (is_item or plain.endswith(";") or "a.k.a" in plain) and (name := _as_name(plain)):
            yield name


def _is_prose(line: str) -> bool:
    return len(line.split()) > _MOST_WORDS and bool(_ENDS_A_LIST.search(line))


def _as_name(piece: str) -> str | None:
    """Return the name that an item starts with, without what stands behind it."""
    name = _BEHIND.sub("", piece.strip()).strip(" ,")
    if name.endswith(".") and not _ABBREVIATED.search(name):
        name = name.removesuffix(".")
    fits = _NAME.fullmatch(name) and len(name.split()) <= _MOST_WORDS
    return name if fits else None


def _verb(found: re.Match[str]) -> Verb:
    return Verb.ADDS if found["verb"] == "add" else Verb.REMOVES
