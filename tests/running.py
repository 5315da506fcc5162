"""Running the program as its user does: the installed command in a folder of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

TRACKER = Path(sys.executable).with_name("tracker")


@dataclass(frozen=True, slots=True)
class Installed:
    """The `tracker` command with its own database and settings under `folder`."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def configure(self, text: str) -> None:
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def run(
        self, *arguments: str, ok: bool = True, width: int = 80, typed: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, `typed` piped into it; with `ok` a failure is an error of the test."""
        done = subprocess.run(
            [TRACKER, *arguments],
            cwd=self.folder,
            env=self.variables(width),
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not ok or done.returncode == 0, done.stderr + done.stdout
        return done

    def variables(self, width: int = 80) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        own = {"DATABASE_URL": f"sqlite:///{self.folder}/tracker.db", "COLUMNS": str(width), "NO_COLOR": "1"}
        return kept | {"LANG": "C.UTF-8"} | own | self.environment
