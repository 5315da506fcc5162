"""Read what an answer states beside its content: how long it stays fresh, and the hub that it pushes through; pure."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

from tracker.collect.http import Fetched, http_date
from tracker.collect.json_feed import is_json

# Some servers call their feed fresh for a year.
_FRESH_LIMIT = timedelta(days=1)
# A feed's own links stand before its first item; hub and self are among the first of them.
_HEAD_BYTES = 20_000
_ITEMS = (b"<item", b"<entry", b":item ")
# One tag at a time, because the parser gives up where declarations are broken.
_LINK = re.compile(rb"<(?:\w+:)?link\s[^<>]*>", re.IGNORECASE)


def fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    """Read Cache-Control, else Expires, less the Age that the answer has already; at most a day, None where none."""
    directives = _directives(headers["cache-control"]) if "cache-control" in headers else {}
    if directives.keys() & {"no-store", "no-cache"}:
        return None
    lifetime = _seconds(directives["max-age"]) if "max-age" in directives else _until_expiry(headers)
    if lifetime is None:
        return None
    left = lifetime - (_seconds(headers.get("age", "")) or timedelta(0))
    return min(left, _FRESH_LIMIT) if left > timedelta(0) else None


def hub_and_topic(fetched: Fetched) -> tuple[str | None, str | None]:
    """Return the WebSub hub and the address that the source calls itself: from Link headers, else from the body.

    Without a hub there is no topic either.  Of XML only the head is looked at.
    """
    for links in (fetched.links, _body_links(fetched.body) if fetched.body else {}):
        if "hub" in links:
            with suppress(ValueError):  # not an address
                return urljoin(fetched.url, links["hub"]), urljoin(fetched.url, links.get("self", ""))
    return None, None


def _directives(value: str) -> dict[str, str]:
    parts = (part.partition("=") for part in value.lower().split(","))
    return {name.strip(): argument.strip(' "') for name, _, argument in parts}


def _seconds(value: str) -> timedelta | None:
    return timedelta(seconds=min(int(value), 10**8)) if value.isascii() and value.isdecimal() else None


def _until_expiry(headers: Mapping[str, str]) -> timedelta | None:
    if "expires" not in headers:
        return None
    expires, stated = (http_date(headers.get(name, "")) for name in ("expires", "date"))
    return expires - stated if expires and stated else None


def _body_links(body: bytes) -> Mapping[str, str]:
    if is_json(body):
        return _json_links(body) if b'"hubs"' in body else {}
    head = body[:_HEAD_BYTES]
    first_item = min((at for item in _ITEMS if (at := head.find(item)) >= 0), default=len(head))
    if b"hub" not in head[:first_item]:
        return {}
    parser = _Links()
    for tag in _LINK.findall(head[:first_item]):
        parser.feed(tag.decode(errors="replace"))
    return parser.found


def _json_links(body: bytes) -> Mapping[str, str]:
    """Read `hubs` and `feed_url` of a JSON Feed; what is broken is for the feed's parser to tell."""
    with suppress(ValueError, RecursionError):
        feed = json.loads(body.decode("utf-8-sig"))
        hubs = feed["hubs"] if isinstance(feed.get("hubs"), list) else []
        stated = {
            "hub": next((one.get("url") for one in hubs if isinstance(one, dict)), None),
            "self": feed.get("feed_url"),
        }
        return {rel: href for rel, href in stated.items() if isinstance(href, str) and href}
    return {}


class _Links(HTMLParser):
    """Collects `<link rel href>`, with or without a namespace, well-formed or not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = dict(attrs)
        if tag.rpartition(":")[2] == "link" and (href := stated.get("href")):
            for rel in (stated.get("rel") or "").lower().split():
                self.found.setdefault(rel, href.strip())
