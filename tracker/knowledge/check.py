"""Check the knowledge base: run `python -m tracker.knowledge.check`; it prints what is wrong and exits with 1."""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from zoneinfo import available_timezones

from tracker.knowledge import publishers, source_list
from tracker.knowledge.base import Case, KnowledgeBase
from tracker.knowledge.loader import load
from tracker.knowledge.rows import csv_rows, slug, split, toml_table
from tracker.types import EntityKind

LEAST = {
    EntityKind.COMPANY: 600,
    EntityKind.MODEL: 900,
    EntityKind.AGENCY: 120,
    EntityKind.COUNTRY: 249,
    EntityKind.CHIP: 100,
}
LEAST_LABELLED = 150
_LABEL_LANGUAGES = ("ko", "zh-Hans", "ja")
_ID = re.compile(r"(company|model|chip|agency)/[a-z0-9]+(-[a-z0-9]+)*|model/|country/[A-Z]{2}")
_RELEASED = re.compile(r"\d{4}(-[01]\d(-[0-3]\d)?)?")
_FILES = {
    "company": ("companies.csv",),
    "model": ("families.csv", "models.csv"),
    "chip": ("chips.csv",),
    "agency": ("agencies.csv",),
}


def problems(kb: KnowledgeBase) -> list[str]:
    """List what is wrong with the knowledge base and its files, one sentence each; an empty list is a pass."""
    return list(
        chain(
            _sizes(kb),
            _repeated_rows(),
            entity_problems(kb),
            alias_problems(kb),
            _guards(kb),
            _labels(kb),
            _zones(kb),
            _origins(kb),
            source_list.problems(source_list.load()),
            publishers.problems(),
        )
    )


def _sizes(kb: KnowledgeBase) -> Iterator[str]:
    counted = Counter(entity.kind for entity in kb.entities.values())
    for kind, least in LEAST.items():
        if counted[kind] < least:
            yield f"{counted[kind]} entities of kind {kind}, fewer than {least}"


def _repeated_rows() -> Iterator[str]:
    for kind, names in _FILES.items():
        ids = Counter(row.get("slug") or slug(row["name"]) for name in names for row in csv_rows(name))
        yield from (f"{kind}/{one} has {times} rows in {', '.join(names)}" for one, times in ids.items() if times > 1)


def entity_problems(kb: KnowledgeBase) -> Iterator[str]:
    for entity in kb.entities.values():
        if not _ID.fullmatch(entity.id) or not entity.id.startswith(f"{entity.kind}/"):
            yield f"{entity.id} is no id of a {entity.kind}"
        if entity.country and f"country/{entity.country}" not in kb.entities:
            yield f"{entity.id}: no country {entity.country}"
        if entity.kind is EntityKind.COMPANY and not entity.country:
            yield f"{entity.id} has no home country"
        for role, other in (("developer", entity.developer), ("family", entity.family)):
            if other and other not in kb.entities:
                yield f"{entity.id}: no {role} {other}"
        if entity.released and not _RELEASED.fullmatch(entity.released):
            yield f"{entity.id}: released {entity.released!r} is no date"


def alias_problems(kb: KnowledgeBase) -> Iterator[str]:
    """Every surface form has one bearer, or a rule that names all of its bearers."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for alias in kb.aliases:
        bearers[alias.text].add(alias.entity_id)
        if not alias.text or alias.text != alias.text.strip():
            yield f"{alias.entity_id}: {alias.text!r} is no surface form"
    for text, ids in bearers.items():
        rule = kb.shared.get(text)
        if len(ids) > 1 and (rule is None or not ids <= set(rule.entity_ids)):
            yield f"{text!r} is claimed by {', '.join(sorted(ids))} without a rule"
    for text, rule in kb.shared.items():
        if missing := set(rule.entity_ids) - bearers[text]:
            yield f"the rule for {text!r} names {', '.join(sorted(missing))}, which do not bear it"
    yield from _case_collisions(kb)


def _case_collisions(kb: KnowledgeBase) -> Iterator[str]:
    """A form that counts in any case may not swallow another entity's form that differs in case alone."""
    folded = {alias.text.casefold(): alias for alias in kb.aliases if alias.guard.case is Case.ANY}
    for alias in kb.aliases:
        other = folded.get(alias.text.casefold())
        if other and other.entity_id != alias.entity_id and alias.text not in kb.shared:
            yield f"{other.text!r} of {other.entity_id} counts in any case, also as {alias.text!r} of {alias.entity_id}"


def _guards(kb: KnowledgeBase) -> Iterator[str]:
    texts = {alias.text for alias in kb.aliases} | {head for family in kb.families.values() for head in family.heads}
    table = toml_table("guards.toml")
    ruled = Counter((text, row.get("entity", "")) for row in table["guard"] for text in row["texts"])
    for (text, _), times in ruled.items():
        if times > 1:
            yield f"guards.toml rules {text!r} {times} times"
        if text not in texts:
            yield f"guards.toml rules {text!r}, which is no surface form"
    yield from (
        f"guards.toml: any_case has {text!r}, which is no surface form" for text in set(table["any_case"]) - texts
    )
    models = {alias.text for alias in kb.aliases if alias.entity_id.startswith("model/")}
    for text in sorted(models & (kb.lookalikes.products | kb.lookalikes.software | kb.benchmarks)):
        yield f"{text!r} is a model's name and in lookalikes.toml"


def _labels(kb: KnowledgeBase) -> Iterator[str]:
    rows = list(csv_rows("names.csv"))
    yield from (f"names.csv: no entity {row['id']}" for row in rows if row["id"] not in kb.entities)
    yield from (
        f"names.csv has {one} {times} times" for one, times in Counter(r["id"] for r in rows).items() if times > 1
    )
    for language in _LABEL_LANGUAGES:
        if (count := sum(bool(row[language]) for row in rows)) < LEAST_LABELLED:
            yield f"names.csv names {count} entities in {language}, fewer than {LEAST_LABELLED}"


def _zones(kb: KnowledgeBase) -> Iterator[str]:
    known = available_timezones()
    for place, zone in chain(kb.zones.items(), kb.outlets.items()):
        if zone not in known:
            yield f"{place}: no time zone {zone}"
    yield from (f"zones.csv: no country {code}" for code in kb.zones if f"country/{code}" not in kb.entities)


def _origins(kb: KnowledgeBase) -> Iterator[str]:
    for row in csv_rows("imported/models.csv"):
        if unknown := set(split(row["source"])) - set(kb.sources):
            yield f"imported/models.csv: {row['name']} comes from {', '.join(sorted(unknown))}, not in origins.toml"


def main() -> None:
    """Print the problems, or the sizes where there are none."""
    kb = load()
    found = problems(kb)
    counted = Counter(entity.kind.value for entity in kb.entities.values())
    sizes = ", ".join(f"{count} {kind}" for kind, count in counted.most_common())
    sys.stdout.write("\n".join([*found, f"{len(found)} problems in {sizes}, {len(kb.aliases)} surface forms"]) + "\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
