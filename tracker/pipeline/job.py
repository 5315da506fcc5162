"""What every stage is given."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tracker import times
from tracker.collect.robots import Robots
from tracker.config import Settings
from tracker.store import Store

Counts = Counter[str]
Advance = Callable[[], None]


class Track(Protocol):
    """Shows how far a stage is: what it yields is called once for each of `total` things done."""

    def __call__(self, stage: str, total: int, /) -> AbstractContextManager[Advance]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Where things are kept, what is configured, the time, how to show progress, and a place to print messages.

    `wait` lets time pass.  `robots` is what sites ask of robots, remembered from stage to stage.
    """

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    track: Track
    console: Callable[[str], None]
    wait: Callable[[timedelta], None] = times.wait
    robots: Robots = field(default_factory=Robots)
