"""A second reader as its user meets it: in settings, in `tracker show`, in `tracker analyze`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Installed
from tests.servers.llm import KEY, Model, serve_model

TITLE = "US bars exports of Nvidia's H20 to China"
TEXT = "The US Commerce Department barred exports of Nvidia's H20 chips to China on Tuesday, officials said."
CLAIM: dict[str, object] = {
    "type": "restriction",
    "modality": "rumour",
    "quote": "barred exports",
    "date": None,
    "date_quote": None,
    "actors": [],
    "targets": [],
}


@pytest.fixture
def model() -> Iterator[Model]:
    with serve_model() as running:
        running.answer = {"events": [CLAIM]}
        yield running


@pytest.fixture
def installed(tmp_path: Path, model: Model) -> Installed:
    installed = Installed(tmp_path, {"LLM_API_KEY": KEY})
    installed.configure(f'[understand]\nllm = "openai:gpt-test"\nllm_url = "{model.url}"\n')
    document = {"id": "d1", "lang": "en", "published": "2026-06-18", "title": TITLE, "text": TEXT}
    (tmp_path / "documents.jsonl").write_text(json.dumps(document), encoding="utf-8")
    return installed


def test_what_is_read_otherwise_is_shown_beside_what_the_rules_say(installed: Installed) -> None:
    installed.run("ingest", "documents.jsonl")
    shown = installed.run("show", "E1").stdout
    assert "E1  restriction  2026-06-16" in shown
    assert "    disputed  modality: rumour, says gpt-test  “barred exports”" in shown


def test_an_event_that_only_the_second_reader_sees_is_shown_with_its_article(
    installed: Installed, model: Model
) -> None:
    title = "US could cut off China's access to Claude"
    text = "The US Commerce Department could cut off China's access to Claude, officials said on Tuesday."
    model.answer = {"events": [CLAIM | {"quote": "cut off China's access", "modality": "act"}]}
    document = {"id": "d2", "lang": "en", "published": "2026-06-18", "title": title, "text": text}
    (installed.folder / "documents.jsonl").write_text(json.dumps(document), encoding="utf-8")
    installed.run("ingest", "documents.jsonl")
    assert (
        "  disputed  event: restriction, says gpt-test  “cut off China's access”" in installed.run("show", "A1").stdout
    )


def test_analyze_asks_the_second_reader_where_told_to_and_never_twice(installed: Installed, model: Model) -> None:
    (alone,) = map(json.loads, installed.run("analyze", "documents.jsonl").stdout.splitlines())
    assert (alone["reports"][0]["disputes"], model.asked) == ([], [])
    for _ in range(2):
        (read,) = map(json.loads, installed.run("analyze", "documents.jsonl", "--second-reader").stdout.splitlines())
        (dispute,) = read["reports"][0]["disputes"]
        assert (dispute["field"], dispute["value"], dispute["quote"]["text"]) == (
            "modality",
            "rumour",
            "barred exports",
        )
        assert read["reports"][0]["modality"] == "act"
    assert len(model.asked) == 1


def test_analyze_says_that_there_is_no_second_reader(installed: Installed) -> None:
    installed.configure("")
    done = installed.run("analyze", "documents.jsonl", "--second-reader", ok=False)
    assert (done.returncode, "expected understand.llm in the settings file" in done.stderr) == (2, True)


def test_a_vendor_without_a_key_is_told_at_start(installed: Installed) -> None:
    installed.configure('[understand]\nllm = "anthropic:claude-test"\n')
    done = Installed(installed.folder).run("understand", ok=False, width=200)
    assert done.returncode == 2
    assert (
        "config.toml: understand.llm: expected the environment variable LLM_API_KEY, or understand.llm_url"
        in done.stderr
    )
    Installed(installed.folder).run("events")
