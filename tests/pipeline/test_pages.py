"""The pages of new articles, fetched from a real web as its robots.txt and its answers ask."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.making import NOW, make_entry, make_source
from tests.pipeline.conftest import Desk
from tests.servers.web import Route, Web, serve
from tracker.pipeline.job import Job
from tracker.pipeline.pages import fetch_pages
from tracker.types import Collected, PollState

PAGE = Route(body=b"<p>text</p>")


@pytest.fixture
def web() -> Iterator[Web]:
    with serve({f"/{n}": PAGE for n in range(5)}) as running:
        yield running


def open_job(desk: Desk, *webs: Web, spacing: str = "0s") -> Job:
    hosts = ", ".join(f'"{web.host}"' for web in webs)
    return desk.job(f'[collect]\nallow_private_hosts = [{hosts}]\nhost_spacing = "{spacing}"\nhost_concurrency = 1\n')


def list_pages(desk: Desk, *addresses: str) -> None:
    source_id = desk.store.sources.ensure(make_source())
    entries = [(make_entry(address), True) for address in addresses]
    desk.store.sources.save_poll(source_id, PollState(next_due_at=NOW), entries, now=desk.now)


def unread(desk: Desk) -> dict[str, Collected]:
    return {one.entry.address: one for one in desk.store.articles.claim_unread(now=desk.now, limit=100)}


def test_every_wanted_page_is_fetched_once_and_robots_txt_before_the_first(desk: Desk, web: Web) -> None:
    addresses = [web.url(f"/{n}") for n in range(5)]
    list_pages(desk, *addresses)
    job = open_job(desk, web)
    assert fetch_pages(job) == {"pages": 5, "pages_failed": 0, "pages_later": 0}
    assert fetch_pages(job) == {"pages": 0, "pages_failed": 0, "pages_later": 0}
    assert web.paths() == ["/robots.txt", "/0", "/1", "/2", "/3", "/4"]
    assert {address: one.page and one.page.body for address, one in unread(desk).items()} == dict.fromkeys(
        addresses, b"<p>text</p>"
    )


def test_what_robots_txt_is_remembered_from_round_to_round(desk: Desk, web: Web) -> None:
    job = open_job(desk, web)
    for n in range(2):
        list_pages(desk, web.url(f"/{n}"))
        fetch_pages(job)
    assert web.paths() == ["/robots.txt", "/0", "/1"]


def test_a_page_that_robots_may_not_fetch_leaves_the_feeds_text_with_a_note(desk: Desk, web: Web) -> None:
    web.routes["/robots.txt"] = Route(body=b"User-agent: *\nDisallow: /0\n")
    list_pages(desk, web.url("/0"), web.url("/1"))
    assert fetch_pages(open_job(desk, web)) == {"pages": 1, "pages_failed": 1, "pages_later": 0}
    one = unread(desk)[web.url("/0")]
    assert (one.page, one.note) == (
        None,
        f"page not read (robots.txt of {web.host} asks robots not to fetch this); text from the source's own entry",
    )


def test_a_host_that_asks_for_a_pause_gets_it_and_its_pages_come_later(desk: Desk, web: Web) -> None:
    web.routes["/0"] = Route(status=429, headers={"Retry-After": "120"})
    list_pages(desk, web.url("/0"), web.url("/1"), web.url("/2"))
    job = open_job(desk, web)
    assert fetch_pages(job) == {"pages": 0, "pages_failed": 0, "pages_later": 3}
    assert web.paths() == ["/robots.txt", "/0"]
    assert unread(desk) == {}
    web.routes["/0"] = PAGE
    assert fetch_pages(job)["pages"] == 0
    desk.wait(minutes=6)
    assert fetch_pages(job) == {"pages": 3, "pages_failed": 0, "pages_later": 0}


def test_an_article_waits_for_its_page_half_an_hour_at_most(desk: Desk, web: Web) -> None:
    web.routes["/0"] = Route(status=503)
    list_pages(desk, web.url("/0"))
    job = open_job(desk, web)
    tries = []
    for _ in range(7):
        tries.append(fetch_pages(job)["pages_later"])
        desk.wait(minutes=6)
    assert tries == [1, 1, 1, 1, 1, 0, 0]
    assert unread(desk)[web.url("/0")].note == "page not read (HTTP 503); text from the source's own entry"
    assert web.paths() == ["/robots.txt", *["/0"] * 6]


def test_a_pause_longer_than_news_keeps_is_not_waited_for(desk: Desk, web: Web) -> None:
    web.routes["/0"] = Route(status=503, headers={"Retry-After": "86400"})
    list_pages(desk, web.url("/0"))
    assert fetch_pages(open_job(desk, web)) == {"pages": 0, "pages_failed": 1, "pages_later": 0}


def test_a_host_that_is_asked_slowly_leaves_its_other_pages_to_the_next_round(desk: Desk, web: Web) -> None:
    with serve({"/0": PAGE, "/1": PAGE}) as other:
        list_pages(desk, web.url("/0"), web.url("/1"), other.url("/0"))
        job = open_job(desk, web, other, spacing="1d")
        counts = fetch_pages(job, patience=timedelta(milliseconds=1))
        assert counts == {"pages": 2, "pages_failed": 0, "pages_later": 1}
        assert (web.paths(), other.paths()) == (["/robots.txt", "/0"], ["/robots.txt", "/0"])
        assert [*unread(desk)] == [web.url("/0"), other.url("/0")]
        assert fetch_pages(job) == {"pages": 1, "pages_failed": 0, "pages_later": 0}
