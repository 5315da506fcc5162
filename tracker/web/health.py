"""How the sources are, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker import words
from tracker.collect.health import Condition, Health, judge, topic_share
from tracker.store.sources import SourceHealth

# How the page's heading counts them: one source, and several.
_COUNTED = {
    Condition.FAILING: ("fails", "fail"),
    Condition.RETIRED: ("is gone for good", "are gone for good"),
    Condition.EMPTY: ("lists nothing", "list nothing"),
    Condition.STALE: ("has nothing new", "have nothing new"),
    Condition.OFF_TOPIC: ("is off topic", "are off topic"),
    Condition.WAITING: ("was not asked yet", "were not asked yet"),
}
_STYLES = {
    Condition.FAILING: "failing",
    Condition.RETIRED: "failing",
    Condition.WAITING: "waiting",
    Condition.OK: "ok",
}
_ORDER = list(Condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All sources at a glance; `conditions` counts those in each condition, in order of need."""

    total: int
    conditions: dict[Condition, int]
    last_poll_at: datetime | None
    next_poll_at: datetime | None

    @property
    def well(self) -> int:
        return self.conditions[Condition.OK]

    @property
    def waiting(self) -> int:
        return self.conditions[Condition.WAITING]

    @property
    def failing(self) -> int:
        """How many gave no answer."""
        return self.conditions[Condition.FAILING] + self.conditions[Condition.RETIRED]

    @property
    def others(self) -> list[str]:
        """What is to be said of the sources that are not well: "2 fail", "1 has nothing new"."""
        counted = ((self.conditions[condition], told) for condition, told in _COUNTED.items())
        return [f"{number:,} {told[number > 1]}" for number, told in counted if number]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source as its page shows it."""

    known: SourceHealth
    health: Health
    topic: str
    next_poll: str

    @property
    def style(self) -> str:
        """The class that colours its condition."""
        return _STYLES.get(self.health.state, "poor")

    @property
    def label(self) -> str:
        return "OK" if self.health.state is Condition.OK else self.health.state.capitalize()


def overview(sources: Sequence[SourceHealth], *, now: datetime) -> Overview:
    """Sum up the sources."""
    counted = Counter(judge(known.source, known.state, now=now).state for known in sources)
    return Overview(
        total=len(sources),
        conditions={condition: counted[condition] for condition in Condition},
        last_poll_at=max((s.state.polled_at for s in sources if s.state.polled_at), default=None),
        next_poll_at=min((s.state.next_due_at for s in sources if s.state.next_due_at), default=None),
    )


def source_rows(sources: Sequence[SourceHealth], *, now: datetime) -> list[SourceRow]:
    """Describe each source, those that need a person first."""
    rows = [
        SourceRow(
            known=known,
            health=judge(known.source, known.state, now=now),
            topic=_topic(known),
            next_poll=until(known.state.next_due_at, now=now),
        )
        for known in sources
    ]
    return sorted(rows, key=lambda row: (_ORDER.index(row.health.state), row.known.source.name.casefold()))


def summary(sources: Sequence[SourceHealth], *, now: datetime) -> dict[str, object]:
    """Sum up the sources for a machine that watches over this one: how many are how, and each that is unwell."""
    seen = overview(sources, now=now)
    counts = {condition.replace(" ", "_"): number for condition, number in seen.conditions.items()}
    rows = source_rows(sources, now=now)
    return {
        "last_poll": _iso(seen.last_poll_at),
        "next_poll": _iso(seen.next_poll_at),
        "sources": {"total": seen.total} | counts,
        "unwell": [_unwell(row) for row in rows if row.health.state.is_bad],
    }


def until(moment: datetime | None, *, now: datetime) -> str:
    """Say when something is due."""
    if moment is None or moment <= now:
        return "now"
    return f"in {words.span(moment - now)}"


def ago(moment: datetime | None, *, now: datetime) -> str:
    """Say how long something is past."""
    return f"{words.span(now - moment)} ago" if moment else "never"


def _unwell(row: SourceRow) -> dict[str, object]:
    state, share = row.known.state, topic_share(row.known.state)
    return {
        "name": row.known.source.name,
        "state": row.health.state,
        "words": row.health.words,
        "last_success": _iso(state.succeeded_at),
        "newest_item": _iso(state.newest_entry_at),
        "on_topic": None if share is None else round(share, 3),
        "next_poll": _iso(state.next_due_at),
    }


def _topic(known: SourceHealth) -> str:
    share = topic_share(known.state)
    return "none seen" if share is None else f"{share:.0%} of {known.state.seen:,.0f}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
