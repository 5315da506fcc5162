"""docs/sources.md says all that there is to say of a kind of source, and its examples can be used as they stand."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from tracker.collect.health import Condition
from tracker.collect.kinds import KINDS, check_source
from tracker.config import File, SourceSettings

DOCUMENT = (Path(__file__).resolve().parents[1] / "docs" / "sources.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", DOCUMENT, flags=re.MULTILINE | re.DOTALL))


def examples(kind: str) -> tuple[SourceSettings, ...]:
    text = "\n".join(re.findall(r"```toml\n(.*?)```", SECTIONS[kind], flags=re.DOTALL))
    return File.model_validate(tomllib.loads(text)).sources


def test_every_kind_has_its_section_and_its_line_in_the_table() -> None:
    assert sorted(SECTIONS) == sorted(KINDS)
    assert sorted(re.findall(r"^\| \[`(\w+)`\]\(#\1\) \|", DOCUMENT, flags=re.MULTILINE)) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_of_a_kind_is_told_and_no_other(kind: str) -> None:
    fields = KINDS[kind].options.model_fields
    told = re.findall(r"^\| `(\w+)` \|", SECTIONS[kind], flags=re.MULTILINE)
    assert told == [field.alias or name for name, field in fields.items()]


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_a_kind_are_of_it_and_can_be_used(kind: str) -> None:
    found = examples(kind)
    assert {source.kind for source in found} == {kind}
    for source in found:
        check_source(source.as_source())


@pytest.mark.parametrize("kind", KINDS)
def test_the_options_that_a_kind_cannot_do_without_are_told_to_have_no_default(kind: str) -> None:
    required = [name for name, field in KINDS[kind].options.model_fields.items() if field.is_required()]
    told = re.findall(r"^\| `(\w+)` \| – \|", SECTIONS[kind], flags=re.MULTILINE)
    assert [name for name in required if name not in told] == []


def test_every_condition_is_told_in_the_order_in_which_they_need_a_person() -> None:
    health = DOCUMENT.partition("## Health")[2]
    assert re.findall(r"^\| ([a-z ]+) \| ", health, flags=re.MULTILINE)[1:] == list(Condition)


def test_the_bounds_of_health_are_those_that_are_judged_by() -> None:
    bounds = tomllib.loads(files("tracker.collect").joinpath("health.toml").read_text(encoding="utf-8"))
    health = DOCUMENT.partition("## Health")[2]
    days = [*bounds["stale_days"].values(), *bounds["stale_days_of_kind"].values()]
    shares = [f"{one['share']:.0%}".replace("%", " %") for one in bounds["off_topic"].values()]
    entries = [f"the last {one['entries']} or more" for one in bounds["off_topic"].values()]
    assert [said for said in (*map(str, days), *shares, *entries) if said not in health] == []
