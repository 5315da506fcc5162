"""Subscriptions from the terminal: paused, resumed, muted, and why one was stopped."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from tests.making import NOW, make_report
from tests.running import Installed
from tests.store.test_store import collect, relate_all
from tracker.store import Store
from tracker.types import ChannelKind, Gathering, Habits, QuietHours


@pytest.fixture
def tracker(tmp_path: Path) -> Installed:
    installed = Installed(tmp_path)
    store = Store.open(f"sqlite:///{tmp_path}/tracker.db")
    store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    collect(store, "http://a/1")
    relate_all(store, make_report())
    store.close()
    return installed


def opened(tracker: Installed) -> Store:
    return Store.open(f"sqlite:///{tracker.folder}/tracker.db")


def test_a_subscription_is_paused_and_resumed(tracker: Installed) -> None:
    assert "Subscription 1 is paused" in tracker.run("pause", "1").stdout
    assert "paused" in tracker.run("subscriptions").stdout
    assert "Subscription 1 is resumed." in tracker.run("resume", "1").stdout
    assert "0 subscriptions resumed" in tracker.run("resume").stdout


def test_one_that_was_stopped_says_why_and_what_to_do(tracker: Installed) -> None:
    store = opened(tracker)
    store.operators.stop("Slack: is_archived", (), channel=ChannelKind.SLACK, address="C0123", now=NOW)
    store.close()
    shown = tracker.run("subscriptions").stdout
    assert "stopped" in shown
    assert "1 is stopped: Slack: is_archived. Then: tracker resume 1" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_story_is_muted_and_told_of_again(tracker: Installed) -> None:
    assert "Story 1 is muted for subscription 1." in tracker.run("mute", "1", "1").stdout
    store = opened(tracker)
    assert store.feedback.muted(1) == [1]
    store.close()
    assert "no longer muted" in tracker.run("mute", "1", "1", "--undo").stdout


@pytest.mark.parametrize("words", [("pause", "9"), ("resume", "9"), ("mute", "9", "1"), ("mute", "1", "9")])
def test_a_wrong_number_is_refused(tracker: Installed, words: tuple[str, ...]) -> None:
    done = tracker.run(*words, ok=False)
    assert done.returncode == 2
    assert "9: see tracker" in done.stderr


def test_habits_are_kept_and_shown(tracker: Installed) -> None:
    when = ("--gather", "daily", "--quiet", "22:00-07:00", "--zone", "Asia/Seoul", "--minimum-age", "30m")
    said = tracker.run("subscribe", "--slack", "C9", *when).stdout
    assert "daily, after 30m, quiet 22:00-07:00 (Asia/Seoul)" in " ".join(said.split())
    store = opened(tracker)
    assert store.outbox.subscriptions()[1].habits == Habits(
        gathering=Gathering.DAILY,
        zone="Asia/Seoul",
        quiet=QuietHours(start=time(22), end=time(7)),
        minimum_age=timedelta(minutes=30),
    )
    assert not store.outbox.change(9, "type:easing", Habits(), now=NOW)
    assert store.outbox.change(2, "type:easing", Habits(), now=NOW)
    store.close()
    shown = tracker.run("subscriptions").stdout
    assert "type:easing" in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    "words",
    [
        ("--quiet", "22-7"),
        ("--quiet", "07:00-07:00"),
        ("--quiet", "25:00-07:00"),
        ("--zone", "Seoul"),
        ("--minimum-age", "30"),
    ],
)
def test_habits_that_cannot_be_read_are_refused(tracker: Installed, words: tuple[str, str]) -> None:
    done = tracker.run("subscribe", "--slack", "C9", *words, ok=False)
    assert done.returncode == 2
    assert "expected" in done.stderr
