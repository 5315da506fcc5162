"""Which articles tell one story: each follows the earlier one that it is most like, and what hangs together is a story.

So the stories do not depend on the order in which articles arrive: one that comes late takes its place between them.
"""

from collections.abc import Sequence
from datetime import timedelta

from tracker.relate.grouping import group
from tracker.relate.terms import cosine
from tracker.types import Group, Neighbour, Profile, Ruling, Sequel, Strand

# Beyond this gap an article starts a new story: two like events a year apart are two stories.
WINDOW = timedelta(days=60)

# Text decides, entities break ties; tuned on development documents (docs/design.md).
_TEXT_SHARE = 0.5
_THRESHOLD = 0.28


def follow(profile: Profile, order: tuple[object, ...], neighbours: Sequence[Neighbour]) -> Sequel:
    """Choose the earlier article that one follows, and find the later ones that are more like it than like theirs."""
    alike = [(likeness(profile, one.profile), one.strand) for one in neighbours]
    alike = [(value, strand) for value, strand in alike if value >= _THRESHOLD]
    earlier = [(value, strand) for value, strand in alike if strand.order < order]
    best = min(earlier, key=lambda pair: (-pair[0], pair[1].order), default=None)
    return Sequel(
        follows=best[1].article_id if best else None,
        likeness=best[0] if best else 0.0,
        followers={
            strand.article_id: value for value, strand in alike if strand.order > order and value > strand.likeness
        },
    )


def gather(strands: Sequence[Strand], rulings: Sequence[Ruling]) -> tuple[Group, ...]:
    """Group articles into stories."""
    ordered = sorted(strands, key=lambda strand: strand.order)
    inside = {strand.article_id for strand in strands}
    return group(
        [strand.article_id for strand in ordered],
        [(s.likeness, s.article_id, s.follows) for s in ordered if s.follows is not None and s.follows in inside],
        rulings,
        {strand.article_id: strand.story_id for strand in strands},
    )


def likeness(one: Profile, other: Profile) -> float:
    """Return how alike two articles are, 0 to 1: text, entities, and closeness in time."""
    text = cosine(one.terms, other.terms)
    entities = cosine(one.entities, other.entities)
    return round((_TEXT_SHARE * text + (1 - _TEXT_SHARE) * entities) * _closeness(one, other), 9)


def _closeness(one: Profile, other: Profile) -> float:
    gap = abs(one.at - other.at)
    return 0.0 if gap > WINDOW else 1 - 0.5 * (gap / WINDOW)
