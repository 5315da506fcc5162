"""Whose turn it is, by a clock of numbers; and real work handed out by it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.collect.pacing import Pace, Turns, host_of, in_turns, page_pace, poll_pace
from tracker.config import CollectSettings
from tracker.errors import FetchError

SECOND = timedelta(seconds=1)


def make_turns(*tasks: str, at_once: int = 2, spacing: Callable[[str], timedelta] = lambda _: SECOND) -> Turns[str]:
    """Make turns for tasks such as "a1", whose host is their letter."""
    turns: Turns[str] = Turns(at_once=at_once, spacing=spacing)
    for task in tasks:
        turns.add(task[0], task)
    return turns


def take_all(turns: Turns[str], now: float) -> list[str]:
    return [turn[1] for turn in iter(lambda: turns.take(now), None)]


def test_every_host_has_its_turn_before_one_has_a_second() -> None:
    turns = make_turns("a1", "a2", "a3", "b1", "c1", "c2")
    assert take_all(turns, 0.0) == ["a1", "b1", "c1"]
    assert turns.seconds_to_next(0.25) == 0.75
    assert take_all(turns, 1.0) == ["a2", "c2"]


def test_a_host_is_asked_so_often_at_once_and_again_when_one_is_done() -> None:
    turns = make_turns("a1", "a2", "a3")
    assert [take_all(turns, float(now)) for now in range(3)] == [["a1"], ["a2"], []]
    assert turns.seconds_to_next(3.0) is None
    turns.done("a")
    assert take_all(turns, 3.0) == ["a3"]
    assert turns.waiting == 0


def test_a_pause_that_becomes_known_later_counts_from_the_last_request() -> None:
    pauses = {"a": SECOND}
    turns = make_turns("a1", "a2", spacing=pauses.__getitem__)
    assert take_all(turns, 0.0) == ["a1"]
    pauses["a"] = 10 * SECOND
    assert (take_all(turns, 1.0), turns.seconds_to_next(1.0)) == ([], 9.0)
    assert take_all(turns, 10.0) == ["a2"]


def test_what_is_given_up_holds_nobody() -> None:
    turns = make_turns("a1", "a2", "a3", "b1", at_once=1)
    assert turns.take(0.0) == ("a", "a1")
    assert turns.drop("a") == ["a2", "a3"]
    assert turns.drop_all() == ["b1"]
    assert (turns.waiting, turns.seconds_to_next(0.0)) == (0, None)
    turns.done("a")
    turns.add("a", "a4")
    assert take_all(turns, 1.0) == ["a4"]


@given(
    hosts=st.lists(st.sampled_from("abcd"), max_size=40),
    at_once=st.integers(1, 3),
    spacing=st.integers(0, 5),
    lengths=st.lists(st.integers(0, 9), min_size=1),
)
def test_all_tasks_have_their_turn_within_the_limits(
    hosts: list[str], at_once: int, spacing: int, lengths: list[int]
) -> None:
    tasks = [f"{host}{number}" for number, host in enumerate(hosts)]
    turns = make_turns(*tasks, at_once=at_once, spacing=lambda _: spacing * SECOND)
    taken: list[str] = []
    ends: list[tuple[float, str]] = []
    asked: dict[str, float] = {}
    now = 0.0
    while turns.waiting or ends:
        for _, host in [end for end in ends if end[0] <= now]:
            turns.done(host)
        ends = [end for end in ends if end[0] > now]
        while turn := turns.take(now):
            host, task = turn
            assert now - asked.get(host, -99.0) >= spacing
            asked[host] = now
            taken.append(task)
            ends.append((now + lengths[len(taken) % len(lengths)], host))
            assert max(Counter(host for _, host in ends).values()) <= at_once
            # Without a pause, a task of no length still runs until the clock moves on.
            ends = [(max(end, now + 1), host) for end, host in ends]
        now += 1
    assert sorted(taken) == sorted(tasks)
    assert [task for task in taken if task[0] == "a"] == [task for task in tasks if task[0] == "a"]


# ---------------------------------------------------------------- in a pool


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as running:
        yield running


def make_pace(*, at_once: int = 2, spacing: timedelta = timedelta(0), patience: timedelta | None = None) -> Pace:
    return Pace(places=4, at_once=at_once, spacing=lambda _: spacing, patience=patience)


def first_letter(task: str) -> str:
    return task[0]


def test_every_task_comes_back_with_its_outcome(pool: ThreadPoolExecutor) -> None:
    tasks = [f"{host}{number}" for host in "abc" for number in range(30)]
    found = in_turns(tasks, str.upper, host=first_letter, pool=pool, pace=make_pace())
    assert {task: outcome.result() for task, outcome in found} == {task: task.upper() for task in tasks}
    assert [*in_turns([], str.upper, host=first_letter, pool=pool, pace=make_pace())] == []


def test_a_host_that_stalls_holds_nobody_but_itself(pool: ThreadPoolExecutor) -> None:
    stalled = threading.Event()

    def work(task: str) -> str:
        if task[0] == "a":
            stalled.wait()
        return task

    tasks = [f"{host}{number}" for host in "ab" for number in range(20)]
    ended = []
    for task, _ in in_turns(tasks, work, host=first_letter, pool=pool, pace=make_pace()):
        ended.append(task)
        if len(ended) == 20:
            stalled.set()
    assert {task[0] for task in ended[:20]} == {"b"}
    assert len(ended) == 40


def test_one_host_is_never_asked_more_often_at_once_than_allowed(pool: ThreadPoolExecutor) -> None:
    pair, together = threading.Barrier(2), Counter[int]()
    running = 0
    guard = threading.Lock()

    def work(task: str) -> str:
        nonlocal running
        with guard:
            running += 1
            together[running] += 1
        pair.wait()  # ends only where two run at once
        with guard:
            running -= 1
        return task

    assert len([*in_turns("aaaaaaaa", work, host=first_letter, pool=pool, pace=make_pace(at_once=2))]) == 8
    assert max(together) == 2


def test_what_waits_for_a_host_that_asks_for_a_pause_is_not_begun(pool: ThreadPoolExecutor) -> None:
    begun = []

    def work(task: str) -> str:
        begun.append(task)
        if task[0] == "a":
            raise FetchError("HTTP 429", status=429)
        return task

    tasks = ["a1", "a2", "a3", "b1", "b2"]
    found = dict(in_turns(tasks, work, host=first_letter, pool=pool, pace=make_pace(at_once=1)))
    assert sorted(begun) == ["a1", "b1", "b2"]
    assert found["a3"] is found["a1"]
    assert sorted(found) == tasks


def test_what_has_no_turn_within_the_patience_comes_back_undone(pool: ThreadPoolExecutor) -> None:
    pace = make_pace(spacing=timedelta(days=1), patience=timedelta(milliseconds=1))
    found = dict(in_turns(["a1", "a2", "b1"], str.upper, host=first_letter, pool=pool, pace=pace))
    assert {task: outcome.cancelled() for task, outcome in found.items()} == {"a1": False, "a2": True, "b1": False}


# ---------------------------------------------------------------- what the settings say


def test_pages_are_spaced_as_set_or_as_robots_txt_asks_and_polls_at_a_tenth() -> None:
    settings = CollectSettings.model_validate({"host_spacing": "2s", "host_concurrency": 3, "workers": 5})
    asked = {"slow.example": 20 * SECOND}
    pages = page_pace(settings, asked=lambda host: asked.get(host, timedelta(0)), patience=SECOND)
    assert (pages.places, pages.at_once, pages.patience) == (5, 3, SECOND)
    assert (pages.spacing("a.example"), pages.spacing("slow.example")) == (2 * SECOND, 20 * SECOND)
    assert poll_pace(settings).spacing("slow.example") == SECOND / 5


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.example:8080/feed", "a.example:8080"),
        ("urn:sha256:1", "urn:sha256:1"),
        ("http://[broken/", "http://[broken/"),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host
