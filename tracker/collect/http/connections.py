"""Connections that are opened only to addresses that may be reached, and that spend an allowance."""

import select
import socket
import ssl
import threading
import time
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpcore2
import httpx2

from tracker.collect.addresses import is_allowed, is_public
from tracker.collect.allowance import current
from tracker.collect.http.exchange import Answer, Connection
from tracker.errors import FetchError

_IDLE_SECONDS = 5.0
_IDLE_AT_MOST = 20

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class CheckedBackend(httpcore2.NetworkBackend):
    """Resolves a host once, and connects to the first public or explicitly allowed address it has."""

    allowed: Collection[str]
    _plain: httpcore2.SyncBackend = field(default_factory=httpcore2.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (the allowance is stricter)
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._permitted(host, port)
        allowance = current()
        for position, address in enumerate(addresses):
            share = allowance.seconds_left() / (len(addresses) - position)
            try:
                stream = self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if position == len(addresses) - 1:
                    raise
            else:
                return _LimitedStream(stream)
        raise AssertionError("_permitted returns at least one address")

    def _permitted(self, host: str, port: int) -> list[str]:
        addresses = _resolve(host, port)
        permitted = [a for a in addresses if is_public(a) or is_allowed(host, port, a, self.allowed)]
        if not permitted:
            raise FetchError(f"address {addresses[0]} is private; allow it in [collect] allow_private_hosts")
        return permitted


class Connections:
    """HTTP/1.1 connections through a checked backend; those that are free again are kept for a few seconds.

    No proxy is taken from the environment: it would connect in our place, unchecked.
    """

    def __init__(self, backend: CheckedBackend) -> None:
        self._backend = backend
        self._idle: dict[Key, deque[tuple[float, Connection]]] = defaultdict(deque)
        self._count = 0
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None

    def take(self, key: Key) -> Connection:
        """Return an idle connection to scheme, host and port, else open one."""
        while kept := self._take_idle(key):
            since, connection = kept
            if time.monotonic() - since < _IDLE_SECONDS and not _is_readable(connection):
                return connection
            connection.close()
        scheme, host, port = key
        stream = self._backend.connect_tcp(host, port)
        if scheme == "https":
            stream = stream.start_tls(self._tls(), host)
        return Connection(stream.get_extra_info("socket"))

    def settle(self, key: Key, answer: Answer) -> None:
        """Keep the connection of an answer that was read to its end; close any other."""
        connection, is_done = answer.connection, answer.is_done()
        answer.close()
        if not is_done:
            connection.close()
            return
        with self._lock:
            self._idle[key].append((time.monotonic(), connection))
            self._count += 1
            late = self._drop_oldest() if self._count > _IDLE_AT_MOST else None
        if late:
            late.close()

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            kept = [connection for idle in self._idle.values() for _, connection in idle]
            self._idle.clear()
            self._count = 0
        for connection in kept:
            connection.close()

    def _take_idle(self, key: Key) -> tuple[float, Connection] | None:
        with self._lock:
            idle = self._idle.get(key)
            if not idle:
                return None
            self._count -= 1
            kept = idle.pop()
            if not idle:
                del self._idle[key]
            return kept

    def _drop_oldest(self) -> Connection:
        key = min((key for key, idle in self._idle.items() if idle), key=lambda key: self._idle[key][0][0])
        self._count -= 1
        connection = self._idle[key].popleft()[1]
        if not self._idle[key]:
            del self._idle[key]
        return connection

    def _tls(self) -> ssl.SSLContext:
        """Load the authorities when the first address needs them: it takes 20 ms."""
        with self._lock:
            if self._context is None:
                self._context = httpx2.create_ssl_context()
                self._context.set_alpn_protocols(["http/1.1"])
            return self._context


@dataclass(frozen=True, slots=True)
class _LimitedStream(httpcore2.NetworkStream):
    """A connection that asks the allowance of the running fetch before each step."""

    stream: httpcore2.NetworkStream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (the allowance is stricter)
        allowance = current()
        received = self.stream.read(max_bytes, allowance.seconds_left())
        allowance.spend(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 (the allowance is stricter)
        self.stream.write(buffer, current().seconds_left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 (the allowance is stricter)
    ) -> httpcore2.NetworkStream:
        return _LimitedStream(self.stream.start_tls(ssl_context, server_hostname, current().seconds_left()))

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _is_readable(connection: Connection) -> bool:
    """Say whether an idle connection has something to read, which can only be its end."""
    poll = select.poll()
    poll.register(connection.plain, select.POLLIN)
    return bool(poll.poll(0))


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise FetchError(f"the host name {host} does not resolve") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
