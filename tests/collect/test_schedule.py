"""When a source is due next, and at which address."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.collect.schedule import address, after_failure, after_success
from tracker.config import CollectSettings
from tracker.errors import FetchError, ParseError
from tracker.types import Entry, Poll, PollState, Source, Tier

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
SOURCE = Source(name="News", kind="feed", url="https://example.org/feed", family="news", every=timedelta(hours=1))
SETTINGS = CollectSettings.model_validate({"retry_first": "5m", "retry_limit": "6h", "every_most": "6h"})
HOUR = timedelta(hours=1)

# Whatever a source may be, a server may state, and a state may hold.
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 (bounds are naive)
durations = st.timedeltas(timedelta(seconds=1), timedelta(days=400))
sources = st.builds(replace, st.just(SOURCE), every=durations, tier=st.sampled_from(Tier))
addresses = st.none() | st.sampled_from(["https://a.example/feed", "https://b.example/feed"])
states = st.builds(
    PollState,
    pause=st.none() | durations,
    polled_at=st.none() | moments,
    newest_entry_at=st.none() | moments,
    failures=st.integers(0, 10**9),
    moved_to=addresses,
    moved_seen=st.integers(0, 10),
    retired_at=st.none() | moments,
)
polls = st.builds(
    Poll,
    entries=st.lists(st.builds(Entry, key=st.just("k"), address=st.just("a"), published_at=st.none() | moments)).map(
        tuple
    ),
    fresh_for=st.none() | durations,
    moved_to=addresses,
)
failures = st.builds(
    FetchError,
    st.just("no"),
    retry_after=st.none() | durations,
    gone=st.booleans(),
    status=st.sampled_from([None, 410, 429, 500, 503]),
) | st.just(ParseError("not a feed"))


def succeed(
    state: PollState, poll: Poll, *, source: Source = SOURCE, now: datetime = NOW, jitter: float = 0.0
) -> PollState:
    return after_success(source, state, poll, now=now, settings=SETTINGS, jitter=jitter)


def fail(state: PollState, error: FetchError | ParseError, jitter: float = 0.0) -> PollState:
    return after_failure(SOURCE, state, error, now=NOW, settings=SETTINGS, jitter=jitter)


def dated(*moments: datetime | None) -> tuple[Entry, ...]:
    return tuple(Entry(key=str(at), address=str(at), published_at=at) for at in moments)


def pause(state: PollState) -> timedelta:
    assert state.next_due_at is not None
    return state.next_due_at - NOW


def test_success_clears_the_failures_and_keeps_the_rhythm() -> None:
    before = PollState(failures=3, error="HTTP 503", succeeded_at=NOW - timedelta(days=1))
    state = succeed(before, Poll(etag="e", body_hash="h"))
    assert state == PollState(
        etag="e", body_hash="h", pause=HOUR, next_due_at=NOW + HOUR, polled_at=NOW, succeeded_at=NOW
    )


def test_jitter_delays_a_poll_by_a_tenth_at_most() -> None:
    assert pause(succeed(PollState(), Poll(), jitter=1.0)) == timedelta(hours=1.1)


def test_the_newest_entry_is_remembered() -> None:
    old, new = NOW - timedelta(days=2), NOW - timedelta(days=1)
    entries = dated(new, None, old)
    assert succeed(PollState(), Poll(entries=entries)).newest_entry_at == new
    known = PollState(newest_entry_at=NOW)
    assert succeed(known, Poll(entries=entries)).newest_entry_at == NOW
    assert succeed(known, Poll(unchanged=True)).newest_entry_at == NOW


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


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_is_asked_too_often_is_not_asked_sooner_than_usual(status: int) -> None:
    state = fail(PollState(), FetchError(f"HTTP {status}", status=status))
    assert pause(state) == SOURCE.every
    assert pause(fail(state, FetchError(f"HTTP {status}", status=status))) == 2 * SOURCE.every
    asked = FetchError(f"HTTP {status}", status=status, retry_after=timedelta(hours=3))
    assert pause(fail(PollState(), asked)) == timedelta(hours=3)


def test_a_source_that_is_gone_is_asked_once_a_month_until_it_is_back() -> None:
    gone = fail(PollState(), FetchError("HTTP 410", gone=True, status=410))
    assert pause(gone) == timedelta(days=30)
    assert (gone.retired_at, gone.error) == (NOW, "HTTP 410; retired on 2026-06-15 and asked once a month")
    silent = fail(gone, FetchError("connection refused"))
    assert (pause(silent), silent.retired_at) == (timedelta(days=30), NOW)
    assert silent.error == "connection refused; retired on 2026-06-15 and asked once a month"
    back = succeed(silent, Poll())
    assert (back.retired_at, back.error, pause(back)) == (None, None, HOUR)


# ---------------------------------------------------------------- the rhythm of a source


def feed_of(interval: timedelta, *, silence: timedelta = timedelta(0), count: int = 30) -> Poll:
    return Poll(entries=dated(*(NOW - silence - n * interval for n in range(count))))


@pytest.mark.parametrize(
    ("interval", "expected"),
    [(timedelta(minutes=10), HOUR), (timedelta(hours=20), HOUR * 20 * 9 / 10 / 8), (timedelta(days=30), 6 * HOUR)],
)
def test_a_source_is_polled_in_its_own_rhythm_between_bounds(interval: timedelta, expected: timedelta) -> None:
    assert pause(succeed(PollState(), feed_of(interval))) == expected


@pytest.mark.parametrize(
    ("every", "tier", "longest"),
    [
        (timedelta(minutes=15), Tier.PRESS, timedelta(hours=2)),
        (timedelta(minutes=15), Tier.PRIMARY, timedelta(minutes=30)),
        (timedelta(hours=2), Tier.BLOG, timedelta(hours=6)),
        (timedelta(days=1), Tier.BLOG, timedelta(days=1)),
    ],
)
def test_a_quiet_source_is_polled_more_rarely_up_to_a_bound(every: timedelta, tier: Tier, longest: timedelta) -> None:
    source = replace(SOURCE, every=every, tier=tier)
    assert pause(succeed(PollState(), feed_of(timedelta(days=30)), source=source)) == longest


def test_silence_stretches_the_pause_step_by_step_and_new_entries_shorten_it() -> None:
    state, now, pauses = succeed(PollState(), feed_of(HOUR)), NOW, [HOUR]
    for _ in range(300):
        now += pauses[-1]
        state = succeed(state, Poll(unchanged=True), now=now)
        assert state.next_due_at is not None
        pauses.append(state.next_due_at - now)
    assert pauses == sorted(pauses)
    assert pauses[-1] == 6 * HOUR
    assert pause(succeed(state, feed_of(HOUR))) == HOUR


def test_entries_without_dates_shorten_the_pause_too() -> None:
    found = succeed(PollState(pause=4 * HOUR, polled_at=NOW), Poll(entries=dated(None)))
    assert pause(found) == 2 * HOUR


def test_an_entry_dated_ahead_counts_as_new_where_clocks_differ_and_not_beyond() -> None:
    assert succeed(PollState(), Poll(entries=dated(NOW + HOUR))).newest_entry_at == NOW
    assert succeed(PollState(), Poll(entries=dated(NOW + timedelta(days=40)))).newest_entry_at is None


def test_an_answer_that_stays_fresh_is_not_asked_for_again_within_the_bounds() -> None:
    assert pause(succeed(PollState(), Poll(fresh_for=timedelta(minutes=1)))) == HOUR
    assert pause(succeed(PollState(), Poll(fresh_for=3 * HOUR))) == 3 * HOUR
    assert pause(succeed(PollState(), Poll(fresh_for=timedelta(days=1)))) == 6 * HOUR
    state = succeed(PollState(), Poll(fresh_for=3 * HOUR))
    assert pause(succeed(state, Poll(unchanged=True))) == HOUR


# ---------------------------------------------------------------- a source that moves

A, B = "https://a.example/feed", "https://b.example/feed"


def moved(seen: Iterable[str | None], state: PollState | None = None) -> PollState:
    state = state or PollState()
    for target in seen:
        state = succeed(state, Poll(moved_to=target))
    return state


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        ([A, A], SOURCE.url),
        ([A, A, A], A),
        ([A, A, None, A], SOURCE.url),
        ([A, A, B, B], SOURCE.url),
        ([A, A, B, B, B], B),
        ([A, A, A, None, None], A),
        ([A, A, A, B, B], A),
        ([A, A, A, B, B, None, B], A),
        ([A, A, A, B, B, B], B),
    ],
)
def test_a_move_counts_once_it_was_seen_three_times_in_a_row(seen: list[str | None], asked: str) -> None:
    assert address(SOURCE, moved(seen)) == asked


def test_a_new_address_that_goes_on_failing_is_given_up_for_the_old_one() -> None:
    state = moved([A, A, A])
    for _ in range(2):
        state = fail(state, FetchError("HTTP 500"))
        assert address(SOURCE, state) == A
    assert address(SOURCE, fail(state, FetchError("HTTP 500"))) == SOURCE.url


def test_a_new_address_that_is_gone_does_not_retire_the_source() -> None:
    state = fail(moved([A, A, A]), FetchError("HTTP 410", gone=True))
    assert (address(SOURCE, state), state.retired_at, pause(state)) == (SOURCE.url, None, timedelta(minutes=5))


# ---------------------------------------------------------------- laws


@given(source=sources, state=states, poll=polls, jitter=st.floats(0, 1))
def test_after_a_success_the_next_poll_keeps_the_bounds(
    source: Source, state: PollState, poll: Poll, jitter: float
) -> None:
    found = pause(succeed(state, poll, source=source, jitter=jitter))
    stretch = 2 if source.tier is Tier.PRIMARY else 8
    assert source.every <= found <= max(source.every, min(stretch * source.every, 6 * HOUR)) * 1.1


@given(source=sources, state=states, poll=polls)
def test_a_new_entry_never_delays_the_next_poll(source: Source, state: PollState, poll: Poll) -> None:
    more = replace(poll, entries=(*poll.entries, *dated(NOW)))
    before = succeed(state, poll, source=source)
    if poll.entries and before.newest_entry_at:
        assert pause(succeed(state, more, source=source)) <= pause(before)


@given(source=sources, state=states, error=failures, jitter=st.floats(0, 1))
def test_after_a_failure_the_next_poll_is_ahead_and_within_a_month(
    source: Source, state: PollState, error: FetchError | ParseError, jitter: float
) -> None:
    after = after_failure(source, state, error, now=NOW, settings=SETTINGS, jitter=jitter)
    assert SETTINGS.retry_first <= pause(after) <= max(timedelta(days=30), source.every) * 1.1
    assert after.failures == state.failures + 1
    assert after.error


@given(source=sources, state=states, error=failures)
def test_a_further_failure_never_shortens_the_pause(
    source: Source, state: PollState, error: FetchError | ParseError
) -> None:
    first = after_failure(source, state, error, now=NOW, settings=SETTINGS, jitter=0.0)
    second = after_failure(source, first, error, now=NOW, settings=SETTINGS, jitter=0.0)
    assert pause(second) >= pause(first)


@given(failures=st.integers(0, 10**9), jitter=st.floats(0, 1))
def test_no_number_of_failures_leaves_the_bounds(failures: int, jitter: float) -> None:
    found = pause(fail(PollState(failures=failures), FetchError("HTTP 500"), jitter))
    assert SETTINGS.retry_first <= found <= SETTINGS.retry_limit * 1.1
