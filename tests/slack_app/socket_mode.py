"""Slack's end of Socket Mode: one WebSocket connection that sends envelopes and collects their answers."""

import json
import struct
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from queue import Queue
from socket import SHUT_RDWR, create_server, socket
from threading import Thread
from typing import Any

# RFC 6455, sections 1.3 and 5.2.
_KEY_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class SocketMode:
    """Sends `envelopes` to whoever connects; `answers` gets each answer as it comes."""

    def __init__(self, *envelopes: dict[str, Any]) -> None:
        self.answers: Queue[dict[str, Any]] = Queue()
        self._envelopes = envelopes
        self._listener = create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}/link?ticket=tests"
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Wait until the client is gone; one that never came is waited for no longer."""
        self._listener.shutdown(SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:  # closed before anyone came
            return
        with client:
            _shake_hands(client)
            for message in ({"type": "hello"}, *self._envelopes):
                _send(client, _TEXT, json.dumps(message).encode())
            for kind, body in _frames(client):
                if kind == _PING:
                    _send(client, _PONG, body)
                elif kind == _TEXT:
                    self.answers.put(json.loads(body))


@contextmanager
def socket_mode(*envelopes: dict[str, Any]) -> Iterator[SocketMode]:
    """Wait for one client until the block ends, and it has to be gone by then."""
    slack = SocketMode(*envelopes)
    try:
        yield slack
    finally:
        slack.close()


def _shake_hands(client: socket) -> None:
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        request += client.recv(1)
    key = next(line.split(b":", 1)[1].strip() for line in request.splitlines() if line.startswith(b"Sec-WebSocket-Key"))
    accept = b64encode(sha1(key + _KEY_SUFFIX, usedforsecurity=False).digest())
    client.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def _send(client: socket, kind: int, body: bytes) -> None:
    length = bytes([len(body)]) if len(body) < 126 else b"\x7e" + struct.pack("!H", len(body))
    client.sendall(bytes([0x80 | kind]) + length + body)


def _frames(client: socket) -> Iterator[tuple[int, bytes]]:
    """Read frames until the client closes."""
    while (head := _read(client, 2)) and head[0] & 0x0F != _CLOSE:
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", _read(client, 2))
        mask, body = _read(client, 4), _read(client, length)
        yield head[0] & 0x0F, bytes(byte ^ mask[n % 4] for n, byte in enumerate(body))


def _read(client: socket, length: int) -> bytes:
    body = b""
    while len(body) < length:
        try:
            piece = client.recv(length - len(body))
        except ConnectionResetError:
            return b""
        if not piece:
            return b""
        body += piece
    return body
