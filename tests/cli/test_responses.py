"""`tracker responses`, and the links and the stage that `tracker show` tells of a story."""

import json
from pathlib import Path

from tests.running import Installed

CONTROL = (
    "US bars sales of Nvidia's H20 chips to China",
    "The US Commerce Department on June 2, 2026 barred Nvidia from selling its H20 AI chips to China.",
)
ANSWER = (
    "China bars its companies from buying Nvidia's H20 chips",
    (
        "In retaliation for the US export ban on Nvidia's H20 AI chips, China's Commerce Ministry on June 6, 2026 retaliated "
        "against the United States and barred Chinese companies from buying the H20."
    ),
)
LIFTED = (
    "US lifts ban on sales of Nvidia's H20 chips to China",
    "The US Commerce Department on June 12, 2026 lifted the export ban on sales of Nvidia's H20 AI chips to China.",
)


def recorded(folder: Path) -> Installed:
    tracker = Installed(folder)
    for number, ((title, text), day) in enumerate(((CONTROL, "02"), (ANSWER, "06"), (LIFTED, "12"))):
        (folder / "article.txt").write_text(f"{title}\n\n{text}\n", encoding="utf-8")
        url = f"https://ledger.example/{number}"
        tracker.run("ingest", "article.txt", "--published", f"2026-06-{day}", "--source", "Ledger", "--url", url)
    return tracker


def test_the_record_says_how_long_an_answer_takes(tmp_path: Path) -> None:
    tracker = recorded(tmp_path)
    told = tracker.run("responses").stdout
    assert "US CN 1 4 days 4" in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80
    (row,) = json.loads(tracker.run("responses", "--format", "json").stdout)
    assert (row["measure_by"], row["answer_by"], row["median_days"]) == ("US", "CN", 4.0)
    assert [answer["days"] for answer in row["answers"]] == [4]
    later = tracker.run("responses", "--since", "2026-07-01").stdout
    assert "No government has hit back" in later


def test_a_story_says_how_far_its_control_has_come_and_how_its_events_hang_together(tmp_path: Path) -> None:
    tracker = recorded(tmp_path)
    stories = json.loads(tracker.run("stories", "--format", "json").stdout)
    story = next(one for one in stories if len(one["events"]) > 1)
    shown = " ".join(tracker.run("show", f"S{story['id']}").stdout.split())
    assert f"Control: {story['stage']}" in shown
    assert "Answered by E" in shown
    assert "10 days later" in shown
    easing = next(event["id"] for event in story["events"] if event["type"] == "easing")
    assert "Reverses E" in tracker.run("show", f"E{easing}").stdout
