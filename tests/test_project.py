"""The project as a whole: pins, commands, settings and documents hold together."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel

from tracker.cli import app
from tracker.collect.kinds import KINDS
from tracker.config import Environment, File, SourceSettings, SubscriptionSettings, load_settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
SECTIONS = ("collect", "digest", "web", "run")


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, such as ("db", "upgrade")."""
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "invoke_without_command", False):
            yield (*path, name)
        yield from commands(command, (*path, name)) if hasattr(command, "commands") else [(*path, name)]


TREE: Any = typer.main.get_command(app)
COMMANDS = sorted(commands(TREE))


def find_command(words: list[str]) -> Any:
    """Return the command that a line such as `tracker db upgrade head` runs."""
    command = TREE
    for word in words:
        if not hasattr(command, "commands"):
            break
        assert word in command.commands, f"no command {word!r} in {words}"
        command = command.commands[word]
    return command


def tracker_lines(text: str) -> Iterator[list[str]]:
    """Yield the words after `tracker` of every command line that stands in a code block or in backticks."""
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, flags=re.DOTALL)
    spans = re.findall(r"`(tracker [^`\n]+)`", text)
    for line in [*(line for block in blocks for line in block.splitlines()), *spans]:
        if found := re.match(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?tracker (.+)$", line.partition("  #")[0]):
            yield shlex.split(found[1])


# ---------------------------------------------------------------- pins


def test_every_pin_has_hashes_and_nothing_names_an_index() -> None:
    lines = PINS.splitlines()
    pins = [number for number, line in enumerate(lines) if re.match(r"^[a-z0-9]", line)]
    assert len(pins) > 100
    assert all("==" in lines[n] and lines[n + 1].strip().startswith("--hash=sha256:") for n in pins)
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links| @ ", PINS)


def test_the_pins_satisfy_what_the_project_asks_for() -> None:
    pinned: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", PINS, flags=re.MULTILINE):
        pinned.setdefault(name, []).append(version)
    project = PROJECT["project"]
    asked = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
        *PROJECT["build-system"]["requires"],
    ]
    for requirement in map(Requirement, asked):
        name = canonicalize_name(requirement.name)
        if name != project["name"]:
            versions = pinned.get(name, [])
            assert any(version in requirement.specifier for version in versions), f"{requirement}: make constraints"


def test_no_file_names_a_registry_or_a_folder_of_this_machine() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org")
    folders = tuple(f"{folder}/" for folder in {str(ROOT), str(Path.home())} if folder != "/")
    patterns = [argument for text in (*hosts, *folders) for argument in ("-e", text)]
    found = subprocess.run(["git", "grep", "-nIF", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (1, "")


# ---------------------------------------------------------------- the command line


def test_help_needs_neither_spacy_nor_sqlalchemy() -> None:
    script = """
import sys
from tracker.cli import main
sys.argv = ["tracker", "--help"]
try:
    main()
except SystemExit:
    print({"spacy", "sqlalchemy", "fastapi", "slack_sdk"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_every_command_says_what_it_does() -> None:
    assert [words for words in COMMANDS if not find_command(list(words)).help] == []


def test_the_procfile_names_the_five_processes_and_their_commands_exist() -> None:
    processes = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())
    assert list(processes) == ["web", "scheduler", "worker", "slack", "release"]
    for line in processes.values():
        program, *words = line.split()
        assert program == "tracker"
        assert tuple(words) in COMMANDS


# ---------------------------------------------------------------- settings


def shipped_with_comments_removed() -> dict[str, Any]:
    """Read config.toml as if every key that stands in a comment were set."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    bare = re.sub(r"^# ?(?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    return tomllib.loads(bare)


def test_the_shipped_settings_load() -> None:
    file = load_settings(ROOT / "config.toml").file
    assert len(file.sources) >= 10
    assert not file.subscriptions
    assert all(source.family for source in file.sources)
    assert {source.kind for source in file.sources} <= set(KINDS)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_shipped_file_shows_every_key_with_its_default(section: str) -> None:
    shown = shipped_with_comments_removed()[section]
    settings: BaseModel = getattr(File.model_validate({section: shown}), section)
    defaults = getattr(File(), section)
    assert list(shown) == list(type(settings).model_fields)
    for key in shown:
        default = getattr(defaults, key)
        assert getattr(settings, key) == default or not default, f"{section}.{key} is not shown with its default"


@pytest.mark.parametrize(("table", "model"), [("sources", SourceSettings), ("subscriptions", SubscriptionSettings)])
def test_the_shipped_file_shows_every_key_of_a_table(table: str, model: type[BaseModel]) -> None:
    shown = {key for row in shipped_with_comments_removed()[table] for key in row}
    assert shown == set(model.model_fields)


def test_the_shipped_file_has_every_table() -> None:
    assert set(shipped_with_comments_removed()) == set(File.model_fields)


def test_every_setting_is_in_the_documents() -> None:
    document = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    keys = [key for model in (SourceSettings, SubscriptionSettings) for key in model.model_fields]
    keys += [f"{section}.{key}" for section in SECTIONS for key in type(getattr(File(), section)).model_fields]
    names = [*(name.upper() for name in Environment.model_fields), "TRACKER_CONFIG", *keys]
    assert [name for name in names if f"`{name}`" not in document] == []


# ---------------------------------------------------------------- documents


def test_every_command_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert [words for words in COMMANDS if f"tracker {' '.join(words)}" not in guide] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_documents_use_commands_and_options_that_exist(document: Path) -> None:
    for words in tracker_lines(document.read_text(encoding="utf-8")):
        command = find_command(list(takewhile(lambda word: not word.startswith("-"), words))[:2])
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, words


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_documents_link_to_files_that_exist(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_the_commands_of_the_readme_print_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    shutil.copy(ROOT / "config.toml", tmp_path)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "80"}
    sessions = "".join(re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL))
    steps = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", sessions, flags=re.MULTILINE)
    assert len(steps) > 5
    for line, shown in steps:
        done = subprocess.run(
            shlex.split(line),
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        expected = "\n".join(".*" if one == "…" else re.escape(one) for one in written(shown)) or ".*"
        printed = "\n".join(written(done.stdout))
        assert re.fullmatch(expected, printed, flags=re.DOTALL), f"{line}\n{printed}"


def written(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]
