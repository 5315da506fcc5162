"""Pages of links on a real server."""

from datetime import UTC, datetime

import pytest

from tests.servers.web import Route, Web
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.errors import ConfigError, FetchError, ParseError
from tracker.types import PollState, Source

PAGE = """<html><head><meta charset="gb2312"><title>公告</title></head><body><ul class="menu"><li><a href="/">首页</a></li></ul>
<ul class="news">
<li><a href="art/1.html">关于加强出口管制的公告</a><span class="date">2026年06月18日</span><p>摘要<script>x()</script></p></li>
<li><a href="art/2.html">发言人答记者问</a><span class="date">2026年06月17日</span></li>
<li><a href="art/3.html">　</a><span class="date">即将</span></li>
</ul></body></html>"""
OPTIONS = {"item": "ul.news > li", "date": ".date", "date_format": "%Y年%m月%d日", "summary": "p", "at_least": 2}


@pytest.fixture
def listing(web: Web) -> Source:
    web.routes["/zcfb/index.html"] = Route(body=PAGE.encode("gb2312"), content_type="text/html")
    return Source(name="MOFCOM", kind="listing", url=web.url("/zcfb/index.html"), family="mofcom", options=OPTIONS)


def changed(source: Source, **options: object) -> Source:
    return Source(name="x", kind="listing", url=source.url, family="x", options=OPTIONS | options)


def test_items_become_entries_in_the_order_of_the_page(listing: Source, web: Web, client: Client) -> None:
    first, second = poll(listing, PollState(), client).entries
    assert (first.address, first.title) == (web.url("/zcfb/art/1.html"), "关于加强出口管制的公告")
    assert first.published_at == datetime(2026, 6, 18, tzinfo=UTC)
    assert first.summary == "<p>摘要</p>"
    assert (second.title, second.summary) == ("发言人答记者问", "")


def test_a_page_with_too_few_items_is_loud(listing: Source, client: Client) -> None:
    with pytest.raises(ParseError, match=r"selector item \('.feed article'\) found 0 of at least 2.*new design"):
        poll(changed(listing, item=".feed article"), PollState(), client)


@pytest.mark.parametrize(("option", "selector"), [("link", "h3 a"), ("title", "h3"), ("date", "time")])
def test_a_selector_that_no_longer_finds_anything_is_loud(
    listing: Source, client: Client, option: str, selector: str
) -> None:
    with pytest.raises(ParseError, match=rf"selector {option} \('{selector}'\) found nothing of use in 3 of 3 items"):
        poll(changed(listing, **{option: selector}), PollState(), client)


def test_dates_of_another_form_are_loud(listing: Source, client: Client) -> None:
    with pytest.raises(ParseError, match="selector date"):
        poll(changed(listing, date_format="%d/%m/%Y"), PollState(), client)


def test_a_time_element_states_its_date_exactly(web: Web, client: Client) -> None:
    body = b'<article><a href="/a">Rule</a><time datetime="2026-06-18T01:00:00+09:00">yesterday</time></article>'
    web.routes["/list"] = Route(body=body)
    source = Source(
        name="x", kind="listing", url=web.url("/list"), family="x", options={"item": "article", "date": "time"}
    )
    (entry,) = poll(source, PollState(), client).entries
    assert entry.published_at == datetime(2026, 6, 17, 16, tzinfo=UTC)


def test_the_same_page_is_not_read_again(listing: Source, client: Client) -> None:
    first = poll(listing, PollState(), client)
    assert poll(listing, PollState(body_hash=first.body_hash), client).unchanged


def test_a_site_that_asks_robots_to_stay_away_is_left_alone(listing: Source, web: Web, client: Client) -> None:
    web.routes["/robots.txt"] = Route(body=b"User-agent: *\nDisallow: /zcfb/", content_type="text/plain")
    with pytest.raises(FetchError, match="asks robots not to fetch this"):
        poll(listing, PollState(), client)


@pytest.mark.parametrize(
    ("options", "reason"),
    [({}, r"options.item: Field required"), ({"item": "li >"}, r"options.item: .*expected a CSS selector")],
)
def test_a_wrong_option_is_named(web: Web, options: dict[str, object], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        check_source(Source(name="x", kind="listing", url=web.url("/"), family="x", options=options))
