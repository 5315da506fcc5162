"""Finding the source behind an address, on a real server."""

import gzip
import json

import pytest

from tests.servers.web import Route, Web, redirect
from tracker.collect.discover import Found, discover
from tracker.collect.http import Client
from tracker.errors import FetchError, ParseError

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko">
<title type="html">수출 &lt;b&gt;통제&lt;/b&gt;</title><id>urn:1</id><entry><id>urn:2</id><title>소식</title></entry></feed>"""
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://news.example/1</loc></url></urlset>"""


def page(*links: str, base: str = "") -> Route:
    return Route(body=f"<!DOCTYPE html><html><head>{base}{''.join(links)}</head><body>Hello</body></html>".encode())


def link(href: str, kind: str = "application/rss+xml", title: str = "News", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def test_the_address_of_a_feed_is_one(web: Web, client: Client) -> None:
    assert discover(web.url("/feed"), client) == Found(
        url=web.url("/feed"), kind="feed", title="News", language="en-gb"
    )


def test_a_page_leads_to_the_feed_that_it_names(web: Web, client: Client) -> None:
    web.routes["/blog/"] = page('<link rel="stylesheet" href="/x.css">', link("../feed"))
    found = discover(web.url("/blog/"), client)
    assert (found.url, found.kind, found.page, found.others) == (web.url("/feed"), "feed", web.url("/blog/"), ())


def test_a_page_is_known_by_its_links_even_behind_a_redirect_and_a_base(web: Web, client: Client) -> None:
    web.routes["/"] = redirect("/home")
    web.routes["/home"] = page(
        link("feed", "Application/Atom+XML; charset=utf-8"), base=f'<base href="{web.url("/")}">'
    )
    found = discover(web.url(), client)
    assert (found.url, found.page) == (web.url("/feed"), web.url("/home"))


def test_a_base_that_is_no_address_counts_for_nothing(web: Web, client: Client) -> None:
    web.routes["/"] = page(link("feed"), base='<base href="http://[x">')
    assert discover(web.url(), client).url == web.url("/feed")


def test_feeds_of_comments_are_left_out_and_the_others_told(web: Web, client: Client) -> None:
    web.routes["/"] = page(
        link("/comments/feed"),
        link("/feed", title="All"),
        link("/other", title="Comments on us"),
        link("/tag", rel="Alternate home"),
    )
    found = discover(web.url(), client)
    assert (found.url, found.others) == (web.url("/feed"), (web.url("/tag"),))


def test_what_is_no_feed_is_passed_over(web: Web, client: Client) -> None:
    web.routes["/"] = page(link("/gone"), link("http://[bad"), link("mailto:x"), link("/home.html"), link("/feed"))
    web.routes["/home.html"] = page()
    assert discover(web.url(), client).url == web.url("/feed")


def test_plain_json_comes_after_what_says_that_it_is_a_feed(web: Web, client: Client) -> None:
    web.routes["/"] = page(link("/api", "application/json"), link("/feed"))
    web.routes["/api"] = Route(body=b'{"id": 1}', content_type="application/json")
    assert discover(web.url(), client).url == web.url("/feed")
    assert "/api" not in web.paths()


def test_a_json_feed_and_its_title(web: Web, client: Client) -> None:
    body = {"version": "https://jsonfeed.org/version/1.1", "title": "Chips", "items": [{"id": "1", "url": "/1"}]}
    web.routes["/feed.json"] = Route(body=json.dumps(body).encode(), content_type="application/feed+json")
    web.routes["/"] = page(link("/feed.json", "application/json"))
    found = discover(web.url(), client)
    assert (found.url, found.title) == (web.url("/feed.json"), "Chips")


def test_a_title_is_text_in_any_script(web: Web, client: Client) -> None:
    web.routes["/atom"] = Route(body=ATOM.encode(), content_type="application/atom+xml")
    found = discover(web.url("/atom"), client)
    assert (found.title, found.language) == ("수출 통제", "ko")


@pytest.mark.parametrize("body", [SITEMAP, gzip.compress(SITEMAP)], ids=["plain", "packed"])
def test_a_sitemap_is_known_by_its_body(web: Web, client: Client, body: bytes) -> None:
    web.routes["/map"] = Route(body=body, content_type="application/octet-stream")
    assert discover(web.url("/map"), client).kind == "sitemap"


def test_an_address_that_moved_for_good_is_taken_where_it_is_now(web: Web, client: Client) -> None:
    web.routes |= {"/old": redirect("/feed", 301), "/today": redirect("/feed", 302)}
    assert discover(web.url("/old"), client).url == web.url("/feed")
    assert discover(web.url("/today"), client).url == web.url("/today")


def test_a_page_without_feeds_says_so(web: Web, client: Client) -> None:
    web.routes["/"] = page()
    with pytest.raises(ParseError, match="a page that names no feed"):
        discover(web.url(), client)


def test_a_page_whose_feeds_are_all_dead_says_why(web: Web, client: Client) -> None:
    web.routes["/"] = page(*(link(f"/gone/{n}") for n in range(20)))
    with pytest.raises(ParseError, match=r"none can be read; http://\S+/gone/0: HTTP 404"):
        discover(web.url(), client)
    assert len(web.paths()) == 6


def test_what_is_neither_feed_nor_page_is_refused(web: Web, client: Client) -> None:
    web.routes["/x"] = Route(body=b"%PDF-1.7", content_type="application/pdf")
    with pytest.raises(ParseError, match="not a feed: content of type application/pdf"):
        discover(web.url("/x"), client)
    with pytest.raises(FetchError, match="HTTP 404"):
        discover(web.url("/none"), client)


def test_a_page_leads_to_no_private_address(web: Web, client: Client) -> None:
    web.routes["/"] = page(link("http://169.254.169.254/feed"), link("file:///etc/passwd"))
    with pytest.raises(ParseError, match="private"):
        discover(web.url(), client)
