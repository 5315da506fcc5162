"""How the events of a story hang together."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weighing.controlling import ANTHROPIC, CLAUDE, CN, FABLE, H20, IT, JP, OPUS, QWEN, US, control, june
from tracker.knowledge import load
from tracker.types import Event, EventType, Modality, UserClass
from tracker.weighing.days import in_order
from tracker.weighing.links import story_links

EASING, RETALIATION = EventType.EASING, EventType.RETALIATION
ORDER = control(1, june(12))


def linked(*events: Event) -> list[tuple[int, str, int, int]]:
    found = story_links(events, load())
    return sorted((link.event.id, link.kind.value, link.earlier.id, link.days) for link in found)


def test_an_easing_reverses_the_restriction_of_its_own_government() -> None:
    assert linked(ORDER, control(2, june(20), type_=EASING)) == [(2, "reverses", 1, 8)]
    assert linked(ORDER, control(2, june(20), type_=EASING, by=(IT,))) == []
    assert linked(ORDER, control(2, june(20), type_=EASING, hits=(OPUS,))) == []
    assert linked(ORDER, control(2, june(20), type_=EventType.LITIGATION, by=())) == [(2, "reverses", 1, 8)]


def test_an_act_carries_out_what_was_planned_and_not_the_contrary() -> None:
    plan = control(1, june(5), modality=Modality.INTENT)
    assert linked(plan, control(2, june(12))) == [(2, "implements", 1, 7)]
    assert linked(plan, control(2, june(12), type_=EASING)) == []
    bill = control(1, june(5), type_=EventType.LEGISLATION)
    assert linked(bill, control(2, june(12))) == [(2, "implements", 1, 7)]


def test_a_further_act_changes_the_latest_one() -> None:
    second, third = control(2, june(15), users=UserClass.EVERYONE), control(3, june(20), hits=(CLAUDE,))
    assert linked(ORDER, second, third) == [(2, "amends", 1, 3), (3, "amends", 2, 5)]


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        (control(2, june(15), type_=RETALIATION, by=(CN,), hits=(US,)), 3),
        (control(2, june(12), type_=EventType.COMPANY_RESPONSE, by=(ANTHROPIC,), hits=(), named=(FABLE,)), 0),
        (control(2, june(15), type_=EventType.MARKET_REACTION, by=(), hits=("company/amazon",), named=(FABLE,)), 3),
        (control(2, june(22), type_=EventType.ADOPTION, by=(), hits=(QWEN, FABLE)), 10),
        (control(2, june(29), type_=EventType.LITIGATION, by=(ANTHROPIC,), saying="Anthropic sues"), 17),
    ],
    ids=lambda one: one.type.value if isinstance(one, Event) else "",
)
def test_others_answer_a_control(answer: Event, days: int) -> None:
    assert linked(ORDER, answer) == [(2, "responds_to", 1, days)]


def test_nobody_answers_themselves_nor_what_they_do_not_speak_of() -> None:
    assert linked(ORDER, control(2, june(15), type_=RETALIATION, by=(US,), hits=(CN,))) == []
    assert linked(ORDER, control(2, june(15), type_=RETALIATION, by=(), hits=(US,))) == []
    assert linked(ORDER, control(2, june(15), type_=EventType.ADOPTION, by=(), hits=(H20,))) == []


def test_an_answer_is_to_what_it_speaks_of_before_whom_it_hits() -> None:
    gate = control(2, june(14), hits=(OPUS,))
    assert linked(ORDER, gate, control(3, june(15), type_=RETALIATION, by=(CN,), hits=(US, FABLE))) == [
        (3, "responds_to", 1, 3)
    ]


@given(
    events=st.lists(
        st.builds(
            control,
            st.integers(1, 10**6),
            st.integers(1, 30).map(june),
            by=st.sampled_from(((US,), (CN,), ())),
            hits=st.sampled_from(((FABLE,), (CLAUDE, JP), (US,))),
            type_=st.sampled_from(EventType),
            modality=st.sampled_from(Modality),
        ),
        max_size=8,
        unique_by=lambda event: event.id,
    ),
    shuffle=st.randoms(use_true_random=False),
)
def test_links_lead_back_once_of_a_kind_and_in_any_order_of_events(events: list[Event], shuffle: Random) -> None:
    found = story_links(events, load())
    assert all(in_order(link.earlier) < in_order(link.event) and link.days >= 0 for link in found)
    kinds = [(link.event.id, link.kind) for link in found]
    assert len(kinds) == len(set(kinds))
    mixed = sorted(events, key=lambda _: shuffle.random())
    assert story_links(mixed, load()) == found
