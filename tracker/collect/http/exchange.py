"""One request and its answer over an open connection: HTTP/1.1, as http.client speaks it."""

import http.client
import io
import re
import socket
from collections.abc import Mapping
from typing import Any

from tracker.collect.allowance import current
from tracker.errors import FetchError

_BUFFER_BYTES = 16_384
_LINE_BYTES = 65_536
_HEADERS_AT_MOST = 200
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: [^\r\n]*)?\r?\n")
_EMPTY = {204, 304}
_CONTINUES = range(100, 200)
_END = (b"\r\n", b"\n", b"")


class Connection:
    """An open connection; each step asks the allowance of the running fetch."""

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
        self._received = io.BufferedReader(_Received(plain), _BUFFER_BYTES)

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> "Answer":
        """Send a request and read the head of its answer."""
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        head = "\r\n".join(lines)
        if head.count("\n") + head.count("\r") != 2 * len(lines) - 2:
            raise FetchError("not an address: it holds a line end")
        self.plain.settimeout(current().seconds_left())
        self.plain.sendall(head.encode("latin-1", "replace") + body)
        answer = Answer(self, method)
        answer.begin()
        return answer

    def makefile(self, _mode: str) -> "_Lent":
        return _Lent(self._received)

    def close(self) -> None:
        self.plain.close()


class Answer(http.client.HTTPResponse):
    """An answer whose head is read here, twice as fast; its body is read by http.client.

    `stated` are the headers by their names in lower case; one that comes twice is joined by a comma.
    """

    stated: dict[str, str]
    cookies: list[str]

    def __init__(self, connection: Connection, method: str) -> None:
        super().__init__(connection, method=method)  # type: ignore[arg-type]  # it asks for no more than makefile
        self.connection = connection

    def begin(self) -> None:
        """Read the head; raise an HTTPException where it is none."""
        is_new, self.status = self._read_first_line()
        self.stated, self.cookies = {}, []
        self._read_header_lines()
        while self.status in _CONTINUES:
            is_new, self.status = self._read_first_line()
            self._read_header_lines()
        self.chunked = self.stated.get("transfer-encoding", "").lower() == "chunked"
        self.chunk_left = None
        self.length = 0 if self.status in _EMPTY else None if self.chunked else _length(self.stated)
        asked = self.stated.get("connection", "").lower()
        is_kept = "close" not in asked if is_new else "keep-alive" in asked
        self.will_close = not is_kept or (self.length is None and not self.chunked)

    def is_done(self) -> bool:
        """Say whether all of it was read, and the connection may be used again."""
        return self.isclosed() and not self.will_close

    def _read_first_line(self) -> tuple[bool, int]:
        line = self.fp.readline(_LINE_BYTES + 1)
        if not line:
            raise http.client.RemoteDisconnected("")
        match = _STATUS.fullmatch(line)
        if match is None:
            raise http.client.LineTooLong("status line") if len(line) > _LINE_BYTES else http.client.BadStatusLine("")
        return match[1] == b"1", int(match[2])

    def _read_header_lines(self) -> None:
        name = ""
        for _ in range(_HEADERS_AT_MOST + 1):
            line = self.fp.readline(_LINE_BYTES + 1)
            if len(line) > _LINE_BYTES:
                raise http.client.LineTooLong("header line")
            if line in _END:
                return
            text = line.decode("latin-1")
            if text[0] in " \t":  # the value before goes on
                self._state(name, text.strip(), joint=" ")
                continue
            name, _, value = text.partition(":")
            name = name.strip().lower()
            self._state(name, value.strip())
        raise http.client.HTTPException(f"more than {_HEADERS_AT_MOST} headers")

    def _state(self, name: str, value: str, *, joint: str = ", ") -> None:
        if name == "set-cookie":
            self.cookies.append(value)
        self.stated[name] = f"{self.stated[name]}{joint}{value}" if name in self.stated else value


class _Lent:
    """What a connection receives, lent to one answer: closing it closes nothing."""

    def __init__(self, received: "io.BufferedReader[_Received]") -> None:
        self.read = received.read
        self.readinto = received.readinto
        self.readline = received.readline

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


class _Received(io.RawIOBase):
    """What a socket receives."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        allowance = current()
        self._plain.settimeout(allowance.seconds_left())
        count = self._plain.recv_into(buffer)
        allowance.spend(count)
        return count


def _length(stated: Mapping[str, str]) -> int | None:
    """Return the length of the body; None where it goes on until the connection closes."""
    lengths = {length.strip() for length in stated.get("content-length", "").split(",")}
    if len(lengths) > 1:
        raise http.client.HTTPException("two lengths of one body")
    length = lengths.pop()
    return int(length) if length.isascii() and length.isdecimal() else None
