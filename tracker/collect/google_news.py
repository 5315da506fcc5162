"""Google News searches: who reports what, in a feed.

For discovery only.  The links are opaque: they lead to a script, not to the article, and are never fetched; so an
entry is its title, its publisher and its time.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import escape
from itertools import chain

from lxml import etree

from tracker.collect.changed import poll_body
from tracker.collect.feed import parse_feed
from tracker.collect.http import Client, Fetched
from tracker.collect.parsing import TIMEOUT
from tracker.types import Entry, Poll, PollState, Source

_ACCEPT = "application/rss+xml, application/xml;q=0.9, text/xml;q=0.9"


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at a search, which is the source's address with its `q`, `hl`, `gl` and `ceid`."""
    return poll_body(source, state, client, accept=_ACCEPT, parse=partial(_parse, timeout=client.parse_timeout))


def parse_search(body: bytes, *, content_type: str, url: str, timeout: timedelta = TIMEOUT) -> tuple[Entry, ...]:
    """Parse the answer of a search; raise ParseError where it is no feed."""
    entries = parse_feed(body, content_type=content_type, url=url, timeout=timeout)
    publishers = dict(_publishers(body))
    return tuple(_as_report(entry, publishers) for entry in entries)


def _parse(fetched: Fetched, *, timeout: timedelta) -> tuple[Entry, ...]:
    return parse_search(fetched.body, content_type=fetched.content_type, url=fetched.url, timeout=timeout)


def _publishers(body: bytes) -> Iterator[tuple[str, str]]:
    """Read the publisher of each item by the item's id and by its link; none where the body is no XML at all."""
    # Nothing outside the body is opened, and no entity is expanded, whoever answers in Google's name.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    with suppress(etree.XMLSyntaxError):
        parser.feed(body)
        for item in parser.close().iter("item"):
            publisher = " ".join((item.findtext("source") or "").split())
            for name in chain(item.iterfind("guid"), item.iterfind("link")):
                if publisher and name.text:
                    yield name.text.strip(), publisher


def _as_report(entry: Entry, publishers: Mapping[str, str]) -> Entry:
    """Drop what repeats the title and its publisher: the tail of the title, and the summary."""
    publisher = publishers.get(entry.key) or publishers.get(entry.address)
    title = _without_tail(entry.title, publisher) if publisher else entry.title
    return replace(entry, title=title, summary="", content="", family=publisher, has_page=False)


def _without_tail(title: str, publisher: str) -> str:
    for name in (publisher, escape(publisher, quote=False)):
        title = title.removesuffix(f" - {name}")
    return title
