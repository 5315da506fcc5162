"""`tracker slack` as the process that it is in production, at Slack's own protocol."""

import os
import subprocess
import sys
from pathlib import Path

from fastapi import FastAPI

from tests.slack_app.conftest import TOKEN
from tests.slack_app.socket_mode import SocketMode, socket_mode
from tests.web.serving import serving
from tracker.store import Store
from tracker.types import ChannelKind

COMMAND = {
    "type": "slash_commands",
    "envelope_id": "e-1",
    "accepts_response_payload": True,
    "payload": {
        "command": "/tracker", "text": "subscribe type:restriction", "user_id": "U1", "channel_id": "C1",
        "channel_name": "policy", "team_id": "T1", "response_url": "http://127.0.0.1:9/", "trigger_id": "1.2",
    },
}  # fmt: skip


def slack_that_connects_to(socket: SocketMode) -> FastAPI:
    app = FastAPI()

    @app.post("/api/auth.test")
    def auth_test() -> dict[str, object]:
        return {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1", "team": "Tests", "user": "tracker"}

    @app.post("/api/apps.connections.open")
    def connections_open() -> dict[str, object]:
        return {"ok": True, "url": socket.url}

    return app


def test_a_command_over_socket_mode_is_answered_and_kept(tmp_path: Path, store: Store) -> None:
    with socket_mode(COMMAND) as socket, serving(slack_that_connects_to(socket)) as address:
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{tmp_path}/tracker.db",
            "SLACK_API_URL": f"{address}/api/",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_APP_TOKEN": "xapp-tests",
        }
        tracker = Path(sys.executable).with_name("tracker")
        with subprocess.Popen([tracker, "slack"], env=environment, cwd=tmp_path) as process:
            try:
                answer = socket.answers.get(timeout=60)
            finally:
                process.terminate()
    assert answer["envelope_id"] == "e-1"
    assert answer["payload"]["response_type"] == "ephemeral"
    assert "<#C1> gets `type:restriction`" in answer["payload"]["text"]
    (subscription,) = store.outbox.subscriptions()
    assert (subscription.channel, subscription.address) == (ChannelKind.SLACK, "C1")
