"""Whatever stands in the news, the alert is valid, within Slack's limits, and pings nobody."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.notify.stories import make_event, make_story
from tests.servers.slack import message_error
from tracker.notify.filters import Match
from tracker.notify.message import Message, as_console, story_message
from tracker.types import EntityKind, EventType, Modality, Story

WHY = Match(event_ids=(1,), why=("type: restriction",))
NAMES = (
    ("White House", EntityKind.AGENCY, "actor"),
    ("Fable 5", EntityKind.MODEL, "target"),
    ("Anthropic", EntityKind.COMPANY, "named"),
)
outside = st.text(max_size=400) | st.sampled_from(
    ["<!channel>", "<@U123>", "*b* `c` _i_", "\u202eevil", "a&b", "x " * 9000]
)


def written(story: Story) -> Message:
    return story_message(story, WHY, public_url="http://tracker.example")


def valid(message: Message) -> bool:
    return (
        message_error({"channel": "C1", "text": message.text, "blocks": json.loads(json.dumps(message.blocks))}) is None
    )


def test_an_alert_says_what_by_whom_against_what_with_its_quote() -> None:
    message = written(make_story(make_event(1, names=NAMES), make_event(2, EventType.MARKET_REACTION)))
    shown = as_console(message, "C0123")
    for said in (
        "US blocks Fable 5",
        "What: Restriction, 13 June 2026",
        "By: White House",
        "Affects: Fable 5",
        "Companies: Anthropic",
        "“The US blocked Fable 5 on Saturday.”",
        "(press, 18 June 2026)",
        "- Market reaction, 13 June 2026",
        "14 reports, 3 independent publishers, a primary document among them",
        "Why you see this: type: restriction",
        "http://tracker.example/stories/7",
    ):
        assert said in shown
    assert message.text == "Restriction, 13 June 2026: US blocks Fable 5"


def test_the_event_that_matched_leads() -> None:
    story = make_story(make_event(1), make_event(2, EventType.EASING))
    match = Match(event_ids=(2,), why=())
    assert story_message(story, match, public_url="http://t").text.startswith("Easing")


def test_a_rumour_is_called_one() -> None:
    assert "Restriction (rumour)" in written(make_story(make_event(1, modality=Modality.RUMOUR))).text


def test_only_web_addresses_are_linked() -> None:
    assert '"link"' not in json.dumps(written(make_story(make_event(1, url="javascript:alert(1)"))).blocks)
    assert '"link"' in json.dumps(written(make_story(make_event(1))).blocks)


@given(title=outside, sentence=outside, name=outside, source=outside, url=outside)
def test_any_outside_text_makes_a_valid_message_that_pings_nobody(
    title: str, sentence: str, name: str, source: str, url: str
) -> None:
    event = make_event(
        1, names=((name, EntityKind.MODEL, "target"),), headline=sentence or "x", url=url, source=source or "x"
    )
    message = written(make_story(event, title=title))
    assert valid(message)
    assert "<" not in message.text
    assert not [block for block in message.blocks if '"mrkdwn"' in json.dumps(block)]
    assert "\u202e" not in json.dumps(message.blocks, ensure_ascii=False)


def test_a_story_of_a_hundred_events_and_names_stays_within_the_limits() -> None:
    names = tuple((f"Model {n} " + "x" * 300, EntityKind.MODEL, "target") for n in range(100))
    message = written(make_story(*(make_event(n, names=names, headline="word " * 3000) for n in range(100))))
    assert valid(message)
    assert len(message.blocks) < 12
    assert "…" in json.dumps(message.blocks, ensure_ascii=False)
