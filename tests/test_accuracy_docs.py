"""docs/accuracy.md says what the program measures now."""

from pathlib import Path

from tests.running import Installed

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
GOLD = ROOT / "tests" / "data" / "gold"


def test_the_figures_of_the_page_are_those_that_the_command_prints(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    printed = installed.run("evaluate", str(GOLD), "--format", "markdown").stdout
    _, _, figures = PAGE.partition("<!-- make accuracy -->\n")
    assert printed == figures, "docs/accuracy.md is of an earlier program: make accuracy"


def test_the_page_says_what_was_measured_and_what_is_weak() -> None:
    assert "We invented these documents and labelled them ourselves" in PAGE
    assert "\n## Weakest\n" in PAGE
    assert "CPU second" not in PAGE


def test_a_folder_without_labelled_documents_is_refused(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    done = installed.run("evaluate", str(tmp_path), ok=False)
    assert (done.returncode, done.stderr) == (2, f"Error: {tmp_path}: has no .jsonl file\n")
