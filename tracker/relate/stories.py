"""Which articles tell one story: each follows the earlier one that it is most like, and what hangs together is a story.

So the stories do not depend on the order in which articles arrive: one that comes late takes its place between them.
"""

from collections.abc import Sequence
from datetime import timedelta

from tracker.relate.grouping import group
from tracker.relate.likeness import Weighing, likeness, load_weighing
from tracker.types import Group, Neighbour, Profile, Ruling, Sequel, Strand

# Beyond this gap an article starts a new story: two like events a year apart are two stories, while the reversal of
# an order after a season still belongs to it.
WINDOW = timedelta(days=120)


def follow(
    profile: Profile, order: tuple[object, ...], neighbours: Sequence[Neighbour], *, weighing: Weighing | None = None
) -> Sequel:
    """Choose the earlier article that one follows, and find the later ones that are more like it than like theirs.

    `weighing` is by default the one that was learnt.
    """
    weighing = weighing or load_weighing()
    near = (one for one in neighbours if abs(one.profile.at - profile.at) <= WINDOW)
    alike = [(likeness(profile, one.profile, weighing), one.strand) for one in near]
    alike = [(value, strand) for value, strand in alike if value >= weighing.threshold]
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
