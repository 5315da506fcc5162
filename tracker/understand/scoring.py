"""Hold what was found against gold: precision, recall, F1 and accuracy, each with a bootstrap interval.  Pure."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

NAME_MEASURES = ("models", "companies", "countries", "agencies")
ROLE_MEASURES = ("event_types", "actors", "targets")
MEASURES = (*NAME_MEASURES, "relevance", *ROLE_MEASURES, "main_type", "main_event_date", "stories")
# A share of documents, not of names: its recall is what people call accuracy.
ACCURACIES = frozenset({"main_type", "main_event_date"})

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A document and what a careful reader found in it.

    `aliases` are other right forms of a name, `optional` names that count neither way, `main_types_accepted` main
    types of which each is right; `relevance_arguable` leaves the document out of relevance.
    """

    id: str
    relevant: bool
    title: str = ""
    text: str = ""
    lang: str | None = None
    published: str | None = None
    url: str | None = None
    event_types: tuple[str, ...] = ()
    main_event_date: str | None = None
    models: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    story: str | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    main_types_accepted: tuple[str, ...] = ()
    relevance_arguable: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that add up: of `said` so much was right, of what is `true` so much was found."""

    right: float = 0
    said: float = 0
    found: float = 0
    true: float = 0

    @property
    def precision(self) -> float:
        return _share(self.right, self.said)

    @property
    def recall(self) -> float:
        return _share(self.found, self.true)

    @property
    def f1(self) -> float:
        return _share(2 * self.precision * self.recall, self.precision + self.recall)

    def figure(self, measure: str) -> float:
        """Return the one figure that `measure` is known by."""
        return self.recall if measure in ACCURACIES else self.f1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One document: its counts by measure (only those it takes part in), and in words what is wrong."""

    gold: Gold
    tallies: Mapping[str, Tally]
    errors: tuple[str, ...]


def score(golds: Sequence[Gold], found: Mapping[str, Found]) -> list[Scored]:
    """Score each gold document against what was found in it; a document without an answer found nothing."""
    grouped = _stories(golds, found)
    return [_score_one(gold, found.get(gold.id, {}), grouped.get(gold.id)) for gold in golds]


def total(scored: Iterable[Scored]) -> dict[str, Tally]:
    """Add up every measure over documents."""
    rows = list(scored)
    return {measure: add(row.tallies[measure] for row in rows if measure in row.tallies) for measure in MEASURES}


def total_by_type(scored: Iterable[Scored]) -> dict[str, Tally]:
    """Add up, for each event type, how often it was said and true of relevant documents."""
    tallies: dict[str, list[Tally]] = {}
    for row in scored:
        for key, tally in row.tallies.items():
            if key.startswith(_TYPE):
                tallies.setdefault(key.removeprefix(_TYPE), []).append(tally)
    return {name: add(tallies[name]) for name in sorted(tallies)}


def interval(
    scored: Sequence[Scored], measure: str, *, resamples: int = 1000, seed: int = 1
) -> tuple[float, float] | None:
    """Return the 95 % bootstrap interval of a measure's figure over documents; None where none takes part."""
    tallies = [row.tallies[measure] for row in scored if measure in row.tallies]
    if not tallies:
        return None
    chance = random.Random(seed)  # noqa: S311 (resampling, no secret)
    figures = sorted(add(chance.choices(tallies, k=len(tallies))).figure(measure) for _ in range(resamples))
    return figures[round(0.025 * (resamples - 1))], figures[round(0.975 * (resamples - 1))]


def add(tallies: Iterable[Tally]) -> Tally:
    right = said = found = true = 0.0
    for tally in tallies:
        right += tally.right
        said += tally.said
        found += tally.found
        true += tally.true
    return Tally(right, said, found, true)


_TYPE = "type:"


def _score_one(gold: Gold, found: Found, story: Tally | None) -> Scored:
    errors: list[str] = []
    tallies: dict[str, Tally] = {}
    for measure in (*NAME_MEASURES, *(ROLE_MEASURES if gold.relevant else ())):
        tallies[measure] = _score_names(gold, _said(found, measure), measure, errors)
    if not gold.relevance_arguable:
        tallies["relevance"] = _score_relevance(gold, found, errors)
    if gold.relevant:
        tallies |= _score_event(gold, found, errors) | _score_types(gold, found)
    if story:
        tallies["stories"] = story
    return Scored(gold=gold, tallies=tallies, errors=tuple(errors))


