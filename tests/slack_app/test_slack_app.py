"""The Bolt app, given requests as Slack signs them."""

import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import text as sql

from tests.slack_app.conftest import SECRET, TOKEN, Environment
from tests.web.front_page import ORDER
from tests.web.newsroom import WIRE, Newsroom, Telling
from tracker.errors import ConfigError
from tracker.slack_app import build_app, run
from tracker.store import Store
from tracker.types import ChannelKind, EventType


def send(app: App, text: str, *, channel: str = "C1", name: str = "policy", secret: str = SECRET) -> BoltResponse:
    fields = {"command": "/tracker", "text": text, "user_id": "U1", "channel_id": channel, "channel_name": name,
              "team_id": "T1", "response_url": "http://127.0.0.1:9/", "trigger_id": "1.2"}  # fmt: skip
    body, now = urlencode(fields), str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=now, body=body)
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": now,
        "x-slack-signature": signature or "",
    }
    return app.dispatch(BoltRequest(body=body, headers=headers))


def ask(app: App, text: str, *, channel: str = "C1", name: str = "policy") -> dict[str, Any]:
    answered = send(app, text, channel=channel, name=name)
    assert answered.status == 200
    reply: dict[str, Any] = json.loads(answered.body)
    assert reply["response_type"] == "ephemeral"
    assert len(reply.get("blocks", [])) <= 50
    assert all(len(said) <= 3000 for said in texts(reply))
    return reply


def texts(reply: dict[str, Any]) -> list[str]:
    sections = [block for block in reply.get("blocks", []) if block["type"] == "section"]
    contexts = [block for block in reply.get("blocks", []) if block["type"] == "context"]
    return [s["text"]["text"] for s in sections] + [e["text"] for c in contexts for e in c["elements"]]


def said(reply: dict[str, Any]) -> str:
    return "\n".join(texts(reply))


@pytest.mark.parametrize("text", ["", "help", "  HELP  "])
def test_help_names_every_command(app: App, text: str) -> None:
    shown = said(ask(app, text))
    for command in ("stories", "show", "subscribe", "list", "unsubscribe"):
        assert f"/tracker {command}" in shown


def test_stories_come_newest_first_with_quote_source_and_link(app: App, newsroom: Newsroom) -> None:
    first, second, *_ = texts(ask(app, "stories"))
    assert "Beacon 3" in first
    assert f">“{ORDER}”" in second
    assert f"<http://127.0.0.1:8000/stories/{newsroom.story_id('order')}|Order concerning" in second
    assert "|Government Gazette>, primary document, 14 June 2026" in second
    assert "4 independent publishers" in second


@pytest.mark.usefixtures("newsroom")
def test_stories_are_chosen_by_a_filter(app: App) -> None:
    shown = said(ask(app, "stories type:legislation"))
    assert "House bill" in shown
    assert "Order concerning" not in shown


@pytest.mark.usefixtures("newsroom")
def test_the_event_that_met_the_filter_is_the_one_that_is_quoted(app: App) -> None:
    shown = said(ask(app, "stories type:model_release"))
    assert "*Model release*" in shown
    assert "*Restriction*" not in shown
    assert "3 further events" in shown


@pytest.mark.usefixtures("newsroom")
def test_quotation_marks_may_be_bent_by_slack(app: App) -> None:
    assert "Order concerning" in said(ask(app, "stories company:“Lantern Labs”"))


@pytest.mark.usefixtures("newsroom")
def test_a_filter_without_a_match_says_over_how_much_it_was_tried(app: App) -> None:
    assert "None of the latest 3 stories" in said(ask(app, "stories type:litigation"))


def test_an_empty_database_says_so(app: App) -> None:
    assert "No stories yet" in said(ask(app, "stories"))


def test_a_filter_that_cannot_be_read_gets_a_helpful_answer(app: App) -> None:
    for command in ("stories", "subscribe"):
        assert "/tracker help" in said(ask(app, f"{command} type:ban"))
        assert "ban" in said(ask(app, f"{command} type:ban"))


