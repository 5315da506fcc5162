"""What the commands that read files refuse before they begin."""

from pathlib import Path

import pytest

from tests.running import Installed


@pytest.mark.parametrize("command", ["ingest", "backfill"])
@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_source_has_a_name_that_the_database_takes(tmp_path: Path, command: str, name: str) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    done = installed.run(command, "article.txt", "--source", name, ok=False, width=200)
    assert (done.returncode, done.stderr) == (2, "Error: --source: expected a text of 1 to 200 characters\n")
