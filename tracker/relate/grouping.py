"""What hangs together, in whichever order it came: groups of articles or of reports, and the ids that groups keep."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from tracker.types import Group, Ruling

Pair = frozenset[int]


def group(
    members: Sequence[int],
    edges: Iterable[tuple[float, int, int]],
    rulings: Sequence[Ruling],
    homes: Mapping[int, int | None],
) -> tuple[Group, ...]:
    """Group `members` (in an order that everybody agrees on) by `edges` (strength and two ends), strongest first.

    People's rulings go before edges, the latest first: what one sets apart no edge joins.  Each group keeps the id
    under which most of it went before (`homes`), and the oldest such id; one without gets None.
    """
    web = _Web(members, _verbs(rulings, set(members)))
    for one, other in web.together:
        web.join(one, other)
    place = {member: at for at, member in enumerate(members)}
    for _, one, other in sorted(edges, key=lambda edge: (-edge[0], place[edge[1]], place[edge[2]])):
        web.join(one, other)
    return _named(web.groups(), homes)


def _verbs(rulings: Sequence[Ruling], members: set[int]) -> dict[Pair, bool]:
    """Say of each pair that people ruled on whether it is together, by the latest ruling; the latest pairs first."""
    verbs: dict[Pair, bool] = {}
    for ruling in reversed(rulings):
        for one, other in product(sorted(ruling.left & members), sorted(ruling.right & members)):
            if one != other:
                verbs.setdefault(frozenset((one, other)), ruling.together)
    return verbs


class _Web:
    """Sets that grow together (union-find), but never over a pair that is apart."""

    def __init__(self, members: Sequence[int], verbs: Mapping[Pair, bool]) -> None:
        self._members = members
        self._group = {member: [member] for member in members}
        self._apart = {pair for pair, together in verbs.items() if not together}
        self._lonely = frozenset().union(*self._apart)
        self.together = [sorted(pair) for pair, together in verbs.items() if together]

    def join(self, one: int, other: int) -> None:
        large, small = self._group[one], self._group[other]
        if large is small or self._are_apart(large, small):
            return
        if len(large) < len(small):
            large, small = small, large
        large.extend(small)
        self._group.update(dict.fromkeys(small, large))

    def groups(self) -> list[tuple[int, ...]]:
        """Return the groups and their members, both in the order of the members."""
        found: dict[int, list[int]] = {}
        for member in self._members:
            found.setdefault(id(self._group[member]), []).append(member)
        return [tuple(members) for members in found.values()]

    def _are_apart(self, one: Iterable[int], other: Iterable[int]) -> bool:
        ends = [[member for member in members if member in self._lonely] for members in (one, other)]
        return any(frozenset(pair) in self._apart for pair in product(*ends))


def _named(groups: Sequence[tuple[int, ...]], homes: Mapping[int, int | None]) -> tuple[Group, ...]:
    before = [Counter(home for member in members if (home := homes.get(member)) is not None) for members in groups]
    claims = sorted((-count, home, at) for at, homes_of in enumerate(before) for home, count in homes_of.items())
    kept: dict[int, int] = {}
    went: dict[int, int] = {}
    for _, home, at in claims:
        if home not in went and at not in kept:
            kept[at] = home
            went[home] = at
    for _, home, at in claims:
        went.setdefault(home, at)
    return tuple(
        Group(
            id=kept.get(at),
            members=members,
            absorbed=tuple(sorted(home for home, into in went.items() if into == at and home != kept.get(at))),
        )
        for at, members in enumerate(groups)
    )
