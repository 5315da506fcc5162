"""The app manifest asks for what the code uses, and for nothing more."""

import json
import re
from pathlib import Path

import pytest

from tests.running import Installed
from tracker import notify, slack_app
from tracker.slack_app import COMMAND
from tracker.slack_app.manifest import manifest

# Which scope a method needs: https://docs.slack.dev/reference/methods/… ; for views and responses the app's token does.
SCOPES = {
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_open": {"im:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "views_open": set(),
}
ROOT = Path(slack_app.__file__).parent
SOURCES = [*ROOT.glob("*.py"), Path(notify.__file__).parent / "slack.py"]


def used_methods() -> set[str]:
    found = (re.findall(r"client\.([a-z]+_[a-zA-Z]+)\(?", path.read_text(encoding="utf-8")) for path in SOURCES)
    return {method for methods in found for method in methods}


def test_every_method_that_is_called_is_known_and_its_scopes_are_asked_for() -> None:
    used = used_methods()
    assert {"chat_postMessage", "chat_update", "conversations_replies", "views_open"} <= used
    needed = {"commands"}.union(*(SCOPES[method] for method in used))
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == needed


def test_the_command_is_the_one_that_is_answered() -> None:
    assert [one["command"] for one in manifest()["features"]["slash_commands"]] == [COMMAND]


def test_buttons_work_and_texts_are_within_slacks_limits() -> None:
    said = manifest()
    assert said["settings"]["interactivity"]["is_enabled"] is True
    assert said["settings"]["socket_mode_enabled"] is True
    shown, (command,) = said["display_information"], said["features"]["slash_commands"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_the_command_prints_it_for_either_way(tmp_path: Path) -> None:
    tracker = Installed(tmp_path)
    assert json.loads(tracker.run("slack", "manifest").stdout) == manifest()
    tracker.configure('[web]\npublic_url = "https://tracker.example.org"')
    said = json.loads(tracker.run("slack", "manifest", "--http").stdout)
    url = "https://tracker.example.org/slack/events"
    assert said["settings"]["interactivity"]["request_url"] == said["features"]["slash_commands"][0]["url"] == url
    assert said["settings"]["socket_mode_enabled"] is False


def test_without_a_public_address_slack_cannot_call(tmp_path: Path) -> None:
    done = Installed(tmp_path).run("slack", "manifest", "--http", ok=False)
    assert done.returncode == 2
    assert "web.public_url" in done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_call_goes_round_the_methods_that_are_counted(path: Path) -> None:
    assert "api_call" not in path.read_text(encoding="utf-8")
