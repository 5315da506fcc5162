"""What one fetch may spend, and a way for the connections that serve it to ask."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.errors import FetchError


@dataclass(slots=True, kw_only=True)
class Allowance:
    """What one fetch may spend in all, redirects included: time, and bytes off the wire.

    The client's own time-outs count from one read to the next, so that a server that drips never meets them.
    """

    timeout: timedelta
    limit_bytes: int
    _deadline: float = field(init=False)
    _bytes_left: int = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.timeout.total_seconds()
        self._bytes_left = self.limit_bytes

    @contextmanager
    def spent_here(self) -> Iterator[None]:
        """Make this the allowance of all connections used by the block."""
        token = _ALLOWANCE.set(self)
        try:
            yield
        finally:
            _ALLOWANCE.reset(token)

    def seconds_left(self) -> float:
        """Return the seconds to the deadline; raise FetchError once it has passed."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self.timed_out()
        return left

    def spend(self, received: bytes) -> bytes:
        """Count what came off the wire."""
        self._bytes_left -= len(received)
        if self._bytes_left < 0:
            raise FetchError(f"more than {self.limit_bytes / 1_000_000:g} MB received")
        return received

    def timed_out(self) -> FetchError:
        return FetchError(f"no complete answer within {self.timeout.total_seconds():g} s")


_ALLOWANCE: ContextVar[Allowance] = ContextVar("_ALLOWANCE")


def current() -> Allowance:
    """Return the allowance of the fetch that runs in this thread."""
    return _ALLOWANCE.get()
