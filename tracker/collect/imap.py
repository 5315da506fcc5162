"""Read the messages of an IMAP mailbox; nothing is changed there, no message is even marked as read."""

import imaplib
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError, UnexpectedCommandStatusError
from imap_tools.mailbox import BaseMailBox
from imap_tools.query import AND, OR, U

from tracker.collect.addresses import is_public
from tracker.collect.allowance import current
from tracker.collect.http import Client
from tracker.errors import FetchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a mailbox is and how to log in; without `tls` only within a private network."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages: after `uid`, which says something only with its `validity` (RFC 3501, 2.3.1.1), since a day.

    Of a message longer than `message_bytes` only the start is fetched; attachments stand at its end.
    """

    validity: int | None
    uid: int
    since: datetime
    senders: Sequence[str]
    message_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Messages as they travelled, in the order they came, and the UID to go on after."""

    messages: tuple[bytes, ...]
    validity: int
    uid: int


def fetch_messages(account: Account, wanted: Wanted, client: Client) -> Found:
    """Fetch messages for as long as the limits of one fetch allow; raise a FetchError where none can be had."""
    with client.connect(account.host, account.port, tls=account.tls) as stream:
        if not account.tls and is_public(stream.get_extra_info("server_addr")[0]):
            raise FetchError("imap:// would send the password unencrypted; use imaps://")
        try:
            mailbox = _open(account, stream)
            found = _read(mailbox, wanted)
            with suppress(imaplib.IMAP4.error, UnexpectedCommandStatusError):  # nothing is lost by a rude good-bye
                mailbox.logout()
        except MailboxLoginError as error:
            raise FetchError(
                f"the mail server refuses the login of {account.user}: {_words(error.command_result)}"
            ) from error
        except MailboxFolderSelectError as error:
            raise FetchError(f"the mailbox has no folder {account.folder!r}: {_words(error.command_result)}") from error
        except UnexpectedCommandStatusError as error:
            raise FetchError(f"the mail server refuses: {_words(error.command_result)}") from error
        except imaplib.IMAP4.error as error:
            raise FetchError(f"the mail server failed: {error}") from error
        except ValueError as error:
            raise FetchError(f"the mail server's answer is not IMAP: {error}") from error
    return found


def _open(account: Account, stream: "_Stream") -> BaseMailBox:
    mailbox = _MailBox(stream)
    is_ascii = f"{account.user}{account.password}".isascii()
    login = mailbox.login if is_ascii else mailbox.login_utf8
    login(account.user, account.password, initial_folder=None)
    mailbox.folder.set(account.folder, readonly=True)
    return mailbox


def _read(mailbox: BaseMailBox, wanted: Wanted) -> Found:
    validity = _validity(mailbox)
    done = wanted.uid if wanted.validity == validity else 0
    found = (int(uid) for uid in mailbox.uids(_criteria(wanted, done), charset=None))
    # "UID 7:*" finds the last message even where its UID is under 7.
    bodies = _bodies(mailbox, sorted(uid for uid in found if uid > done), wanted.message_bytes)
    messages = []
    for uid, body in bodies:
        done = uid
        messages += body
    return Found(messages=tuple(messages), validity=validity, uid=done)


def _validity(mailbox: BaseMailBox) -> int:
    _, stated = mailbox.client.response("UIDVALIDITY")
    return int(stated[0]) if stated and stated[0] else 0


def _criteria(wanted: Wanted, done: int) -> AND:
    about: dict[str, Any] = {"uid": U(str(done + 1), "*"), "date_gte": wanted.since.date()}
    return AND(OR(from_=list(wanted.senders)), **about) if wanted.senders else AND(**about)


def _bodies(mailbox: BaseMailBox, uids: Sequence[int], message_bytes: int) -> Iterator[tuple[int, list[bytes]]]:
    """Fetch one message after the other, and stop while half of the time and of the bytes are left."""
    allowance, spent = current(), 0
    for uid in uids:
        is_late = allowance.seconds_left() < allowance.timeout.total_seconds() / 2
        if spent and (is_late or spent > allowance.limit_bytes / 2):
            return
        limit = min(message_bytes, allowance.limit_bytes // 4)
        answer, parts = mailbox.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{limit}>)")
        if answer != "OK":
            raise FetchError(f"the mail server refuses message {uid}: {_words((answer, parts))}")
        # A message that has gone meanwhile has no body.
        body = [part[1] for part in parts if isinstance(part, tuple)][:1]
        spent += sum(map(len, body))
        yield uid, body


def _words(result: tuple[Any, ...]) -> str:
    said = b" ".join(part for part in result[1] if isinstance(part, bytes))
    return " ".join(said.decode(errors="replace").split())[:200] or str(result[0])


class _Stream(Protocol):
    """A connection of the client, which watches over time and bytes."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes: ...
    def write(self, buffer: bytes, timeout: float | None = None) -> None: ...


class _MailBox(BaseMailBox):
    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return _Imap(self._stream)


class _Imap(imaplib.IMAP4):
    """imaplib over a connection that is open already."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        super().__init__()

    def _create_socket(self, timeout: float | None) -> Any:
        del timeout  # the client's own is stricter
        return _Socket(self._stream)

    def read(self, size: int) -> bytes:
        if size > current().limit_bytes:  # it would be made room for at once
            raise FetchError(f"the mail server announces {size:,} bytes")
        return super().read(size)


class _Socket:
    """As much of a socket as imaplib uses; the client closes the connection."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream

    def makefile(self, mode: str) -> io.BufferedReader:
        del mode  # always "rb"
        return io.BufferedReader(_Reader(self._stream))

    def sendall(self, data: bytes) -> None:
        self._stream.write(data)

    def shutdown(self, how: int) -> None:
        pass

    def close(self) -> None:
        pass


class _Reader(io.RawIOBase):
    def __init__(self, stream: _Stream) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        received = self._stream.read(len(buffer))
        buffer[: len(received)] = received
        return len(received)
