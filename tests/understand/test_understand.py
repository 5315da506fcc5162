"""The stage as a whole."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.types import Part, Quote, Understanding
from tracker.understand import Understander, flatten
from tracker.understand.language import detect_language

GOLD = Path(__file__).parent.parent / "data" / "gold" / "understand.jsonl"
PUBLISHED = datetime(2026, 6, 18, tzinfo=UTC)


def quotes(found: Understanding) -> list[Quote]:
    mentions = [*found.mentions, *(m for r in found.reports for m in (*r.actors, *r.targets, *r.named))]
    dates = [date.quote for report in found.reports for date in report.dates]
    details = [one.quote for r in found.reports for one in (*r.instruments, *r.quantities, r.user_class) if one]
    cues = [quote for r in found.reports for quote in (r.cue, r.sentence)]
    return [*(m.quote for m in mentions), *cues, *dates, *details]


def assert_grounded(found: Understanding, title: str, text: str) -> None:
    parts = {Part.TITLE: title, Part.TEXT: text}
    for quote in quotes(found):
        assert parts[quote.part][quote.start : quote.end] == quote.text


@pytest.mark.parametrize("line", GOLD.read_text(encoding="utf-8").splitlines(), ids=lambda line: json.loads(line)["id"])
def test_every_field_of_every_report_is_quoted_at_its_offsets(understander: Understander, line: str) -> None:
    row = json.loads(line)
    found = understander.understand(title=row["title"], text=row["text"], language=row["lang"], published_at=PUBLISHED)
    assert_grounded(found, row["title"], row["text"])


def test_our_own_documents_are_read_as_well_as_before(understander: Understander) -> None:
    wrong: Counter[str] = Counter()
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = understander.understand(
            title=row["title"], text=row["text"], language=row["lang"], published_at=PUBLISHED
        )
        flat = flatten(found)
        wrong["relevance"] += flat["relevant"] is not row["relevant"]
        accepted = {*row["countries"], *row["optional"].get("countries", [])}
        wrong["countries"] += len(set(flat["countries"]) - accepted) + len(
            set(row["countries"]) - set(flat["countries"])
        )
    assert wrong["relevance"] <= 1
    assert wrong["countries"] <= 5


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=400))
def test_no_text_breaks_it(understander: Understander, title: str, text: str) -> None:
    text = f"US bans AI chips. {text}"
    assert_grounded(understander.understand(title=title, text=text, language=None, published_at=PUBLISHED), title, text)


def test_the_same_text_gives_the_same_understanding(understander: Understander) -> None:
    text = "The White House banned exports of Zephyrine 2, a 70B model by Orchid Lantern Systems, to China on Monday."
    one, two = (understander.understand(title="Ban", text=text, language="en", published_at=PUBLISHED) for _ in "ab")
    assert one == two


def test_the_flat_view_names_an_entity_once_and_as_the_text_does(understander: Understander) -> None:
    text = "China's export controls hit NVIDIA Corp. Nvidia said the Department of Commerce (DOC) knew. Opus 4.8 is out, said Anthropic."
    flat = flatten(understander.understand(title="", text=text, language="en", published_at=None))
    assert flat["companies"] == ["Nvidia", "Anthropic"]
    assert flat["models"] == ["Opus 4.8"]
    assert flat["countries"] == ["CN", "US"]
    assert flat["main_event_date"] is None or isinstance(flat["main_event_date"], str)


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        ("美国限制芯片出口", "en", "zh"),
        ("米政府が輸出規制を強化した", None, "ja"),
        ("미국이 수출을 막았다", "en", "ko"),
        ("De regering verlengt de vergunningen voor het onderhoud van chipmachines niet.", None, "nl"),
        ("Die Regierung verbietet die Ausfuhr von Chips.", "de-DE", "de"),
        ("", None, "en"),
        ("12345 !!!", None, "en"),
    ],
)
def test_the_script_settles_the_language_before_what_is_stated(text: str, stated: str | None, expected: str) -> None:
    assert detect_language("", text, stated=stated) == expected
