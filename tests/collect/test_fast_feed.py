"""The fast reader of feeds, held against feedparser: equal entries, or none at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.newsstand import make_feed
from tests.collect.feed_pieces import feeds, pieces, plain_html, rough_html
from tracker.collect.fast_feed import parse_fast
from tracker.collect.lenient_feed import parse_lenient
from tracker.types import Entry

URL = "https://example.org/feed"
DAMAGES = (
    b"",
    b"<",
    b">",
    b"&",
    b"&amp;",
    b'"',
    b"\0",
    b"\xff",
    b"\xc3",
    b"</item>",
    b"<item>",
    b"]]>",
    b"<!--",
    b"<b>",
    b"x",
)


def judge(body: bytes, content_type: str) -> tuple[Entry, ...]:
    return parse_lenient(body, content_type=content_type, url=URL)


@settings(max_examples=300, deadline=None)
@given(feeds(), pieces("content_types"))
def test_whatever_is_read_fast_is_read_as_feedparser_reads_it(body: bytes, content_type: str) -> None:
    found = parse_fast(body, content_type=content_type, url=URL)
    if found is not None:
        assert found == judge(body, content_type)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_feed_is_read_as_feedparser_reads_it_or_left_to_it(data: st.DataObject) -> None:
    body = data.draw(st.one_of(feeds(), st.integers(0, 19).map(lambda number: make_feed(number, entries=2).body)))
    start = data.draw(st.integers(0, len(body)))
    length = data.draw(st.sampled_from([0, 1, 5, 40, len(body)]))  # the last cuts the feed off
    damaged = body[:start] + data.draw(st.sampled_from(DAMAGES)) + body[start + length :]
    found = parse_fast(damaged, content_type="text/xml", url=URL)
    if found is not None:
        assert found == judge(damaged, "text/xml")


@settings(max_examples=300, deadline=None)
@given(st.one_of(plain_html, rough_html))
def test_html_is_cleaned_as_feedparser_cleans_it(html: str) -> None:
    body = rss(f"<description><![CDATA[{html.replace(']]>', '')}]]></description>")
    found = parse_fast(body, content_type="text/xml", url=URL)
    if found is not None:
        assert found == judge(body, "text/xml")


@pytest.mark.parametrize("number", [*range(20), 99, 151])
def test_the_common_kinds_of_feeds_are_read_fast(number: int) -> None:
    feed = make_feed(number, entries=5)
    found = parse_fast(feed.body, content_type=feed.content_type, url=URL)
    assert found == judge(feed.body, feed.content_type)
    assert found is not None
    assert len(found) == 5


def rss(item: str, *, declared: str = "", head: str = '<?xml version="1.0"?>') -> bytes:
    link = "<link>https://example.org/1</link>"
    return f'{head}<rss version="2.0"{declared}><channel><item>{link}{item}</item></channel></rss>'.encode()


def test_what_says_nothing_of_an_entry_is_passed_over() -> None:
    body = rss(
        '<own:score rank="1">5</own:score><category>x</category>', declared=' xmlns:own="https://own.example/ns"'
    )
    (entry,) = parse_fast(body, content_type="text/xml", url=URL) or ()
    assert entry.address == "https://example.org/1"


@pytest.mark.parametrize(
    "body",
    [
        rss("<title>x</title>", head='<!DOCTYPE rss [<!ENTITY x "y">]>'),
        rss("<title>&nbsp;</title>"),
        rss("<title>x</title>", head='<?xml version="1.0" encoding="utf-16"?>'),
        rss("<title>\u00e9</title>").decode().encode("iso-8859-1"),
        rss("<title>one</title><title>two</title>"),
        rss("<title>one &lt;b&gt;x&lt;/b&gt;</title>"),
        rss("<guid>1</guid>"),
        rss("<pubDate>yesterday</pubDate>"),
        rss("<description><p>x</p></description>"),
        rss("<description>&lt;script&gt;if (a && b) {}&lt;/script&gt;</description>".replace("&&", "&amp;&amp;")),
        rss('<description>&lt;a href="x/y"&gt;x&lt;/a&gt;</description>'),
        rss('<description>&lt;a href="/../x"&gt;x&lt;/a&gt;</description>'),
        rss('<description>&lt;a href="/x"&gt;x&lt;/a&gt;</description><link xml:base="/b/">/y</link>'),
        rss('<description>&lt;p style="background: url(x)"&gt;x&lt;/p&gt;</description>'),
        rss('<description>&lt;form action="https://x.example/"&gt;x&lt;/form&gt;</description>'),
        rss("<description>a &lt; b</description>"),
        rss("<description>one</description><description>two</description>"),
        rss("<dc:title>x</dc:title>", declared=' xmlns:dc="https://other.example/ns"'),
        rss("</item><channel><item>"),
        b"<html><body>no feed</body></html>",
        b"no feed",
        b"",
    ],
)
def test_what_is_doubtful_is_left_to_feedparser(body: bytes) -> None:
    assert parse_fast(body, content_type="text/xml", url=URL) is None
