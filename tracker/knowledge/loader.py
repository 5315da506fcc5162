"""Build the knowledge base from its data files, once a process."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from types import MappingProxyType

from tracker.knowledge.base import Alias, Family, KnowledgeBase, Lookalikes, SharedAlias, SharedRule
from tracker.knowledge.rows import csv_rows, letters, slug, split, toml_table
from tracker.knowledge.surface import surface_table
from tracker.types import Entity, EntityKind, Weights

_LABEL_LANGUAGES = ("ko", "zh-Hans", "zh-Hant", "ja", "nl", "fr", "de", "it", "es")


@cache
def load() -> KnowledgeBase:
    """Return the knowledge base, read from the package's data files on first use."""
    families = tuple(_families())
    labels = {row["id"]: row for row in csv_rows("names.csv")}
    kept = {entity.id: entity for entity in _with_labels(_all_entities(families), labels)}
    aliases = surface_table(kept.values(), toml_table("guards.toml"), bound=_bound(families))
    shared = {rule.text: rule for rule in _shared(aliases, kept)}
    return KnowledgeBase(
        entities=MappingProxyType(kept),
        aliases=aliases,
        shared=MappingProxyType(shared),
        families=MappingProxyType({family.entity_id: family for family in families}),
        lookalikes=_lookalikes(),
        benchmarks=frozenset(toml_table("lookalikes.toml")["benchmarks"]),
        zones=MappingProxyType({row["code"]: row["zone"] for row in csv_rows("zones.csv")}),
        outlets=MappingProxyType({row["domain"]: row["zone"] for row in csv_rows("outlets.csv")}),
        chip_classes=MappingProxyType({_id("chip", row): row["class"] for row in csv_rows("chips.csv")}),
        sectors=MappingProxyType({_id("company", row): row["sector"] for row in csv_rows("companies.csv")}),
        makes=MappingProxyType(_makes(kept.values(), families)),
        bodies=MappingProxyType({_id("agency", row): row["body"] for row in csv_rows("agencies.csv")}),
        sources=MappingProxyType({key: source["licence"] for key, source in toml_table("origins.toml").items()}),
    )


def _all_entities(families: Iterable[Family]) -> Iterator[Entity]:
    """Yield hand-kept entities before imported ones: the first of an id wins in `_with_labels`."""
    details = {_id("model", row): row for row in csv_rows("families.csv")}
    companies = [_company(row) for row in csv_rows("companies.csv")]
    homes = {company.id: company.country for company in companies}
    yield from companies
    yield from (_family_entity(family, details[family.entity_id], homes) for family in families)
    by_id = {family.entity_id: family for family in families}
    for row in chain(csv_rows("models.csv"), csv_rows("imported/models.csv")):
        yield _model(row, by_id[f"model/{row['family']}"], details, homes)
    yield from (_chip(row, homes) for row in csv_rows("chips.csv"))
    yield from (_agency(row) for row in csv_rows("agencies.csv"))
    yield from _countries()


def _with_labels(entities: Iterable[Entity], labels: dict[str, dict[str, str]]) -> Iterator[Entity]:
    seen: set[str] = set()
    for entity in entities:
        if entity.id in seen:
            continue
        seen.add(entity.id)
        row = labels.get(entity.id, {})
        extra = {language: split(row[language]) for language in _LABEL_LANGUAGES if row.get(language)}
        yield _add_aliases(entity, extra) if extra else entity


def _add_aliases(entity: Entity, extra: dict[str, tuple[str, ...]]) -> Entity:
    languages = dict.fromkeys(chain(entity.aliases, extra))
    merged = {key: tuple(dict.fromkeys(entity.aliases.get(key, ()) + extra.get(key, ()))) for key in languages}
    return Entity(
        id=entity.id, kind=entity.kind, name=entity.name, aliases=merged, country=entity.country,
        developer=entity.developer, family=entity.family, weights=entity.weights, licence=entity.licence,
        released=entity.released, tickers=entity.tickers,
    )  # fmt: skip


