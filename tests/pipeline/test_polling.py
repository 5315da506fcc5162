"""Polling as it goes on beside everything else, against real servers and a real database."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.making import NOW
from tests.pipeline.conftest import Desk
from tests.servers.web import Route, Web, serve
from tracker.pipeline.job import Job
from tracker.pipeline.looks import Looked, keep_looks
from tracker.pipeline.polling import background_polling, poll_due
from tracker.types import Entry, Poll, Source

PATIENT = 30.0
FEED = "<rss version='2.0'><channel><title>N</title><item><link>https://news.example/{}</link></item></channel></rss>"


def route(number: int) -> Route:
    return Route(body=FEED.format(number).encode(), content_type="application/rss+xml")


@pytest.fixture
def web() -> Iterator[Web]:
    with serve({f"/{n}": route(n) for n in range(8)} | {"/stalls": Route(stall="headers")}) as running:
        yield running


def sources_of(web: Web, *paths: str) -> list[Source]:
    return [Source(name=path, kind="feed", url=web.url(path), family=path) for path in paths]


def job_of(desk: Desk, web: Web, **settings: object) -> Job:
    lines = {"allow_private_hosts": f'["{web.host}"]', "host_spacing": '"0s"', "host_concurrency": 8} | settings
    return desk.job("[collect]\n" + "\n".join(f"{name} = {value}" for name, value in lines.items()))


def test_what_comes_due_is_polled_while_another_source_stalls(desk: Desk, web: Web) -> None:
    job, news = job_of(desk, web, workers=1, timeout='"20s"'), threading.Event()
    desk.store.sources.sync(sources_of(web, "/stalls", "/1"))
    with background_polling(job, on_news=news.set):
        assert news.wait(PATIENT)
        news.clear()
        desk.store.sources.sync(sources_of(web, "/stalls", "/1", "/2"))
        assert news.wait(PATIENT)
        web.close()  # ends the stalled answer
    states = {health.source.name: health.state for health in desk.store.sources.health()}
    assert (states["/1"].error, states["/2"].error) == (None, None)
    assert states["/stalls"].failures == 1


def test_a_round_polls_all_that_is_due_and_keeps_why_others_failed(desk: Desk, web: Web) -> None:
    desk.store.sources.sync(sources_of(web, *(f"/{n}" for n in range(10))))
    assert poll_due(job_of(desk, web)) == {"sources": 10, "new": 8, "failed": 2}
    errors = [health.state.error for health in desk.store.sources.health()]
    assert errors == [None] * 8 + ["HTTP 404"] * 2
    assert poll_due(job_of(desk, web)) == {}


def test_when_polling_ends_what_has_not_begun_is_due_again(desk: Desk, web: Web) -> None:
    desk.store.sources.sync(sources_of(web, "/stalls", *(f"/{n}" for n in range(8))))
    with background_polling(job_of(desk, web, host_concurrency=1, timeout='"20s"'), on_news=lambda: None):
        while "/stalls" not in web.paths():
            threading.Event().wait(0.01)
        web.closing.set()
    later = desk.store.sources.claim_due(now=NOW, lease=timedelta(1))
    polled = [health for health in desk.store.sources.health() if health.state.polled_at]
    assert len(later) + len(polled) == 9


def test_a_look_that_cannot_be_kept_costs_the_others_nothing(desk: Desk, web: Web) -> None:
    desk.store.sources.sync(sources_of(web, "/1", "/2", "/3"))
    due = desk.store.sources.claim_due(now=NOW, lease=timedelta(1))
    entries = [Entry(key=f"{n}", address=f"https://news.example/{n}") for n in range(3)]
    entries[1] = replace(entries[1], published_at=NOW.replace(tzinfo=None))
    looked = [Looked(due=one, found=Poll(entries=(entry,))) for one, entry in zip(due, entries, strict=True)]
    assert keep_looks(job_of(desk, web), looked) == {"sources": 3, "new": 2, "failed": 1}
    errors = [health.state.error for health in desk.store.sources.health()]
    assert errors[0] is errors[2] is None
    assert errors[1] is not None
    assert errors[1].startswith("internal error: ")
