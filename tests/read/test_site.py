"""The feed and pages of tests/data/site, over HTTP as in life."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.servers.web import Route, Web, serve
from tracker.collect.http import Client
from tracker.collect.kinds import fetch_page, poll
from tracker.config import CollectSettings
from tracker.read import is_copy, read, wants_page
from tracker.types import Collected, PollState, ReadText, Source

SITE = Path(__file__).parents[1] / "data" / "site"
NOW = datetime(2026, 6, 20, tzinfo=UTC)
CLUTTER = ("Advertisement", "Accept all", "Most read", "Sign up", "Related", "rights reserved", "Log in", "running shoes",
           "First! Great read", "Share on", "function()", "<", "Subscribe")  # fmt: skip


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    query = "?utm_source=rss&utm_medium=feed"
    pages = {f"/articles/{page.name}{query}": Route(body=page.read_bytes(), content_type="text/html")
             for page in (SITE / "articles").iterdir()}  # fmt: skip
    feed = Route(body=(SITE / "feed.xml").read_bytes(), content_type="application/rss+xml")
    with serve({"/feed.xml": feed, **pages}) as running:
        yield running


@pytest.fixture(scope="module")
def texts(web: Web) -> dict[str, ReadText]:
    """The ten articles as read, by the name of their page."""
    source = Source(name="Harbour Courier", kind="feed", url=web.url("/feed.xml"), family="courier")
    with Client(CollectSettings(allow_private_hosts=(web.host,))) as client:
        entries = poll(source, PollState(), client).entries
        assert all(wants_page(source, entry) for entry in entries)
        collected = [
            Collected(id=n, source=source, entry=entry, page=fetch_page(entry.address, client), fetched_at=NOW)
            for n, entry in enumerate(entries)
        ]
    found = [read(one) for one in collected]
    return {text.url.rpartition("/")[2].removesuffix(".html"): text for text in found}


def test_ten_pages_give_ten_clean_texts(texts: dict[str, ReadText]) -> None:
    assert len(texts) == 10
    for name, text in texts.items():
        assert not [word for word in CLUTTER if word in text.text], name
        assert text.note is None
        assert text.text.count("\n") >= 3


def test_a_text_is_its_article_and_nothing_else(texts: dict[str, ReadText]) -> None:
    text = texts["smuggling-charges"].text
    assert text.startswith("Federal prosecutors in Houston on Tuesday charged two men")
    assert text.endswith("smuggled products get neither service nor updates.")
    assert "“computer spare parts”" in text


def test_addresses_lose_their_trackers(web: Web, texts: dict[str, ReadText]) -> None:
    assert texts["ferry-strike"].url == web.url("/articles/ferry-strike.html")


def test_languages_are_told_apart(texts: dict[str, ReadText]) -> None:
    found = {name: text.language for name, text in texts.items() if text.language != "en"}
    assert found == {"kabinet-licht-toe": "nl", "korea-waiver": "ko"}


def test_old_encodings_are_readable(texts: dict[str, ReadText]) -> None:
    assert "crème brûlée" in texts["apple-trees"].text
    assert texts["korea-waiver"].text.startswith("미국 상무부가 삼성전자와")


def test_times_come_from_the_feed(texts: dict[str, ReadText]) -> None:
    assert texts["licence-for-h20"].published_at == datetime(2026, 6, 9, 12, 5, tzinfo=UTC)


def test_no_two_of_them_are_copies(texts: dict[str, ReadText]) -> None:
    signatures = [text.signature for text in texts.values()]
    assert not any(is_copy(a, b) for n, a in enumerate(signatures) for b in signatures[:n])
