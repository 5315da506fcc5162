"""What a thread hears, and what it is spared."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings

from tests.making import make_quote
from tests.notify.any_story import stories
from tests.notify.stories import make_event, make_story
from tests.servers.slack_blocks import message_error, pings
from tests.weighing.standing import TODAY, standpoint
from tracker.notify.console import as_console
from tracker.notify.filters import Match
from tracker.notify.following import Changed, changed, snapshot
from tracker.notify.message import Message, story_message
from tracker.notify.reply import reply_message
from tracker.types import (  # fmt: skip
    DateRole,
    EntityKind,
    Event,
    EventType,
    Modality,
    Precision,
    ReportDate,
    ResolvedDate,
    Stage,
    Story,
)

AT_HOME = standpoint()
NAMES = (("White House", EntityKind.AGENCY, "actor"), ("Fable 5", EntityKind.MODEL, "target"))
ORDER = make_event(1, names=NAMES)
RELIEF = make_event(2, EventType.EASING, names=NAMES, headline="The White House lifted its ban.")


def on(day: int, month: int = 6) -> ResolvedDate:
    when = date(2026, month, day)
    return ResolvedDate(first=when, last=when, precision=Precision.DAY)


def taking_effect(event: Event, when: ResolvedDate) -> Event:
    (witness,) = event.witnesses
    said = ReportDate(role=DateRole.EFFECTIVE, date=when, quote=make_quote("from then on"))
    return replace(event, witnesses=(replace(witness, report=replace(witness.report, dates=(said,))),))


def news(before: Story, after: Story, *, today: date = TODAY) -> list[Changed]:
    return changed(snapshot(before, None, TODAY), after, today)


def reply(found: list[Changed], story: Story) -> Message:
    return reply_message(story, found, public_url="http://t", standpoint=AT_HOME)


def test_further_copies_are_no_news_for_the_thread() -> None:
    assert news(make_story(ORDER), make_story(ORDER, articles=40)) == []


def test_a_new_event_is_told_with_its_quote() -> None:
    release = make_event(3, EventType.MODEL_RELEASE, headline="Zhipu released GLM-5.2.")
    (found,) = news(make_story(ORDER), make_story(ORDER, release))
    assert (found.event, found.changes, found.decisive) == (release, (), None)
    shown = as_console(reply([found], make_story(ORDER, release)), "C1")
    assert "    New: model release, 13 June 2026\n" in shown
    assert "“Zhipu released GLM-5.2.”" in shown


def test_a_changed_date_says_from_what_to_what() -> None:
    before = make_story(taking_effect(ORDER, on(1, 7)))
    after = make_story(taking_effect(ORDER, on(15, 7)))
    (found,) = news(before, after)
    assert (found.decisive, len(found.changes)) == (None, 1)
    assert "- Takes effect: from 1 July 2026 to 15 July 2026\n" in as_console(reply([found], after), "C1")


def test_a_control_that_comes_into_force_is_decisive() -> None:
    story = make_story(taking_effect(ORDER, on(1, 7)))
    (found,) = news(story, story, today=date(2026, 7, 1))
    assert found.decisive is Stage.IN_FORCE
    assert "- Stage: from announced to in force\n" in as_console(reply([found], story), "C1")


def test_a_rumour_that_is_confirmed_says_so() -> None:
    rumour = replace(ORDER, modality=Modality.RUMOUR)
    (found,) = news(make_story(rumour), make_story(ORDER))
    assert [change.field for change in found.changes] == ["Told as", "Stage"]
    assert found.decisive is Stage.IN_FORCE


def test_an_easing_is_decisive_and_stands_first_in_the_edited_message() -> None:
    story = make_story(ORDER, replace(RELIEF, date=on(18)))
    (found,) = news(make_story(ORDER), story)
    assert found.decisive is Stage.PARTLY_EASED
    match = Match(event_ids=(1,), why=())
    edited = story_message(story, match, subscription_id=3, public_url="http://t", standpoint=AT_HOME)
    shown = as_console(edited, "C1").splitlines()
    assert shown[4].startswith("    Since then revoked, 18 June 2026: White House eases controls on Fable")


def test_an_easing_before_the_control_is_not_told_as_its_end() -> None:
    story = make_story(ORDER, replace(RELIEF, date=on(1)))
    match = Match(event_ids=(1,), why=())
    message = story_message(story, match, subscription_id=3, public_url="http://t", standpoint=AT_HOME)
    assert "Since then" not in as_console(message, "C1")


def test_commentary_and_an_event_under_a_new_number_are_no_news() -> None:
    assert news(make_story(ORDER), make_story(ORDER, make_event(4, EventType.ANALYSIS))) == []
    assert news(make_story(ORDER), make_story(replace(ORDER, id=9))) == []


@settings(deadline=None)
@given(before=stories, after=stories)
def test_whatever_changes_the_reply_is_valid_and_pings_nobody(before: Story, after: Story) -> None:
    assert changed(snapshot(before, None, TODAY), before, TODAY) == []
    message = reply(news(before, after), after)
    sent: dict[str, Any] = {"channel": "C1", "text": message.text, "blocks": list(message.blocks)}
    assert message_error(sent) is None
    assert pings(sent) == []
