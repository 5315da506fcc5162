"""What the knowledge base is made of, beside `tracker.types.Entity`: surface forms, their guards, and look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.types import Entity


class Case(StrEnum):
    """Which spellings of an alias count: EXACT as written, NAME also in all capitals, ANY in whatever case."""

    EXACT = "exact"
    NAME = "name"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must hold before a surface form counts as its entity; all conditions hold together.

    `near`: one of these words or phrases (lower case; a trailing * stands for any ending) is in the same
    article; `not_after` and `not_before`: none of these words stands directly before / directly after it.
    `needs_version`: the form counts only inside a longer name, with a version or a qualifier behind it.
    """

    case: Case = Case.NAME
    near: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    needs_version: bool = False

    @property
    def is_plain(self) -> bool:
        return not (self.near or self.not_after or self.not_before or self.needs_version)


@dataclass(frozen=True, slots=True)
class Alias:
    """One surface form of one entity in one language ("*": all)."""

    text: str
    entity_id: str
    language: str
    guard: Guard


class SharedRule(StrEnum):
    """How a surface form that several entities claim is settled.

    ALL: it names each of them ("White House": the agency and its country).  VERSION: the first entity, unless
    a version, a qualifier or a word such as "model" follows, then the second ("DeepSeek", "Mistral").
    CONTEXT: the first entity whose guard holds, in order.
    """

    ALL = "all"
    VERSION = "version"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAlias:
    text: str
    rule: SharedRule
    entity_ids: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A line of models.  `pattern` is a regular expression for its members, seen or not, borders included.

    `entity_id` is the family's own entity; `parent` the wider family it belongs to; `makes` what its models
    make ("language", "image", "video", "speech", "embedding", "robotics", …).  `stands_alone` is False for a
    family whose bare name is an ordinary word or another thing, so that it counts only with a version.  `heads`
    are the words that its members start with (after `parent`'s, where there is one): a cheap first look, so that
    a pattern need not be compiled before one of them is met.
    """

    entity_id: str
    name: str
    developer: str
    parent: str | None
    makes: str
    pattern: str
    stands_alone: bool
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalikes:
    """Names that look like models and are none, and words whose numbers are no model versions.

    `products` apps, agents and tools ("Claude Code", "ChatGPT"); `software` libraries and runtimes; `hardware`
    devices ("RTX 3090"); `heads` the words before a number that make it something else ("iPhone", "Section").
    `places` names with a company, model or country inside them that are none of these ("Bank of America").
    `rejected` what people said is none of these either.
    """

    products: frozenset[str]
    software: frozenset[str]
    hardware: frozenset[str]
    heads: frozenset[str]
    places: frozenset[str]
    rejected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    """Everything the tracker knows before it reads.  `aliases` is the one surface table, longest text first.

    `zones` maps a country to its main IANA time zone, `outlets` a news outlet's domain to its own;
    `chip_classes` a chip's id to its class ("gpu", "memory", …); `sectors` a company's id to its sector;
    `makes` a model's id to what it makes; `bodies` an agency's id to its kind ("court", "ministry", …).
    """

    entities: Mapping[str, Entity]
    aliases: tuple[Alias, ...]
    shared: Mapping[str, SharedAlias]
    families: Mapping[str, Family]
    lookalikes: Lookalikes
    benchmarks: frozenset[str]
    zones: Mapping[str, str]
    outlets: Mapping[str, str]
    chip_classes: Mapping[str, str]
    sectors: Mapping[str, str]
    makes: Mapping[str, str]
    bodies: Mapping[str, str]
    sources: Mapping[str, str]
