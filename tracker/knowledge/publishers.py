"""Which publisher family speaks through a host, or under an outlet's name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tracker.knowledge import source_list
from tracker.knowledge.rows import toml_table
from tracker.types import Tier

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_PLAIN_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
# What stands before a site's name and says nothing of who publishes it.
_FORMS = re.compile(r"^(?:www\d?|m|mobile|amp|edition|feeds|rss|news)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who stands behind an outlet; `tier` is None where nothing is known of it."""

    family: str
    tier: Tier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishers:
    """The map of publishers: by host, by folded outlet name, and by how other papers credit a wire service."""

    hosts: Mapping[str, Publisher]
    names: Mapping[str, Publisher]
    credits: Mapping[str, Publisher]

    def of(self, outlet: str) -> Publisher:
        """Return the publisher of an outlet given by host or name; one that is not known is its own."""
        if _HOST.fullmatch(outlet):
            return self._at(outlet.casefold())
        return self.names.get(_fold(outlet), Publisher(family=outlet))

    def credited(self, name: str) -> Publisher | None:
        """Return the wire service that a paper credits under this name."""
        return self.credits.get(_fold(name))

    def _at(self, host: str) -> Publisher:
        labels = host.split(".")
        wider = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.hosts[one] for one in wider if one in self.hosts), Publisher(family=_FORMS.sub("", host)))


@cache
def load() -> Publishers:
    """Return the map, read from its data file on first use."""
    hosts: dict[str, Publisher] = {}
    names: dict[str, Publisher] = {}
    credits_: dict[str, Publisher] = {}
    for family, row in toml_table("publishers.toml").items():
        publisher = Publisher(family=family, tier=Tier(row.get("tier", Tier.PRESS)))
        hosts |= dict.fromkeys(row.get("hosts", ()), publisher)
        names |= dict.fromkeys(map(_fold, (family, *row.get("names", ()))), publisher)
        credits_ |= dict.fromkeys(map(_fold, row.get("credits", ())), publisher)
    return Publishers(hosts=hosts, names=names, credits=credits_)


def problems() -> Iterator[str]:
    """Yield what is wrong with the map, one sentence each."""
    table = toml_table("publishers.toml")
    for what in ("hosts", "names", "credits"):
        stated = Counter(one for row in table.values() for one in {_fold(name) for name in row.get(what, ())})
        twice = [(one, n) for one, n in stated.items() if n > 1]
        yield from (f"publishers.toml: {one!r} stands in the {what} of {n} families" for one, n in twice)
    hosts = [host for row in table.values() for host in row.get("hosts", ())]
    yield from (f"publishers.toml: {host!r} is no host" for host in hosts if not _PLAIN_HOST.fullmatch(host))
    for listed in source_list.load().sources:
        known = load().of(listed.source.family).family
        if known != listed.source.family:
            yield f"publishers.toml: the family {listed.source.family!r} of sources.toml is called {known!r}"


def _fold(name: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return plain.removeprefix("the ")
