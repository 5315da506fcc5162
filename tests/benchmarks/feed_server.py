"""Serve the newsstand from a process of its own: `python -m tests.benchmarks.feed_server FEEDS` prints its port.

/known/N answers conditional requests with 304; /bare/N has no validators and sends the same body each time.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from tests.benchmarks.newsstand import make_feed


@contextmanager
def serve_feeds(feeds: int) -> Iterator[str]:
    """Run the server until the block ends; yield the address that paths are put behind."""
    command = [sys.executable, "-m", "tests.benchmarks.feed_server", str(feeds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


class _Answer(asyncio.Protocol):
    """One connection; requests come one after the other, without bodies."""

    def __init__(self, answers: dict[str, tuple[bytes, str, bytes]]) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head.decode("latin-1")))

    def _answer(self, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        if path not in self._answers:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        whole, etag, not_modified = self._answers[path]
        return not_modified if etag and etag in head else whole


async def _serve(feeds: int) -> None:
    answers = _answers(feeds)
    server = await asyncio.get_running_loop().create_server(lambda: _Answer(answers), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _answers(feeds: int) -> dict[str, tuple[bytes, str, bytes]]:
    answers = {}
    for number in range(feeds):
        feed = make_feed(number)
        etag = f'"{sha256(feed.body).hexdigest()[:16]}"'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {feed.content_type}\r\nContent-Length: {len(feed.body)}\r\n"
        stated = f"ETag: {etag}\r\nLast-Modified: Mon, 15 Jun 2026 12:00:00 GMT\r\n"
        bare = f"{head}\r\n".encode() + feed.body
        known = f"{head}{stated}\r\n".encode() + feed.body
        answers[f"/bare/{number}"] = bare, "", b""
        answers[f"/known/{number}"] = known, etag, f"HTTP/1.1 304 Not Modified\r\n{stated}\r\n".encode()
    return answers


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
