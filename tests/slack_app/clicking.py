"""Requests as Slack signs and sends them."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from tests.slack_app.conftest import SECRET


def signed(fields: Mapping[str, str], *, secret: str = SECRET, at: float | None = None) -> tuple[str, dict[str, str]]:
    """Return the body and headers of a request that Slack sends."""
    body, sent = urlencode(fields), str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=sent, body=body)
    return body, {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": sent,
        "x-slack-signature": signature or "",
    }


def interact(app: App, payload: Mapping[str, Any]) -> BoltResponse:
    """Send an interaction: a click, a submitted view."""
    body, headers = signed({"payload": json.dumps(payload)})
    sent: dict[str, str | Sequence[str]] = {**headers}
    return app.dispatch(BoltRequest(body=body, headers=sent))


def click(app: App, action: str, value: str, *, respond_url: str, user: str = "U1") -> BoltResponse:
    """Click a button in channel C1."""
    return interact(
        app,
        {
            "type": "block_actions",
            "user": {"id": user, "team_id": "T1"},
            "team": {"id": "T1"},
            "channel": {"id": "C1"},
            "trigger_id": "1.2",
            "response_url": respond_url,
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
        },
    )
