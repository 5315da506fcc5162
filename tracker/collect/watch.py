"""When the operators hear of a source: once when it has turned bad, once when it is well again; pure.

What one look finds may be different at the next, so that nothing is told before it has lasted; and what turns bad
together is told together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from tracker.collect.health import Condition, judge
from tracker.types import PollState, Source

# What has lasted for so many looks, or for so long, is told.
_LOOKS, _LASTED = 3, timedelta(days=1)
# What has lasted for so many looks is named in a message that goes out anyway.
_LOOKS_TO_JOIN = 2
# No two messages come closer than this: what turns bad in between is told together.
_BETWEEN_MESSAGES = timedelta(hours=1)
# A message is written when it is sent, which may be after the next one was decided on.
_KEPT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Since when, and for how many looks in a row, a source has been bad, or well again."""

    is_bad: bool
    since: datetime
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the operators were told of a source at one time."""

    at: datetime
    condition: Condition
    words: str


_WATCH = TypeAdapter(Watch)
_TELLINGS = TypeAdapter(tuple[Telling, ...])


def watched(source: Source, state: PollState, *, now: datetime) -> PollState:
    """Count one more look; a source that is well, and that the operators do not think bad, needs no watch."""
    is_bad = judge(source, state, now=now).state.is_bad
    if not is_bad and not _is_thought_bad(state):
        return replace(state, unwell=None) if state.unwell else state
    watch = _watch(state)
    if watch is None or watch.is_bad != is_bad:
        watch = Watch(is_bad=is_bad, since=now, looks=0)
    watch = replace(watch, looks=min(watch.looks + 1, _LOOKS))
    return replace(state, unwell=_WATCH.dump_json(watch).decode())


def tellings(state: PollState) -> tuple[Telling, ...]:
    """Return what the operators were last told of a source, oldest first."""
    return _TELLINGS.validate_json(state.told) if state.told else ()


def to_tell(sources: Mapping[int, tuple[Source, PollState]], *, now: datetime) -> dict[int, str]:
    """Return what is to be told now, as the new `told` by source id; nothing while the last message is fresh."""
    last = max((telling.at for _, state in sources.values() for telling in tellings(state)), default=None)
    if last is not None and now - last < _BETWEEN_MESSAGES:
        return {}
    pending = {number: _watch(state) for number, (source, state) in sources.items() if _is_pending(source, state, now)}
    if not any(_has_lasted(watch, now) for watch in pending.values()):
        return {}
    told = [n for n, watch in pending.items() if _has_lasted(watch, now) or (watch and watch.looks >= _LOOKS_TO_JOIN)]
    return {number: _add_telling(*sources[number], now) for number in told}


def _add_telling(source: Source, state: PollState, now: datetime) -> str:
    health = judge(source, state, now=now)
    new = Telling(at=now, condition=health.state, words=health.words)
    kept: Sequence[Telling] = (*tellings(state), new)[-_KEPT:]
    return _TELLINGS.dump_json(tuple(kept)).decode()


def _watch(state: PollState) -> Watch | None:
    return _WATCH.validate_json(state.unwell) if state.unwell else None


def _is_thought_bad(state: PollState) -> bool:
    told = tellings(state)
    return bool(told) and told[-1].condition.is_bad


def _is_pending(source: Source, state: PollState, now: datetime) -> bool:
    """Say whether looks and clock agree that the source is other than the operators think."""
    watch, condition = _watch(state), judge(source, state, now=now).state
    is_bad = watch is not None and watch.is_bad
    return condition is not Condition.WAITING and is_bad == condition.is_bad and is_bad != _is_thought_bad(state)


def _has_lasted(watch: Watch | None, now: datetime) -> bool:
    """Say whether it is time to tell; without a watch the source has become well while it was told to be bad."""
    return watch is None or watch.looks >= _LOOKS or now - watch.since >= _LASTED
