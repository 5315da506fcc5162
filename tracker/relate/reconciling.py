"""What notices say of a screening list, held against the list itself; pure."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from tracker.relate.notices import NoticeName, Verb


class Gap(StrEnum):
    """What is not as it should be."""

    NOT_LISTED = "not listed yet"
    STILL_LISTED = "still listed"
    NOT_ANNOUNCED = "not announced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice: when it was published and counts from, which pages it fills, and whom it names."""

    article_id: int
    title: str
    published_on: date
    effective_on: date | None
    pages: frozenset[str]
    names: tuple[NoticeName, ...]

    @property
    def counts_from(self) -> date:
        return self.effective_on or self.published_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A party on a list, with its other names, since when it stands there, and the pages of its notices."""

    name: str
    others: tuple[str, ...]
    list_name: str
    since: date | None
    pages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A name that notice and list do not agree on, and for how many days; `notice` is where it stands, if anywhere."""

    gap: Gap
    name: str
    since: date
    days: int
    notice: Notice | None = None
    listed: Listed | None = None


def reconcile(
    notices: Sequence[Notice], parties: Sequence[Listed], *, first: date, today: date
) -> list[Finding]:  # fmt: skip
    """List the names that notices and list do not agree on, open the longest first.

    What a notice announces for a later day is not open yet.  Of the list only what was put on it since `first` is held
    against the notices, for only those since then were read.
    """
    bearers = _by_name(parties)
    found = [*_unfulfilled(notices, bearers, today), *_unannounced(notices, parties, first, today)]
    return sorted(found, key=lambda finding: (-finding.days, finding.name))


def same_name(name: str) -> str:
    """Reduce a name to what two spellings of it have in common: case, punctuation and legal forms do not count."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"\w+", re.sub(r"(?<=\w)[.'’](?=\w)", "", plain))
    return " ".join(word for word in words if word not in _legal_forms()) or " ".join(words)


def _unfulfilled(
    notices: Sequence[Notice], bearers: Mapping[str, Listed], today: date
) -> Iterator[Finding]:  # fmt: skip
    latest: dict[str, tuple[Notice, NoticeName]] = {}
    for notice in sorted(notices, key=lambda one: (one.counts_from, one.article_id)):
        if notice.counts_from <= today:
            latest |= {same_name(named.name): (notice, named) for named in notice.names}
    for key, (notice, named) in latest.items():
        listed = bearers.get(key)
        if (named.verb is Verb.ADDS) is (listed is None):
            yield Finding(
                gap=Gap.NOT_LISTED if listed is None else Gap.STILL_LISTED,
                name=named.name,
                since=notice.counts_from,
                days=(today - notice.counts_from).days,
                notice=notice,
                listed=listed,
            )


def _unannounced(
    notices: Sequence[Notice], parties: Sequence[Listed], first: date, today: date
) -> Iterator[Finding]:  # fmt: skip
    named = {same_name(one.name) for notice in notices for one in notice.names}
    pages = frozenset().union(*(notice.pages for notice in notices))
    for party in parties:
        is_told = any(same_name(name) in named for name in (party.name, *party.others)) or party.pages & pages
        if party.since and first <= party.since <= today and not is_told:
            yield Finding(
                gap=Gap.NOT_ANNOUNCED, name=party.name, since=party.since, days=(today - party.since).days, listed=party
            )


def _by_name(parties: Collection[Listed]) -> dict[str, Listed]:
    bearers: defaultdict[str, list[Listed]] = defaultdict(list)
    for party in parties:
        for name in (party.name, *party.others):
            bearers[same_name(name)].append(party)
    return {name: found[0] for name, found in bearers.items()}


@cache
def _legal_forms() -> frozenset[str]:
    text = files("tracker.relate").joinpath("legal_forms.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["words"].split())
