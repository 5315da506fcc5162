"""What the recognisers hand each other: a stretch of folded text, and what it names."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.types import EntityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Folded text [start:end].  A `kind` of None marks a name that is no entity and hides those inside it.

    `keeps` is True for a country, which stays one inside a body's name, and for a company that stays one at the
    beginning of its product's ("Nvidia H20", not "DeepSeek R1").  `confidence` is below 1 for what is not known.
    """

    start: int
    end: int
    kind: EntityKind | None
    entity_id: str
    name: str
    known: bool = True
    keeps: bool = False
    confidence: float = 1.0


class Cover:
    """Which spans stand where; the spans given do not overlap but for countries inside agencies."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = sorted(spans, key=lambda s: (s.start, -s.end))
        self._starts = [span.start for span in self.spans]

    def at(self, start: int, end: int) -> list[Span]:
        """Return the spans that overlap [start:end]."""
        last = bisect_right(self._starts, end - 1)
        first = last
        # An agency may reach over the countries inside it, hence the look at one span more.
        while first and (self.spans[first - 1].end > start or (first > 1 and self.spans[first - 2].end > start)):
            first -= 1
        return [span for span in self.spans[first:last] if span.end > start]

    def before(self, at: int, *, within: int) -> Span | None:
        """Return the last span that ends at most `within` characters before `at`."""
        found = self.at(max(0, at - within - 1), at)
        ended = [span for span in found if span.end <= at]
        return ended[-1] if ended else None

    def after(self, at: int, *, within: int) -> Span | None:
        """Return the first span that starts at most `within` characters after `at`."""
        found = [span for span in self.at(at, at + within + 1) if span.start >= at]
        return found[0] if found else None


_TAKEN, _BODY, _PRODUCT = 1, 2, 3
_MARKS = {EntityKind.AGENCY: _BODY, EntityKind.MODEL: _PRODUCT, EntityKind.CHIP: _PRODUCT}
_INSIDE = {EntityKind.COUNTRY: _BODY, EntityKind.COMPANY: _PRODUCT}


def longest(spans: Iterable[Span], *, size: int) -> list[Span]:
    """Keep the longest of overlapping spans, the earliest of equal ones; return them in text order.

    `size` is the length of the text.  Spans of the same stretch all stay ("White House" is an agency and a
    country), and so do those that keep inside a longer name; a name that is no entity hides its equals.
    """
    kept: dict[Span, None] = {}
    stretches: dict[tuple[int, int], bool] = {}
    covered = bytearray(size)
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.kind is not None, not s.known, s.entity_id)):
        stretch = (span.start, span.end)
        beneath = covered[span.start : span.end]
        keeps = span.keeps and beneath.count(_INSIDE.get(span.kind, 0) if span.kind else 0) == len(beneath)
        if keeps or not any(beneath) or (stretches.get(stretch) and span.known):
            kept[span] = None
        if not any(beneath):
            stretches[stretch] = span.kind is not None and span.known
            mark = _MARKS.get(span.kind, _TAKEN) if span.kind else _TAKEN
            covered[span.start : span.end] = bytes([mark]) * len(beneath)
    return sorted(kept, key=lambda s: (s.start, -s.end, s.entity_id))
