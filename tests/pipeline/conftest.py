"""A job with a clock that stands still until a test moves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.making import NOW
from tracker.config import Settings, load_settings
from tracker.pipeline.job import Advance, Job
from tracker.store import Store


@dataclass(slots=True)
class Desk:
    """A job, with what it printed and the means to change its time and settings."""

    store: Store
    folder: Path
    now: datetime = NOW
    printed: list[str] = field(default_factory=list)

    def job(self, toml: str = "") -> Job:
        return Job(
            store=self.store,
            settings=self._settings(toml),
            clock=lambda: self.now,
            track=untracked,
            console=self.printed.append,
            wait=self._pass,
        )

    def wait(self, **units: float) -> None:
        self.now += timedelta(**units)

    def _pass(self, length: timedelta) -> None:
        self.now += length

    def _settings(self, toml: str) -> Settings:
        path = self.folder / "config.toml"
        path.write_text(toml, encoding="utf-8")
        return load_settings(path)


@contextmanager
def untracked(_stage: str, _total: int) -> Iterator[Advance]:
    yield lambda: None


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(sqlite_url)
    yield Desk(store=store, folder=tmp_path)
    store.close()
