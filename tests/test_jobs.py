"""When things run: the digest's hour, and the queue on PostgreSQL."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.making import NOW, make_entry
from tests.pipeline.conftest import Desk, desk  # noqa: F401 (a fixture)
from tests.running import TRACKER, Installed
from tracker.config import DigestSettings
from tracker.jobs import digest_due_at, owe_digests
from tracker.store import Store
from tracker.types import ChannelKind, DeliveryState, Source

MONDAY_7 = datetime(2026, 6, 22, 7, tzinfo=UTC)


def test_the_digest_is_due_on_its_weekday_and_hour() -> None:
    assert digest_due_at(DigestSettings(), MONDAY_7 + timedelta(days=3)) == MONDAY_7
    friday = DigestSettings(weekday="fri", hour=16)
    assert digest_due_at(friday, MONDAY_7) == MONDAY_7 + timedelta(days=4, hours=9)


def test_a_digest_is_owed_once_and_not_before_its_hour(desk: Desk) -> None:  # noqa: F811 (the fixture)
    desk.store.outbox.subscribe(ChannelKind.EMAIL, "policy@example.org", "", now=NOW)
    desk.now = MONDAY_7 - timedelta(seconds=1)
    assert owe_digests(desk.job()) == 0
    desk.now = MONDAY_7
    assert [owe_digests(desk.job()), owe_digests(desk.job())] == [1, 0]
    assert desk.store.outbox.deliveries()[0].key == "digest:2026-W25"


def test_a_digest_missed_while_the_program_was_down_is_made_up_for(desk: Desk) -> None:  # noqa: F811 (the fixture)
    desk.store.outbox.subscribe(ChannelKind.EMAIL, "policy@example.org", "", now=NOW)
    desk.now = MONDAY_7 + timedelta(days=2)
    assert owe_digests(desk.job()) == 1


@contextmanager
def running(installed: Installed, command: str) -> Iterator[None]:
    with (installed.folder / f"{command}.log").open("w") as log:
        process = subprocess.Popen(
            [TRACKER, command], cwd=installed.folder, env=installed.variables(), stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()  # a shell that runs the tests in the background has them ignore Ctrl-C
            process.wait(30)


def test_scheduler_and_worker_carry_an_article_to_its_alert(postgres_url: str, tmp_path: Path) -> None:
    installed = Installed(tmp_path, {"DATABASE_URL": postgres_url})
    installed.configure('[run]\ntick = "1s"\n[[subscriptions]]\nslack = "C0123"')
    installed.run("db", "upgrade")
    store = Store.open(postgres_url)
    source_id = store.sources.ensure(Source(name="local", kind="file", url="", family="local"))
    text = "The Commerce Department blocked exports of Nvidia H20 chips to China on Monday."
    store.articles.add(source_id, make_entry("a:1", title="US blocks Nvidia H20", content=text), None, now=NOW)
    with running(installed, "worker"), running(installed, "scheduler"):
        deadline = time.monotonic() + 120
        while not store.outbox.count_by_state()[DeliveryState.SENT] and time.monotonic() < deadline:
            time.sleep(0.2)
    store.close()
    assert "US blocks Nvidia H20" in (tmp_path / "worker.log").read_text()


@pytest.mark.parametrize("command", ["scheduler", "worker"])
def test_the_queue_needs_postgresql_and_says_so(command: str, tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    done = installed.run(command, ok=False)
    assert done.returncode == 2
    assert "postgresql://" in done.stderr
