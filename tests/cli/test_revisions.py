"""`tracker revisions`: what reprocessing did, run by run."""

import json
from pathlib import Path

from tests.running import Installed

ORDER = (
    "US bars H20 exports to China\n\nThe Commerce Department barred exports of Nvidia's H20 chips to China on June 17."
)


def test_revisions_are_listed_and_shown(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    assert installed.run("revisions").stdout == "History was never reprocessed.\n"
    (tmp_path / "article.txt").write_text(ORDER, encoding="utf-8")
    installed.run("ingest", "article.txt", "--published", "2026-06-18", "--source", "Harbour Ledger")
    installed.run("entities", "alias", "company/nvidia", "Green Eye", "--by", "mira")
    assert "Nothing changed." in installed.run("reprocess", "--since", "2026-06-01").stdout
    (listed,) = json.loads(installed.run("revisions", "--format", "json").stdout)
    assert (listed["number"], listed["articles"], listed["changes"]) == (1, 1, 0)
    assert listed["rulebook"]["edits"] == 1
    shown = installed.run("revisions", "show", "1").stdout
    assert "Revision 1: 1 article since 1 June 2026, of which 0 read otherwise than before." in shown
    assert json.loads(installed.run("revisions", "show", "1", "--format", "json").stdout) == []
    refused = installed.run("revisions", "show", "9", ok=False)
    assert (refused.returncode, "there is no revision 9" in refused.stderr) == (2, True)
