"""Fold sightings of model ids into the rows of imported/models.csv."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TypeVar

from tracker.knowledge.refresh.ids import NamedModel, name_model, own_providers
from tracker.knowledge.refresh.sources import Sighting
from tracker.knowledge.rows import slug

_WHOLE = re.compile(r"\.0(?![.\d])")  # "Gemini 2 Flash" and "Gemini 2.0 Flash" are one
_T = TypeVar("_T")
_FEW = 4  # a quarter of the resellers saying "open" is enough
COLUMNS = ("slug", "name", "family", "released", "weights", "licence", "aliases", "source")


def model_rows(sightings: Iterable[Sighting]) -> list[dict[str, str]]:
    """Give one row a model, by slug; sightings under several ids and at several providers are one model."""
    seen: dict[frozenset[str], list[tuple[NamedModel, Sighting]]] = defaultdict(list)
    for sighting in sightings:
        if model := name_model(sighting.model_id):
            seen[frozenset(_WHOLE.sub("", model.name).lower().split(" "))].append((model, sighting))
    rows = {slug(row["name"]): row for row in (_row(together) for together in seen.values())}
    return [rows[key] for key in sorted(rows)]


def _row(together: list[tuple[NamedModel, Sighting]]) -> dict[str, str]:
    sightings = [sighting for _, sighting in together]
    model = _most_common(sorted((model for model, _ in together), key=lambda one: (-len(one.name), one.name)))
    return {
        "slug": "",
        "name": model.name,
        "family": model.family,
        "released": _released(sightings) or "",
        "weights": _weights(model, sightings),
        "licence": "",
        "aliases": "",
        "source": "|".join(sorted({sighting.source for sighting in sightings})),
    }


def _released(sightings: list[Sighting]) -> str | None:
    """Take the day that most providers state, else the earliest month of a price.

    Providers copy dates by hand: the earliest of them is too often another model's.
    """
    dates = sorted(sighting.released for sighting in sightings if sighting.released)
    days = [date for date in dates if len(date) > len("2026-06")]
    return _most_common(days) if days else min(dates, default=None)


def _most_common(values: list[_T]) -> _T:
    """Give the most frequent value, the first of them on a tie."""
    return Counter(values).most_common(1)[0][0]


def _weights(model: NamedModel, sightings: list[Sighting]) -> str:
    """Let the maker's own listing decide, else one that says "open"; empty leaves it to the family.

    A reseller's "closed" says nothing: it is what a form holds that nobody filled in.
    """
    votes = [(sighting.provider, sighting.is_open) for sighting in sightings if sighting.is_open is not None]
    makers = own_providers(model.family)
    own = [is_open for provider, is_open in votes if provider in makers]
    if own:
        return "open" if any(own) else "closed"
    return "open" if sum(is_open for _, is_open in votes) * _FEW >= len(votes) > 0 else ""