def _company(row: dict[str, str]) -> Entity:
    return Entity(
        id=_id("company", row),
        kind=EntityKind.COMPANY,
        name=row["name"],
        aliases=_any_language(row["aliases"]),
        country=row["country"],
        tickers=split(row["tickers"]),
    )


def _families() -> Iterator[Family]:
    parts = toml_table("patterns.toml")["pattern"]
    for row in csv_rows("families.csv"):
        yield Family(
            entity_id=_id("model", row),
            name=row["name"],
            developer=f"company/{row['developer']}",
            parent=f"model/{slug(row['prefix'])}" if row["prefix"] else None,
            makes=row["makes"],
            pattern=_pattern(row, parts),
            stands_alone=row["alone"] == "yes",
            heads=split(row["heads"]) or (row["name"],),
        )


def _pattern(row: dict[str, str], parts: dict[str, str]) -> str:
    """Fill the shape that the row asks for with its words, between the common borders."""
    shape = "under" if row["prefix"] else "free" if row["alone"] == "yes" else "bound"
    words = {
        "head": "(?:" + "|".join(_spaced(head, parts["sep"]) for head in split(row["heads"]) or (row["name"],)) + ")",
        "variant": row["variants"] or "(?!)",
        "prefix": row["prefix"],
        "tails": parts["tails"],
        "version": row["version"] or parts["version"],
        "sep": parts["sep"],
    }
    body = parts[shape]
    for key, value in words.items():
        body = body.replace("{" + key + "}", value)
    return parts["start"] + body + parts["end"]


def _spaced(head: str, sep: str) -> str:
    """Let a space or hyphen of a head be any separator, or none: "DALL-E" also matches "DALL E"."""
    return sep.join(re.escape(word) for word in re.split(r"[ -]", head))


def _family_entity(family: Family, row: dict[str, str], homes: dict[str, str | None]) -> Entity:
    """Make the family's own entity; its heads are surface forms only where the bare name stands for it."""
    heads = tuple(head for head in split(row["heads"]) if head != family.name and not row["prefix"])
    return Entity(
        id=family.entity_id,
        kind=EntityKind.MODEL,
        name=family.name,
        aliases={"*": heads} if heads and family.stands_alone else {},
        country=homes.get(family.developer),
        developer=family.developer,
        family=family.parent,
        weights=Weights(row["weights"]),
        licence=row["licence"] or None,
    )


def _model(
    row: dict[str, str], family: Family, details: dict[str, dict[str, str]], homes: dict[str, str | None]
) -> Entity:
    """Make a model; what its row leaves open (weights, licence) it takes from its family."""
    above = details[family.entity_id]
    weights = Weights(row["weights"] or above["weights"])
    return Entity(
        id=_id("model", row),
        kind=EntityKind.MODEL,
        name=row["name"],
        aliases=_any_language("|".join((row["aliases"], *_other_heads(row["name"], family)))),
        country=homes.get(family.developer),
        developer=family.developer,
        family=family.entity_id,
        weights=weights,
        licence=row["licence"] or (above["licence"] if above["weights"] == weights.value else None) or None,
        released=row["released"] or None,
    )


def _other_heads(name: str, family: Family) -> Iterator[str]:
    """Yield the name under the family's shorter and longer heads: "Opus 4.5", "Nova Pro", "Tencent Hunyuan T1"."""
    own, rest = family.name, name.removeprefix(family.name)
    if rest == name or not any(map(str.isalnum, rest)):
        return
    for head in family.heads:
        if letters(head) != letters(own) and (own.endswith(f" {head}") or head.endswith(f" {own}")):
            yield head + rest


def _bound(families: Iterable[Family]) -> frozenset[str]:
    return frozenset(family.entity_id for family in families if not family.stands_alone)


def _chip(row: dict[str, str], homes: dict[str, str | None]) -> Entity:
    developer = f"company/{row['developer']}"
    return Entity(
        id=_id("chip", row),
        kind=EntityKind.CHIP,
        name=row["name"],
        aliases=_any_language(row["aliases"]),
        country=homes.get(developer),
        developer=developer,
        family=f"chip/{row['family']}" if row["family"] else None,
        released=row["released"] or None,
    )


