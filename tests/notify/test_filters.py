"""A filter says what it wants, holds on an event, and explains itself when it is wrong."""

import pytest

from tests.notify.stories import make_event, make_story
from tracker.errors import InputError
from tracker.notify.filters import match_story, owed, parse_filter
from tracker.types import ChannelKind, EntityKind, EventType, Modality, Subscription

STORY = make_story(
    make_event(1, names=(("Claude Fable 5", EntityKind.MODEL, "target"), ("US", EntityKind.COUNTRY, "actor"))),
    make_event(2, EventType.MARKET_REACTION, names=(("Zhipu AI", EntityKind.COMPANY, "target"),)),
    title="US blocks Fable 5",
)


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("", (1, 2)),
        ("type:restriction", (1,)),
        ("type:restriction,market_reaction", (1, 2)),
        ("type:market-reaction", (2,)),
        ("type:restriction type:market_reaction", (1, 2)),
        ("country:us", (1,)),
        ("country:US type:market_reaction", ()),
        ("model:claude", (1,)),
        ('model:"Claude Fable 5"', (1,)),
        ('model:"Claude Fable 6"', ()),
        ("company:zhipu-ai", (2,)),
        ("-type:restriction", (2,)),
        ("-country:US", (2,)),
        ("blocks fable", (1, 2)),
        ("blocks nothing", ()),
        ("modality:act", (1, 2)),
        ("modality:rumour", ()),
        ("language:en", (1, 2)),
        ("language:ko", ()),
    ],
)
def test_an_event_matches_when_every_clause_holds(text: str, events: tuple[int, ...]) -> None:
    match = match_story(parse_filter(text), STORY)
    assert (match.event_ids if match else ()) == events


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tpye:restriction", "did you mean type"),
        ("type:restrictoin", "did you mean restriction"),
        ("type:", "has no value"),
        ('model:"Claude', "not closed"),
        ("severity:3", "expected one of type"),
    ],
)
def test_a_wrong_filter_says_what_is_wrong_and_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_filter(text)


def test_a_match_says_why_in_words() -> None:
    match = match_story(parse_filter("type:restriction country:US -chip:H20"), STORY)
    assert match is not None
    assert match.why == ("type: restriction", "country: us", "not chip: h20")


def test_analysis_alone_never_alerts() -> None:
    assert match_story(parse_filter(""), make_story(make_event(1, EventType.ANALYSIS))) is None


def test_slack_is_alerted_and_email_waits_for_its_digest() -> None:
    subscriptions = [
        Subscription(id=1, channel=ChannelKind.SLACK, address="C1", filter=""),
        Subscription(id=2, channel=ChannelKind.EMAIL, address="a@example.org", filter=""),
        Subscription(id=3, channel=ChannelKind.SLACK, address="C2", filter="type:easing"),
    ]
    assert owed(STORY, subscriptions) == [(1, "story:7")]


def test_a_rumour_can_be_asked_for() -> None:
    story = make_story(make_event(1, modality=Modality.RUMOUR))
    assert match_story(parse_filter("modality:rumour"), story) is not None
