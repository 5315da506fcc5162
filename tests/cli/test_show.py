"""`tracker show`: every field of an event with its evidence."""

import json
from pathlib import Path

from tests.running import Installed

TEXT = (
    "The Commerce Department on Wednesday barred foreign users from models trained with more than 10^26 FLOP, "
    "by Executive Order 14999."
)

TWO_DAYS = (
    (
        "Harbour Ledger",
        "2026-06-18",
        "The Commerce Department barred exports of Nvidia's H20 chips to China on June 17.",
    ),
    (
        "Northern Daily",
        "2026-06-18",
        "The Commerce Department barred exports of Nvidia's H20 chips to China on June 16.",
    ),
)


def test_a_contested_date_is_shown_with_who_says_which(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    installed.run("db", "upgrade")
    for source, published, text in TWO_DAYS:
        (tmp_path / "article.txt").write_text(f"US bars H20 exports to China\n\n{text}", encoding="utf-8")
        url = f"https://{source.lower().replace(' ', '-')}.example/h20"
        installed.run("ingest", "article.txt", "--published", published, "--source", source, "--url", url)
    shown = installed.run("show", "E1", width=120).stdout
    assert "  2 reports, 2 independent publishers, no primary document" in shown
    assert "sources disagree: announced 17 June 2026 (Harbour Ledger) or 16 June 2026 (Northern Daily)" in shown


def test_an_event_is_shown_with_users_instrument_and_figures_and_their_quotes(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    document = {
        "id": "d1",
        "lang": "en",
        "published": "2026-06-18",
        "title": "US restricts frontier models",
        "text": TEXT,
    }
    (tmp_path / "documents.jsonl").write_text(json.dumps(document), encoding="utf-8")
    installed.run("db", "upgrade")
    installed.run("ingest", "documents.jsonl")
    shown = installed.run("show", "E1", width=120).stdout
    assert "affects   Foreign users  “foreign users”" in shown
    assert "under     Executive Order 14999  “Executive Order 14999”" in shown
    assert "figure    10^26 FLOP  “more than 10^26 FLOP”" in shown


def test_files_that_nobody_names_a_source_for_are_their_publishers(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    addresses = (
        "https://www.reuters.com/a",
        "https://asia.nikkei.com/b",
        "https://www.nikkei.com/c",
        "https://x.example/d",
    )
    text = "The Commerce Department on Wednesday barred exports of Nvidia's H20 chips to China."
    rows = [
        {"id": str(number), "lang": "en", "published": "2026-06-18", "url": url, "text": f"{text} Report {number}.",
         "title": f"US bars H20 exports to China, {number} say"}
        for number, url in enumerate(addresses, 1)
    ]  # fmt: skip
    (tmp_path / "documents.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    installed.run("ingest", "documents.jsonl")
    (story,) = json.loads(installed.run("stories", "--format", "json").stdout)
    assert sorted(story["corroboration"]["families"]) == ["Nikkei", "Reuters", "x.example"]