def _agency(row: dict[str, str]) -> Entity:
    return Entity(
        id=_id("agency", row),
        kind=EntityKind.AGENCY,
        name=row["name"],
        aliases=_any_language(row["aliases"]),
        country=row["country"] or None,
    )


def _countries() -> Iterator[Entity]:
    forms: dict[str, dict[str, list[str]]] = {}
    for row in csv_rows("countries.csv"):
        forms.setdefault(row["code"], {}).setdefault(row["language"], []).extend(split(row["forms"]))
    for row in csv_rows("imported/countries.csv"):
        aliases = {language: list(split(row[language])) for language in ("en", *_LABEL_LANGUAGES)}
        for language, texts in forms.get(row["code"], {}).items():
            aliases.setdefault(language, []).extend(texts)
        yield Entity(
            id=f"country/{row['code']}",
            kind=EntityKind.COUNTRY,
            name=row["name"],
            aliases={language: tuple(dict.fromkeys(texts)) for language, texts in aliases.items() if texts},
            country=row["code"],
        )


def _shared(aliases: Iterable[Alias], entities: Mapping[str, Entity]) -> Iterator[SharedAlias]:
    for row in toml_table("shared.toml")["shared"]:
        for text in row["texts"]:
            yield SharedAlias(
                text=text, rule=SharedRule(row["rule"]), entity_ids=tuple(row["entities"]), why=row["why"]
            )
    bearers: dict[str, dict[str, None]] = {}
    for alias in aliases:
        bearers.setdefault(alias.text, {})[alias.entity_id] = None
    compounds = _compounds()
    for text, ids in bearers.items():
        if len(ids) > 1 and (rule := derive_rule(text, [entities[one] for one in sorted(ids)], compounds)):
            yield rule


def derive_rule(text: str, bearers: Sequence[Entity], compounds: frozenset[str] = frozenset()) -> SharedAlias | None:
    """Settle what follows from the bearers themselves, in the order of their ids; None where a row has to."""
    kinds = [bearer.kind for bearer in bearers]
    ids = tuple(bearer.id for bearer in bearers)
    if kinds == [EntityKind.AGENCY, EntityKind.COUNTRY] and bearers[0].country == bearers[1].country:
        why = "the body acts for its country, and careful readers label both"
        return SharedAlias(text=text, rule=SharedRule.ALL, entity_ids=ids, why=why)
    if kinds == [EntityKind.COMPANY, EntityKind.MODEL] and bearers[1].developer == bearers[0].id:
        why = "a lab and its model share a name"
        return SharedAlias(text=text, rule=SharedRule.VERSION, entity_ids=ids, why=why)
    if text in compounds:
        return SharedAlias(text=text, rule=SharedRule.ALL, entity_ids=ids, why="a compound of country names")
    return None


def _compounds() -> frozenset[str]:
    """Collect the press forms that name two countries at once (中美, 한중)."""
    rows = [row for row in csv_rows("countries.csv") if row["role"] == "press"]
    counted = Counter(text for row in rows for text in dict.fromkeys(split(row["forms"])))
    return frozenset(text for text, times in counted.items() if times > 1)


def _lookalikes() -> Lookalikes:
    table = toml_table("lookalikes.toml")
    return Lookalikes(
        products=frozenset(table["products"]),
        software=frozenset(table["software"]),
        hardware=frozenset(table["hardware"]),
        heads=frozenset(table["heads"]),
        places=frozenset(table["places"]),
    )


def _makes(entities: Iterable[Entity], families: Iterable[Family]) -> dict[str, str]:
    made = {family.entity_id: family.makes for family in families}
    return made | {entity.id: made[entity.family] for entity in entities if entity.family in made}


def _id(kind: str, row: dict[str, str]) -> str:
    return f"{kind}/{row.get('slug') or slug(row['name'])}"


def _any_language(cell: str) -> dict[str, tuple[str, ...]]:
    texts = split(cell)
    return {"*": texts} if texts else {}
