"""The modals behind an alert's buttons: whole, valid, and silent whatever stands in the news."""

import json
from typing import Any

from hypothesis import given, settings

from tests.notify.any_story import stories
from tests.notify.stories import make_event, make_story
from tests.servers.slack_blocks import message_error, pings, problems, view_error, view_problems
from tests.weighing.standing import standpoint
from tracker.notify.blocks import VIEW_LIMIT
from tracker.notify.filters import Match, match_story, parse_filter
from tracker.notify.message import story_message
from tracker.notify.views import evidence_view, why_view
from tracker.types import EntityKind, EventType, Story

AT_HOME, SITE = standpoint(), "https://tracker.example"
NAMES = (("White House", EntityKind.AGENCY, "actor"), ("Fable 5", EntityKind.MODEL, "target"))


def evidence(story: Story, *matched: int) -> dict[str, Any]:
    return evidence_view(story, Match(event_ids=matched, why=()), public_url=SITE, standpoint=AT_HOME)


def why(story: Story, wanted: str) -> dict[str, Any]:
    match = match_story(parse_filter(wanted), story, AT_HOME)
    return why_view(story, match, wanted, public_url=SITE, standpoint=AT_HOME)


def said(view: dict[str, Any]) -> str:
    """Return all texts of a view, a line each."""

    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["text"]] if isinstance(value.get("text"), str) else []
            return own + [found for one in value.values() for found in texts(one)]
        return [found for one in value for found in texts(one)] if isinstance(value, list) else []

    return "\n".join(texts(view))


def test_evidence_shows_every_quote_with_its_link() -> None:
    answer = make_event(2, EventType.MARKET_REACTION, headline="Shares rose 12%.", url="https://wire.example/2")
    shown = evidence(make_story(make_event(1, names=NAMES), answer), 1)
    assert view_error(shown) is None
    for part in ("“The US blocked Fable 5 on Saturday.”", "“Shares rose 12%.”", "Restriction, in force"):
        assert part in said(shown)
    for url in ("https://press.example/1", "https://wire.example/2"):
        assert json.dumps({"type": "link", "url": url})[:-1] in json.dumps(shown)


def test_evidence_that_is_too_much_ends_with_a_link_to_the_rest() -> None:
    shown = evidence(make_story(*(make_event(n) for n in range(1, 90))), 1)
    assert len(shown["blocks"]) == VIEW_LIMIT
    assert f"{SITE}/stories/7" in json.dumps(shown["blocks"][-1])


def test_why_names_the_filter_the_clauses_that_were_met_and_every_part_of_the_scores() -> None:
    shown = said(why(make_story(make_event(1, names=NAMES)), "type:restriction model:fable severity:>=60"))
    for part in (
        "type: restriction",
        "severity: >=60 (65)",
        "Severity ",
        "65 (restriction 30, act 10,",
        "Credibility ",
    ):
        assert part in shown


def test_why_says_so_where_the_story_has_changed_and_matches_no_more() -> None:
    shown = said(why(make_story(make_event(1, names=NAMES)), "type:easing"))
    assert "No event of the story matches the filter any more" in shown


@settings(deadline=None)
@given(story=stories)
def test_whatever_a_story_holds_its_message_and_modals_are_valid_and_ping_nobody(story: Story) -> None:
    match = Match(event_ids=tuple(e.id for e in story.events), why=(story.title, "<!here>"))
    message = story_message(story, match, subscription_id=3, public_url=SITE, standpoint=AT_HOME)
    sent = {"channel": "C1", "text": message.text, "blocks": list(message.blocks)}
    assert message_error(sent) is None, problems(list(message.blocks))
    views = (
        evidence_view(story, match, public_url=SITE, standpoint=AT_HOME),
        why_view(story, match, story.title, public_url=SITE, standpoint=AT_HOME),
    )
    for view in views:
        assert view_error(view) is None, view_problems(view)
    for shown in (sent, *views):
        assert pings(shown) == []
        assert not set("\u202e\u2066\ud800") & set(json.dumps(shown, ensure_ascii=False))
    assert "\n" not in message.text
