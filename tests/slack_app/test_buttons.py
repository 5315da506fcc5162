"""The buttons of an alert, clicked as Slack sends it, against a Slack that enforces its limits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from slack_bolt import App

from tests.making import NOW
from tests.servers.slack import SlackServer
from tests.slack_app.clicking import click
from tests.slack_app.conftest import SECRET, Environment
from tests.web.front_page import ORDER
from tests.web.newsroom import Newsroom
from tracker.notify.message import BUTTONS, EVIDENCE, IRRELEVANT, MUTE, OPEN, WHY
from tracker.slack_app import build_app
from tracker.slack_app.answers import UNMUTE
from tracker.slack_app.buttons import ACTIONS
from tracker.store import Store
from tracker.types import ChannelKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """An app in whose channel stands the alert about a story."""

    app: App
    slack: SlackServer
    subscription: int
    story: int

    def click(self, action: str, *, value: str | None = None) -> None:
        given = f"{self.subscription}:{self.story}" if value is None else value
        assert click(self.app, action, given, respond_url=self.slack.respond_url).status == 200


@pytest.fixture
def alerted(store: Store, newsroom: Newsroom, settings_with: Environment) -> Iterator[Alerted]:
    with SlackServer() as slack:
        settings = settings_with(SLACK_BOT_TOKEN=slack.token, SLACK_SIGNING_SECRET=SECRET, SLACK_API_URL=slack.url)
        number = store.outbox.subscribe(ChannelKind.SLACK, "C1", "type:restriction", now=NOW)
        app = build_app(store, settings)
        yield Alerted(app=app, slack=slack, subscription=number, story=newsroom.story_id("order"))


def test_every_button_of_an_alert_has_its_answer() -> None:
    assert {button.action for button in BUTTONS} | {UNMUTE} == set(ACTIONS)


def test_evidence_opens_every_quote_with_its_link(alerted: Alerted) -> None:
    alerted.click(EVIDENCE.action)
    (view,) = alerted.slack.views
    assert f"“{ORDER}”" in json.dumps(view, ensure_ascii=False)
    assert view["title"]["text"] == "Evidence"


def test_why_me_names_the_clause_and_the_score(alerted: Alerted) -> None:
    alerted.click(WHY.action)
    shown = json.dumps(alerted.slack.views, ensure_ascii=False)
    assert "type: restriction" in shown
    assert "restriction 30, act 10" in shown


def test_a_muted_story_owes_nothing_more_until_it_is_unmuted(alerted: Alerted, store: Store) -> None:
    key = f"story:{alerted.story}"
    assert store.outbox.owe(alerted.subscription, f"{key}:event:1", now=NOW)
    alerted.click(MUTE.action)
    assert store.outbox.deliveries() == []
    assert not store.outbox.owe(alerted.subscription, f"{key}:event:2", now=NOW)
    assert store.outbox.owe(alerted.subscription, "story:1000", now=NOW)
    assert store.feedback.muted(alerted.subscription) == [alerted.story]
    (answer,) = alerted.slack.responses
    assert answer["response_type"] == "ephemeral"
    assert answer["blocks"][-1]["elements"][0]["action_id"] == UNMUTE
    alerted.click(UNMUTE)
    assert store.outbox.owe(alerted.subscription, f"{key}:event:2", now=NOW)


def test_not_relevant_is_kept_once_with_what_brought_the_alert(alerted: Alerted, store: Store) -> None:
    for _ in range(2):
        alerted.click(IRRELEVANT.action)
    (kept,) = store.feedback.disfavours()
    assert (kept.story_id, kept.by, kept.filter, kept.why) == (
        alerted.story, "U1", "type:restriction", ("type: restriction",),
    )  # fmt: skip
    assert "Noted" in alerted.slack.responses[0]["text"]


def test_open_only_tells_slack_that_the_click_arrived(alerted: Alerted) -> None:
    alerted.click(OPEN.action)
    assert alerted.slack.views == alerted.slack.responses == []


@pytest.mark.parametrize(("value", "said"), [("{0}:999", "no longer in the database"), ("999:{1}", "has ended")])
def test_a_button_whose_story_or_subscription_is_gone_says_so(alerted: Alerted, value: str, said: str) -> None:
    alerted.click(EVIDENCE.action, value=value.format(alerted.subscription, alerted.story))
    assert said in alerted.slack.responses[0]["text"]
