"""The Consolidated Screening List: each snapshot held against the one before, and what differs told as articles."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

from tracker.collect.changed import as_poll, conditional
from tracker.collect.http import Client
from tracker.collect.kind import Options
from tracker.collect.schedule import address
from tracker.collect.screening_changes import Change, compare
from tracker.collect.screening_entry import tell
from tracker.collect.screening_snapshot import Party, Snapshot, read_snapshot, recall, remember
from tracker.config import Text
from tracker.errors import ParseError
from tracker.times import as_utc, now
from tracker.types import Poll, PollState, Source

log = structlog.get_logger()

# The list has some 50 MB, and is rebuilt every hour.
_BODY_LIMIT_BYTES = 200_000_000
_TIMEOUT = timedelta(minutes=3)
# A list of a few parties may well lose most of them in a day.
_SMALL_LIST = 50


class ScreeningListOptions(Options):
    """The lists to report on, by (the start of) their names, and countries by code; all where nothing is said."""

    lists: tuple[Text, ...] = ()
    countries: tuple[Text, ...] = ()


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at the list; the first look remembers it, each later one tells what was added, changed and removed."""
    options = ScreeningListOptions.model_validate(dict(source.options))
    before = recall(state.memory)
    if before is None:  # the body has to be read, even if it is the one that was seen last
        state = replace(state, etag=None, last_modified=None, body_hash=None)
    asked = conditional(state, "application/json")
    fetched = client.fetch(address(source, state), headers=asked, limit_bytes=_BODY_LIMIT_BYTES, timeout=_TIMEOUT)
    looked = as_poll(state, fetched)
    if looked.unchanged:
        return looked
    after, unreadable = read_snapshot(fetched.body)
    if unreadable:
        log.warning("records skipped", source=source.name, count=unreadable, error="no name or no list")
    if before is None:
        return replace(looked, memory=remember(after))
    check_whole(_keep_wanted(before, options), _keep_wanted(after, options))
    changes = [change for change in compare(before, after) if _concerns(change, options)]
    entries = tell(changes, url=source.url, seen_at=now(), published_at=_modified_at(looked.last_modified))
    return replace(looked, entries=entries, memory=remember(after) if before != after else None)


def check_whole(before: Snapshot, after: Snapshot) -> None:
    """Raise a ParseError where the snapshot, or one of its larger lists, lost more than half of its parties."""
    if 2 * len(after) < len(before):
        raise _cut_off("the snapshot", len(before), len(after))
    was, now_is = (Counter(party.source for party in snapshot.values()) for snapshot in (before, after))
    for name, count in was.items():
        if count > _SMALL_LIST and 2 * now_is[name] < count:
            raise _cut_off(name, count, now_is[name])


def _cut_off(what: str, was: int, now_is: int) -> ParseError:
    return ParseError(
        f"looks cut off: {what} went from {was:,} to {now_is:,} parties; if it is true, "
        "give the source another name, and it starts afresh"
    )


def _keep_wanted(snapshot: Snapshot, options: ScreeningListOptions) -> Snapshot:
    """Keep the parties that the options ask for; all are remembered, so that other options bring no false news."""
    return {key: party for key, party in snapshot.items() if _is_wanted(party, options)}


def _concerns(change: Change, options: ScreeningListOptions) -> bool:
    return any(party is not None and _is_wanted(party, options) for party in (change.before, change.after))


def _is_wanted(party: Party, options: ScreeningListOptions) -> bool:
    of_list = not options.lists or party.source.casefold().startswith(tuple(one.casefold() for one in options.lists))
    codes = {code.upper() for code in options.countries}
    return of_list and (not codes or not codes.isdisjoint(party.countries.split()))


def _modified_at(stated: str | None) -> datetime | None:
    with suppress(ValueError):
        return as_utc(parsedate_to_datetime(stated or ""))
    return None
