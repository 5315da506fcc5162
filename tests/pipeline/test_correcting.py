"""An event that a person corrects says so at once, in all its reports, under its id."""

from datetime import date

import pytest

from tests.making import NOW, make_report
from tests.pipeline.conftest import Desk
from tests.store.test_regroupings import BLOCKED, events, tell
from tracker.errors import InputError
from tracker.knowledge.edits import Author
from tracker.pipeline.correcting import correct
from tracker.store.queries import EventQuery
from tracker.types import ChannelKind, DeliveryState, Event, EventType

MIRA = Author(by="mira", at=NOW, why="the order says so")


def the_event(desk: Desk) -> Event:
    (event,) = desk.store.queries.events(EventQuery())
    return event


def test_a_correction_goes_through_all_reports_and_keeps_the_id(desk: Desk) -> None:
    for number in (1, 2, 3):
        tell(desk.store, number, BLOCKED)
    before = the_event(desk).id
    (now,) = correct(
        desk.store, ("E", before), [("type", "easing"), ("date", "2026-06-12"), ("targets", "Claude Mythos 5")], MIRA
    )
    assert (now.id, now.type, now.date and now.date.first) == (before, EventType.EASING, date(2026, 6, 12))
    assert [one.name for one in now.entities if one.role == "target"] == ["Claude Mythos 5"]
    assert {witness.review.by for witness in now.witnesses if witness.review} == {"mira"}
    assert len(now.witnesses) == 3


def test_what_a_person_gives_rests_on_the_sentence_that_they_judged(desk: Desk) -> None:
    tell(desk.store, 1, BLOCKED, make_report(day=None))
    (now,) = correct(desk.store, ("E", the_event(desk).id), [("date", "2026-06-12"), ("targets", "Nvidia")], MIRA)
    (witness,) = now.witnesses
    said = witness.report.announced
    assert said is not None
    assert said.quote == witness.report.targets[0].quote == witness.report.sentence


def test_a_second_correction_leaves_the_first_where_it_says_nothing(desk: Desk) -> None:
    tell(desk.store, 1, BLOCKED)
    number = the_event(desk).id
    correct(desk.store, ("E", number), [("type", "easing")], MIRA)
    (now,) = correct(desk.store, ("E", number), [("date", "none")], MIRA)
    assert (now.type, now.date) == (EventType.EASING, None)


def test_what_is_marked_wrong_is_gone_and_comes_back_when_it_was_right(desk: Desk) -> None:
    tell(desk.store, 1, BLOCKED)
    number = the_event(desk).id
    assert correct(desk.store, ("E", number), [("no", "event")], MIRA) == []
    assert events(desk.store) == {}
    with pytest.raises(InputError, match="A7"):
        correct(desk.store, ("E", number), [("right", "")], MIRA)
    assert len(correct(desk.store, ("A", 1), [("right", "")], MIRA)) == 1


def test_the_message_about_it_is_looked_at_again(desk: Desk) -> None:
    tell(desk.store, 1, BLOCKED)
    subscription = desk.store.outbox.subscribe(ChannelKind.SLACK, "C1", "", now=NOW)
    desk.store.outbox.owe(subscription, "story:1", now=NOW)
    (delivery,) = desk.store.outbox.claim(now=NOW, limit=1)
    desk.store.outbox.settle(delivery.id, DeliveryState.SENT, now=NOW, receipt="1.2", sent="{}")
    correct(desk.store, ("E", the_event(desk).id), [("type", "easing")], MIRA)
    assert sorted(one.key for one in desk.store.outbox.deliveries()) == ["story:1", "story:1:edit"]


@pytest.mark.parametrize(("whole", "words"), [(("E", 99), "no E99"), (("A", 99), "no A99")])
def test_what_is_not_there_cannot_be_corrected(desk: Desk, whole: tuple[str, int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        correct(desk.store, whole, [("right", "")], MIRA)
