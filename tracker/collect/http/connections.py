"""Connections that are opened only to addresses that may be reached, and that spend an allowance."""

import socket
import ssl
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpcore2
import httpx2

from tracker.collect.addresses import is_allowed, is_public
from tracker.collect.allowance import current
from tracker.errors import FetchError


class CheckedTransport(httpx2.HTTPTransport):
    """httpx2's transport over a pool whose connections go through the address check.

    No proxy is taken from the environment: it would connect in our place, unchecked.
    """

    def __init__(self, backend: httpcore2.NetworkBackend) -> None:
        context = httpx2.create_ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=backend,
        )


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


@dataclass(frozen=True, slots=True)
class _LimitedStream(httpcore2.NetworkStream):
    """A connection that asks the allowance of the running fetch before each step."""

    stream: httpcore2.NetworkStream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (the allowance is stricter)
        allowance = current()
        return allowance.spend(self.stream.read(max_bytes, allowance.seconds_left()))

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


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise FetchError(f"the host name {host} does not resolve") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
