"""Sources, what was fetched of them, and articles as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tracker.types.kinds import DateRole, Tier
from tracker.types.reports import Dispute


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that news comes from; `family` is the publisher that speaks through it.

    `options` is what its kind needs beyond an address (CSS selectors, search terms): JSON values.
    """

    name: str
    kind: str
    url: str
    language: str = "en"
    country: str | None = None
    tier: Tier = Tier.PRESS
    family: str
    every: timedelta = timedelta(minutes=15)
    options: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What is remembered of a source between polls; `error` says in words why the last poll failed.

    `memory` is the kind's own (a snapshot, a cursor) and opaque to everybody else.  `moved_to` is where the
    address redirected for good, `moved_seen` times in a row.  `pause` is the interval that the source's rhythm
    asks for.  `listed` counts the entries of the last changed body; `seen` and `on_topic` are running counts of
    new entries and of those that pass the gate, halved now and then.  `unwell` keeps for how long the source has
    been of no use, and `told` what the operators last heard of it (both are collect/watch.py's own).
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    memory: bytes | None = field(default=None, repr=False)
    moved_to: str | None = None
    moved_seen: int = 0
    retired_at: datetime | None = None
    pause: timedelta | None = None
    listed: int | None = None
    seen: float = 0.0
    on_topic: float = 0.0
    unwell: str | None = None
    told: str | None = None
    next_due_at: datetime | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    newest_entry_at: datetime | None = None
    failures: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date that a source states as a field of its own (effective_on), not in prose; `quote` is field and value."""

    role: DateRole
    on: date
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as a source lists it, before its page is read.

    `key` is the source's own id of the item (else its address); `summary` and `content` are HTML or text as
    the source gave them; `address` is unique per source and never rewritten.  `family` is the publisher where it
    is another than the source's own (a search finds many); `has_page` is False where the address leads to no
    page worth reading.
    """

    key: str
    address: str
    title: str = ""
    author: str | None = None
    summary: str = ""
    content: str = ""
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    family: str | None = None
    dates: tuple[StatedDate, ...] = ()
    has_page: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one successful look at a source brought: new validators and the entries it listed.

    `unchanged` is True after a 304 or an identical body; `entries` is then empty.  `memory` None keeps the old
    one; `moved_to` is the address behind a permanent redirect; `fresh_for` is what the server's Cache-Control
    allows; `hub` is where the source pushes from (WebSub), `topic` the address that it calls itself.
    """

    entries: tuple[Entry, ...] = ()
    unchanged: bool = False
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    memory: bytes | None = field(default=None, repr=False)
    moved_to: str | None = None
    fresh_for: timedelta | None = None
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """A source's subscription at a WebSub hub: `token` is the secret part of our callback, `secret` signs its calls.

    Calls are expected until `lease_until`; None until the hub has asked back.
    """

    source_id: int
    hub: str
    topic: str
    token: str
    secret: str = field(repr=False)
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The body of an article's own page as fetched; `url` is the address after redirects."""

    url: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text at one canonical URL.  `address` is what the source listed; `copy_of` is the id of the first.

    `published_at` is None where neither the source nor the page says; it is never the time of fetching.
    `note` says what a reader should know of how the text was got ("page refused: …, text from the feed").
    `disputes` are events that only a second reader sees in it.
    """

    id: int
    source: Source
    address: str
    url: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    fetched_at: datetime
    content_hash: str = ""
    copy_of: int | None = None
    note: str | None = None
    dates: tuple[StatedDate, ...] = ()
    disputes: tuple[Dispute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """An article as collect left it for read: the entry, and its page where one was fetched."""

    id: int
    source: Source
    entry: Entry
    page: Page | None
    fetched_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """What read makes of a collected article.

    `bands` are the LSH keys of `signature` (near-duplicates); `credit` is the family of the wire service that the text
    is signed as.
    """

    url: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    content_hash: str
    signature: bytes
    bands: tuple[str, ...]
    note: str | None = None
    credit: str | None = None
