"""`tracker events --review` and `tracker export --gold`: what people say of reports becomes labelled documents."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.running import Installed

LISTING = """US adds Orinoco Semiconductor to Entity List

The U.S. Commerce Department has put Orinoco Semiconductor on its list of companies that need a licence to buy advanced
AI chips. It said on 12 June 2026 that the supplier Orinoco Semiconductor had sold them to China.
"""
RELEASE = """Anthropic releases Claude Opus 4.8

Anthropic released Claude Opus 4.8 on 3 June 2026. Commerce Secretary said the United States will grant Nvidia a licence
to sell H20 chips to China on Monday.
"""
NOTHING = "Nothing is left to review here; --again asks once more.\n"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both articles read; each test has a copy."""
    program = Installed(tmp_path_factory.mktemp("read"))
    program.configure("")
    for name, text in (("listing", LISTING), ("release", RELEASE)):
        (program.folder / f"{name}.txt").write_text(text, encoding="utf-8")
    program.run("ingest", "listing.txt", "--published", "2026-06-13", "--source", "first press")
    program.run("ingest", "release.txt", "--published", "2026-06-13", "--source", "second press")
    return program.folder


@pytest.fixture
def installed(read: Path, tmp_path: Path) -> Installed:
    return Installed(Path(shutil.copytree(read, tmp_path / "copy")))


def review(
    program: Installed, *answers: str, filters: tuple[str, ...] = (), ok: bool = True
) -> subprocess.CompletedProcess[str]:
    typed = "".join(f"{answer}\n" for answer in answers)
    return program.run("events", "--review", "--by", "mira", *filters, ok=ok, typed=typed)


def export(program: Installed) -> tuple[str, dict[str, dict[str, Any]]]:
    printed = program.run("export", "--gold", "gold.jsonl").stdout
    lines = (program.folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return printed, {row["id"]: row for row in map(json.loads, lines)}


def test_each_report_is_shown_with_its_quotes_and_then_the_article_as_a_whole(installed: Installed) -> None:
    printed = review(installed, "read", "right", "right", "right", filters=("--type", "listing")).stdout
    lines = printed.splitlines()
    assert "A1  US adds Orinoco Semiconductor to Entity List" in lines
    assert "1 of 2  listing (act)" in lines
    assert "2 of 2  restriction (background: makes no event)" in lines
    assert "    type      listing  “adds Orinoco Semiconductor to Entity List”" in [line.rstrip() for line in lines]
    assert "It said on 12 June 2026 that the supplier" in " ".join(printed.split())
    whole = [line.strip() for line in lines[lines.index("A1 as a whole") :]]
    assert whole[1:5] == [
        "types      listing",
        "date       2026-06-12",
        "actors     Commerce Department",
        "targets    Orinoco Semiconductor",
    ]
    assert whole[-1] == "3 answers kept, 0 skipped."
    assert max(map(len, lines)) <= 80
    assert review(installed, filters=("--type", "listing")).stdout == NOTHING


def test_a_correction_shows_at_once_with_who_says_so(installed: Installed) -> None:
    review(
        installed, "type easing; modality intent; date none  # it is a licence", "quit", filters=("--type", "listing")
    )
    (event,) = json.loads(installed.run("events", "--type", "easing", "--text", "Orinoco", "--format", "json").stdout)
    assert (event["type"], event["modality"], event["date"]) == ("easing", "intent", None)
    shown = " ".join(installed.run("show", f"E{event['id']}").stdout.split())
    said = "reviewed type easing; modality intent; date none (it is a licence), says mira, "
    assert said in shown
    assert "read as listing (act)" in shown


def test_reviewed_articles_become_gold_that_is_evaluated(installed: Installed) -> None:
    review(
        installed,
        "actors BIS; targets country/CN, Orinoco Semiconductor; date 2026-06-11",
        "no event",
        "companies +AMD; types listing, enforcement",
        filters=("--type", "listing"),
    )
    review(installed, "right", filters=("--company", "Anthropic"))
    printed, gold = export(installed)
    assert printed == "1 article written to gold.jsonl; 1 left out, whose review is not finished.\n"
    assert gold.keys() == {"A1"}
    row = gold["A1"]
    assert (row["title"], row["lang"], row["published"][:10]) == (LISTING.splitlines()[0], "en", "2026-06-13")
    assert row["event_types"] == ["listing", "enforcement"]
    assert row["main_event_date"] == "2026-06-11"
    assert row["actors"] == ["BIS"]
    assert row["targets"] == ["CN", "Orinoco Semiconductor"]
    assert row["companies"] == ["Orinoco Semiconductor", "AMD"]
    measured = json.loads(installed.run("evaluate", "gold.jsonl", "--format", "json").stdout)
    assert measured["documents"] == 1
    (worst,) = measured["worst"]
    assert "companies: AMD is missing" in worst["errors"]
    assert "main_event_date: 2026-06-12 for 2026-06-11" in worst["errors"]
    assert "event_types: enforcement is missing" in worst["errors"]


def test_what_was_reviewed_is_asked_again_only_on_request(installed: Installed) -> None:
    wanted = ("--type", "listing")
    review(installed, "right", "right", "companies +AMD", filters=wanted)
    again = review(installed, "no event", "skip", filters=(*wanted, "--again")).stdout
    assert "companies  Orinoco Semiconductor, AMD" in again
    assert "1 answer kept, 1 skipped." in again
    assert export(installed)[1] == {}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("type nonsense", "type nonsense: expected restriction, easing, listing"),
        ("actors Nobody Known", "no entity is called Nobody Known; see tracker entities list."),
        ("perhaps", "perhaps is no answer here; expected right, no event, or one of type, modality, date, actors"),
    ],
)
def test_an_answer_that_does_not_fit_ends_what_is_piped_in(installed: Installed, answer: str, said: str) -> None:
    done = review(installed, "help", "right", answer, "right", filters=("--type", "listing"), ok=False)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: answer 3: {said}")
    assert "Why may follow" in done.stdout
    assert export(installed)[0] == "0 articles written to gold.jsonl; 1 left out, whose review is not finished.\n"


def test_options_that_go_together_are_asked_for_together(installed: Installed) -> None:
    done = installed.run("events", "--again", ok=False)
    assert (done.returncode, done.stderr) == (2, "Error: --again and --by go with --review\n")
    done = installed.run("events", "--review", "--format", "json", ok=False)
    assert (done.returncode, "leave out --format" in done.stderr) == (2, True)
    assert installed.run("events", "--review", "--company", "Nobody", typed="").stdout.startswith("No events match.")


def test_a_file_that_cannot_be_written_is_named(installed: Installed) -> None:
    done = installed.run("export", "--gold", "no/folder/gold.jsonl", ok=False)
    assert (done.returncode, done.stderr) == (
        2,
        "Error: no/folder/gold.jsonl: cannot be written: No such file or directory\n",
    )
