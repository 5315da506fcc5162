"""Hand work out host by host: so many requests to one host at once, a pause between them, and nobody waits idle."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from heapq import heappop, heappush
from math import inf
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from tracker.config import CollectSettings
from tracker.errors import FetchError

Task = TypeVar("Task")
Result = TypeVar("Result")

_TOO_MANY_REQUESTS = 429
# Feeds are made to be asked for, and cost their host less than pages.
_POLLS_A_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is asked at once in all and of one host, and how far apart; `spacing` may grow while the work runs.

    After `patience` nothing new is begun.
    """

    places: int
    at_once: int
    spacing: Callable[[str], timedelta]
    patience: timedelta | None = None


def poll_pace(settings: CollectSettings) -> Pace:
    """Return the pace of polls."""
    pause = settings.host_spacing / _POLLS_A_PAGE
    return Pace(places=settings.workers, at_once=settings.host_concurrency, spacing=lambda _: pause)


def page_pace(settings: CollectSettings, *, asked: Callable[[str], timedelta], patience: timedelta) -> Pace:
    """Return the pace of pages; `asked` tells the pause that a host's robots.txt asks for."""
    return Pace(
        places=settings.workers,
        at_once=settings.host_concurrency,
        spacing=lambda host: max(settings.host_spacing, asked(host)),
        patience=patience,
    )


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Return the host and port of an address; what has none has a place of its own."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or url
    except ValueError:
        return url


@dataclass(slots=True)
class _Host(Generic[Task]):
    waiting: deque[Task] = field(default_factory=deque)
    running: int = 0
    asked_at: float = -inf
    is_queued: bool = False


class Turns(Generic[Task]):
    """Tasks by host, and whose turn it is; times are seconds of any one clock."""

    def __init__(self, *, at_once: int, spacing: Callable[[str], timedelta]) -> None:
        self._at_once = at_once
        self._spacing = spacing
        self._hosts: dict[str, _Host[Task]] = {}
        # The hosts that may be asked soon, by when; the number keeps those of one time in order.
        self._queue: list[tuple[float, int, str]] = []
        self._queued = 0
        self.waiting = 0

    def add(self, host: str, task: Task) -> None:
        self.waiting += 1
        self._hosts.setdefault(host, _Host()).waiting.append(task)
        self._line_up(host)

    def take(self, now: float) -> tuple[str, Task] | None:
        """Return a task whose host may be asked now, and count it as running."""
        while self.seconds_to_next(now) == 0:
            name = heappop(self._queue)[-1]
            host = self._hosts[name]
            host.is_queued = False
            if self._free_at(name) > now:  # its spacing has grown since it lined up
                self._line_up(name)
                continue
            self.waiting -= 1
            host.running += 1
            host.asked_at = now
            task = host.waiting.popleft()
            self._line_up(name)
            return name, task
        return None

    def done(self, host: str) -> None:
        """Count one task of `host` as ended."""
        self._hosts[host].running -= 1
        self._line_up(host)

    def drop(self, host: str) -> list[Task]:
        """Give up and return what waits for `host`."""
        waiting = self._hosts[host].waiting
        dropped = [*waiting]
        waiting.clear()
        self.waiting -= len(dropped)
        return dropped

    def drop_all(self) -> list[Task]:
        """Give up and return all that waits."""
        return [task for host in self._hosts for task in self.drop(host)]

    def seconds_to_next(self, now: float) -> float | None:
        """Return how long nothing can be taken; None where that depends on running tasks, or nothing waits."""
        while self._queue and not self._hosts[self._queue[0][-1]].waiting:
            self._hosts[heappop(self._queue)[-1]].is_queued = False
        return max(0.0, self._queue[0][0] - now) if self._queue else None

    def _free_at(self, host: str) -> float:
        return self._hosts[host].asked_at + self._spacing(host).total_seconds()

    def _line_up(self, name: str) -> None:
        host = self._hosts[name]
        if host.waiting and host.running < self._at_once and not host.is_queued:
            self._queued += 1
            host.is_queued = True
            heappush(self._queue, (self._free_at(name), self._queued, name))


def in_turns(
    tasks: Iterable[Task], work: Callable[[Task], Result], *, host: Callable[[Task], str], pool: Executor, pace: Pace
) -> Iterator[tuple[Task, Future[Result]]]:
    """Do `work` on each task in the pool, host by host; yield each with its outcome as it comes.

    The outcome of a task whose turn did not come within the patience is cancelled.  What waits for a host that asks
    for fewer requests is not begun and shares the outcome of the task that was told so.
    """
    turns: Turns[Task] = Turns(at_once=pace.at_once, spacing=pace.spacing)
    for task in tasks:
        turns.add(host(task), task)
    hands = _Hands(turns=turns, work=work, pool=pool, places=pace.places)
    ends_at = inf if pace.patience is None else time.monotonic() + pace.patience.total_seconds()
    hands.begin()
    while hands.are_busy():
        if ended := hands.wait(until=ends_at):
            name, task, outcome = ended
            dropped = turns.drop(name) if is_refusal(outcome.exception()) else []
            hands.begin()  # so that nobody waits for whoever takes the outcome
            yield task, outcome
            yield from ((other, outcome) for other in dropped)
        if time.monotonic() >= ends_at:
            yield from ((late, _cancelled()) for late in turns.drop_all())
        hands.begin()


@dataclass(slots=True, kw_only=True)
class _Hands(Generic[Task, Result]):
    """What is under way: tasks leave `turns` for the pool as places come free."""

    turns: Turns[Task]
    work: Callable[[Task], Result]
    pool: Executor
    places: int
    _running: dict[Future[Result], tuple[str, Task]] = field(init=False, default_factory=dict)
    _ended: "SimpleQueue[Future[Result]]" = field(init=False, default_factory=SimpleQueue)

    def begin(self) -> None:
        while len(self._running) < self.places and (turn := self.turns.take(time.monotonic())):
            outcome = self.pool.submit(self.work, turn[1])
            self._running[outcome] = turn
            outcome.add_done_callback(self._ended.put)

    def are_busy(self) -> bool:
        return bool(self._running or self.turns.waiting)

    def wait(self, *, until: float) -> tuple[str, Task, Future[Result]] | None:
        """Wait for a task to end; None where the next turn, or `until`, comes first."""
        now = time.monotonic()
        turn = self.turns.seconds_to_next(now) if len(self._running) < self.places else None
        limit = min(inf if turn is None else turn, until - now if self.turns.waiting else inf)
        try:
            outcome = self._ended.get(timeout=None if limit == inf else max(0.0, limit))
        except Empty:
            return None
        name, task = self._running.pop(outcome)
        self.turns.done(name)
        return name, task, outcome


def _cancelled() -> Future[Any]:
    outcome: Future[Any] = Future()
    outcome.cancel()
    return outcome


def is_refusal(error: object) -> bool:
    """Say whether a host asks for fewer requests."""
    return isinstance(error, FetchError) and (error.retry_after is not None or error.status == _TOO_MANY_REQUESTS)
