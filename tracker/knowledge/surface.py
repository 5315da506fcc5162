"""The surface table: every form under which an entity may stand in a text, each with its guard."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from tracker.knowledge.base import Alias, Case, Guard
from tracker.types import Entity, EntityKind

_LONGEST_ACRONYM = 6
_USUAL = {case: Guard(case=case) for case in Case}


def surface_table(entities: Iterable[Entity], guards: dict[str, Any], *, bound: frozenset[str]) -> tuple[Alias, ...]:
    """List all aliases, longest text first, so that the first hit at a place is the longest.

    The entities of `bound` need a version behind their own name where no guard says otherwise.
    """
    ruled = dict(_ruled(guards["guard"]))
    any_case = frozenset(guards["any_case"])
    rows = {
        (text, entity.id, language): Alias(text, entity.id, language, guard)
        for entity in entities
        for text, language in _forms(entity)
        for guard in [_guard(text, entity, ruled, any_case, bound)]
    }
    return tuple(rows[key] for key in sorted(rows, key=lambda row: (-len(row[0]), row)))


def _forms(entity: Entity) -> Iterator[tuple[str, str]]:
    if entity.kind is not EntityKind.COUNTRY:
        yield entity.name, "*"
    for language, texts in entity.aliases.items():
        yield from ((text, language) for text in texts)
    if entity.kind is EntityKind.AGENCY:
        yield from _ministries([entity.name, *chain.from_iterable(entity.aliases.values())])


def _ministries(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what many outlets write of "China's Commerce Ministry": "China's commerce ministry"."""
    for text in texts:
        country, *rest = text.split(" ")
        if len(rest) > 1 and rest[-1] == "Ministry":
            yield " ".join((country, *map(str.lower, rest))), "en"


def _ruled(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[tuple[str, str], Guard]]:
    """Key each guard by text and entity id; an entity of "" stands for all that bear the text."""
    for row in rows:
        for text in row["texts"]:
            yield (
                (text, row.get("entity", "")),
                Guard(
                    case=Case(row.get("case", "exact")),
                    near=tuple(row.get("near", ())),
                    not_after=tuple(row.get("not_after", ())),
                    not_before=tuple(row.get("not_before", ())),
                    needs_version=row.get("needs_version", False),
                ),
            )


def _guard(
    text: str, entity: Entity, ruled: dict[tuple[str, str], Guard], any_case: frozenset[str], bound: frozenset[str]
) -> Guard:
    if found := ruled.get((text, entity.id)) or ruled.get((text, "")):
        return found
    if entity.id in bound and text == entity.name:
        return Guard(case=Case.EXACT, needs_version=True)
    return Guard(case=Case.ANY) if text in any_case else usual_guard(text)


def usual_guard(text: str) -> Guard:
    """Return the guard of a form of which no rule says anything."""
    return _USUAL[usual_case(text)]


def usual_case(text: str) -> Case:
    """Say which spellings of an unruled form count: "BIS" as written, "OpenAI" in any case, else NAME."""
    if not text.isascii():
        return Case.NAME
    if " " in text or not any(map(str.isupper, text[1:])):
        return Case.NAME
    return Case.EXACT if text == text.upper() and len(text) <= _LONGEST_ACRONYM else Case.ANY
