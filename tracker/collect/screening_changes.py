"""What changed between two snapshots of the Consolidated Screening List; pure."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.collect.screening_snapshot import Party, Snapshot

_CITATION = re.compile(r"\b(\d+) F\.? ?R\.? ([\d,]+)")
# What no reader is told of is no change: the address of a list, and countries, which stand in the addresses too.
_UNTOLD = {"source", "countries", "list_url"}


class Verb(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One party before and after; None where it was or is not listed."""

    before: Party | None
    after: Party | None

    @property
    def party(self) -> Party:
        party = self.after or self.before
        assert party is not None
        return party

    @property
    def verb(self) -> Verb:
        if self.before is None:
            return Verb.ADDED
        return Verb.REMOVED if self.after is None else Verb.CHANGED

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """The fields that differ, each with its text before and after."""
        pairs = zip(Party._fields, self.before or (), self.after or (), strict=False)
        return [(name, old, new) for name, old, new in pairs if old != new and name not in _UNTOLD]

    @property
    def notice(self) -> str:
        """The Federal Register notice that brought the change; "" where the entry names no new one."""
        if self.after is None:
            return ""
        known = _citations(self.before.notice) if self.before else []
        return next((one for one in reversed(_citations(self.after.notice)) if one not in known), "")


def compare(before: Snapshot, after: Snapshot) -> list[Change]:
    """List what changed, in the order of the newer snapshot, removals last.

    Some lists make an id of what an entry says, so that a changed entry has a new one: what came and what went
    under one name in one list is one entry, and where it says the same, there is no change.
    """
    gone: dict[tuple[str, str], list[Party]] = defaultdict(list)
    for key, party in before.items():
        if key not in after:
            gone[_name(party)].append(party)
    came = _without_moved([after[key] for key in after if key not in before], gone)
    changes = [Change(before=before[key], after=after[key]) for key in after if key in before]
    changes += [Change(before=gone[_name(party)].pop() if gone[_name(party)] else None, after=party) for party in came]
    changes = [change for change in changes if change.verb is Verb.ADDED or change.fields]
    left = sorted(party for namesakes in gone.values() for party in namesakes)
    return changes + [Change(before=party, after=None) for party in left]


def _without_moved(came: Sequence[Party], gone: dict[tuple[str, str], list[Party]]) -> list[Party]:
    """Take out of both what is the same but for its id."""
    new = []
    for party in came:
        namesakes = gone[_name(party)]
        if party in namesakes:
            namesakes.remove(party)
        else:
            new.append(party)
    return new


def _name(party: Party) -> tuple[str, str]:
    return party.source, party.name.casefold()


def _citations(notice: str) -> list[str]:
    """List the citations in a text, written one way ("91 FR 30101"); other wordings are kept whole."""
    found = [f"{volume} FR {page.replace(',', '')}" for volume, page in _CITATION.findall(notice)]
    return found or ([notice] if notice else [])
