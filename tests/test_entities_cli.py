"""People teach the program names from the command line, and it answers in plain words."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.running import Installed

FIRST = """US adds Orinoco Semiconductor to Entity List

The U.S. Commerce Department has put Orinoco Semiconductor on its list of companies that need a licence to buy advanced
AI chips. It said on 12 June 2026 that the supplier Orinoco Semiconductor had sold them to China. Its latest AI model,
Velar 3, is open.
"""
SECOND = """Velarium loses its last supplier

The Bureau of Industry and Security told Nvidia on 15 June 2026 to stop exports of AI chips to Velarium, whose data
centres stand in Shenzhen. China's commerce ministry protested at once.
"""


@pytest.fixture
def empty(tmp_path: Path) -> Installed:
    program = Installed(tmp_path)
    program.configure("")
    return program


@pytest.fixture
def installed(empty: Installed) -> Installed:
    read(empty, "first", FIRST, "2026-06-13")
    return empty


def read(program: Installed, name: str, text: str, day: str) -> None:
    path = program.folder / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    program.run("ingest", str(path), "--published", day, "--source", f"{name} press")


def rows(program: Installed, *command: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(program.run(*command, "--format", "json").stdout)
    return found


def test_candidates_are_listed_with_what_speaks_for_them(installed: Installed) -> None:
    company, model = rows(installed, "entities", "candidates")
    assert (company["name"], company["kind"], company["articles"], company["publishers"]) == (
        "Orinoco Semiconductor",
        "company",
        1,
        1,
    )
    assert company["score"] == company["confidence"] > model["score"] > 0
    assert company["first_seen"].startswith("2026-06-13")
    assert company["quote"].startswith("The U.S. Commerce Department has put Orinoco Semiconductor on its list of")
    assert [row["name"] for row in rows(installed, "entities", "candidates", "--kind", "model")] == ["Velar 3"]
    assert rows(installed, "entities", "candidates", "--min-articles", "2") == []


def test_candidates_fit_a_narrow_terminal(installed: Installed) -> None:
    printed = installed.run("entities", "candidates", width=60).stdout.splitlines()
    assert printed[0] == "0.95  company  Orinoco Semiconductor"
    assert printed[1].strip() == "1 article, 1 publisher, since 2026-06-13"
    assert max(map(len, printed)) <= 60


def test_an_accepted_name_is_no_candidate_and_the_next_article_links_its_alias(installed: Installed) -> None:
    said = ("entities", "add", "company", "Orinoco Semiconductor", "--alias", "Velarium", "--country", "KR")
    printed = installed.run(*said, "--by", "mira", "--why", "its web site").stdout
    assert printed == "Added Orinoco Semiconductor as company/orinoco-semiconductor; 1 article linked.\n"
    read(installed, "second", SECOND, "2026-06-15")
    (listed,) = rows(installed, "entities", "--name", "orinoco")
    assert (listed["articles"], listed["known"]) == (2, "")
    events = rows(installed, "events", "--company", "velarium")
    assert {witness["article_id"] for event in events for witness in event["witnesses"]} == {1, 2}
    (kept,) = rows(installed, "entities", "history")
    assert (kept["action"], kept["by"], kept["why"]) == ("add", "mira", "its web site")


def test_merged_and_rejected_names_are_no_candidates(installed: Installed) -> None:
    assert installed.run("entities", "merge", "Orinoco Semiconductor", "nvidia").stdout == (
        "Orinoco Semiconductor (company/orinoco-semiconductor) is company/nvidia now; 1 article linked.\n"
    )
    assert installed.run("entities", "reject", "velar 3").stdout == "Velar 3 (model/velar-3) is no entity.\n"
    assert "No candidates" in installed.run("entities", "candidates").stdout
    assert [row["action"] for row in rows(installed, "entities", "history")] == ["merge", "reject"]


def test_the_listing_stands_alone_and_as_a_command(installed: Installed) -> None:
    alone = installed.run("entities", "--kind", "company", "--limit", "1").stdout
    assert alone == installed.run("entities", "list", "--kind", "company", "--limit", "1").stdout
    assert "company" in alone


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("add", "company", "NVIDIA"), "Error: NVIDIA is known already, as company/nvidia"),
        (("add", "company", "Foo", "--alias", "nvidia"), "Error: nvidia is a name of company/nvidia (Nvidia) already"),
        (("add", "company", "Foo", "--country", "Atlantis"), "Error: Atlantis is no country; expected a code such as"),
        (("add", "model", "Foo 3", "--developer", "nobody"), "Error: no company is called nobody"),
        (("alias", "company/nobody", "Foo"), "Error: no entity is called company/nobody"),
        (("merge", "nobody", "nvidia"), "Error: nothing is called nobody; see tracker entities candidates"),
        (("merge", "company/amd", "nobody"), "Error: no entity is called nobody"),
        (("reject", "nvidia"), "Error: Nvidia (company/nvidia) is shipped with the program"),
        (("--kind", "model", "candidates"), "Error: options belong behind the command"),
    ],
)
def test_what_does_not_fit_is_one_message_and_exit_code_2(
    empty: Installed, command: tuple[str, ...], said: str
) -> None:
    done = empty.run("entities", *command, ok=False)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert rows(empty, "entities", "history") == []
