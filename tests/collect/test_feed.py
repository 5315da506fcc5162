"""Feeds from a real server."""

import json
from datetime import UTC, datetime

import pytest

from tests.servers.web import Route, Web
from tracker.collect.feed import parse_feed
from tracker.collect.http import Client
from tracker.collect.kinds import fetch_page, poll
from tracker.errors import ConfigError, FetchError, ParseError
from tracker.types import PollState, Source

URL = "https://example.org/feed"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl"><title>T</title>
<entry><id>tag:1</id><link href="/one"/><title>Één</title><updated>2026-06-15T10:00:00+02:00</updated>
<author><name>Ina</name></author><summary>kort</summary><content type="html">&lt;p&gt;lang&lt;/p&gt;</content></entry>
<entry><id>tag:2</id><title>Zonder adres</title></entry>
<entry><title>Zonder iets</title></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://example.org/"><title>T</title></channel>
<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link></item></rdf:RDF>"""


def as_state(**fields: str | None) -> PollState:
    return PollState(**fields)  # type: ignore[arg-type]  # a shorthand: only the text fields are given here


def test_a_poll_brings_entries_and_validators(web: Web, client: Client, source: Source) -> None:
    found = poll(source, PollState(), client)
    (entry,) = found.entries
    assert (entry.key, entry.address, entry.title) == ("a1", web.url("/a?x=1"), "Chips &amp; rules")
    assert (entry.summary, entry.language) == ("<p>Short.</p>", "en-gb")
    assert entry.published_at == datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
    assert entry.updated_at is None
    assert (found.etag, found.unchanged) == ('"v1"', False)


def test_an_unchanged_feed_is_answered_by_304(web: Web, client: Client, source: Source) -> None:
    first = poll(source, PollState(), client)
    again = poll(source, PollState(etag=first.etag, body_hash=first.body_hash), client)
    assert (again.unchanged, again.entries, again.etag, again.body_hash) == (True, (), '"v1"', first.body_hash)
    assert web.requests[1].headers["if-none-match"] == '"v1"'


def test_a_last_modified_date_is_sent_back(web: Web, client: Client, source: Source) -> None:
    stamp = "Mon, 15 Jun 2026 10:00:00 GMT"
    web.routes["/feed"] = Route(body=web.routes["/feed"].body, headers={"Last-Modified": stamp})
    first = poll(source, PollState(), client)
    assert poll(source, PollState(last_modified=first.last_modified), client).unchanged


def test_the_same_body_without_validators_is_unchanged(web: Web, client: Client, source: Source) -> None:
    web.routes["/feed"] = Route(body=web.routes["/feed"].body)
    first = poll(source, PollState(), client)
    assert not first.unchanged
    assert poll(source, PollState(body_hash=first.body_hash), client).unchanged


def test_atom_entries_without_a_link_are_known_by_their_id_or_content() -> None:
    one, two, three = parse_feed(ATOM.encode(), content_type="application/atom+xml", url=URL)
    assert (one.address, one.title, one.author) == ("https://example.org/one", "Één", "Ina")
    assert (one.summary, one.content, one.language) == ("kort", "<p>lang</p>", "nl")
    assert (one.published_at, one.updated_at) == (None, datetime(2026, 6, 15, 8, 0, tzinfo=UTC))
    assert two.address == two.key == "tag:2"
    assert three.address == three.key
    assert three.address.startswith("urn:sha256:")


def test_rdf_is_a_feed() -> None:
    (entry,) = parse_feed(RDF.encode(), content_type="text/xml", url=URL)
    assert entry.address == "https://example.org/1"


def test_a_broken_feed_gives_the_entries_it_has() -> None:
    body = b"<rss><channel><item><title>A & B</title><link>http://x/1</link></item><item><title>C</title>"
    assert [entry.title for entry in parse_feed(body, content_type="text/xml", url=URL)] == ["A & B", "C"]


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        ("<?xml version='1.0' encoding='utf-8'?>", "text/xml; charset=iso-8859-1", "utf-8"),
        ("<?xml version='1.0' encoding='windows-1251'?>", "text/xml", "windows-1251"),
        ("<?xml version='1.0'?>", "application/xml; charset=windows-1251", "windows-1251"),
        ("<?xml version='1.0' encoding='no-such-thing'?>", "text/xml", "utf-8"),
        ("<?xml version='1.0'?>", "text/xml; charset=nonsense", "utf-8"),
    ],
)
def test_the_encoding_is_the_one_that_fits(body: str, content_type: str, charset: str) -> None:
    text = f"{body}<rss version='2.0'><channel><item><title>Экспорт</title></item></channel></rss>"
    (entry,) = parse_feed(text.encode(charset), content_type=content_type, url=URL)
    assert entry.title == "Экспорт"


def test_a_json_feed_is_read() -> None:
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "language": "en",
            "items": [
                {
                    "id": 7,
                    "url": "/7",
                    "title": "Se\ud800ven\0",
                    "content_html": "<p>x</p>",
                    "authors": [{"name": "I"}],
                },
                {"id": "8", "date_published": "2026-06-15T10:00:00+02:00", "content_text": "eight"},
            ],
        }
    )
    one, two = parse_feed(body.encode(), content_type="application/json", url=URL)
    assert (one.key, one.address, one.title, one.author) == ("7", "https://example.org/7", "Se\ufffdven\ufffd", "I")
    assert (two.address, two.published_at) == ("8", datetime(2026, 6, 15, 8, 0, tzinfo=UTC))


def test_an_empty_feed_is_a_feed() -> None:
    assert parse_feed(b"<rss version='2.0'><channel/></rss>", content_type="text/xml", url=URL) == ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not a feed: the body is empty"),
        (b"<!DOCTYPE html><html><body><p>Moved</p></body></html>", "not a feed: an HTML page"),
        (b"just some words", "not a feed: content of type text/plain"),
        (b'{"a": 1}', "not a feed: JSON, but no JSON Feed"),
        (b'{"a": ', "not a feed: broken JSON"),
        (b"{" * 200_000, "not a feed: broken JSON"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a feed: content of type text/plain"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        parse_feed(body, content_type="text/plain", url=URL)


def test_entities_do_not_multiply() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{lines}]><rss><channel><item><title>&a9;</title></item></channel></rss>'
    (entry,) = parse_feed(body.encode(), content_type="text/xml", url=URL)
    assert len(entry.title) < 1000


def test_no_external_entity_is_opened(web: Web) -> None:
    body = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{web.url("/feed")}">]><rss><channel><title>&x;</title></channel></rss>'
    parse_feed(body.encode(), content_type="text/xml", url=URL)
    assert web.requests == []


def test_an_unknown_kind_of_source_names_the_known_ones(client: Client) -> None:
    source = Source(name="Pigeon post", kind="pigeon", url=URL, family="birds")
    with pytest.raises(ConfigError, match=r"kind: expected one of .*feed.* \(found 'pigeon'\)"):
        poll(source, PollState(), client)


def test_a_page_keeps_its_address_after_redirects(web: Web, client: Client) -> None:
    web.routes |= {"/p": Route(status=302, headers={"Location": "/q"}), "/q": Route(body=b"<p>x</p>")}
    page = fetch_page(web.url("/p"), client)
    assert (page.url, page.body, page.content_type) == (web.url("/q"), b"<p>x</p>", "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Route(body=b"%PDF-1.7", content_type="application/pdf"), "the page is application/pdf, not text"),
        (Route(body=b" \n"), "the page is empty"),
        (Route(status=403), "HTTP 403"),
    ],
)
def test_a_page_of_no_use_is_a_fetch_error(web: Web, client: Client, answer: Route, said: str) -> None:
    web.routes["/p"] = answer
    with pytest.raises(FetchError, match=said):
        fetch_page(web.url("/p"), client)


def test_an_author_s_name_keeps_the_address_that_another_element_gives() -> None:
    author = "<author>desk@example.org (Ina)</author><dc:creator>{}</dc:creator>"
    for creator, expected in (("Ina", "Ina (desk@example.org)"), ("desk@example.org", "desk@example.org")):
        feed = (
            '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><link>https://example.org/1</link>'
            f"{author.format(creator)}</item></channel></rss>"
        )
        (entry,) = parse_feed(feed.encode(), content_type="text/xml", url="https://example.org/feed")
        assert entry.author == expected
