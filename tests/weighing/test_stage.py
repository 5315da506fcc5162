"""How far the control of a story has come, by all its events."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weighing.controlling import CLAUDE, CN, FABLE, H20, IT, JP, KR, US, control, june
from tracker.types import Event, EventType, Modality, Stage
from tracker.weighing.controls import is_reversal
from tracker.weighing.stage import story_stage

EASING, LITIGATION = EventType.EASING, EventType.LITIGATION
_ORDER = tuple(Stage)
RUMOUR = control(1, june(5), modality=Modality.RUMOUR)
PLAN = control(2, june(8), modality=Modality.PROPOSAL)
ORDER = control(3, june(12), effective=june(15))
PARTLY = control(4, june(20), type_=EASING, hits=(FABLE, JP, KR))
STAYED = control(5, june(22), type_=LITIGATION)
LIFTED = control(6, june(25), type_=EASING, saying="lifts the ban")
AFFAIR = (RUMOUR, PLAN, ORDER, PARTLY, STAYED, LIFTED)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (4, None),
        (5, Stage.RUMOURED),
        (8, Stage.PROPOSED),
        (12, Stage.ANNOUNCED),
        (15, Stage.IN_FORCE),
        (20, Stage.PARTLY_EASED),
        (22, Stage.SUSPENDED),
        (25, Stage.REVOKED),
    ],
)
def test_a_control_comes_and_goes_stage_by_stage(day: int, stage: Stage | None) -> None:
    assert story_stage(AFFAIR, june(day)) is stage
    assert story_stage(AFFAIR[::-1], june(day)) is stage


def test_what_is_only_talked_about_changes_nothing_of_what_is_in_force() -> None:
    later = control(7, june(18), modality=Modality.RUMOUR)
    denied = control(8, june(18), modality=Modality.DENIAL)
    assert story_stage([ORDER, later, denied], june(18)) is Stage.IN_FORCE
    assert (
        story_stage([ORDER, control(9, june(18), type_=EASING, modality=Modality.INTENT)], june(18)) is Stage.IN_FORCE
    )


def test_a_new_act_puts_a_control_back_in_force() -> None:
    assert story_stage([*AFFAIR, control(7, june(28))], june(28)) is Stage.IN_FORCE


@pytest.mark.parametrize(
    ("easing", "stage"),
    [
        (control(4, june(20), type_=EASING, saying="lifts the ban"), Stage.REVOKED),
        (control(4, june(20), type_=EASING, saying="lifts the ban", effective=june(28)), Stage.IN_FORCE),
        (control(4, june(20), type_=EASING, saying="relaxes the rules"), Stage.PARTLY_EASED),
        (control(4, june(20), type_=EASING, saying="grants licences to sell"), Stage.PARTLY_EASED),
        (control(4, june(20), type_=EASING, saying="delays the ban"), Stage.SUSPENDED),
        (control(4, june(20), type_=EASING, saying="lifts the ban", by=(IT,)), Stage.IN_FORCE),
        (control(4, june(20), type_=EASING, saying="lifts the ban", hits=(H20,)), Stage.IN_FORCE),
    ],
    ids=["whole", "later", "softer", "licences", "delay", "another government", "another chip"],
)
def test_the_words_of_an_easing_say_how_much_of_a_control_is_left(easing: Event, stage: Stage) -> None:
    assert story_stage([ORDER, easing], june(21)) is stage


def test_an_easing_for_all_countries_that_were_hit_is_whole() -> None:
    hit = control(1, june(12), hits=(H20, CN))
    assert story_stage([hit, control(2, june(20), type_=EASING, hits=(H20, CN), saying="lifts the ban")], june(20)) is (
        Stage.REVOKED
    )


def test_of_several_controls_the_one_that_bites_most_is_told() -> None:
    other = control(7, june(14), hits=(CLAUDE,), by=(CN,), type_=EventType.RETALIATION)
    assert story_stage([*AFFAIR, other], june(30)) is Stage.IN_FORCE


def test_a_control_that_has_expired_is_over_unless_another_is_in_force() -> None:
    short = control(7, june(14), expiry=june(20))
    assert story_stage([short], june(21)) is Stage.REVOKED
    assert story_stage([ORDER, short], june(21)) is Stage.IN_FORCE


_DAYS = st.integers(1, 30).map(june)
_EVENTS = st.lists(
    st.builds(
        control,
        st.integers(1, 10**6),
        _DAYS,
        by=st.sampled_from(((US,), ())),
        hits=st.sampled_from(((FABLE,), (FABLE, KR), (CLAUDE,))),
        type_=st.sampled_from((EventType.RESTRICTION, EASING, LITIGATION)),
        modality=st.sampled_from(Modality),
    ),
    max_size=6,
    unique_by=lambda event: event.id,
)


@given(events=_EVENTS, day=_DAYS)
def test_a_reversal_never_raises_the_stage(events: list[Event], day: date) -> None:
    kept = [event for event in events if not is_reversal(event)]
    without, with_them = story_stage(kept, day), story_stage(events, day)
    last = max((event for event in events if event.date and event.date.first <= day), default=None,
               key=lambda event: (event.date.first if event.date else day, event.id))  # fmt: skip
    if without is None or last is None or not is_reversal(last):
        return
    before = story_stage([event for event in events if event is not last], day)
    assert before is None or (with_them is not None and _ORDER.index(with_them) >= _ORDER.index(before))
