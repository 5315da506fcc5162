"""Why a filter matches nothing: each condition tried alone, with the names that come close."""

from dataclasses import dataclass
from difflib import get_close_matches

from tracker.store import Store
from tracker.web import listing
from tracker.web.listing import NAMING, Listing

_NAMES_LIMIT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition of a list without stories.  `stands_alone` tells whether it matches anything by itself."""

    parameter: str
    value: str
    stands_alone: bool
    suggestion: str | None
    suggestion_href: str | None
    without_href: str


def explain_no_match(store: Store, asked: Listing) -> list[Reason]:
    """Try each condition of `asked` alone."""
    return [_try_alone(store, asked, parameter, value) for parameter, value in asked.conditions]


def _try_alone(store: Store, asked: Listing, parameter: str, value: str) -> Reason:
    found = bool(store.queries.stories(listing.alone(parameter, value)))
    suggestion = None if found or parameter not in NAMING else _closest_name(store, parameter, value)
    return Reason(
        parameter=parameter,
        value=value,
        stands_alone=found,
        suggestion=suggestion,
        suggestion_href=listing.address([(parameter, suggestion)]) if suggestion else None,
        without_href=asked.without(parameter, value),
    )


def _closest_name(store: Store, parameter: str, value: str) -> str | None:
    rows = store.queries.entities(kind=NAMING[parameter], limit=_NAMES_LIMIT)
    # A name is looked for by any of its words too: "Lantrn" for "Lantern Labs".
    words = {word: row.name for row in reversed(rows) for word in row.name.casefold().split()}
    names = words | {row.name.casefold(): row.name for row in reversed(rows)}
    close = get_close_matches(value.casefold(), names, n=1, cutoff=0.7)
    return names[close[0]] if close else None
