"""What becomes of a delivery is decided from what is known of it."""

from datetime import timedelta

import pytest

from tests.making import NOW
from tests.notify.stories import make_delivery
from tracker.errors import SendError
from tracker.notify.outbox import after_error, after_failed_search, after_search, after_send
from tracker.types import DeliveryState


def test_sent_is_sent() -> None:
    assert after_send("C1:1").state is DeliveryState.SENT


def test_an_unknown_outcome_is_never_due_again_by_itself() -> None:
    outcome = after_error(make_delivery(), SendError("lost", outcome="unknown"), now=NOW)
    assert (outcome.state, outcome.next_try_at) == (DeliveryState.SENDING, None)


def test_a_refusal_is_final() -> None:
    outcome = after_error(make_delivery(), SendError("is_archived", outcome="refused"), now=NOW)
    assert (outcome.state, outcome.error) == (DeliveryState.REFUSED, "is_archived")


@pytest.mark.parametrize("seconds", [0, 17])
def test_the_pause_that_was_asked_for_is_kept_and_nought_means_now(seconds: int) -> None:
    pause = timedelta(seconds=seconds)
    outcome = after_error(make_delivery(), SendError("slow", outcome="retry", retry_after=pause), now=NOW)
    assert (outcome.state, outcome.next_try_at) == (DeliveryState.PENDING, NOW + pause)


def test_pauses_grow_up_to_an_hour_and_end() -> None:
    error = SendError("down", outcome="retry")
    times = [after_error(make_delivery(attempts=n), error, now=NOW).next_try_at for n in range(1, 29)]
    pauses = [time - NOW for time in times if time]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)
    assert after_error(make_delivery(attempts=30), error, now=NOW).state is DeliveryState.REFUSED


def test_what_was_found_is_sent_and_what_was_not_is_due() -> None:
    assert after_search("C1:1", now=NOW).state is DeliveryState.SENT
    assert after_search(None, now=NOW).next_try_at == NOW


@pytest.mark.parametrize(
    ("outcome", "hours", "state"),
    [
        ("retry", 1, DeliveryState.SENDING),
        ("retry", 25, DeliveryState.AMBIGUOUS),
        ("refused", 0, DeliveryState.AMBIGUOUS),
        ("unknown", 0, DeliveryState.AMBIGUOUS),
    ],
)
def test_what_cannot_be_looked_up_is_looked_for_again_or_left_to_a_person(
    outcome: str, hours: int, state: DeliveryState
) -> None:
    error = SendError("missing_scope", outcome=outcome)
    after = after_failed_search(make_delivery(), error, now=NOW + timedelta(hours=hours))
    assert after.state is state
    assert after.next_try_at is None
    assert "missing_scope" in str(after.error)
