"""Ask a source for what changed: validators, and the hash of the body where the server has none."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from tracker.collect.http import Client, Fetched
from tracker.collect.schedule import address
from tracker.collect.stated import fresh_for, hub_and_topic
from tracker.types import Entry, Poll, PollState, Source

_NOT_MODIFIED = 304


def poll_body(
    source: Source,
    state: PollState,
    client: Client,
    *,
    accept: str,
    parse: Callable[[Fetched], tuple[Entry, ...]],
    asks_robots: bool = False,
) -> Poll:
    """Fetch the source's address, and parse the body only where it differs from the last one parsed.

    `asks_robots` is for pages that are made for people; feeds and APIs are made for programs.
    """
    fetched = client.fetch(address(source, state), headers=conditional(state, accept), asks_robots=asks_robots)
    poll = as_poll(state, fetched)
    return poll if poll.unchanged else replace(poll, entries=parse(fetched))


def conditional(state: PollState, accept: str) -> dict[str, str]:
    """Return the headers that ask for a body only where it changed."""
    stated = {"if-none-match": state.etag, "if-modified-since": state.last_modified}
    return {"accept": accept, **{name: value for name, value in stated.items() if value}}


def as_poll(state: PollState, fetched: Fetched) -> Poll:
    """Return what an answer says of itself, before anybody parses it."""
    etag, last_modified = fetched.headers.get("etag"), fetched.headers.get("last-modified")
    is_known = fetched.status == _NOT_MODIFIED
    body_hash = state.body_hash if is_known else sha256(fetched.body).hexdigest()
    hub, topic = hub_and_topic(fetched)
    return Poll(
        unchanged=is_known or body_hash == state.body_hash,
        etag=etag or (state.etag if is_known else None),
        last_modified=last_modified or (state.last_modified if is_known else None),
        body_hash=body_hash,
        moved_to=fetched.moved_to,
        fresh_for=fresh_for(fetched.headers),
        hub=hub,
        topic=topic,
    )
