"""Threads that take work in turns, host by host; what is slow holds up nobody else."""

import threading
import time
from collections.abc import Callable, Iterable
from itertools import takewhile
from types import TracebackType
from typing import Generic, Self, TypeVar

from tracker.collect.pacing import Turns

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")

# Threads that compute at once only contend for the interpreter, which costs half as much again.  So the next task
# is begun when one has ended, or has taken so long that it must be waiting for a server.
_WAITS_SECONDS = 0.003
# What takes this long gives up its place altogether.
_SLOW_SECONDS = 0.25
_SLOW_AT_MOST = 200
# A thread that finds nothing to do for so long is let go.
_IDLE_SECONDS = 5.0


class Crew(Generic[Task, Outcome]):
    """Does `work`, which must not raise, on tasks in the order of their turns, at most `places` at once.

    What takes more than a quarter of a second counts no longer, so that others take its place, up to a bound.  Where
    `share` returns a function for an outcome, what waits for the same host is not begun and ends as that function says.
    """

    def __init__(
        self,
        turns: Turns[Task],
        work: Callable[[Task], Outcome],
        *,
        host: Callable[[Task], str],
        share: Callable[[Outcome], Callable[[Task], Outcome] | None],
        places: int,
    ) -> None:
        self._turns = turns
        self._work = work
        self._host = host
        self._share = share
        self._places = places
        self._begun: dict[int, float] = {}
        self._ended: list[Outcome] = []
        self._enough = 1
        self._threads: set[threading.Thread] = set()
        self._is_closed = False
        self._lock = threading.Lock()
        self._turn = threading.Condition(self._lock)
        self._news = threading.Condition(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what has begun; nothing else is done any more."""
        with self._lock:
            self._is_closed = True
            self._turn.notify_all()
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def add(self, tasks: Iterable[Task]) -> None:
        """Put tasks in line."""
        with self._lock:
            for task in tasks:
                self._turns.add(self._host(task), task)
            self._call_hands()

    def drop_waiting(self) -> list[Task]:
        """Give up and return what has not begun."""
        with self._lock:
            return self._turns.drop_all()

    def take_ended(self, *, timeout: float, enough: int) -> list[Outcome]:
        """Return what has ended: as soon as it is enough, or nothing else is to come, or the time is over."""
        ends_at = time.monotonic() + timeout
        with self._lock:
            self._enough = enough
            while len(self._ended) < enough and self._is_busy() and (left := ends_at - time.monotonic()) > 0:
                self._call_hands()
                self._news.wait(min(left, _WAITS_SECONDS) if self._turns.waiting else left)
            ended, self._ended = self._ended, []
            return ended

    def waiting(self) -> int:
        """Return how many tasks have not begun."""
        with self._lock:
            return self._turns.waiting

    def is_busy(self) -> bool:
        """Say whether anything waits or runs, or has ended and was not taken."""
        with self._lock:
            return self._is_busy() or bool(self._ended)

    def _is_busy(self) -> bool:
        return bool(self._turns.waiting or self._begun)

    def _call_hands(self) -> None:
        """Wake or hire as many threads as there are free places for what waits."""
        wanted = min(self._free_places(), self._turns.waiting)
        if wanted > 0:
            self._turn.notify(wanted)
        for _ in range(wanted - (len(self._threads) - len(self._begun))):
            thread = threading.Thread(target=self._serve, name="crew")
            self._threads.add(thread)
            thread.start()

    def _free_places(self) -> int:
        if not self._begun:
            return 1
        now, begun = time.monotonic(), self._begun.values()  # in the order of time
        slow = sum(1 for _ in takewhile(lambda at: at <= now - _SLOW_SECONDS, begun))
        computing = sum(1 for _ in takewhile(lambda at: at > now - _WAITS_SECONDS, reversed(begun)))
        return min(1 - computing, self._places + min(slow, _SLOW_AT_MOST) - len(begun))

    def _serve(self) -> None:
        me = threading.get_ident()
        with self._lock:
            while turn := self._next_turn():
                name, task = turn
                self._begun[me] = time.monotonic()
                self._lock.release()
                try:
                    outcome = self._work(task)
                finally:
                    self._lock.acquire()
                    del self._begun[me]
                    self._turns.done(name)
                self._end(name, outcome)
            self._threads.discard(threading.current_thread())

    def _next_turn(self) -> tuple[str, Task] | None:
        """Wait for a turn; None where this thread is not needed any more."""
        while not self._is_closed:
            now = time.monotonic()
            is_free = self._free_places() > 0
            if is_free and (turn := self._turns.take(now)):
                if self._turns.waiting:  # whoever is idle finds out when the next turn is
                    self._turn.notify()
                return turn
            next_in = self._turns.seconds_to_next(now) if is_free else None
            was_called = self._turn.wait(_IDLE_SECONDS if next_in is None else next_in)
            if not was_called and next_in is None and len(self._threads) > self._places:
                return None
        return None

    def _end(self, name: str, outcome: Outcome) -> None:
        self._ended.append(outcome)
        if end_alike := self._share(outcome):
            self._ended += map(end_alike, self._turns.drop(name))
        if len(self._ended) >= self._enough or not self._is_busy():
            self._news.notify()
