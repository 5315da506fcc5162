"""When a source is due next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.collect.schedule import after_failure, after_success
from tracker.config import CollectSettings
from tracker.errors import FetchError, ParseError
from tracker.types import Entry, Poll, PollState, Source

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
SOURCE = Source(name="News", kind="feed", url="https://example.org/feed", family="news", every=timedelta(hours=1))
SETTINGS = CollectSettings.model_validate({"retry_first": "5m", "retry_limit": "6h"})


def fail(state: PollState, error: FetchError | ParseError, jitter: float = 0.0) -> PollState:
    return after_failure(SOURCE, state, error, now=NOW, settings=SETTINGS, jitter=jitter)


def pause(state: PollState) -> timedelta:
    assert state.next_due_at is not None
    return state.next_due_at - NOW


def test_success_clears_the_failures_and_keeps_the_rhythm() -> None:
    before = PollState(failures=3, error="HTTP 503", succeeded_at=NOW - timedelta(days=1))
    state = after_success(SOURCE, before, Poll(etag="e", body_hash="h"), now=NOW, jitter=0.0)
    assert state == PollState(
        etag="e", body_hash="h", next_due_at=NOW + timedelta(hours=1), polled_at=NOW, succeeded_at=NOW
    )


def test_jitter_delays_a_poll_by_a_tenth_at_most() -> None:
    assert pause(after_success(SOURCE, PollState(), Poll(), now=NOW, jitter=1.0)) == timedelta(hours=1.1)


def test_the_newest_entry_is_remembered() -> None:
    old, new = NOW - timedelta(days=2), NOW - timedelta(days=1)
    entries = tuple(Entry(key=str(at), address=str(at), published_at=at) for at in (new, None, old))
    assert after_success(SOURCE, PollState(), Poll(entries=entries), now=NOW, jitter=0).newest_entry_at == new
    known = PollState(newest_entry_at=NOW)
    assert after_success(SOURCE, known, Poll(entries=entries), now=NOW, jitter=0).newest_entry_at == NOW
    assert after_success(SOURCE, known, Poll(unchanged=True), now=NOW, jitter=0).newest_entry_at == NOW


def test_failures_in_a_row_double_the_pause_up_to_the_limit() -> None:
    pauses, state = [], PollState()
    for _ in range(9):
        state = fail(state, ParseError("not a feed"))
        pauses.append(pause(state) / timedelta(minutes=1))
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert (state.failures, state.error, state.polled_at) == (9, "not a feed", NOW)


def test_a_failure_keeps_the_validators() -> None:
    state = fail(PollState(etag="e", last_modified="m", body_hash="h", succeeded_at=NOW), FetchError("HTTP 500"))
    assert (state.etag, state.last_modified, state.body_hash, state.succeeded_at) == ("e", "m", "h", NOW)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(0), timedelta(minutes=5)),
        (timedelta(days=900), timedelta(days=1)),
    ],
)
def test_the_pause_that_a_server_asks_for_is_honoured_up_to_a_day(asked: timedelta, given: timedelta) -> None:
    assert pause(fail(PollState(), FetchError("HTTP 429", retry_after=asked))) == given


def test_a_source_that_is_gone_is_asked_once_a_month() -> None:
    assert pause(fail(PollState(), FetchError("HTTP 410", gone=True))) == timedelta(days=30)


@given(failures=st.integers(0, 10**9), jitter=st.floats(0, 1))
def test_no_number_of_failures_leaves_the_bounds(failures: int, jitter: float) -> None:
    found = pause(fail(PollState(failures=failures), FetchError("HTTP 500"), jitter))
    assert SETTINGS.retry_first <= found <= SETTINGS.retry_limit * 1.1
