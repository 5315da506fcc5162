"""When a source is looked at next; pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from tracker.config import CollectSettings
from tracker.errors import FetchError, ParseError
from tracker.types import Poll, PollState, Source

# How far jitter (0 to 1) moves a poll, as a share of the pause before it.
_SPREAD = 0.1
# A server may ask for a longer pause than we would take, but not for ever.
_RETRY_AFTER_LIMIT = timedelta(days=1)
_GONE_PAUSE = timedelta(days=30)


def after_success(source: Source, state: PollState, poll: Poll, *, now: datetime, jitter: float) -> PollState:
    """Return what to remember after a look that worked; the next one is due after the source's own interval."""
    stated = [entry.published_at for entry in poll.entries if entry.published_at]
    return replace(
        state,
        etag=poll.etag,
        last_modified=poll.last_modified,
        body_hash=poll.body_hash,
        memory=state.memory if poll.memory is None else poll.memory,
        next_due_at=now + _spread(source.every, jitter),
        polled_at=now,
        succeeded_at=now,
        newest_entry_at=max([*stated, *([state.newest_entry_at] if state.newest_entry_at else [])], default=None),
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
    """Return what to remember after a look that failed; each failure in a row doubles the pause."""
    failures = state.failures + 1
    pause = _spread(_pause(error, failures, settings), jitter)
    del source  # its rhythm matters again after the first success
    return replace(state, next_due_at=now + pause, polled_at=now, failures=failures, error=str(error))


def _pause(error: FetchError | ParseError, failures: int, settings: CollectSettings) -> timedelta:
    if isinstance(error, FetchError) and error.gone:
        return _GONE_PAUSE
    # Twenty doublings are over any limit; many more would overflow a timedelta.
    pause = min(settings.retry_first * (1 << min(failures - 1, 20)), settings.retry_limit)
    asked = error.retry_after if isinstance(error, FetchError) else None
    return pause if asked is None else max(pause, min(asked, _RETRY_AFTER_LIMIT))


def _spread(pause: timedelta, jitter: float) -> timedelta:
    return pause * (1 + _SPREAD * jitter)
