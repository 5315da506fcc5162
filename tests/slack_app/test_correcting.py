"""Editors put events right from Slack; nobody else does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.making import NOW, make_report
from tests.store.test_regroupings import BLOCKED, HELIUM, events, stories, tell
from tracker.config import load_settings
from tracker.slack_app.commands import Caller, run_command
from tracker.store import Store


@pytest.fixture
def told(sqlite_url: str) -> Iterator[Store]:
    store = Store.open(sqlite_url)
    tell(store, 1, BLOCKED)
    tell(store, 2, HELIUM, make_report(targets=("GLM-5.2",)))
    yield store
    store.close()


def say(store: Store, folder: Path, text: str, *, user: str = "U012AB3CD") -> str:
    path = folder / "config.toml"
    path.write_text('[slack]\neditors = ["U012AB3CD"]', encoding="utf-8")
    caller = Caller(user=user, channel="C1", is_direct=False)
    return run_command(text, store=store, settings=load_settings(path), caller=caller, now=NOW).text


def test_an_editor_merges_and_splits(told: Store, tmp_path: Path) -> None:
    assert say(told, tmp_path, "merge S1 s2 # one letter") == "S1 now holds them all."
    assert stories(told) == {1: [1, 2]}
    (kept,) = told.regroupings.of_articles([1])
    assert (kept.by, kept.why) == ("Slack member U012AB3CD", "one letter")
    assert say(told, tmp_path, "split S1 A2").startswith("A2 now in S")
    assert len(stories(told)) == 2


def test_an_editor_corrects_an_event(told: Store, tmp_path: Path) -> None:
    said = say(told, tmp_path, "correct E1 type easing # the order lifts it")
    assert said == "E1: US eases controls on Fable 5"
    assert say(told, tmp_path, "correct E1 no event") == "That is no event any more."
    assert list(events(told)) == [2]


def test_others_are_told_who_may(told: Store, tmp_path: Path) -> None:
    assert "U999, is not among" in say(told, tmp_path, "merge S1 S2", user="U999")
    assert len(stories(told)) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("merge", "expected two or more"),
        ("split S1", "S3 A4 A7"),
        ("correct", "expected E12"),
        ("correct E1 foo bar", "foo is no answer here"),
    ],
)
def test_what_cannot_be_read_says_how_it_is_written(told: Store, tmp_path: Path, text: str, words: str) -> None:
    assert words in say(told, tmp_path, text)
