"""An IMAP4rev1 server (RFC 3501) on 127.0.0.1 with one account: as much of it as a reader of mail needs.

It keeps to the rules that a reader could break: EXAMINE is read-only, FETCH of BODY[] marks a message as seen where
BODY.PEEK[] does not, and UIDs only grow.
"""

import re
import shlex
import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes
from typing import cast


@dataclass(slots=True, kw_only=True)
class Message:
    uid: int
    raw: bytes
    day: date
    seen: bool = False


@dataclass(slots=True, kw_only=True)
class Folder:
    """A folder and its messages; `validity` changes where its UIDs start anew."""

    messages: list[Message] = field(default_factory=list)
    validity: int = 1

    def add(self, raw: bytes, day: date) -> None:
        uid = max((message.uid for message in self.messages), default=0) + 1
        self.messages.append(Message(uid=uid, raw=raw, day=day))


class Imap:
    """A running server; `folders` may be changed while it runs, `commands` lists what was asked, without the login.

    `answers` replaces the whole answer to a command by bytes ("{tag}" is its tag), an empty one by silence until the
    server closes; "" is the greeting's name.
    """

    def __init__(self, *, user: str, password: str, context: ssl.SSLContext | None = None) -> None:
        self.user, self.password, self.context = user, password, context
        self.folders = {"INBOX": Folder()}
        self.answers: dict[str, bytes] = {}
        self.commands: list[str] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.imap = self
        self.port = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def serve(
    *, user: str = "reader@example.org", password: str = "opensesame", context: ssl.SSLContext | None = None
) -> Iterator[Imap]:
    """Serve an account until the block ends; with a `context`, over TLS from the start."""
    imap = Imap(user=user, password=password, context=context)
    try:
        yield imap
    finally:
        imap.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True
    imap: Imap

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: clients that hang up or distrust the certificate are what tests want."""


class _Session(socketserver.StreamRequestHandler):
    # A connection that a client keeps open must not hold up the server's end.
    timeout = 5

    def setup(self) -> None:
        context = cast("_Server", self.server).imap.context
        if context:
            self.request.settimeout(self.timeout)
            self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self.imap = cast("_Server", self.server).imap
        self.folder: Folder | None = None
        self.read_only = False
        self.logged_in = False
        self._say("* OK ready", name="")
        for line in self.rfile:
            tag, name, arguments = [*line.decode().strip().split(" ", 2), ""][:3]
            self.imap.commands.append(
                name.upper() if name.upper() == "LOGIN" else f"{name.upper()} {arguments}".strip()
            )
            self.tag = tag
            if name.upper() in self.imap.answers:
                self._say("", name=name.upper())
                continue
            getattr(self, f"_{name.lower()}", self._unknown)(arguments)
            if name.upper() == "LOGOUT":
                return

    def _say(self, line: str, *, name: str | None = None) -> None:
        answer = self.imap.answers.get(name) if name is not None else None
        if answer == b"":
            self.imap.closing.wait()
            raise ConnectionError("closing")
        said = f"{line}\r\n".encode() if answer is None else answer.replace(b"{tag}", self._tag())
        self.wfile.write(said)

    def _tag(self) -> bytes:
        return getattr(self, "tag", "*").encode()

    def _done(self, words: str = "OK done") -> None:
        self._say(f"{self.tag} {words}")

    def _unknown(self, arguments: str) -> None:
        del arguments
        self._done("BAD no such command")

    def _capability(self, arguments: str) -> None:
        del arguments
        self._say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        self._done()

    def _login(self, arguments: str) -> None:
        self.logged_in = shlex.split(arguments) == [self.imap.user, self.imap.password]
        self._done("OK welcome" if self.logged_in else "NO [AUTHENTICATIONFAILED] wrong name or password")

    def _authenticate(self, arguments: str) -> None:
        del arguments  # PLAIN is what is offered
        self._say("+ ")
        said = b64decode(self.rfile.readline()).decode().split("\0")[1:]
        self.logged_in = said == [self.imap.user, self.imap.password]
        self._done("OK welcome" if self.logged_in else "NO [AUTHENTICATIONFAILED] wrong name or password")

    def _select(self, arguments: str, *, read_only: bool = False) -> None:
        self.folder = self.imap.folders.get(shlex.split(arguments)[0]) if self.logged_in else None
        self.read_only = read_only
        if self.folder is None:
            self._done("NO no such folder")
            return
        self._say(f"* {len(self.folder.messages)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.folder.validity}] UIDs")
        self._done("OK [READ-ONLY] done" if read_only else "OK [READ-WRITE] done")

    def _examine(self, arguments: str) -> None:
        self._select(arguments, read_only=True)

    def _logout(self, arguments: str) -> None:
        del arguments
        self._say("* BYE")
        self._done()

    def _uid(self, arguments: str) -> None:
        if self.folder is None:
            self._done("BAD no folder is selected")
            return
        name, _, rest = arguments.partition(" ")
        if f"UID {name.upper()}" in self.imap.answers:
            self._say("", name=f"UID {name.upper()}")
        elif name.upper() == "SEARCH":
            found = [str(message.uid) for message in self.folder.messages if _matches(message, rest, self.folder)]
            self._say(" ".join(["* SEARCH", *found]))
            self._done()
        elif name.upper() == "FETCH":
            self._fetch(self.folder, rest)
        else:
            self._done("BAD no such command")

    def _fetch(self, folder: Folder, arguments: str) -> None:
        asked = re.fullmatch(r"(\d+) \(BODY(?P<peek>\.PEEK)?\[\](?:<0\.(\d+)>)?\)", arguments)
        if asked is None:
            self._done("BAD that is not served here")
            return
        for position, message in enumerate(folder.messages, start=1):
            if message.uid == int(asked[1]):
                body = message.raw[: int(asked[3])] if asked[3] else message.raw
                message.seen |= not asked["peek"] and not self.read_only
                head = f"* {position} FETCH (UID {message.uid} BODY[]{'<0>' if asked[3] else ''} {{{len(body)}}}\r\n"
                self.wfile.write(head.encode() + body + b")\r\n")
        self._done()


def _matches(message: Message, criteria: str, folder: Folder) -> bool:
    """Match UID, SINCE and FROM; all have to hold, and of several FROM one."""
    highest = max(other.uid for other in folder.messages)
    since = re.search(r"SINCE (\d+-\w+-\d+)", criteria)
    first = re.search(r"UID (\d+):\*", criteria)
    senders = re.findall(r'FROM "([^"]*)"', criteria)
    said_from = str(message_from_bytes(message.raw)["From"]).lower()
    return (
        (since is None or message.day >= datetime.strptime(f"{since[1]} +0000", "%d-%b-%Y %z").date())
        # The range n:* goes down as well as up, and so always holds the last message.
        and (first is None or min(int(first[1]), highest) <= message.uid)
        and (not senders or any(one in said_from for one in senders))
    )
