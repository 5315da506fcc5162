"""Articles that follow each other, in memory, with an inverted index that narrows which are alike."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.relate.likeness import Weighing, load_weighing
from tracker.relate.profiles import lookup_keys, profile_article
from tracker.relate.stories import follow, gather
from tracker.types import Group, Incoming, Neighbour, Strand

# As the database does (store/neighbours.py).
_CLOSEST = 200
_NEIGHBOURS = 60


@dataclass(slots=True)
class Web:
    """The articles so far, which come in the order of publication."""

    weighing: Weighing = field(default_factory=load_weighing)
    _articles: dict[int, Neighbour] = field(default_factory=dict)
    _by_key: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, incoming: Incoming) -> None:
        """Find what an article follows."""
        profile, order, article_id = profile_article(incoming), incoming.order, incoming.article.id
        keys = lookup_keys(profile)
        shared: defaultdict[int, float] = defaultdict(float)
        for key, weight in keys.items():
            for other in self._by_key[key][-_CLOSEST:]:
                shared[other] += weight
        best = sorted(shared, key=lambda other: (-shared[other], other))[:_NEIGHBOURS]
        sequel = follow(profile, order, [self._articles[other] for other in best], weighing=self.weighing)
        strand = Strand(
            article_id=article_id, story_id=article_id, order=order, follows=sequel.follows, likeness=sequel.likeness
        )
        self._articles[article_id] = Neighbour(strand=strand, profile=profile)
        for key in keys:
            self._by_key[key].append(article_id)

    def stories(self) -> Sequence[Group]:
        """Return the articles by story."""
        return gather([one.strand for one in self._articles.values()], ())
