"""`tracker exposure`, `--min-severity` and `exposure:yes`: what events mean for one's own services."""

import json
from pathlib import Path

import pytest

from tests.running import Installed

SERVICES = """
[[services]]
name = "Support bot"
models = ["Claude"]
staff = ["NL"]
customers = ["KR", "Japan"]

[[services]]
name = "Cluster"
chips = ["H20"]
vendors = ["Nvidia"]
customers = ["SG"]
"""
ORDER = (
    "US cuts off foreign access to Claude\n\nThe Commerce Department on Friday ordered Anthropic to cut off foreign "
    "nationals from Claude, effective June 15, 2026.\n"
)
RELEASE = (
    "Mistral AI releases Mistral Large 5\n\nMistral AI on Friday released Mistral Large 5, an open-weight AI model, "
    "outside US export controls.\n"
)


def installed(folder: Path, services: str = SERVICES) -> Installed:
    tracker = Installed(folder)
    tracker.configure('[exposure]\npath = "exposure.toml"\n')
    (folder / "exposure.toml").write_text(services, encoding="utf-8")
    return tracker


def ingest(tracker: Installed, text: str, source: str) -> str:
    (tracker.folder / "article.txt").write_text(text, encoding="utf-8")
    url = f"https://{source}.example/article"
    return tracker.run("ingest", "article.txt", "--published", "2026-06-13", "--source", source, "--url", url).stdout


def test_an_event_says_in_every_list_whom_it_affects_and_how_severe_it_is(tmp_path: Path) -> None:
    tracker = installed(tmp_path)
    tracker.run("subscribe", "--slack", "C0123", "--filter", "severity:>=60 exposure:yes")
    assert "Affects you: Support bot: Claude in NL, KR, JP" in " ".join(ingest(tracker, ORDER, "ledger").split())
    assert "Not sent" not in ingest(tracker, RELEASE, "market")
    shown = " ".join(tracker.run("show", "E1").stdout.split())
    assert "Affects Support bot: Claude in NL, KR, JP" in shown
    assert "Severity 80 (restriction 30, act 10, in force 15, hits model and foreign users 13" in shown
    assert "Credibility 0.45 (press 0.3, nothing contested 0.15)" in shown
    (severe,) = json.loads(tracker.run("events", "--min-severity", "70", "--format", "json").stdout)
    assert severe["severity"]["value"] == 80 == sum(severe["severity"]["parts"].values())
    assert severe["affects"] == ["Support bot: Claude in NL, KR, JP"]
    assert len(json.loads(tracker.run("events", "--format", "json").stdout)) == 2
    assert len(json.loads(tracker.run("stories", "--min-severity", "70", "--format", "json").stdout)) == 1
    assert json.loads(tracker.run("events", "--min-severity", "95", "--format", "json").stdout) == []


def test_services_are_listed_with_what_affects_them_and_what_could_stand_in(tmp_path: Path) -> None:
    tracker = installed(tmp_path)
    ingest(tracker, ORDER, "ledger")
    told = tracker.run("exposure", "--days", "3660").stdout
    assert "Support bot: uses Claude; people in NL, KR, JP\n" in told
    assert "      Commerce Department restricts Claude\n" in told
    assert "  Open weights that could stand in for Claude\n" in told
    assert "Cluster: uses H20, Nvidia; people in SG\n  No event of the last 3,660 days affects it.\n" in told
    assert max(map(len, told.splitlines())) <= 80
    chosen = tracker.run(
        "exposure", "--days", "3660", "--licence", "apache", "--developer-country", "France", "-f", "json"
    )
    (bot, cluster) = json.loads(chosen.stdout)
    assert {(one["country"], one["licence"]) for one in bot["alternatives"]["Claude"]} == {("FR", "Apache-2.0")}
    assert cluster["events"] == []
    failed = tracker.run("exposure", "--developer-country", "Atlantis", ok=False)
    assert (failed.returncode, "expected a country such as FR" in failed.stderr) == (2, True)


@pytest.mark.parametrize(
    ("services", "said"),
    [
        ('[[services]]\nname = "Bot"\n', "services[1]: expected models, chips or vendors that 'Bot' uses"),
        ('[[services]]\nname = "Bot"\nmodels = "Claude"\n', "services[1].models: expected a list of models"),
        ('[[services]]\nname = "Bot"\nmodels = ["Cluade"]\n', "services[1].models: expected the name of a known model"),
        (
            '[[services]]\nname = "Bot"\nmodels = ["Claude"]\nstaff = ["Koera"]\n',
            "services[1].staff: expected the name",
        ),
        (
            '[[services]]\nname = "Bot"\nmodel = ["Claude"]\n',
            "services[1].model: there is no such key; expected one of",
        ),
        ("[[services]\n", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_with_its_key(tmp_path: Path, services: str, said: str) -> None:
    tracker = installed(tmp_path, services)
    for command in (["exposure"], ["run", "--once"], ["serve"]):
        failed = tracker.run(*command, ok=False)
        assert failed.returncode == 2
        assert f"exposure.toml: {said}" in " ".join(failed.stderr.split())
        assert "Traceback" not in failed.stderr


def test_a_file_that_is_not_there_and_none_at_all_are_told_apart(tmp_path: Path) -> None:
    tracker = Installed(tmp_path)
    tracker.configure('[exposure]\npath = "exposure.toml"\n')
    failed = tracker.run("exposure", ok=False)
    assert failed.returncode == 2
    assert "exposure.toml: cannot be read" in failed.stderr
    tracker.configure("")
    failed = tracker.run("exposure", ok=False)
    assert failed.returncode == 2
    assert "no services are declared" in failed.stderr
    asked = tracker.run("subscribe", "--slack", "C0123", "--filter", "exposure:yes")
    assert "No services are declared yet" in asked.stdout


def test_the_example_in_the_documents_is_read(tmp_path: Path) -> None:
    example = (Path(__file__).parents[2] / "docs" / "examples" / "exposure.toml").read_text(encoding="utf-8")
    assert "Fine-tuning cluster" in installed(tmp_path, example).run("exposure").stdout
