"""What is said of a source, and when."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from tracker.collect.health import Condition, counted, judge, topic_share
from tracker.collect.kinds import KINDS
from tracker.types import PollState, Source, Tier

NOW = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
SOURCE = Source(name="News", kind="feed", url="https://example.org/feed", family="news")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WELL = PollState(polled_at=NOW, succeeded_at=NOW, newest_entry_at=NOW - 2 * HOUR, listed=20, seen=40.0, on_topic=12.0)


def said(state: PollState, source: Source = SOURCE) -> tuple[str, str]:
    health = judge(source, state, now=NOW)
    return health.state, health.words


def test_a_source_that_brings_what_we_look_for_is_ok() -> None:
    assert said(WELL) == ("ok", "newest item 2 hours old, 12 of its last 40 items on our subject")


def test_a_source_never_asked_is_waiting() -> None:
    assert said(PollState()) == ("waiting", "not asked yet")


def test_a_source_without_dates_is_not_called_stale() -> None:
    assert said(replace(WELL, newest_entry_at=None)) == (
        "ok",
        "its items carry no dates, 12 of its last 40 items on our subject",
    )


@pytest.mark.parametrize(
    ("failures", "succeeded_at", "words"),
    [
        (1, None, "failed, never worked: HTTP 503"),
        (4, NOW - 107 * DAY, "failed 4 times in a row, last worked on 3 March 2026: HTTP 503"),
    ],
)
def test_a_source_that_fails_says_since_when_and_why(failures: int, succeeded_at: datetime | None, words: str) -> None:
    state = replace(WELL, failures=failures, succeeded_at=succeeded_at, error="HTTP 503")
    assert said(state) == ("failing", words)


def test_a_source_that_is_gone_for_good_is_retired() -> None:
    state = replace(WELL, failures=1, error="HTTP 410; retired", retired_at=NOW - DAY)
    assert said(state) == ("retired", "gone for good (410) since 17 June 2026; asked once a month whether it is back")


@pytest.mark.parametrize(
    ("tier", "kind", "every", "days", "is_stale"),
    [
        (Tier.PRESS, "feed", HOUR, 30, False),
        (Tier.PRESS, "feed", HOUR, 31, True),
        (Tier.PRIMARY, "feed", HOUR, 119, False),
        (Tier.PRIMARY, "feed", HOUR, 121, True),
        (Tier.PRIMARY, "page", HOUR, 399, False),
        (Tier.PRESS, "feed", 10 * DAY, 39, False),
        (Tier.PRESS, "feed", 10 * DAY, 41, True),
    ],
)
def test_how_old_the_newest_entry_may_be_depends_on_the_source(
    tier: Tier, kind: str, every: timedelta, days: int, is_stale: bool
) -> None:
    source = replace(SOURCE, tier=tier, kind=kind, every=every)
    state, _ = said(replace(WELL, newest_entry_at=NOW - days * DAY), source)
    assert (state == "stale") == is_stale


def test_a_stale_source_says_since_when() -> None:
    assert said(replace(WELL, newest_entry_at=NOW - 107 * DAY)) == ("stale", "nothing new since 3 March 2026")


def test_a_feed_that_lists_nothing_is_empty_and_a_search_that_finds_nothing_is_not() -> None:
    nothing = replace(WELL, listed=0)
    assert said(nothing) == ("empty", "answers, but lists nothing")
    assert said(nothing, replace(SOURCE, kind="gdelt"))[0] == "ok"


def test_the_bounds_name_kinds_that_there_are() -> None:
    table = tomllib.loads(files("tracker.collect").joinpath("health.toml").read_text(encoding="utf-8"))
    assert {*table["stale_days_of_kind"], *table["lists"]["kinds"]} <= set(KINDS)


@pytest.mark.parametrize(
    ("tier", "seen", "on_topic", "is_off_topic"),
    [
        (Tier.PRESS, 59, 0, False),
        (Tier.PRESS, 60, 0, True),
        (Tier.PRESS, 300, 3, False),
        (Tier.TRADE, 19, 0, False),
        (Tier.TRADE, 20, 0, True),
        (Tier.BLOG, 200, 3, True),
        (Tier.BLOG, 200, 4, False),
        (Tier.PRIMARY, 400, 0, False),
    ],
)
def test_a_source_that_writes_of_other_things_is_off_topic(
    tier: Tier, seen: int, on_topic: int, is_off_topic: bool
) -> None:
    state, _ = said(replace(WELL, seen=seen, on_topic=on_topic), replace(SOURCE, tier=tier))
    assert (state == "off topic") == is_off_topic


def test_an_off_topic_source_says_how_little_it_brings() -> None:
    assert said(replace(WELL, seen=212.4, on_topic=0.2)) == ("off topic", "none of its last 212 items on our subject")
    assert said(replace(WELL, seen=212.4, on_topic=1.0)) == ("off topic", "only 1 of its last 212 items on our subject")


def test_every_tier_has_its_bounds() -> None:
    assert {judge(replace(SOURCE, tier=tier), WELL, now=NOW).state for tier in Tier} == {Condition.OK}


def test_counts_follow_what_a_source_has_become() -> None:
    state = counted(PollState(), listed=30, new=30, on_topic=3)
    assert (state.listed, state.seen, state.on_topic) == (30, 30, 3)
    for _ in range(100):
        state = counted(state, listed=30, new=20, on_topic=0)
    assert 200 <= state.seen <= 400
    assert (topic_share(state) or 0) < 0.001


def test_an_unchanged_look_keeps_what_was_listed() -> None:
    assert counted(replace(WELL, listed=0), listed=None, new=0, on_topic=0).listed == 0
    assert topic_share(PollState()) is None
