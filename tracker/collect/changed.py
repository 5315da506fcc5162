"""Ask a source for what changed: validators, and the hash of the body where the server has none."""

from collections.abc import Callable
from hashlib import sha256

from tracker.collect.http import Client, Fetched
from tracker.types import Entry, Poll, PollState, Source

_NOT_MODIFIED = 304


def poll_body(
    source: Source, state: PollState, client: Client, *, accept: str, parse: Callable[[Fetched], tuple[Entry, ...]]
) -> Poll:
    """Fetch the source's address, and parse the body only where it differs from the last one parsed."""
    fetched = client.fetch(source.url, headers={"accept": accept, **_validators(state)})
    etag, last_modified = fetched.headers.get("etag"), fetched.headers.get("last-modified")
    if fetched.status == _NOT_MODIFIED:
        return Poll(
            unchanged=True,
            etag=etag or state.etag,
            last_modified=last_modified or state.last_modified,
            body_hash=state.body_hash,
        )
    body_hash = sha256(fetched.body).hexdigest()
    unchanged = body_hash == state.body_hash
    entries = () if unchanged else parse(fetched)
    return Poll(entries=entries, unchanged=unchanged, etag=etag, last_modified=last_modified, body_hash=body_hash)


def _validators(state: PollState) -> dict[str, str]:
    stated = {"if-none-match": state.etag, "if-modified-since": state.last_modified}
    return {name: value for name, value in stated.items() if value}
