"""How the sources are, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker import words
from tracker.store.sources import SourceHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All sources at a glance; `failing` counts those whose last poll failed, `unseen` those never polled."""

    total: int
    failing: int
    unseen: int
    last_poll_at: datetime | None
    next_poll_at: datetime | None

    @property
    def answered(self) -> int:
        return self.total - self.failing - self.unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source as its page shows it; `state` is "ok", "failing" or "unseen"."""

    health: SourceHealth
    state: str
    status: str
    next_poll: str


def overview(sources: Sequence[SourceHealth]) -> Overview:
    """Sum up the sources."""
    polled = [s.state.polled_at for s in sources if s.state.polled_at]
    due = [s.state.next_due_at for s in sources if s.state.next_due_at]
    states = [_state(source) for source in sources]
    return Overview(
        total=len(sources),
        failing=states.count("failing"),
        unseen=states.count("unseen"),
        last_poll_at=max(polled, default=None),
        next_poll_at=min(due, default=None),
    )


def source_rows(sources: Sequence[SourceHealth], *, now: datetime) -> list[SourceRow]:
    """Describe each source, those that need a person first."""
    rows = [
        SourceRow(health=s, state=_state(s), status=_status(s), next_poll=until(s.state.next_due_at, now=now))
        for s in sources
    ]
    order = {"failing": 0, "unseen": 1, "ok": 2}
    return sorted(rows, key=lambda row: (order[row.state], row.health.source.name.casefold()))


def until(moment: datetime | None, *, now: datetime) -> str:
    """Say when something is due."""
    if moment is None or moment <= now:
        return "now"
    return f"in {words.span(moment - now)}"


def ago(moment: datetime | None, *, now: datetime) -> str:
    """Say how long something is past."""
    return f"{words.span(now - moment)} ago" if moment else "never"


def _state(source: SourceHealth) -> str:
    if source.state.error or source.state.failures:
        return "failing"
    return "ok" if source.state.polled_at else "unseen"


def _status(source: SourceHealth) -> str:
    match _state(source):
        case "failing":
            times = source.state.failures
            return "failed" if times <= 1 else f"failed {times} times in a row"
        case "ok":
            return "answers"
        case _:
            return "not polled yet"
