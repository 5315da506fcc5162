"""Looking at sources now, on a real web."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.making import NOW, make_source
from tests.pipeline.conftest import Desk
from tests.servers.web import Route, Web, serve
from tracker.collect.health import Condition
from tracker.pipeline.checkup import Checked, check_sources
from tracker.types import PollState, Source

RSS = b"""<rss version='2.0'><channel><title>News</title>
<item><title>US curbs AI chips</title><link>urn:x:1</link><pubDate>Thu, 18 Jun 2026 09:00:00 GMT</pubDate></item>
<item><title>A recipe for soup</title><link>urn:x:2</link></item></channel></rss>"""


@pytest.fixture
def web() -> Iterator[Web]:
    feed = Route(body=RSS, content_type="application/rss+xml", headers={"ETag": '"1"'})
    with serve({"/feed": feed, "/gone": Route(status=410)}) as running:
        yield running


def check(desk: Desk, web: Web, *sources: tuple[Source, PollState]) -> dict[str, Checked]:
    job = desk.job(f'[collect]\nallow_private_hosts = ["{web.host}"]\nhost_spacing = "0s"\n')
    return {one.source.name: one for one in check_sources(job, sources)}


def at(web: Web, path: str) -> Source:
    return replace(make_source(path), url=web.url(path))


def test_a_look_brings_what_a_first_poll_would(desk: Desk, web: Web) -> None:
    (found,) = check(desk, web, (at(web, "/feed"), PollState())).values()
    assert (found.health.state, found.error, found.state.listed) == (Condition.OK, None, 2)
    assert found.state.newest_entry_at == NOW - timedelta(hours=3)
    assert found.words == "newest item 3 hours old, 1 of its last 2 items on our subject"


def test_what_was_polled_before_is_read_again_where_it_has_moved_to(desk: Desk, web: Web) -> None:
    known = PollState(etag='"1"', body_hash="x", moved_to=web.url("/feed"), moved_seen=3, failures=2, error="HTTP 500")
    (found,) = check(desk, web, (at(web, "/gone"), known)).values()
    assert (found.health.state, found.state.listed) == (Condition.OK, 2)
    assert web.paths() == ["/feed"]


def test_each_source_is_told_for_itself_and_nothing_is_stored(desk: Desk, web: Web) -> None:
    desk.store.sources.sync([at(web, "/feed")])
    before = desk.store.sources.health()
    broken = replace(at(web, "/feed"), name="broken", kind="listing", options={"item": "li", "at_least": "many"})
    found = check(desk, web, *((source, PollState()) for source in (at(web, "/feed"), at(web, "/gone"), broken)))
    assert {name: one.health.state for name, one in found.items()} == {
        "/feed": Condition.OK,
        "/gone": Condition.RETIRED,
        "broken": Condition.FAILING,
    }
    assert (found["/gone"].words, found["/gone"].error) == ("HTTP 410", "HTTP 410")
    assert "options.at_least" in found["broken"].words
    assert desk.store.sources.health() == before