def _said(found: Found, measure: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.get(measure) or ()))


def _score_names(gold: Gold, said: Sequence[str], measure: str, errors: list[str]) -> Tally:
    """Compare two sets of names; a name's alias stands for it, an optional name counts neither way."""
    true = tuple(dict.fromkeys(getattr(gold, measure)))
    own = {_fold(name): name for name in true}
    by_alias = _by_alias(gold, true, measure)
    optional = {_fold(name) for name in gold.optional.get(measure, ())}
    hit: set[str] = set()
    spurious: list[str] = []
    for name in sorted(said, key=lambda name: _fold(name) not in own):
        key = _fold(name)
        if bearers := [own[key]] if key in own else by_alias.get(key):
            hit.add(next((bearer for bearer in bearers if bearer not in hit), bearers[0]))
        elif key not in optional:
            spurious.append(name)
    errors += [f"{measure}: {name} is wrong" for name in spurious]
    errors += [f"{measure}: {name} is missing" for name in true if name not in hit]
    return Tally(len(hit), len(hit) + len(spurious), len(hit), len(true))


def _by_alias(gold: Gold, names: Iterable[str], measure: str) -> dict[str, list[str]]:
    bearers: dict[str, list[str]] = {}
    for name in names:
        for form in gold.aliases.get(name, ()):
            # A country's code may stand for its agency as an actor, not as an agency.
            if not (measure == "agencies" and _COUNTRY_CODE.fullmatch(form)):
                bearers.setdefault(_fold(form), []).append(name)
    return bearers


_COUNTRY_CODE = re.compile("[A-Z]{2}")


def _score_relevance(gold: Gold, found: Found, errors: list[str]) -> Tally:
    said = bool(found.get("relevant"))
    if said != gold.relevant:
        errors.append(f"relevance: {'relevant' if said else 'irrelevant'} is wrong")
    right = said and gold.relevant
    return Tally(right, said, right, gold.relevant)


def _score_event(gold: Gold, found: Found, errors: list[str]) -> dict[str, Tally]:
    """Score the main type and the main date, each where gold states one."""
    wanted: dict[str, tuple[Any, Sequence[Any]]] = {}
    if gold.event_types:
        first = next(iter(_said(found, "event_types")), None)
        wanted["main_type"] = (first, gold.main_types_accepted or gold.event_types[:1])
    if gold.main_event_date:
        wanted["main_event_date"] = (found.get("main_event_date"), (gold.main_event_date,))
    for measure, (said, accepted) in wanted.items():
        if said not in accepted:
            errors.append(f"{measure}: {said or 'nothing'} for {' or '.join(accepted)}")
    return {
        measure: Tally(said in accepted, said is not None, said in accepted, 1)
        for measure, (said, accepted) in wanted.items()
    }


def _score_types(gold: Gold, found: Found) -> dict[str, Tally]:
    said, true = _said(found, "event_types"), gold.event_types
    return {
        f"{_TYPE}{name}": Tally(
            name in said and name in true, name in said, name in said and name in true, name in true
        )
        for name in dict.fromkeys(chain(said, true))
        if name in true or name not in gold.optional.get("event_types", ())
    }


def _stories(golds: Iterable[Gold], found: Mapping[str, Found]) -> dict[str, Tally]:
    """Score the grouping by B-cubed: of a document's group the share that belongs with it, and the other way round."""
    true = {gold.id: gold.story for gold in golds if gold.relevant and gold.story}
    said = {id_: found.get(id_, {}).get("story") or f"alone: {id_}" for id_ in true}
    both = Counter((said[id_], true[id_]) for id_ in true)
    said_sizes, true_sizes = Counter(said.values()), Counter(true.values())
    shared = {id_: both[said[id_], true[id_]] for id_ in true}
    return {id_: Tally(shared[id_] / said_sizes[said[id_]], 1, shared[id_] / true_sizes[true[id_]], 1) for id_ in true}


def _fold(name: str) -> str:
    """Reduce a name to what is compared: compatibility forms, case and separators make no difference."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
