"""Whatever stands in the news and however many stories there are, the summary is valid and counts each of them."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notify.any_story import stories
from tests.notify.stories import make_event, make_story
from tests.notify.test_message import AT_HOME, NAMES, as_sent
from tests.servers.slack_blocks import message_error, pings
from tracker.notify.console import as_console
from tracker.notify.holding import Limit
from tracker.notify.message import Message
from tracker.notify.summary import Told, summary_message, why_together
from tracker.telling import main_event
from tracker.types import EventType, Habits, HeldFor, QuietHours, Story

LIMIT = Limit(burst=10, within=timedelta(minutes=10))
NIGHT = Habits(zone="Asia/Seoul", quiet=QuietHours(start=time(22), end=time(7)))


def written(told: list[Story]) -> Message:
    shown = [Told(story=replace(one, id=at), main=main_event(one)) for at, one in enumerate(told, 1)]
    return summary_message(shown, "gathered hourly", subscription_id=3, public_url="http://t", standpoint=AT_HOME)


@pytest.mark.parametrize(
    ("held_for", "why"),
    [
        (HeldFor.QUIET, "held during your quiet hours, 22:00–07:00 Asia/Seoul"),
        (HeldFor.DAY, "gathered daily, at 08:00 Asia/Seoul"),
        (HeldFor.HOUR, "gathered hourly"),
        (HeldFor.BURST, "held after 10 messages within 10 minutes"),
    ],
)
def test_a_summary_says_why_it_is_one(held_for: HeldFor, why: str) -> None:
    assert why_together(held_for, NIGHT, LIMIT) == why


def test_the_most_severe_story_comes_first_with_its_state_voices_number_and_buttons() -> None:
    mild = make_story(make_event(1, EventType.ADOPTION, headline="Banks use more of GLM-5.2."))
    shown = as_console(written([mild, make_story(make_event(1, names=NAMES))]), "C1")
    assert shown.index("White House restricts Fable 5") < shown.index("Adoption")
    assert "2 stories, gathered hourly" in shown
    assert "Restriction, in force · severity 65 · story 2" in shown
    assert "14 reports, 3 independent publishers, 1 primary document." in shown
    assert "[Evidence] [Why me] [Mute story] [Open]" in shown


@pytest.mark.parametrize("number", [2, 5, 6, 40, 41, 300])
def test_stories_without_room_are_counted(number: int) -> None:
    message = written([make_story(make_event(1, names=NAMES))] * number)
    assert message_error(as_sent(message)) is None
    said = str(message.blocks)
    listed = sum(f"/stories/{one}'" in said for one in range(1, number + 1))
    assert ("more stor" in said) is (listed < number)
    assert listed == number or f"{number - listed} more stor" in said


@settings(deadline=None, max_examples=60)
@given(st.lists(stories, min_size=1, max_size=12), st.sampled_from([1, 5]))
def test_any_stories_make_a_valid_summary_that_pings_nobody(told: list[Story], times: int) -> None:
    message = written(told * times)
    assert message_error(as_sent(message)) is None
    assert pings(as_sent(message)) == []
