"""A filter says what it wants, holds on an event, and explains itself when it is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notify.stories import make_event, make_story
from tests.weighing.standing import service, standpoint
from tracker.errors import InputError
from tracker.notify.filters import match_story, match_subscription, owed, parse_filter
from tracker.types import ChannelKind, EntityKind, EventType, Modality, Subscription

AT_HOME = standpoint(service("Support bot", "model/claude", countries=("KR",)))
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
        ("language:English", (1, 2)),
        ("country:us,cn type:restriction", (1,)),
        ("country:China", (2,)),
        ("country:미국", (1,)),
        ("company:anthropic", (1,)),
        ("company:Zhipu", (2,)),
        ("company:智谱", (2,)),
        ("model:fable", (1,)),
        ("model:5", (1,)),
        ("model:able", ()),
        ("model:“Claude Fable 5”", (1,)),
        ("-fable", ()),
        ("able", ()),
        ("us's", ()),
        ('"blocks fable"', (1, 2)),
        ('"fable blocks"', ()),
        ("severity:>=60", (1,)),
        ("severity:60", (1,)),
        ("severity:≥0", (1, 2)),
        ("-severity:>=60", (2,)),
        ("exposure:yes", (1,)),
        ("exposure:no", (2,)),
    ],
)
def test_an_event_matches_when_every_clause_holds(text: str, events: tuple[int, ...]) -> None:
    match = match_story(parse_filter(text), STORY, AT_HOME)
    assert (match.event_ids if match else ()) == events


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tpye:restriction", "did you mean type"),
        ("type:restrictoin", "did you mean restriction"),
        ("type:", "has no value"),
        ('model:"Claude', "not closed"),
        ("urgency:3", "expected one of type"),
        ("severity:high", "expected the least from 0 to 100, such as >=60"),
        ("severity:>=101", "expected the least from 0 to 100, such as >=60"),
        ("exposure:maybe", "expected one of yes, no"),
        ("country:Chnia", r"did you mean China\?"),
        ("country:XX", "expected a code or a name, such as CN or China"),
        ("language:Koraen", r"did you mean korean\?"),
    ],
)
def test_a_wrong_filter_says_what_is_wrong_and_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_filter(text)


def test_a_match_says_why_in_words() -> None:
    match = match_story(parse_filter("type:restriction country:US -chip:H20"), STORY, AT_HOME)
    assert match is not None
    assert match.why == ("type: restriction", "country: US", "not chip: H20")


def test_a_match_names_through_whom_a_clause_holds() -> None:
    match = match_story(parse_filter("country:CN"), STORY, AT_HOME)
    assert match is not None
    assert match.why == ("country: CN (Zhipu AI)",)


@pytest.mark.parametrize(
    ("text", "name", "holds"),
    [
        ("model:qwen", "Qwen3.5", True),
        ("model:qwen", "Qwen9.7-Plus", True),
        ("model:GLM", "GLM-5.2", True),
        ("model:v4", "DeepSeek V4 Flash", True),
        ("model:GLM-5", "GLM-5.2", False),
        ("company:deepseek", "DeepSeek V4 Flash", True),
        ("company:Nvidia", "DeepSeek V4 Flash", False),
    ],
)
def test_a_family_stands_for_its_versions_and_a_company_for_its_models(text: str, name: str, holds: bool) -> None:
    event = make_event(1, names=((name, EntityKind.MODEL, "target"),))
    assert (match_story(parse_filter(text), make_story(event), AT_HOME) is not None) is holds


def test_analysis_alone_never_alerts() -> None:
    comment = make_event(1, EventType.ANALYSIS)
    assert match_story(parse_filter(""), make_story(comment), AT_HOME) is None
    assert match_story(parse_filter("type:analysis"), make_story(comment), AT_HOME) is None


def test_analysis_beside_an_event_can_be_asked_for() -> None:
    story = make_story(make_event(1, EventType.ANALYSIS), make_event(2))
    asked, unasked = (
        match_story(parse_filter("type:analysis"), story, AT_HOME),
        match_story(parse_filter(""), story, AT_HOME),
    )
    assert asked is not None
    assert unasked is not None
    assert (asked.event_ids, unasked.event_ids) == ((1,), (2,))


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("typemodlcun:,-\"“' CNé中.!/\\")))
def test_any_text_is_a_filter_or_says_what_is_wrong(text: str) -> None:
    try:
        wanted = parse_filter(text)
    except InputError:
        return
    assert parse_filter(str(wanted)) == wanted
    match_story(wanted, STORY, AT_HOME)


def test_a_stored_filter_that_cannot_be_read_any_more_loses_no_alert_and_harms_nobody_else() -> None:
    subscriptions = [
        Subscription(id=1, channel=ChannelKind.SLACK, address="C1", filter="urgency:3"),
        Subscription(id=2, channel=ChannelKind.SLACK, address="C2", filter=""),
    ]
    assert owed(STORY, subscriptions, AT_HOME) == [(1, "story:7"), (2, "story:7")]
    match = match_subscription(subscriptions[0], STORY, AT_HOME)
    assert match is not None
    assert "unknown key 'urgency'" in match.why[0]


def test_slack_is_alerted_and_email_waits_for_its_digest() -> None:
    subscriptions = [
        Subscription(id=1, channel=ChannelKind.SLACK, address="C1", filter=""),
        Subscription(id=2, channel=ChannelKind.EMAIL, address="a@example.org", filter=""),
        Subscription(id=3, channel=ChannelKind.SLACK, address="C2", filter="type:easing"),
    ]
    assert owed(STORY, subscriptions, AT_HOME) == [(1, "story:7")]


def test_a_rumour_can_be_asked_for() -> None:
    story = make_story(make_event(1, modality=Modality.RUMOUR))
    assert match_story(parse_filter("modality:rumour"), story, AT_HOME) is not None


def test_severity_and_exposure_say_how_much_and_how() -> None:
    match = match_story(parse_filter("severity:>=60 exposure:yes"), STORY, AT_HOME)
    assert match is not None
    assert match.why == ("severity: >=60 (75)", "exposure: yes (Support bot: Claude in KR)")
    assert match_story(parse_filter("exposure:yes"), STORY, standpoint()) is None