def test_show_tells_a_story_event_by_event(app: App, newsroom: Newsroom) -> None:
    shown = said(ask(app, f"show {newsroom.story_id('order')}"))
    for part in ("*Restriction* · 13 June 2026", "*Restriction (rumour)* · no date stated", "*Model release*", ORDER):
        assert part in shown
    assert "By US Department of Commerce" in shown
    assert "Sources disagree: takes effect 1 July 2026 (" in shown
    assert "Severity " in shown
    assert "(restriction 30, act 10, " in shown


@pytest.mark.parametrize("text", ["show", "show abc", "show 99", f"show {10**20}", "show -1", "unsubscribe x"])
def test_a_wrong_id_gets_a_helpful_answer(app: App, text: str) -> None:
    assert "/tracker" in said(ask(app, text))


def test_a_mistyped_command_is_corrected(app: App) -> None:
    assert "Did you mean `/tracker subscribe`?" in said(ask(app, "subscirbe type:easing"))


@pytest.mark.usefixtures("newsroom")
def test_a_channel_subscribes_lists_and_unsubscribes(app: App, store: Store) -> None:
    assert "Of the latest 3 stories, 1 would have matched." in said(ask(app, "subscribe type:legislation"))
    (subscription,) = store.outbox.subscriptions()
    assert (subscription.channel, subscription.address, subscription.filter) == (
        ChannelKind.SLACK, "C1", "type:legislation",
    )  # fmt: skip
    assert "`type:legislation`" in said(ask(app, "list"))
    assert "is removed" in said(ask(app, f"unsubscribe {subscription.id}"))
    assert store.outbox.subscriptions() == []
    assert "no subscription yet" in said(ask(app, "list"))


def test_subscribing_twice_is_one_subscription(app: App, store: Store) -> None:
    for _ in range(2):
        ask(app, "subscribe")
    assert len(store.outbox.subscriptions()) == 1


def test_a_direct_message_subscribes_the_person(app: App, store: Store) -> None:
    assert "<@U1>" in said(ask(app, "subscribe", channel="D1", name="directmessage"))
    assert [subscription.address for subscription in store.outbox.subscriptions()] == ["U1"]


def test_nobody_ends_the_subscription_of_another_conversation(app: App, store: Store) -> None:
    ask(app, "subscribe", channel="C2")
    (subscription,) = store.outbox.subscriptions()
    assert "There is no subscription" in said(ask(app, f"unsubscribe {subscription.id}", channel="C1"))
    assert len(store.outbox.subscriptions()) == 1


def test_outside_text_can_neither_mention_nor_link(app: App, newsroom: Newsroom) -> None:
    evil = "<!channel> & <https://evil.example|click> ```"
    text = f"{evil} was banned. " + "&" * 3000
    told = Telling(event="evil", type=EventType.RESTRICTION, cue="banned", sentence=text,
                   targets=(("company/evil", evil),))  # fmt: skip
    newsroom.publish(WIRE, evil, text, [told], story="evil", url="javascript:alert(1)")
    for command in ("stories", f"show {newsroom.story_id('evil')}", f"stories {evil}", f"show {evil}", evil):
        shown = said(ask(app, command))
        assert "<!channel>" not in shown
        assert "<https://evil" not in shown
        assert "javascript:" not in shown


def test_a_request_that_slack_did_not_sign_is_refused(app: App, store: Store) -> None:
    assert send(app, "subscribe", secret="guessed").status == 401
    assert store.outbox.subscriptions() == []


def test_a_failing_database_is_answered_and_not_left_hanging(app: App, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sql("DROP TABLE story_articles"))
    assert "could not answer" in ask(app, "show 1")["text"]


@pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_missing_token_is_named(store: Store, settings_with: Environment, missing: str) -> None:
    tokens = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": "xapp-tests"}
    del tokens[missing]
    with pytest.raises(ConfigError, match=missing):
        run(store, settings_with(**tokens))


def test_a_token_that_slack_refuses_is_named(store: Store, settings_with: Environment) -> None:
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN"):
        build_app(store, settings_with(SLACK_BOT_TOKEN="xoxb-wrong"))


def test_an_app_token_without_socket_mode_is_named(store: Store, settings_with: Environment) -> None:
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN"):
        run(store, settings_with(SLACK_BOT_TOKEN=TOKEN, SLACK_APP_TOKEN="xapp-wrong"))
