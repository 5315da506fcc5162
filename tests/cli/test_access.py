"""`tracker access`: the access board on the terminal."""

import csv
import json
from io import StringIO

import pytest

from tests.pipeline.affair import AFFAIR
from tests.running import Installed


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """One database for all tests, which only read."""
    installed = Installed(tmp_path_factory.mktemp("access"))
    installed.run("ingest", str(AFFAIR / "articles.jsonl"))
    return installed


def test_a_row_says_since_when_and_by_whose_words_in_80_columns(tracker: Installed) -> None:
    told = tracker.run("access", "--model", "Claude Mythos 5", "--country", "Germany", "--as-of", "2026-06-20").stdout
    assert max(map(len, told.splitlines())) <= 80
    flat = " ".join(told.split())
    assert "Access on 20 June 2026" in flat
    assert "Claude Mythos 5 DE foreign users blocked 2026-06-1" in flat
    assert "suspend access to Claude Mythos 5" in flat or "suspend foreign access to Mythos 5" in flat
    assert "sources disagree: by Commerce Department" in flat


def test_what_was_known_is_another_answer_than_what_held(tracker: Installed) -> None:
    def found(*options: str) -> str:
        asked = tracker.run("access", "--model", "Claude Mythos 5", "--country", "JP", "--format", "json", *options)
        (cell,) = json.loads(asked.stdout)
        return str(cell["access"])

    assert found("--as-of", "2026-06-30") == "open"
    assert found("--as-of", "2026-06-30", "--known-at", "2026-06-20") == "blocked"
    assert found("--as-of", "2026-06-30", "--known-at", "2026-06-11") == "unknown"


def test_every_form_has_the_evidence(tracker: Installed) -> None:
    asked = ("access", "--as-of", "2026-07-31")
    cells = json.loads(tracker.run(*asked, "--format", "json").stdout)
    opened = next(c for c in cells if (c["subject"]["name"], c["country"]) == ("Claude Mythos 5", "*"))
    assert [change["access"] for change in opened["history"]] == ["blocked", "open"]
    assert opened["decided_by"]["quote"]
    assert opened["decided_by"]["url"].startswith("https://")
    assert {one["field"] for one in opened["contested"]} >= {"By", "Announced"}
    lines = tracker.run(*asked, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == cells
    rows = list(csv.DictReader(StringIO(tracker.run(*asked, "--format", "csv").stdout)))
    assert [row["access"] for row in rows] == [cell["access"] for cell in cells]
    assert all(row["quote"] for row in rows if row["access"] != "unknown")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--model", "Cluade"), "Cluade: no model of this name is known; did you mean “claude”?"),
        (("--chip", "Claude"), "Claude: no chip of this name is known"),
        (("--country", "Atlantis"), "Atlantis: expected a country such as KR or Korea, or * for all abroad"),
        (("--as-of", "soon"), "--as-of soon: expected a day such as 2026-06-13"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(tracker: Installed, asked: tuple[str, ...], said: str) -> None:
    failed = tracker.run("access", *asked, ok=False)
    assert failed.returncode == 2
    assert said in " ".join(failed.stderr.split())


def test_what_nobody_reported_on_is_unknown(tracker: Installed) -> None:
    told = tracker.run("access", "--model", "Qwen", "--country", "FR", "--as-of", "2026-07-31").stdout
    assert "Qwen" in told
    assert "unknown" in told
    assert "No restriction or easing" in tracker.run("access", "--as-of", "2026-01-01").stdout
