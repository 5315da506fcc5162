"""Feeds: RSS 0.9x to 2.0, RDF and Atom, and JSON Feed."""

from datetime import timedelta
from functools import partial

from tracker.collect.changed import poll_body
from tracker.collect.computing import COMPUTING
from tracker.collect.fast_feed import parse_fast
from tracker.collect.http import Client, Fetched
from tracker.collect.json_feed import is_json, parse_json_feed
from tracker.collect.lenient_feed import parse_lenient
from tracker.collect.parsing import TIMEOUT, parse_apart
from tracker.errors import ParseError
from tracker.types import Entry, Poll, PollState, Source

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at a feed; its entries come in the feed's order."""
    return poll_body(source, state, client, accept=_ACCEPT, parse=partial(_parse, timeout=client.parse_timeout))


def parse_feed(body: bytes, *, content_type: str, url: str, timeout: timedelta = TIMEOUT) -> tuple[Entry, ...]:
    """Parse the body of a feed that was fetched from `url`; raise ParseError where it is none, or takes too long."""
    if not body.strip():
        raise ParseError("not a feed: the body is empty")
    if is_json(body):
        return parse_json_feed(body, url=url)
    with COMPUTING:
        entries = parse_fast(body, content_type=content_type, url=url)
    if entries is None:
        entries = parse_apart(parse_lenient, timeout, body, content_type=content_type, url=url)
    return entries


def _parse(fetched: Fetched, *, timeout: timedelta) -> tuple[Entry, ...]:
    return parse_feed(fetched.body, content_type=fetched.content_type, url=fetched.url, timeout=timeout)
