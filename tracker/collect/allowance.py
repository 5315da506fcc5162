"""What one fetch may spend, and a way for the connections that serve it to ask."""

import time
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from types import TracebackType
from typing import Self

from tracker.errors import FetchError


@dataclass(slots=True, kw_only=True)
class Allowance:
    """What one fetch may spend in all, redirects included: time, and bytes off the wire.

    The client's own time-outs count from one read to the next, so that a server that drips never meets them.
    Each request of the fetch has `first_byte_timeout` for its answer to begin.
    """

    timeout: timedelta
    first_byte_timeout: timedelta
    limit_bytes: int
    _deadline: float = field(init=False)
    _first_byte_deadline: float = field(init=False, default=inf)
    _bytes_left: int = field(init=False)
    _token: "Token[Allowance]" = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.timeout.total_seconds()
        self._bytes_left = self.limit_bytes

    def __enter__(self) -> Self:
        """Make this the allowance of all connections used by the block."""
        self._token = _ALLOWANCE.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _ALLOWANCE.reset(self._token)

    def ask(self) -> None:
        """Start to wait for the first byte of an answer; `spend` ends it."""
        self._first_byte_deadline = time.monotonic() + self.first_byte_timeout.total_seconds()

    def seconds_left(self) -> float:
        """Return the seconds to the nearest deadline; raise FetchError once it has passed."""
        left = min(self._deadline, self._first_byte_deadline) - time.monotonic()
        if left <= 0:
            raise self.timed_out()
        return left

    def spend(self, received_bytes: int) -> None:
        """Count what came off the wire."""
        self._first_byte_deadline = inf
        self._bytes_left -= received_bytes
        if self._bytes_left < 0:
            raise FetchError(f"more than {self.limit_bytes / 1_000_000:g} MB received")

    def timed_out(self) -> FetchError:
        if self._first_byte_deadline < self._deadline:
            return FetchError(f"no answer began within {self.first_byte_timeout.total_seconds():g} s")
        return FetchError(f"no complete answer within {self.timeout.total_seconds():g} s")


_ALLOWANCE: ContextVar[Allowance] = ContextVar("_ALLOWANCE")


def current() -> Allowance:
    """Return the allowance of the fetch that runs in this thread."""
    return _ALLOWANCE.get()
