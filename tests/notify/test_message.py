"""Whatever stands in the news, the alert is valid, within Slack's limits, and pings nobody."""

import json
from dataclasses import replace
from datetime import date
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import make_date
from tests.notify.stories import make_event, make_story
from tests.servers.slack_blocks import message_error, pings, problems
from tests.weighing.standing import service, standpoint
from tracker.notify.console import as_console
from tracker.notify.filters import Match
from tracker.notify.message import Message, story_message
from tracker.types import EntityKind, EventType, Modality, Story

MODEL, COMPANY = EntityKind.MODEL, EntityKind.COMPANY
ROLES = ("actor", "target", "named")
AT_HOME = standpoint()
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
    return story_message(story, WHY, subscription_id=3, public_url="http://tracker.example", standpoint=AT_HOME)


def as_sent(message: Message) -> dict[str, Any]:
    """Return what Slack is given."""
    blocks: list[dict[str, Any]] = json.loads(json.dumps(message.blocks))
    return {"channel": "C1", "text": message.text, "blocks": blocks}


def links(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value] if value.get("type") == "link" else links(list(value.values()))
    return [found for one in value for found in links(one)] if isinstance(value, (list, tuple)) else []


def test_an_alert_says_what_by_whom_against_what_with_its_quote() -> None:
    other = make_event(2, EventType.MARKET_REACTION, headline="Shares of Zhipu rose 12%.")
    message = written(make_story(make_event(1, names=NAMES), other))
    assert message.text == "Restriction, in force, 13 June 2026: White House restricts Fable 5 (13 June 2026)"
    assert as_console(message, "C0123") == dedent("""\
        Not sent to C0123, because SLACK_BOT_TOKEN is not set.  The message would be:

            White House restricts Fable 5 (13 June 2026)

            Restriction, in force · 13 June 2026
            By: White House
            Affects: model Fable 5
            Also named: Anthropic

            “The US blocked Fable 5 on Saturday.”
            — press <https://press.example/1> (18 June 2026)

            Also in this story
            - Market reaction, 13 June 2026: Shares of Zhipu rose 12%.

            14 reports, 3 independent publishers, 1 primary document.
            Severity 65 (restriction 30, act 10, in force 15, hits model 8, 1
            publisher 2).
            Why you see this: type: restriction

            [Evidence] [Why me] [Mute story] [Not relevant] [Open]
            http://tracker.example/stories/7
        """)


def test_the_event_that_matched_leads() -> None:
    story = make_story(make_event(1), make_event(2, EventType.EASING))
    match = Match(event_ids=(2,), why=())
    assert story_message(story, match, subscription_id=3, public_url="http://t", standpoint=AT_HOME).text.startswith(
        "Easing"
    )


def test_a_rumour_is_called_one() -> None:
    assert "Restriction (rumour)" in written(make_story(make_event(1, modality=Modality.RUMOUR))).text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example", "/relative", "", "https://a b", "https://a|b"]
)
def test_only_web_addresses_are_linked(url: str) -> None:
    message = written(make_story(make_event(1, url=url)))
    assert links(message.blocks) == []


def test_the_other_events_are_told_plainly_and_never_by_the_same_quote() -> None:
    release = make_event(
        2, EventType.MODEL_RELEASE, names=(("Zhipu AI", COMPANY, "actor"), ("GLM-5.2", MODEL, "target"))
    )
    answer = make_event(3, EventType.COMPANY_RESPONSE, names=(("Anthropic", COMPANY, "actor"),))
    shown = as_console(written(make_story(make_event(1), release, answer)), "C1")
    assert "- Model release, 13 June 2026: Zhipu AI releases GLM-5.2" in shown
    assert "- Company response, 13 June 2026: Anthropic\n" in shown
    assert shown.count("The US blocked Fable 5 on Saturday.") == 1


def test_a_story_without_events_is_still_a_message() -> None:
    message = written(make_story(title=""))
    assert problems(as_sent(message)["blocks"]) == []
    assert message.text == "A story without a title"


@settings(deadline=None)
@given(title=outside, sentence=outside, name=outside, source=outside, url=outside | st.just("https://a.example/b"))
def test_any_outside_text_makes_a_valid_message_that_pings_nobody(
    title: str, sentence: str, name: str, source: str, url: str
) -> None:
    names = ((name, MODEL, "target"), (name, COMPANY, "actor"))
    events = (make_event(n, names=names, headline=sentence, url=url, source=source) for n in range(1, 4))
    message = written(make_story(*events, title=title))
    assert message_error(as_sent(message)) is None
    assert pings(as_sent(message)) == []
    assert "<" not in message.text
    assert not set("\u202e\u2066\u200f") & set(json.dumps(message.blocks, ensure_ascii=False))
    as_console(message, "C1").encode()


@pytest.mark.parametrize("length", [0, 1, 74, 75, 76, 149, 150, 151, 2000, 2999, 3000, 3001, 9000])
@pytest.mark.parametrize("character", ["x", "字", "x ", "&", "\N{GRINNING FACE}"])
def test_a_story_of_any_size_stays_within_the_limits(character: str, length: int) -> None:
    long = character * length
    names = tuple((f"{n} {long}", kind, role) for n in range(4) for kind in EntityKind for role in ROLES)
    url = f"https://press.example/{'x' * length}"
    events = (make_event(n, names=names, headline=long, url=url, source=long) for n in range(1, 12))
    message = story_message(
        make_story(*events, title=long),
        Match(event_ids=(1,), why=(long,) * 5),
        subscription_id=3,
        public_url="http://t",
        standpoint=AT_HOME,
    )
    assert message_error(as_sent(message)) is None
    assert len(message.blocks) < 12


def test_long_parts_are_cut_at_a_word() -> None:
    shown = as_console(written(make_story(make_event(1, headline="word " * 3000))), "C1")
    assert "word…”" in shown
    assert max(map(len, shown.splitlines())) <= 78


def test_where_sources_disagree_the_alert_says_who_says_which() -> None:
    event = make_event(1, names=NAMES)
    gazette, daily = (
        replace(event.witnesses[0], report_id=n, article_id=n, source=source,
                report=replace(event.witnesses[0].report, dates=(make_date(date(2026, 6, day)),)))
        for n, source, day in ((1, "Gazette", 13), (2, "Daily", 12))
    )  # fmt: skip
    told = as_console(written(make_story(replace(event, witnesses=(gazette, daily)))), "C0123")
    assert "    Sources disagree: announced 13 June 2026 (Gazette) or 12 June 2026 (Daily)\n" in told
    assert "Sources disagree" not in as_console(written(make_story(event)), "C0123")


def test_an_alert_says_which_declared_services_it_affects() -> None:
    names = (("US", EntityKind.COUNTRY, "actor"), ("Claude", EntityKind.MODEL, "target"))
    bots = [service(f"Bot {n}", "model/claude", countries=("KR",)) for n in range(9)]
    story, why = make_story(make_event(1, names=names)), Match(event_ids=(1,), why=())
    message = story_message(story, why, subscription_id=3, public_url="http://t", standpoint=standpoint(*bots))
    told = as_console(message, "C1")
    assert "    Affects you: Bot 0: Claude in KR\n" in told
    assert told.count("Claude in KR") == 6
    assert message_error(as_sent(message)) is None
