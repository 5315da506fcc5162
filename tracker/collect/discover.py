"""Find what kind of source an address is: a feed, a sitemap, or a page that names its feeds."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from tracker.collect.feed import parse_feed
from tracker.collect.http import Client, Fetched
from tracker.collect.json_feed import is_json
from tracker.collect.lenient_feed import parse_title
from tracker.collect.parsing import TIMEOUT, parse_apart
from tracker.collect.selecting import parse_page
from tracker.collect.sitemap import parse_sitemap
from tracker.errors import FetchError, ParseError

_ACCEPT = (
    "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.1"
)
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
# JSON Feed 1.0 went by it, but so does much that is no feed.
_PLAIN_JSON = "application/json"
# A page may name a feed for each of its tags; more than these are not asked for.
_TRIED = 5
_SNIFFED_BYTES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A source at `url`; `page` is the address that named it, `others` the further feeds named there.

    `title` and `language` are what it says of itself, where it does.
    """

    url: str
    kind: str
    title: str = ""
    language: str | None = None
    page: str | None = None
    others: tuple[str, ...] = ()


def discover(url: str, client: Client) -> Found:
    """Look at an address and say what is there; raise FetchError or ParseError where it is no source.

    Where it is a page, the first feed that it names and that is one is returned; feeds of comments are left out.
    """
    fetched = client.fetch(url, headers={"accept": _ACCEPT})
    try:
        return _recognize(fetched, url)
    except ParseError:
        if not _is_page(fetched):
            raise
    return _follow(fetched, client)


def named_feeds(page: Fetched) -> tuple[str, ...]:
    """Return the addresses of the feeds that a page names in its head, in its order, without those of comments."""
    soup = parse_page(page)
    base = soup.find("base", href=True)
    start = next(_joined(page.url, [_said(base, "href")]), page.url) if isinstance(base, Tag) else page.url
    links = sorted(_links(soup), key=lambda link: _type(link) == _PLAIN_JSON)
    return tuple(dict.fromkeys(_joined(start, [_said(link, "href") for link in links])))


def _is_page(fetched: Fetched) -> bool:
    start = fetched.body[:_SNIFFED_BYTES].lower()
    return b"<html" in start or b"<!doctype html" in start


def _follow(page: Fetched, client: Client) -> Found:
    named = named_feeds(page)
    problems: list[str] = []
    for url in named[:_TRIED]:
        try:
            found = _recognize(client.fetch(url, headers={"accept": _ACCEPT}), url)
        except (FetchError, ParseError) as error:
            problems.append(f"{url}: {error}")
            continue
        return replace(found, page=page.url, others=tuple(one for one in named if one != url))
    if problems:
        raise ParseError(f"the page names feeds, but none can be read; {problems[0]}")
    raise ParseError("it is a page that names no feed")


def _recognize(fetched: Fetched, url: str) -> Found:
    """Return what a body is; its address is the one that was asked for, unless that has moved for good."""
    known = fetched.moved_to or url
    with suppress(ParseError):
        parse_sitemap(fetched.body)
        return Found(url=known, kind="sitemap")
    entries = parse_feed(fetched.body, content_type=fetched.content_type, url=fetched.url)
    language = next((entry.language for entry in entries if entry.language), None)
    return Found(url=known, kind="feed", title=_title(fetched), language=language)


def _title(fetched: Fetched) -> str:
    """Return the title of a body that has been read as a feed."""
    if is_json(fetched.body):
        said = json.loads(fetched.body.decode("utf-8-sig")).get("title", "")
    else:
        said = parse_apart(parse_title, TIMEOUT, fetched.body)
    return " ".join(BeautifulSoup(str(said), "lxml").get_text().split())


def _links(soup: BeautifulSoup) -> Iterator[Tag]:
    for link in soup.find_all("link", href=True, rel=True):
        relations = {word.lower() for word in link.get_attribute_list("rel") if word}
        about = f"{_said(link, 'title')} {_said(link, 'href')}".lower()
        if "alternate" in relations and _type(link) in {*_FEED_TYPES, _PLAIN_JSON} and "comments" not in about:
            yield link


def _type(link: Tag) -> str:
    return _said(link, "type").partition(";")[0].strip().lower()


def _said(tag: Tag, name: str) -> str:
    return str(tag.get(name) or "").strip()


def _joined(start: str, addresses: Iterable[str]) -> Iterator[str]:
    """Join as browsers do, "feed:" before an address included; what is no address is left out."""
    for address in addresses:
        with suppress(ValueError):
            yield urljoin(start, address.removeprefix("feed:"))
