from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from slack_bolt import App

from tests.web.front_page import fill
from tests.web.newsroom import Newsroom
from tests.web.serving import serving
from tracker.config import Settings, load_settings
from tracker.slack_app import build_app
from tracker.store import Store

TOKEN, SECRET = "xoxb-tests", "a signing secret of the tests"
Environment = Callable[..., Settings]


@pytest.fixture(scope="session")
def slack_url() -> Iterator[str]:
    """A server that knows one token and has no Socket Mode to offer."""
    app = FastAPI()

    @app.post("/api/auth.test")
    def auth_test(request: Request) -> dict[str, object]:
        if request.headers["authorization"] != f"Bearer {TOKEN}":
            return {"ok": False, "error": "invalid_auth"}
        return {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1", "team": "Tests", "user": "tracker"}

    @app.post("/api/apps.connections.open")
    def connections_open() -> Response:
        return Response('{"ok": false, "error": "not_allowed_token_type"}', media_type="application/json")

    with serving(app) as address:
        yield f"{address}/api/"


@pytest.fixture
def settings_with(monkeypatch: pytest.MonkeyPatch, slack_url: str) -> Environment:
    """Settings from an environment that holds these variables."""

    def load(**variables: str) -> Settings:
        for name in ("TRACKER_CONFIG", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"SLACK_API_URL": slack_url, **variables}.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return load


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/tracker.db")
    yield opened
    opened.close()


@pytest.fixture
def newsroom(store: Store) -> Newsroom:
    filled = Newsroom(store)
    fill(filled)
    return filled


@pytest.fixture
def app(store: Store, settings_with: Environment) -> App:
    return build_app(store, settings_with(SLACK_BOT_TOKEN=TOKEN, SLACK_SIGNING_SECRET=SECRET))
