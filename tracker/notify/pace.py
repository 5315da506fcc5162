"""When the next message may go where."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.types import ChannelKind

# Slack takes about one message a second in a channel: https://docs.slack.dev/apis/web-api/rate-limits
SPACING = timedelta(seconds=1)
# A stage that waits keeps the others waiting; the next run goes on.
_LONGEST_RUN = timedelta(seconds=20)
_FAILURES_IN_A_ROW = 3


@dataclass(slots=True, kw_only=True)
class Pace:
    """What a run has sent where, and which channels do not answer; it ends itself after a while."""

    started_at: datetime
    _next_at: dict[str, datetime] = field(default_factory=dict)
    _failures: Counter[ChannelKind] = field(default_factory=Counter)

    def note_sent(self, channel: ChannelKind, address: str, *, now: datetime) -> None:
        """Note that a message went out; Slack's next to the same address has to wait."""
        self._failures[channel] = 0
        if channel is ChannelKind.SLACK:
            self.hold(address, now + SPACING)

    def hold(self, address: str, until: datetime) -> None:
        """Send nothing to an address before `until`."""
        self._next_at[address] = until

    def note_failed(self, channel: ChannelKind) -> None:
        """Note that a channel did not answer; one that keeps silent is not tried again in this run."""
        self._failures[channel] += 1

    def held(self, now: datetime) -> list[str]:
        """List the addresses that have to wait."""
        return [address for address, at in self._next_at.items() if at > now]

    @property
    def silent(self) -> Collection[ChannelKind]:
        """The channels that are not tried again in this run."""
        return [channel for channel, failures in self._failures.items() if failures >= _FAILURES_IN_A_ROW]

    def pause(self, now: datetime) -> timedelta | None:
        """Return how long to wait for the next address; None where none is worth it in this run."""
        waits = [at - now for at in self._next_at.values() if at > now]
        if not waits or now - self.started_at + min(waits) > _LONGEST_RUN:
            return None
        return min(waits)
