"""Groupings compared: of a true and a found grouping, B-cubed and pairwise precision, recall and F1."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Grouping = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision and recall, each of 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def b_cubed(true: Grouping, found: Grouping, *, of: Collection[str] | None = None) -> Figures:
    """Average over documents (those in `of`, or all) the share of a document's group that belongs with it."""
    true_groups, found_groups = _members(true), _members(found)
    documents = list(true) if of is None else list(of)
    precision = recall = 0.0
    for document in documents:
        ours, theirs = found_groups[found[document]], true_groups[true[document]]
        shared = len(ours & theirs)
        precision, recall = precision + shared / len(ours), recall + shared / len(theirs)
    return Figures(precision / len(documents), recall / len(documents))


def pairwise(true: Grouping, found: Grouping) -> Figures:
    """Count pairs of documents: of those found together the share that belong together, and the other way round."""
    together = _pairs(Counter((true[document], found[document]) for document in true))
    found_pairs, true_pairs = _pairs(Counter(found.values())), _pairs(Counter(true.values()))
    return Figures(together / found_pairs if found_pairs else 0.0, together / true_pairs if true_pairs else 0.0)


def _members(grouping: Grouping) -> dict[str, set[str]]:
    members: dict[str, set[str]] = defaultdict(set)
    for document, group in grouping.items():
        members[group].add(document)
    return members


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
