"""`tracker entities --review`: a person says of each new name what it is, at a terminal or from a file."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.running import TRACKER, Installed

TEXT = """US adds Orinoco Semiconductor to Entity List

The U.S. Commerce Department has put Orinoco Semiconductor on its list of companies that need a licence to buy advanced
AI chips. It said on 12 June 2026 that the supplier Orinoco Semiconductor had sold them to China. Its latest AI model,
Velar 3, is open.
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the article read; each test has a copy."""
    program = Installed(tmp_path_factory.mktemp("read"))
    program.configure("")
    (program.folder / "first.txt").write_text(TEXT, encoding="utf-8")
    program.run("ingest", "first.txt", "--published", "2026-06-13", "--source", "first press")
    return program.folder


@pytest.fixture
def installed(read: Path, tmp_path: Path) -> Installed:
    return Installed(Path(shutil.copytree(read, tmp_path / "copy")))


def review(program: Installed, *answers: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
    typed = "".join(f"{answer}\n" for answer in answers)
    return program.run("entities", "--review", "--by", "mira", ok=ok, typed=typed)


def history(program: Installed) -> list[tuple[str, ...]]:
    rows: list[dict[str, Any]] = json.loads(program.run("entities", "history", "--format", "json").stdout)
    return [(row["action"], row["name"], row["into"] or row["entity_id"], row["why"] or "") for row in rows]


def candidates(program: Installed) -> list[str]:
    rows = json.loads(program.run("entities", "candidates", "--format", "json").stdout)
    return [row["name"] for row in rows]


def test_each_name_is_shown_where_it_stands_and_each_answer_is_kept(installed: Installed) -> None:
    printed = review(installed, "company; country KR; alias Velarium  # its web site", "reject").stdout.splitlines()
    assert printed[3] == "1/2  Orinoco Semiconductor  company 0.95"
    assert "“The U.S. Commerce Department has put Orinoco Semiconductor on" in printed[5]
    assert "need a licence to buy advanced AI chips. It said" in " ".join(" ".join(printed[5:9]).split())
    assert "Orinoco Semiconductor is company/orinoco-semiconductor; 1 article linked." in printed
    assert printed[-2:] == ["Velar 3 is no entity.", "2 answers kept, 0 skipped."]
    assert max(map(len, printed)) <= 80
    assert history(installed) == [
        ("add", "Orinoco Semiconductor", "company/orinoco-semiconductor", "its web site"),
        ("reject", "Velar 3", "model/velar-3", ""),
    ]
    assert "Velarium" in installed.run("entities", "history").stdout
    assert candidates(installed) == []


def test_a_name_taken_for_the_wrong_kind_becomes_what_it_is(installed: Installed) -> None:
    review(installed, "skip", "chip; developer nvidia")
    assert candidates(installed) == ["Orinoco Semiconductor"]
    (chip,) = json.loads(installed.run("entities", "--kind", "chip", "--format", "json").stdout)
    assert (chip["entity_id"], chip["known"], chip["articles"]) == ("chip/velar-3", "", 1)


@pytest.mark.parametrize("word", ["alias", "merge"])
def test_a_name_becomes_another_name_of_a_known_entity(installed: Installed, word: str) -> None:
    printed = review(installed, f"{word} nvidia", "quit").stdout
    assert "Orinoco Semiconductor is company/nvidia; 1 article linked." in printed
    assert candidates(installed) == ["Velar 3"]


def test_a_name_that_an_answer_settled_is_not_asked_for(installed: Installed) -> None:
    printed = review(installed, "yes; alias Velarium", "yes; weights open").stdout
    assert "Velar 3 is model/velar-3" in printed
    again = review(installed)
    assert again.stdout == "No candidates: every name that was found is known or was judged.\n"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("perhaps", "perhaps is no answer here; expected company, model, chip, agency, yes, alias NAME, merge NAME"),
        ("country", "country is no answer here"),
        ("merge", "merge is no answer here"),
        ("merge nobody at all", "no entity is called nobody at all; see tracker entities list."),
        ("reject; country KR", "nothing follows reject after a semicolon; fields follow company, model, chip"),
        ("yes; colour red", "colour red: expected country NAME, developer NAME, family NAME, weights open or closed"),
        ("model; weights heavy", "weights heavy: expected country NAME"),
        ("company; country Atlantis", "Atlantis is no country; expected a code such as KR, or EU"),
    ],
)
def test_an_answer_that_does_not_fit_ends_what_is_piped_in(installed: Installed, answer: str, said: str) -> None:
    done = review(installed, "skip", answer, "reject", ok=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"Error: answer 2: {said}")
    assert done.stderr.endswith("what was answered before it is kept\n")
    assert history(installed) == []


def test_at_a_terminal_the_question_is_asked_again(installed: Installed) -> None:
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"perhaps\n?\nmerge nvidia  # their subsidiary\n\x04")
    done = subprocess.run(
        [TRACKER, "entities", "--review", "--by", "mira"],
        cwd=installed.folder,
        env=installed.variables(),
        stdin=terminal,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    os.close(keyboard)
    os.close(terminal)
    assert "perhaps is no answer here" in done.stdout
    assert "Why may follow any answer" in done.stdout
    assert "1 answer kept, 0 skipped." in done.stdout
    assert history(installed) == [
        ("merge", "Orinoco Semiconductor", "company/nvidia", "their subsidiary"),
    ]


def test_answers_that_are_no_text_are_refused(installed: Installed) -> None:
    done = subprocess.run(
        [TRACKER, "entities", "--review"],
        cwd=installed.folder,
        env=installed.variables() | {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8:strict"},
        input=b"reject \xff\n",
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2
    assert b"Error: answer 1: is no UTF-8 text" in done.stderr


def test_options_of_the_review_do_not_stand_before_another_command(installed: Installed) -> None:
    done = installed.run("entities", "--review", "candidates", ok=False)
    assert (done.returncode, "options belong behind the command" in done.stderr) == (2, True)


def test_the_review_asks_only_for_the_kind_and_name_that_are_wanted(installed: Installed) -> None:
    done = installed.run("entities", "--review", "--kind", "model", "--name", "VELAR", typed="skip\n")
    assert "1/1  Velar 3  model" in done.stdout
    assert "No candidates" in installed.run("entities", "--review", "--name", "no such name", typed="").stdout
