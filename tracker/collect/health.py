"""How a source is, judged by what its looks brought, and since when; pure.

Status 200 says little: a feed that answers with old, no or foreign entries is as bad as one that fails.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from tracker import words
from tracker.types import PollState, Source, Tier

# A source that rarely has something new is not stale before it was due so many times.
_INTERVALS = 4
# Beyond this the counts are halved, so that they follow what the source has become.
_COUNTED_AT_MOST = 400


class Condition(StrEnum):
    """How a source is; declaration order is the order in which they need a person."""

    FAILING = "failing"
    RETIRED = "retired"
    EMPTY = "empty"
    STALE = "stale"
    OFF_TOPIC = "off topic"
    WAITING = "waiting"
    OK = "ok"

    @property
    def is_bad(self) -> bool:
        return self not in {Condition.WAITING, Condition.OK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A source's condition, and one sentence that says it with its figures, without a full stop."""

    state: Condition
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _OffTopic:
    share: float
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    stale: dict[str, timedelta]
    stale_of_kind: dict[str, timedelta]
    listing_kinds: frozenset[str]
    off_topic: dict[str, _OffTopic]


def judge(source: Source, state: PollState, *, now: datetime) -> Health:
    """Say how a source is; what needs a person most goes first."""
    if state.retired_at:
        said = f"gone for good (410) since {words.day(state.retired_at)}; asked once a month whether it is back"
        return Health(state=Condition.RETIRED, words=said)
    if state.failures or state.error:
        return Health(state=Condition.FAILING, words=_failing(state))
    if state.polled_at is None:
        return Health(state=Condition.WAITING, words="not asked yet")
    return _judge_answers(source, state, now)


def counted(state: PollState, *, listed: int | None, new: int, on_topic: int) -> PollState:
    """Count what a look brought: how many entries it listed (None: it was unchanged), how many of them were new.

    `on_topic` of the new ones pass the gate.
    """
    if listed is None and not new:
        return state
    seen, passed = state.seen + new, state.on_topic + on_topic
    while seen > _COUNTED_AT_MOST:
        seen, passed = seen / 2, passed / 2
    return replace(state, listed=state.listed if listed is None else listed, seen=seen, on_topic=passed)


def topic_share(state: PollState) -> float | None:
    """Return which share of its last new entries touches our subject; None where there was none."""
    return state.on_topic / state.seen if state.seen else None


def _judge_answers(source: Source, state: PollState, now: datetime) -> Health:
    if state.listed == 0 and source.kind in _bounds().listing_kinds:
        return Health(state=Condition.EMPTY, words="answers, but lists nothing")
    if state.newest_entry_at and now - state.newest_entry_at > _stale_after(source):
        return Health(state=Condition.STALE, words=f"nothing new since {words.day(state.newest_entry_at)}")
    if _is_off_topic(source, state):
        return Health(state=Condition.OFF_TOPIC, words=_topic_match(state, few="only "))
    return Health(state=Condition.OK, words=_fine(state, now))


def _failing(state: PollState) -> str:
    worked = f"last worked on {words.day(state.succeeded_at)}" if state.succeeded_at else "never worked"
    times = f"failed {state.failures} times in a row" if state.failures > 1 else "failed"
    return f"{times}, {worked}: {state.error or 'no reason given'}"


def _fine(state: PollState, now: datetime) -> str:
    newest = state.newest_entry_at
    said = [f"newest item {words.span(now - newest)} old" if newest else "its items carry no dates"]
    return ", ".join([*said, *([_topic_match(state)] if state.seen else [])])


def _topic_match(state: PollState, *, few: str = "") -> str:
    number = f"{few}{state.on_topic:.0f}" if round(state.on_topic) else "none"
    return f"{number} of its last {words.count(round(state.seen), 'item')} on our subject"


def _stale_after(source: Source) -> timedelta:
    bounds = _bounds()
    return max(bounds.stale_of_kind.get(source.kind, bounds.stale[source.tier]), source.every * _INTERVALS)


def _is_off_topic(source: Source, state: PollState) -> bool:
    bound = _bounds().off_topic.get(source.tier)
    return bound is not None and state.seen >= bound.entries and state.on_topic < bound.share * state.seen


@cache
def _bounds() -> _Bounds:
    table = tomllib.loads(files("tracker.collect").joinpath("health.toml").read_text(encoding="utf-8"))
    return _Bounds(
        stale={tier: timedelta(days=table["stale_days"][tier]) for tier in Tier},
        stale_of_kind={kind: timedelta(days=days) for kind, days in table["stale_days_of_kind"].items()},
        listing_kinds=frozenset(table["lists"]["kinds"]),
        off_topic={tier: _OffTopic(**bound) for tier, bound in table["off_topic"].items()},
    )
