"""Pages that list articles, described by CSS selectors; what they expect is asserted, so that a redesign is loud."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urljoin

import nh3
from bs4 import Tag
from pydantic import Field

from tracker.collect.changed import poll_body
from tracker.collect.entry import make_entry
from tracker.collect.http import Client, Fetched
from tracker.collect.kind import Options
from tracker.collect.selecting import Selector, parse_page
from tracker.errors import ParseError
from tracker.times import as_utc
from tracker.types import Entry, Poll, PollState, Source

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class ListingOptions(Options):
    """Selectors: `item` within the page, the others within an item (by default its first link, and that link's text).

    `date_format` is as for strptime ("%Y年%m月%d日"); without one, dates are ISO 8601, in the element's `datetime`
    or its text.  Fewer items than `at_least` mean that the page is no longer what it was.
    """

    item: Selector
    link: Selector = "a[href]"
    title: Selector | None = None
    date: Selector | None = None
    date_format: str | None = None
    summary: Selector | None = None
    at_least: int = Field(default=1, ge=1)


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at a page of links; its entries come in the page's order."""
    options = ListingOptions.model_validate(dict(source.options))
    parse = partial(parse_listing, options=options)
    return poll_body(source, state, client, accept=_ACCEPT, parse=parse, asks_robots=True)


def parse_listing(fetched: Fetched, options: ListingOptions) -> tuple[Entry, ...]:
    """Read the items of a page; raise ParseError that names the selector which no longer finds what it should."""
    items = parse_page(fetched).select(options.item)
    if len(items) < options.at_least:
        raise ParseError(
            f"selector item ({options.item!r}) found {len(items)} of at least {options.at_least}; "
            "the page may have a new design"
        )
    links = [_link(item, options.link) for item in items]
    _expect("link", options.link, [link is not None for link in links])
    pairs = [(item, link) for item, link in zip(items, links, strict=True) if link is not None]
    titles = [_text(_one(item, options.title) if options.title else link) for item, link in pairs]
    _expect("title", options.title or options.link, [bool(title) for title in titles])
    dates = [_date(item, options) for item, _ in pairs]
    if options.date:
        _expect("date", options.date, [date is not None for date in dates])
    return tuple(
        make_entry(
            address=urljoin(fetched.url, str(link["href"]).strip()),
            title=title,
            summary=_summary(item, options.summary),
            published_at=date,
        )
        for (item, link), title, date in zip(pairs, titles, dates, strict=True)
        if title
    )


def _expect(name: str, selector: str, found: Sequence[bool]) -> None:
    """Let a few odd items pass; where most lack something, the selector is wrong."""
    if sum(found) * 2 < len(found):
        raise ParseError(
            f"selector {name} ({selector!r}) found nothing of use in {len(found) - sum(found)} of {len(found)} items; "
            "the page may have a new design"
        )


def _link(item: Tag, selector: str) -> Tag | None:
    link = item if item.name == "a" else _one(item, selector)
    return link if link is not None and link.get("href") else None


def _one(item: Tag, selector: str) -> Tag | None:
    return item.select_one(selector)


def _text(element: Tag | None) -> str:
    return " ".join(element.get_text(" ").split()) if element else ""


def _summary(item: Tag, selector: str | None) -> str:
    found = _one(item, selector) if selector else None
    return nh3.clean(str(found)) if found else ""


def _date(item: Tag, options: ListingOptions) -> datetime | None:
    """Read an item's date, at 00:00 UTC where it states no zone."""
    found = _one(item, options.date) if options.date else None
    if found is None:
        return None
    try:
        if options.date_format:
            stated = datetime.strptime(_text(found), options.date_format)  # noqa: DTZ007 (a zone is added below)
        else:
            stated = datetime.fromisoformat(str(found.get("datetime") or _text(found)).strip())
        return as_utc(stated if stated.tzinfo else stated.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
