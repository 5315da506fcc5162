"""How long governments take to hit back."""

from dataclasses import replace

from tests.notify.stories import make_story
from tests.weighing.controlling import CN, FABLE, US, control, june
from tracker.knowledge import load
from tracker.types import Event, EventType, Modality, Story
from tracker.weighing.responses import response_times


def told(*events: Event) -> Story:
    return replace(make_story(), events=events)


def answer(number: int, day: int, *, by: str = CN, hits: str = US, modality: Modality = Modality.ACT) -> Event:
    return control(number, june(day), by=(by,), hits=(hits,), type_=EventType.RETALIATION, modality=modality)


def test_retaliation_is_counted_by_who_answered_whom() -> None:
    first = told(control(1, june(1)), answer(2, 4))
    second = told(control(3, june(10)), answer(4, 11), answer(5, 20))
    back = told(control(6, june(12), by=(CN,), hits=("chip/h20",)), answer(7, 14, by=US, hits=CN))
    found = response_times([first, second, back], load())
    assert [(one.first, one.answering, one.days, one.median) for one in found] == [
        ("US", "CN", [1, 3, 10], 3.0), ("CN", "US", [2], 2.0)
    ]  # fmt: skip
    assert found[0].links[-1].event.id == 5


def test_what_is_only_threatened_and_what_eases_is_no_response() -> None:
    threat = told(control(1, june(1)), answer(2, 4, modality=Modality.PROPOSAL))
    easing = told(control(1, june(1), type_=EventType.EASING), answer(2, 4, hits=FABLE))
    assert response_times([threat, easing], load()) == []
