"""What an answer states beside its content."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.collect.http import Fetched
from tracker.collect.stated import fresh_for, hub_and_topic

URL = "https://example.org/news/feed"
DATE = "Mon, 15 Jun 2026 10:00:00 GMT"
HUB = "https://hub.example/"


def fetched(body: bytes = b"", links: Mapping[str, str] | None = None) -> Fetched:
    return Fetched(status=200, url=URL, headers={}, content_type="", body=body, links=links or {})


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=600"}, 10),
        ({"cache-control": 'Max-Age="600", must-revalidate'}, 10),
        ({"cache-control": "max-age=600", "age": "540"}, 1),
        ({"cache-control": "max-age=600", "age": "601"}, None),
        ({"cache-control": "max-age=600", "age": "old"}, 10),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store", "expires": "Mon, 15 Jun 2026 11:00:00 GMT", "date": DATE}, None),
        ({"cache-control": "max-age=31536000"}, 24 * 60),
        ({"cache-control": "max-age=" + "9" * 30}, 24 * 60),
        ({"expires": "Mon, 15 Jun 2026 11:00:00 GMT", "date": DATE}, 60),
        ({"cache-control": "max-age=60", "expires": "Mon, 15 Jun 2026 11:00:00 GMT", "date": DATE}, 1),
        ({"expires": "Mon, 15 Jun 2026 09:00:00 GMT", "date": DATE}, None),
        ({"expires": "0", "date": DATE}, None),
        ({"expires": "Mon, 15 Jun 2026 11:00:00 +99999999999999999999", "date": DATE}, None),
        ({"expires": "Mon, 15 Jun 2026 11:00:00 -0000", "date": DATE}, None),
        ({"expires": "Mon, 15 Jun 2026 11:00:00 GMT"}, None),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], minutes: int | None) -> None:
    assert fresh_for(headers) == (None if minutes is None else timedelta(minutes=minutes))


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text()))
def test_no_header_breaks_the_reading(headers: dict[str, str]) -> None:
    found = fresh_for(headers)
    assert found is None or timedelta(0) < found <= timedelta(days=1)


ATOM = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/topic"/>'


@pytest.mark.parametrize(
    "body",
    [
        ATOM + b'<link rel="hub" href="https://hub.example/"/><entry>',
        b'<rss><channel><atom:link href="/topic" rel="self" /><atom:link rel="hub" href="https://hub.example/"></channel>',
        (
            b"<rss><link>https://example.org</link><a10:LINK REL='hub' HREF='https://hub.example/'/>"
            b'<link rel="self hub" href="/topic"/></rss>'
        ),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "feed_url": "/topic", "items": [],'
            b' "hubs": [{"type": "WebSub", "url": "https://hub.example/"}]}'
        ),
    ],
    ids=["Atom", "RSS", "odd", "JSON"],
)
def test_a_body_names_its_hub_and_itself(body: bytes) -> None:
    assert hub_and_topic(fetched(body)) == (HUB, "https://example.org/topic")


def test_headers_name_them_before_the_body_does() -> None:
    body = ATOM + b'<link rel="hub" href="https://other.example/"/>'
    assert hub_and_topic(fetched(body, {"hub": HUB, "self": URL})) == (HUB, URL)
    assert hub_and_topic(fetched(body, {"hub": HUB})) == (HUB, URL)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        ATOM,
        ATOM + b'<entry><link rel="hub" href="https://hub.example/"/></entry>',
        ATOM + b'<title>hub</title><![hub[ <link rel="hub">',
        ATOM + b'<link rel="hub" href="http://[broken"/>',
        b'{"hubs": 5}',
        b'{"hubs": ["https://hub.example/"]}',
        b'{"hubs": [{"url": 5}]}',
        b'{"hubs": [',
        b"[" * 100_000 + b'"hubs"',
        b'{"hubs": ' + b"[" * 100_000,
    ],
)
def test_without_a_hub_there_is_none(body: bytes) -> None:
    assert hub_and_topic(fetched(body)) == (None, None)


@given(st.binary())
def test_no_body_breaks_the_reading(body: bytes) -> None:
    for read in (hub_and_topic(fetched(ATOM + body + b"hub")), hub_and_topic(fetched(b"{" + body + b'"hubs"'))):
        assert (read[0] is None) == (read[1] is None)
