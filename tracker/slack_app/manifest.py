"""The app as Slack is to know it: what it is called, and what it may do."""

import json
from importlib.resources import files
from typing import Any


def manifest(*, request_url: str | None = None) -> dict[str, Any]:
    """Return the app manifest: for Socket Mode, or for calls to `request_url`.

    Reference: https://docs.slack.dev/reference/app-manifest
    """
    said: dict[str, Any] = json.loads(files("tracker.slack_app").joinpath("manifest.json").read_text(encoding="utf-8"))
    if request_url is not None:
        said["settings"]["socket_mode_enabled"] = False
        said["settings"]["interactivity"]["request_url"] = request_url
        for command in said["features"]["slash_commands"]:
            command["url"] = request_url
    return said
