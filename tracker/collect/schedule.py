"""When a source is looked at next, and at which address; pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import nlargest

from tracker.config import CollectSettings
from tracker.errors import FetchError, ParseError
from tracker.types import Poll, PollState, Source, Tier

# How far jitter (0 to 1) moves a poll, as a share of the pause before it.
_SPREAD = 0.1
# A server may ask for a longer pause than we would take, but not for ever.
_RETRY_AFTER_LIMIT = timedelta(days=1)
_RETIRED_PAUSE = timedelta(days=30)
# Too many requests, service unavailable.
_BUSY = {429, 503}
# News is worth more now without its page than with it later.
_PAGE_PATIENCE = timedelta(minutes=30)
# One wrong redirect must not lead a source away, and an address that it moved to must not hold it when it dies.
_MOVED_AFTER = 3
# The rhythm is the mean interval of this many entries, and this many looks fall into such an interval.
_RECENT_ENTRIES = 10
_LOOKS_AN_INTERVAL = 8
_STRETCH, _STRETCH_PRIMARY = 8, 2
# Clocks differ; an entry dated further ahead than this is dated wrongly.
_CLOCK_SKEW = timedelta(days=1)


def address(source: Source, state: PollState) -> str:
    """Return where the source is looked at: its own address, or the one that it has moved to for good."""
    return state.moved_to if _has_moved(state) and state.moved_to else source.url


def after_success(
    source: Source, state: PollState, poll: Poll, *, now: datetime, settings: CollectSettings, jitter: float
) -> PollState:
    """Return what to remember after a look that worked; the next one is due after what its rhythm asks for.

    That is at least the source's own interval, and longer while little comes or the server calls its answer
    fresh, up to a bound.
    """
    dates = _past_dates(poll, now)
    longest = _longest(source, settings)
    rhythm = min(_rhythm(source, state, dates, poll, now), longest)
    pause = max(rhythm, source.every, min(poll.fresh_for or timedelta(0), longest))
    moved_to, moved_seen = _moved(state, poll)
    return replace(
        state,
        etag=poll.etag,
        last_modified=poll.last_modified,
        body_hash=poll.body_hash,
        memory=state.memory if poll.memory is None else poll.memory,
        moved_to=moved_to,
        moved_seen=moved_seen,
        retired_at=None,
        pause=rhythm,
        next_due_at=now + _spread(pause, jitter),
        polled_at=now,
        succeeded_at=now,
        newest_entry_at=max([*dates, *([state.newest_entry_at] if state.newest_entry_at else [])], default=None),
        failures=0,
        error=None,
    )


def after_failure(
    source: Source,
    state: PollState,
    error: FetchError | ParseError,
    *,
    now: datetime,
    settings: CollectSettings,
    jitter: float,
) -> PollState:
    """Return what to remember after a look that failed; each failure in a row doubles the pause.

    A source that is gone for good (410) is asked once a month whether it is back.  An address that it moved to is
    given up for its own when it is gone or goes on failing.
    """
    failures = state.failures + 1
    is_gone = isinstance(error, FetchError) and error.gone
    retired_at = state.retired_at or (now if is_gone and not _has_moved(state) else None)
    pause = max(_RETIRED_PAUSE, source.every) if retired_at else _backoff(source, error, failures, settings)
    stays = failures < _MOVED_AFTER and not is_gone
    return replace(
        state,
        moved_to=state.moved_to if stays else None,
        moved_seen=state.moved_seen if stays else 0,
        retired_at=retired_at,
        next_due_at=now + _spread(pause, jitter),
        polled_at=now,
        failures=failures,
        error=f"{error}; retired on {retired_at:%Y-%m-%d} and asked once a month" if retired_at else str(error),
    )


def is_worth_waiting(error: FetchError, *, since: datetime, now: datetime) -> bool:
    """Say whether a page that a server would not give now is tried again soon, or its article read without.

    `since` is when the article was found.
    """
    is_busy = error.retry_after is not None or error.status in _BUSY
    return is_busy and now + (error.retry_after or timedelta(0)) < since + _PAGE_PATIENCE


def _has_moved(state: PollState) -> bool:
    return state.moved_seen >= _MOVED_AFTER


def _moved(state: PollState, poll: Poll) -> tuple[str | None, int]:
    """Count how often in a row the polled address redirected for good; once moved, a further move counts on."""
    if _has_moved(state):
        seen = state.moved_seen + 1 if poll.moved_to else _MOVED_AFTER
        return (poll.moved_to, _MOVED_AFTER) if seen >= 2 * _MOVED_AFTER else (state.moved_to, seen)
    if poll.moved_to is None:
        return None, 0
    return poll.moved_to, state.moved_seen + 1 if poll.moved_to == state.moved_to else 1


def _past_dates(poll: Poll, now: datetime) -> list[datetime]:
    stated = (entry.published_at for entry in poll.entries if entry.published_at)
    return [min(at, now) for at in stated if at <= now + _CLOCK_SKEW]


def _rhythm(source: Source, state: PollState, dates: Sequence[datetime], poll: Poll, now: datetime) -> timedelta:
    """Return the pause that suits how often entries come; without news of that, silence lengthens it evenly."""
    recent = nlargest(_RECENT_ENTRIES, dates)
    if recent:
        return (now - recent[-1]) / len(recent) / _LOOKS_AN_INTERVAL
    before = source.every if state.pause is None else state.pause
    if poll.entries:
        return before / 2
    silence = max(now - state.polled_at, timedelta(0)) if state.polled_at else timedelta(0)
    return before + silence / _RECENT_ENTRIES / _LOOKS_AN_INTERVAL


def _longest(source: Source, settings: CollectSettings) -> timedelta:
    stretch = _STRETCH_PRIMARY if source.tier is Tier.PRIMARY else _STRETCH
    return max(source.every, min(source.every * stretch, settings.every_most))


def _backoff(source: Source, error: FetchError | ParseError, failures: int, settings: CollectSettings) -> timedelta:
    """Return the pause after a failure; a server that is asked too often is never asked sooner than usual."""
    asked, status = (error.retry_after, error.status) if isinstance(error, FetchError) else (None, None)
    is_busy = status in _BUSY
    first = max(settings.retry_first, source.every if is_busy else timedelta(0))
    # Twenty doublings are over any limit; many more would overflow a timedelta.
    pause = min(first * (1 << min(failures - 1, 20)), max(settings.retry_limit, first))
    return pause if asked is None else max(pause, min(asked, _RETRY_AFTER_LIMIT))


def _spread(pause: timedelta, jitter: float) -> timedelta:
    return pause * (1 + _SPREAD * jitter)
