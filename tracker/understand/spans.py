"""What the recognisers hand each other: a stretch of folded text, and what it names."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.types import EntityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Folded text [start:end].  A `kind` of None marks a name that is no entity and hides those inside it."""

    start: int
    end: int
    kind: EntityKind | None
    entity_id: str
    name: str
    known: bool = True


_TAKEN, _AGENCY = 1, 2


def longest(spans: Iterable[Span], *, size: int) -> list[Span]:
    """Keep the longest of overlapping spans, the earliest of equal ones; return them in text order.

    `size` is the length of the text.  Spans of the same stretch all stay ("White House" is an agency and a
    country), and so do the countries inside an agency's name.
    """
    kept: dict[Span, None] = {}
    stretches: set[tuple[int, int]] = set()
    covered = bytearray(size)
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.kind is not None, s.entity_id)):
        stretch = (span.start, span.end)
        beneath = covered[span.start : span.end]
        inside_agency = span.kind is EntityKind.COUNTRY and beneath.count(_AGENCY) == len(beneath)
        if stretch in stretches or inside_agency or not any(beneath):
            kept[span] = None
        if not any(beneath):
            stretches.add(stretch)
            mark = _AGENCY if span.kind is EntityKind.AGENCY else _TAKEN
            covered[span.start : span.end] = bytes([mark]) * len(beneath)
    return sorted(kept, key=lambda s: (s.start, -s.end, s.entity_id))
