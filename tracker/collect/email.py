"""Newsletters from a mailbox: over IMAP, or from a maildir on this machine.

Nothing in the mailbox is changed.  Whoever can send mail to it can claim to be anybody: give the tracker an address
that only its newsletters know.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from tracker.collect.email_message import as_entry, message_address
from tracker.collect.http import Client
from tracker.collect.imap import Account, Wanted, fetch_messages
from tracker.collect.kind import Options
from tracker.collect.maildir import read_messages
from tracker.config import Duration, Text
from tracker.errors import FetchError
from tracker.times import now
from tracker.types import Entry, Poll, PollState, Source

_EXPECTED = "expected an address such as imaps://name@mail.example.org/INBOX or maildir:///path/to/it"
_PORTS = {"imap": 143, "imaps": 993}
# So many addresses that messages can be read at are remembered.
_PAGES_LIMIT = 200

# Printable ASCII around one "@": an address, or the domain of one.
Sender = Annotated[str, StringConstraints(pattern=r"^[!-?A-~]*@[!-?A-~]+$", to_lower=True)]


class EmailOptions(Options):
    """`from`: only these senders ("news@example.org") or domains ("@example.org").

    `password_env` names the environment variable with the password; messages older than `timespan` are left alone.
    """

    senders: tuple[Sender, ...] = Field(default=(), alias="from")
    folder: Text | None = None
    password_env: Text | None = None
    timespan: Duration = timedelta(days=30)


class Memory(BaseModel):
    """How far a mailbox has been read: `uid` over IMAP, `names` in a maildir; `pages` has the message of a page."""

    validity: int | None = None
    uid: int = 0
    names: frozenset[str] = frozenset()
    pages: dict[str, str] = {}


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look for messages that came since the last look; a long backlog takes several looks."""
    options = EmailOptions.model_validate(dict(source.options))
    since = now() - options.timespan
    messages, memory = _look(source.url, options, _recall(state.memory), since, client)
    found = [entry for message in messages if (entry := as_entry(message, senders=options.senders))]
    entries, pages = give_own_addresses(found, memory.pages)
    return Poll(
        entries=entries,
        unchanged=not entries and state.memory is not None,
        memory=memory.model_copy(update={"pages": pages}).model_dump_json().encode(),
    )


def give_own_addresses(entries: Iterable[Entry], pages: Mapping[str, str]) -> tuple[tuple[Entry, ...], dict[str, str]]:
    """Address an entry by its id where another message was to be read at the same page ("…/latest").

    `pages` has the key of the message that each address belongs to; it is returned with the new ones.
    """
    owners, own = dict(pages), []
    for entry in entries:
        owner = owners.pop(entry.address, entry.key)
        owners[entry.address] = owner
        own.append(entry if owner == entry.key else replace(entry, address=message_address(entry.key)))
    return tuple(own), dict(list(owners.items())[-_PAGES_LIMIT:])


def _recall(memory: bytes | None) -> Memory:
    """Read the memory; that of another kind of source says nothing here."""
    try:
        return Memory.model_validate_json(memory or b"{}")
    except ValidationError:
        return Memory()


def _look(
    url: str, options: EmailOptions, memory: Memory, since: datetime, client: Client
) -> tuple[tuple[bytes, ...], Memory]:
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError as error:
        raise FetchError(_EXPECTED) from error
    if address.scheme in _PORTS:
        account = _account(address, port or _PORTS[address.scheme], options)
        wanted = Wanted(validity=memory.validity, uid=memory.uid, since=since, senders=options.senders)
        found = fetch_messages(account, wanted, client)
        return found.messages, memory.model_copy(update={"validity": found.validity, "uid": found.uid})
    if address.scheme in {"", "maildir"}:
        path = Path(unquote(address.netloc + address.path) if address.scheme else url).expanduser()
        read = read_messages(path, options.folder, seen=memory.names, since=since)
        return read.messages, memory.model_copy(update={"names": read.names})
    raise FetchError(_EXPECTED)


def _account(address: SplitResult, port: int, options: EmailOptions) -> Account:
    if not address.hostname or not address.username:
        raise FetchError(_EXPECTED)
    if address.password is not None:
        raise FetchError("a password must not stand in an address; name its environment variable in password_env")
    if options.password_env is None:
        raise FetchError("name the environment variable that holds the password in options.password_env")
    password = os.environ.get(options.password_env)
    if not password:
        raise FetchError(f"set the environment variable {options.password_env} to the password of the mailbox")
    return Account(
        host=address.hostname,
        port=port,
        tls=address.scheme == "imaps",
        user=unquote(address.username),
        password=password,
        folder=options.folder or unquote(address.path.strip("/")) or "INBOX",
    )
