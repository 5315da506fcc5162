"""A web, and clients that may reach it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.servers.web import Route, Web, serve
from tracker.collect.http import Client
from tracker.collect.robots import Robots
from tracker.config import CollectSettings
from tracker.types import Source

RSS = b"""<?xml version="1.0"?>
<rss version="2.0"><channel><title>News</title><language>en-gb</language>
<item><title>Chips &amp;amp; rules</title><link>/a?x=1</link><guid isPermaLink="false">a1</guid>
<pubDate>Mon, 15 Jun 2026 10:00:00 +0200</pubDate><description>&lt;p&gt;Short.&lt;/p&gt;</description></item>
</channel></rss>"""


@pytest.fixture
def web() -> Iterator[Web]:
    with serve({"/feed": Route(body=RSS, content_type="application/rss+xml", headers={"ETag": '"v1"'})}) as running:
        yield running


@pytest.fixture
def make_client(web: Web) -> Iterator[Callable[..., Client]]:
    """Make clients that may reach the web; more settings as keywords."""
    with ExitStack() as stack:

        def make(robots: Robots | None = None, **settings: object) -> Client:
            limits = {"allow_private_hosts": (web.host,), "timeout": "10s"} | settings
            return stack.enter_context(Client(CollectSettings.model_validate(limits), robots))

        yield make


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()


@pytest.fixture
def source(web: Web) -> Source:
    return Source(name="News", kind="feed", url=web.url("/feed"), family="news")
