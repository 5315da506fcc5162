"""`tracker show`: every field of an event with its evidence."""

import json
from pathlib import Path

from tests.running import Installed

TEXT = (
    "The Commerce Department on Wednesday barred foreign users from models trained with more than 10^26 FLOP, "
    "by Executive Order 14999."
)


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
