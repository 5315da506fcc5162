"""What the pages say of the sources."""

import re
from datetime import datetime, timedelta

import httpx2
import pytest

from tests.web.conftest import Serve
from tests.web.newsroom import NOW
from tests.web.sick_list import NAMES, fill
from tracker import times
from tracker.store import Store
from tracker.types import PollState, Source
from tracker.web.health import overview, source_rows, summary


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture
def ill(store: Store) -> Store:
    fill(store, now=NOW)
    return store


def test_those_that_need_a_person_come_first(ill: Store) -> None:
    rows = source_rows(ill.sources.health(), now=NOW)
    assert [row.known.source.name for row in rows] == list(NAMES.values())
    assert [row.health.state for row in rows] == list(NAMES)


def test_the_heading_counts_what_is_not_well(ill: Store) -> None:
    seen = overview(ill.sources.health(), now=NOW)
    assert (seen.total, seen.well, seen.failing, seen.waiting) == (7, 1, 2, 1)
    assert seen.others == [
        "1 fails",
        "1 is gone for good",
        "1 lists nothing",
        "1 has nothing new",
        "1 is off topic",
        "1 was not asked yet",
    ]


def test_several_are_counted_together(store: Store) -> None:
    store.sources.sync([Source(name=name, kind="feed", url=f"https://{name}.example", family=name) for name in "abc"])
    assert overview(store.sources.health(), now=NOW).others == ["3 were not asked yet"]


def test_the_page_says_of_each_how_it_is(store: Store, serve: Serve) -> None:
    now = times.now()
    fill(store, now=now)
    with serve(store) as site:
        shown = plain(httpx2.get(f"{site}/sources").text)
    assert "1 of 7 sources is well, 1 fails, 1 is gone for good, 1 lists nothing, 1 has nothing new" in shown
    for told in (
        f"Failing failed 14 times in a row, last worked on {day(now - timedelta(days=3))}: HTTP 503 (Service Unavailable)",
        f"Retired gone for good (410) since {day(now - timedelta(days=9))}; asked once a month whether it is back",
        "Empty answers, but lists nothing",
        f"Stale nothing new since {day(now - timedelta(days=97))}",
        "Off topic none of its last 212 items on our subject",
        "Waiting not asked yet never none dated none seen now 0",
        "federal register, primary document, published by Commerce , en OK 15 minutes ago 2 hours ago 15% of 212 in 29 minutes 0",
    ):
        assert told in shown


def test_what_a_source_says_stays_text(store: Store, serve: Serve) -> None:
    store.sources.sync([Source(name="A", kind="feed", url="https://a.example", family="A")])
    (known,) = store.sources.health()
    store.sources.save_failure(known.id, PollState(polled_at=NOW, failures=3, error="the server answered 503 <b>"))
    with serve(store) as site:
        shown = httpx2.get(f"{site}/sources").text
    assert "failed 3 times in a row, never worked: the server answered 503 &lt;b&gt;" in shown


def test_a_machine_can_watch_over_the_sources(ill: Store) -> None:
    told = summary(ill.sources.health(), now=NOW)
    assert told["sources"] == {
        "total": 7, "failing": 1, "retired": 1, "empty": 1, "stale": 1, "off_topic": 1, "waiting": 1, "ok": 1
    }  # fmt: skip
    assert told["last_poll"] == "2026-06-20T11:45:00+00:00"
    assert told["next_poll"] == "2026-06-20T12:30:00+00:00"
    assert [one["state"] for one in unwell(told)] == ["failing", "retired", "empty", "stale", "off topic"]
    assert unwell(told)[3] == {
        "name": "Harbour Daily",
        "state": "stale",
        "words": "nothing new since 15 March 2026",
        "last_success": "2026-06-20T11:45:00+00:00",
        "newest_item": "2026-03-15T12:00:00+00:00",
        "on_topic": 0.146,
        "next_poll": "2026-06-20T12:30:00+00:00",
    }


def test_a_source_that_is_unwell_does_not_make_the_tracker_unhealthy(store: Store, serve: Serve) -> None:
    fill(store, now=times.now())
    with serve(store) as site:
        answer = httpx2.get(f"{site}/healthz")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["database"]) == ("ok", "reachable")
    assert len(answer.json()["unwell"]) == 5


def unwell(told: dict[str, object]) -> list[dict[str, object]]:
    found = told["unwell"]
    assert isinstance(found, list)
    return found


def day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
