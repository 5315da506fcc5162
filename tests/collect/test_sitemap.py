"""Sitemaps of a real server."""

import gzip
from datetime import UTC, datetime

import pytest

from tests.servers.web import Route, Web
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.errors import ConfigError, ParseError
from tracker.types import PollState, Source

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)
NEWS = (
    "<url><loc>https://krant.example/a?x=1&amp;y=2</loc>"
    "<image:image><image:loc>https://krant.example/a.jpg</image:loc><image:title>A photo</image:title></image:image>"
    "<news:news><news:publication><news:name>De Krant</news:name><news:language>nl</news:language></news:publication>"
    "<news:publication_date>2026-06-18T09:30:00+02:00</news:publication_date>"
    "<news:title>Kabinet scherpt export aan</news:title></news:news></url>"
)
PLAIN = "<url><loc>https://krant.example/b</loc><lastmod>2026-06-17</lastmod></url>"


def sitemap(*urls: str, root: str = "urlset") -> bytes:
    return f"{HEAD.format(root=root)}{''.join(urls)}</{root}>".encode()


def xml(body: bytes, **fields: object) -> Route:
    return Route(body=body, content_type="application/xml", **fields)  # type: ignore[arg-type]  # fields of Route


def a_source(web: Web, **options: object) -> Source:
    return Source(name="Krant", kind="sitemap", url=web.url("/sitemap.xml"), family="krant", options=options)


def test_a_news_sitemap_says_title_language_and_time(web: Web, client: Client) -> None:
    web.routes["/sitemap.xml"] = xml(sitemap(PLAIN, NEWS))
    first, second = poll(a_source(web), PollState(), client).entries
    assert (first.address, first.title, first.language) == (
        "https://krant.example/a?x=1&y=2",
        "Kabinet scherpt export aan",
        "nl",
    )
    assert first.published_at == datetime(2026, 6, 18, 7, 30, tzinfo=UTC)
    assert (second.address, second.title, second.published_at) == ("https://krant.example/b", "", None)
    assert second.updated_at == datetime(2026, 6, 17, tzinfo=UTC)


def test_only_addresses_within_are_taken_and_the_newest_of_them(web: Web, client: Client) -> None:
    urls = [
        f"<url><loc>https://k.example/{p}/{d}</loc><lastmod>2026-06-{d}</lastmod></url>"
        for p in "xy"
        for d in (11, 13, 12)
    ]
    web.routes["/sitemap.xml"] = xml(sitemap(*urls))
    entries = poll(a_source(web, within="/x/", newest=2), PollState(), client).entries
    assert [entry.address for entry in entries] == ["https://k.example/x/13", "https://k.example/x/12"]


def test_an_index_leads_to_its_sitemaps_packed_or_not(web: Web, client: Client) -> None:
    index = [f"<sitemap><loc>{web.url(f'/{n}')}</loc></sitemap>" for n in ("old.xml.gz", "new.xml", "sitemap.xml")]
    web.routes |= {
        "/sitemap.xml": xml(sitemap(*index, root="sitemapindex")),
        "/old.xml.gz": Route(body=gzip.compress(sitemap(PLAIN)), content_type="application/gzip"),
        "/new.xml": xml(sitemap(NEWS)),
    }
    entries = poll(a_source(web), PollState(), client).entries
    assert {entry.address for entry in entries} == {"https://krant.example/a?x=1&y=2", "https://krant.example/b"}
    assert len([one for one in web.requests if one.path == "/sitemap.xml"]) == 1  # though the index lists itself


def test_an_index_is_followed_again_though_it_stays_the_same(web: Web, client: Client) -> None:
    one = f"<sitemap><loc>{web.url('/new.xml')}</loc></sitemap>"
    web.routes |= {
        "/sitemap.xml": xml(sitemap(one, root="sitemapindex"), headers={"ETag": '"same"'}),
        "/new.xml": xml(sitemap(PLAIN)),
    }
    first = poll(a_source(web), PollState(), client)
    web.routes["/new.xml"] = xml(sitemap(PLAIN, NEWS))
    state = PollState(etag=first.etag, body_hash=first.body_hash, memory=first.memory)
    assert len(poll(a_source(web), state, client).entries) == 2


def test_a_sitemap_that_is_the_same_is_not_read_again(web: Web, client: Client) -> None:
    web.routes["/sitemap.xml"] = xml(sitemap(NEWS))
    first = poll(a_source(web), PollState(), client)
    again = poll(a_source(web), PollState(body_hash=first.body_hash, memory=first.memory), client)
    assert again.unchanged
    assert again.entries == ()


def test_one_broken_sitemap_of_an_index_harms_no_other(web: Web, client: Client) -> None:
    index = [f"<sitemap><loc>{web.url(f'/{n}.xml')}</loc></sitemap>" for n in ("gone", "new")]
    web.routes |= {"/sitemap.xml": xml(sitemap(*index, root="sitemapindex")), "/new.xml": xml(sitemap(NEWS))}
    assert len(poll(a_source(web), PollState(), client).entries) == 1
    del web.routes["/new.xml"]
    with pytest.raises(ParseError, match=r"no sitemap of the index can be read; .*gone.xml: HTTP 404"):
        poll(a_source(web), PollState(), client)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>Not found</body></html>", "its outermost element is html"),
        (b"", "broken XML"),
        (b"plain words", "broken XML"),
        (b"\x1f\x8bbroken", "broken gzip"),
        (gzip.compress(b" " * 53_000_000), "over 50 MB unpacked"),
    ],
)
def test_what_is_no_sitemap_says_why(web: Web, client: Client, body: bytes, reason: str) -> None:
    web.routes["/sitemap.xml"] = xml(body)
    with pytest.raises(ParseError, match=reason):
        poll(a_source(web), PollState(), client)


def test_a_sitemap_that_breaks_off_keeps_what_came_before(web: Web, client: Client) -> None:
    web.routes["/sitemap.xml"] = xml(sitemap(NEWS, PLAIN)[:-40])
    assert len(poll(a_source(web), PollState(), client).entries) == 1


def test_entities_do_not_multiply(web: Web, client: Client) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE urlset [<!ENTITY a0 "ha">{laughs}]><urlset><url><loc>&a9;</loc></url></urlset>'
    web.routes["/sitemap.xml"] = xml(body.encode())
    with pytest.raises(ParseError, match="entity amplification"):
        poll(a_source(web), PollState(), client)


def test_no_external_entity_is_opened(web: Web, client: Client) -> None:
    external = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "{web.url("/secret")}">]>'
    body = f"{external}<urlset><url><loc>https://k.example/a</loc><title>&x;</title></url></urlset>"
    web.routes["/sitemap.xml"] = xml(body.encode())
    (entry,) = poll(a_source(web), PollState(), client).entries
    assert entry.title == ""
    assert [one.path for one in web.requests] == ["/robots.txt", "/sitemap.xml"]


def test_a_wrong_option_is_named(web: Web) -> None:
    with pytest.raises(ConfigError, match=r"options.within: .*expected a regular expression"):
        check_source(a_source(web, within="("))
