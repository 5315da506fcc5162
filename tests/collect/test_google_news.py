"""Google News searches from a real server."""

from datetime import UTC, datetime

import pytest

from tests.servers.web import Route, Web
from tracker.collect.google_news import parse_search
from tracker.collect.http import Client
from tracker.collect.kinds import poll
from tracker.errors import ParseError
from tracker.read import wants_page
from tracker.types import Entry, PollState, Source

PATH = "/rss/search"
ITEM = """<item><title>{title}</title><link>https://news.example/rss/articles/{id}?oc=5</link>
<guid isPermaLink="false">{id}</guid><pubDate>Thu, 18 Jun 2026 07:00:00 GMT</pubDate>
<description>&lt;a href="https://news.example/rss/articles/{id}?oc=5"&gt;{title}&lt;/a&gt;</description>{source}</item>"""


def search(*items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><rss version="2.0"><channel>'
        f"<title>&quot;export controls&quot;</title><language>ko</language>{''.join(items)}</channel></rss>"
    ).encode()


def item(title: str, publisher: str | None = None, *, key: str = "CBMi1") -> str:
    source = f'<source url="https://paper.example">{publisher}</source>' if publisher else ""
    return ITEM.format(title=title, id=key, source=source)


def parse_one(body: bytes) -> Entry:
    (entry,) = parse_search(body, content_type="application/xml", url="https://news.example/rss/search?q=x")
    return entry


@pytest.fixture
def google_news(web: Web) -> Source:
    web.routes[PATH] = Route(
        body=search(item("미국, 반도체 수출 통제 강화 - 한빛일보", "한빛일보")), content_type="application/xml"
    )
    return Source(name="Search", kind="google_news", url=web.url(f"{PATH}?q=chips+when:7d&hl=ko"), family="google-news")


def test_an_entry_is_a_title_its_publisher_and_its_time(client: Client, google_news: Source) -> None:
    (entry,) = poll(google_news, PollState(), client).entries
    assert (entry.title, entry.family) == ("미국, 반도체 수출 통제 강화", "한빛일보")
    assert (entry.key, entry.address) == ("CBMi1", "https://news.example/rss/articles/CBMi1?oc=5")
    assert (entry.published_at, entry.language) == (datetime(2026, 6, 18, 7, 0, tzinfo=UTC), "ko")
    assert (entry.summary, entry.content) == ("", "")


def test_the_opaque_link_is_never_fetched(client: Client, google_news: Source) -> None:
    (entry,) = poll(google_news, PollState(), client).entries
    assert not wants_page(google_news, entry)


def test_the_search_is_asked_for_as_it_stands_and_an_unchanged_answer_is_known(
    web: Web, client: Client, google_news: Source
) -> None:
    first = poll(google_news, PollState(), client)
    assert web.paths() == [f"{PATH}?q=chips+when:7d&hl=ko"]
    assert poll(google_news, PollState(body_hash=first.body_hash), client).unchanged


@pytest.mark.parametrize(
    ("title", "publisher", "left"),
    [
        ("Chips - a short history - The Gazette", "The Gazette", "Chips - a short history"),
        ("Chips - Law - Order Weekly", "Law - Order Weekly", "Chips"),
        ("Rules &amp; chips - Smith &amp; Sons", "Smith &amp; Sons", "Rules & chips"),
        ("Rules for chips - gazette.example", "The Gazette", "Rules for chips - gazette.example"),
    ],
)
def test_only_the_publisher_is_cut_off_the_title(title: str, publisher: str, left: str) -> None:
    assert parse_one(search(item(title, publisher))).title.replace("&amp;", "&") == left


def test_each_item_has_its_own_publisher() -> None:
    body = search(item("A - One", "One", key="a"), item("B", key="b"), item("C - Three", "Three", key="c"))
    entries = parse_search(body, content_type="application/xml", url="https://news.example/")
    assert [(entry.title, entry.family) for entry in entries] == [("A", "One"), ("B", None), ("C", "Three")]


def test_a_cut_answer_gives_the_items_it_has() -> None:
    entry = parse_one(search(item("A - One", "One"))[:-30])
    assert (entry.title, entry.family) == ("A", "One")


def test_no_result_is_no_failure() -> None:
    assert parse_search(search(), content_type="application/xml", url="https://news.example/") == ()


@pytest.mark.parametrize("body", [b"<!doctype html><html><p>Before you continue", b"", b"\0\0"])
def test_a_consent_page_is_no_search(body: bytes) -> None:
    with pytest.raises(ParseError, match="not a feed"):
        parse_search(body, content_type="text/html", url="https://news.example/")


def test_entities_neither_multiply_nor_open_anything(web: Web) -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY a0 "ha"><!ENTITY x SYSTEM "{web.url("/feed")}">{lines}]>'.encode()
    declaration, rest = search(item("A", "&a9;&x;One")).split(b"?>", 1)
    entry = parse_one(declaration + b"?>" + doctype + rest)
    assert len(entry.family or "") < 1000
    assert web.requests == []
