"""Slack's calls over HTTP, against the web process as it is served: what Slack did not sign is refused."""

import time
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.servers.slack import SlackServer
from tests.slack_app.clicking import signed
from tests.slack_app.conftest import SECRET, TOKEN, Environment
from tests.web.serving import serving
from tracker.slack_app.http import PATH, add_slack
from tracker.store import Store
from tracker.web import create_app

COMMAND = {"command": "/tracker", "text": "subscribe type:easing", "user_id": "U1", "channel_id": "C1",
           "channel_name": "policy", "team_id": "T1", "response_url": "http://127.0.0.1:9/", "trigger_id": "1.2"}  # fmt: skip
FIVE_MINUTES = 300


@pytest.fixture
def address(store: Store, settings_with: Environment) -> Iterator[str]:
    """Where the web process hears Slack."""
    with SlackServer(token=TOKEN) as slack:
        settings = settings_with(SLACK_BOT_TOKEN=TOKEN, SLACK_SIGNING_SECRET=SECRET, SLACK_API_URL=slack.url)
        web = create_app(store, settings)
        assert add_slack(web, store, settings)
        with serving(web) as served:
            yield f"{served}{PATH}"


def call(address: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    try:
        with urlopen(Request(address, data=body, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_signed_command_is_answered(address: str, store: Store) -> None:
    body, headers = signed(COMMAND)
    status, said = call(address, body.encode(), headers)
    assert status == 200
    assert "gets `type:easing`" in said
    assert len(store.outbox.subscriptions()) == 1


def test_slack_may_try_the_address(address: str) -> None:
    body, sent = b'{"type": "url_verification", "challenge": "c-1"}', str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=sent, body=body)
    headers = {"content-type": "application/json", "x-slack-request-timestamp": sent}
    status, said = call(address, body, headers | {"x-slack-signature": signature or ""})
    assert (status, "c-1" in said) == (200, True)


def forged() -> dict[str, str]:
    return signed(COMMAND, secret="guessed")[1]


def unsigned() -> dict[str, str]:
    return {name: value for name, value in signed(COMMAND)[1].items() if not name.startswith("x-slack")}


@pytest.mark.parametrize(
    "headers",
    [
        forged(),
        unsigned(),
        signed(COMMAND | {"text": "list"})[1],
        {**forged(), "x-slack-signature": ""},
        {**forged(), "x-slack-signature": "v0=é"},
        {**forged(), "x-slack-request-timestamp": "soon"},
        {**forged(), "x-slack-request-timestamp": "٣"},
    ],
    ids=["forged", "unsigned", "of another body", "empty", "not ASCII", "no time", "no ASCII time"],
)
def test_what_slack_did_not_sign_is_refused_and_does_nothing(
    address: str, store: Store, headers: dict[str, str]
) -> None:
    sendable = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert call(address, signed(COMMAND)[0].encode(), sendable)[0] == 401
    assert store.outbox.subscriptions() == []


@pytest.mark.parametrize(("seconds_ago", "status"), [(FIVE_MINUTES - 60, 200), (FIVE_MINUTES + 5, 401), (-600, 401)])
def test_a_call_is_good_for_five_minutes(address: str, seconds_ago: int, status: int) -> None:
    body, headers = signed(COMMAND, at=time.time() - seconds_ago)
    assert call(address, body.encode(), headers)[0] == status


def test_nobody_is_answered_for_saying_that_it_is_a_check_of_tls(address: str) -> None:
    assert call(address, b"ssl_check=1", {})[0] == 401


def test_a_body_too_long_or_not_text_is_refused(address: str) -> None:
    headers = signed(COMMAND)[1]
    assert call(address, b"x" * 1_000_001, headers)[0] == 413
    assert call(address, b"\xff\xfe", headers)[0] == 400


@pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"])
def test_without_a_token_and_a_secret_there_is_no_such_address(
    store: Store, settings_with: Environment, missing: str
) -> None:
    given = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    del given[missing]
    settings = settings_with(**given)
    web = create_app(store, settings)
    assert not add_slack(web, store, settings)
    with serving(web) as served:
        body, headers = signed(COMMAND)
        assert call(f"{served}{PATH}", body.encode(), headers)[0] in {404, 405}
