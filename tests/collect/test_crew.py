"""A crew does what waits, in turns, and does not wait for who is slow."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tracker.collect.crew import Crew
from tracker.collect.pacing import Turns

PATIENT = 30.0


def crew_of(
    work: Callable[[str], str], *, places: int = 2, at_once: int = 9, refuses: str = "", spacing: float = 0.0
) -> Crew[str, str]:
    """Make a crew for tasks like "host/number"."""

    def share(outcome: str) -> Callable[[str], str] | None:
        return (lambda task: f"{task} dropped") if refuses and outcome.startswith(refuses) else None

    turns: Turns[str] = Turns(at_once=at_once, spacing=lambda _: timedelta(seconds=spacing))
    return Crew(turns, work, host=lambda task: task.partition("/")[0], share=share, places=places)


def test_all_that_is_added_ends_once() -> None:
    tasks = [f"host{n % 7}/{n}" for n in range(500)]
    with crew_of(str.upper) as crew:
        crew.add(tasks[:100])
        crew.add(tasks[100:])
        ended: list[str] = []
        while crew.is_busy():
            ended += crew.take_ended(timeout=PATIENT, enough=50)
    assert sorted(ended) == sorted(map(str.upper, tasks))


def test_one_host_is_asked_by_so_many_at_once_and_no_more() -> None:
    lock, running, most = threading.Lock(), 0, 0
    both = threading.Barrier(2)

    def work(task: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        both.wait(PATIENT)
        with lock:
            running -= 1
        return task

    with crew_of(work, places=6, at_once=2) as crew:
        crew.add(f"host/{n}" for n in range(20))
        while crew.is_busy():
            crew.take_ended(timeout=PATIENT, enough=100)
    assert most == 2


def test_who_is_slow_gives_its_place_to_another() -> None:
    others_ended = threading.Event()

    def work(task: str) -> str:
        if task.startswith("slow"):
            others_ended.wait(PATIENT)
        return task

    with crew_of(work, places=1) as crew:
        crew.add(["slow/1", "slow/2", "quick/1", "quick/2"])
        assert [*crew.take_ended(timeout=PATIENT, enough=2)] == ["quick/1", "quick/2"]
        others_ended.set()
        assert sorted(crew.take_ended(timeout=PATIENT, enough=2)) == ["slow/1", "slow/2"]


def test_what_waits_for_a_host_that_refuses_is_not_begun() -> None:
    begun: list[str] = []

    def work(task: str) -> str:
        begun.append(task)
        return task

    with crew_of(work, places=1, refuses="busy") as crew:
        crew.add(["busy/1", "busy/2", "busy/3", "idle/1"])
        ended: list[str] = []
        while crew.is_busy():
            ended += crew.take_ended(timeout=PATIENT, enough=4)
    assert begun == ["busy/1", "idle/1"]
    assert ended == ["busy/1", "busy/2 dropped", "busy/3 dropped", "idle/1"]


def test_what_has_not_begun_can_be_given_up() -> None:
    began, go = threading.Event(), threading.Event()

    def work(task: str) -> str:
        began.set()
        go.wait(PATIENT)
        return task

    with crew_of(work, places=1) as crew:
        crew.add(["one/1", "two/1", "three/1"])
        assert began.wait(PATIENT)
        assert sorted(crew.drop_waiting()) == ["three/1", "two/1"]
        go.set()
    assert crew.take_ended(timeout=0, enough=1) == ["one/1"]
    assert not crew.is_busy()


def test_requests_to_a_host_are_spaced_while_threads_are_idle() -> None:
    with crew_of(str.upper, places=3, spacing=0.01) as crew:
        crew.add(f"host/{n}" for n in range(10))
        ended: list[str] = []
        while crew.is_busy():
            ended += crew.take_ended(timeout=PATIENT, enough=10)
    assert ended == [f"HOST/{n}" for n in range(10)]


@pytest.mark.parametrize("enough", [1, 5])
def test_nothing_to_wait_for_is_not_waited_for(enough: int) -> None:
    with crew_of(str.upper) as crew:
        assert crew.take_ended(timeout=PATIENT, enough=enough) == []
