"""An article's own page: its text by trafilatura, its date by htmldate, and what it says of itself; pure."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

import trafilatura
from htmldate import find_date
from lxml.html import HtmlElement
from trafilatura.metadata import extract_title

from tracker.errors import ParseError
from tracker.read.encoding import decode
from tracker.read.plain import tidy, to_line
from tracker.times import as_utc
from tracker.types import Page

# An article of this length is one, even if it speaks of cookies.
_WALL_CHARACTERS = 1500
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{10,40})"')
# trafilatura keeps some of these in short articles.  Whole words of a class or id, so that "broadcast" stays.
_AD_TAGS = frozenset({"div", "aside", "section", "ins", "span"})
_AD = re.compile(
    r"(?<!\S)(?:ads?|adverts?|advertisement|advertising|ad[-_](?:slot|unit|container|wrapper|banner|box)|inline[-_]ad)(?!\S)"
)
# trafilatura copies the tree several times before it drops these; it reads the article from some scripts of data.
_NO_TEXT_TAGS = frozenset({"script", "style", "svg"})
_DATA_TYPE = "application/ld+json"
_STATED_TIMES = (
    '//meta[@property="article:published_time"]/@content',
    '//meta[@itemprop="datePublished"]/@content',
    '//time[@itemprop="datePublished"]/@datetime',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page holds; `wall` names what stands in the article's place or cuts it: "paywall" or "blocked"."""

    title: str = ""
    text: str = ""
    link: str | None = None
    published_at: datetime | None = None
    wall: str | None = None
    is_decoded: bool = True


def read_page(page: Page, *, fetched_at: datetime) -> PageText:
    """Read a page; raise ParseError where it is no text at all.  A date after `fetched_at` is not believed."""
    source, is_decoded = decode(page.body, page.content_type)
    if page.content_type.lower().startswith("text/plain"):
        return PageText(text=tidy(source), is_decoded=is_decoded)
    tree = trafilatura.load_html(source)
    if tree is None:
        raise ParseError("the page is not HTML")
    title, link = _title(tree), _first(tree, '//link[@rel="canonical"]/@href')
    published_at = _published(tree, fetched_at)
    text = article_text(tree)
    return PageText(
        title=title, text=text, link=link, published_at=published_at, wall=_wall(text), is_decoded=is_decoded
    )


def article_text(tree: HtmlElement) -> str:
    """Extract the article from a page; takes its advertisements and what holds no text out of `tree`."""
    for one in [one for one in tree.iter(*_AD_TAGS, *_NO_TEXT_TAGS) if _is_dropped(one)]:
        if one.getparent() is not None:
            one.drop_tree()
    return tidy(trafilatura.extract(tree, fast=True, include_comments=False) or "")


def _is_dropped(element: HtmlElement) -> bool:
    if element.tag in _NO_TEXT_TAGS:
        return bool(element.get("type") != _DATA_TYPE)
    return _AD.search(f"{element.get('class', '')} {element.get('id', '')}") is not None


def _title(tree: HtmlElement) -> str:
    return to_line(_first(tree, '//meta[@property="og:title"]/@content') or extract_title(tree) or "")


def _published(tree: HtmlElement, fetched_at: datetime) -> datetime | None:
    """Take the exact time that the page states, else the day that htmldate finds (as 00:00 UTC)."""
    latest = fetched_at + timedelta(days=1)
    for stated in _stated_times(tree):
        if (moment := _parse_time(stated)) and moment <= latest:
            return moment
    # Its extensive search takes any date in the text; none is better than a wrong one.
    day = find_date(tree, original_date=True, extensive_search=False, max_date=latest.date().isoformat())
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None


def _stated_times(tree: HtmlElement) -> Iterator[str]:
    for path in _STATED_TIMES:
        yield from tree.xpath(path)[:1]
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        yield from _JSON_DATE.findall(script.text or "")[:1]


def _parse_time(stated: str) -> datetime | None:
    """Read a time with its zone; without one it may be off by a day, and htmldate's day is as good."""
    try:
        moment = datetime.fromisoformat(stated.strip())
        return as_utc(moment) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _first(tree: HtmlElement, path: str) -> str | None:
    return next(iter(tree.xpath(path)), None)


def _wall(text: str) -> str | None:
    if len(text) > _WALL_CHARACTERS:
        return None
    lowered = text.lower()
    return next((kind for kind, phrases in _walls().items() if any(phrase in lowered for phrase in phrases)), None)


@cache
def _walls() -> dict[str, list[str]]:
    return tomllib.loads(files("tracker.read").joinpath("walls.toml").read_text(encoding="utf-8"))
