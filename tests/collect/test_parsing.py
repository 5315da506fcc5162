"""Parsing in processes of their own: what takes too long is killed, and the next feed is parsed as ever."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.servers.web import Route, Web
from tracker.collect.feed import parse_feed
from tracker.collect.http import Client
from tracker.collect.kinds import poll
from tracker.collect.lenient_feed import parse_lenient
from tracker.collect.parsing import parse_apart, stop_parsing
from tracker.errors import ParseError
from tracker.types import PollState, Source

URL = "https://example.org/feed"
# Nothing that is read fast: two titles.
SLOW = "<rss version='2.0'><channel><item><title>A</title><title>B</title><description>{}</description></item></channel></rss>"
PLAIN = SLOW.format("x").encode()
# Several seconds of work for feedparser, however fast the machine.
HOSTILE = SLOW.format(f"&lt;p {' '.join(f'a{n}=1' for n in range(600_000))}&gt;").encode()
PATIENT, SHORT = timedelta(seconds=60), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _processes() -> Iterator[None]:
    yield
    stop_parsing()


def titles(body: bytes, timeout: timedelta = PATIENT) -> list[str]:
    entries = parse_apart(parse_lenient, timeout, body, content_type="text/xml", url=URL)
    return [entry.title for entry in entries]


def own_number() -> int:
    return os.getpid()


def hang_apart(port: int) -> None:
    parse_apart(hang_on, SHORT, port)


def break_down() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang_on(port: int) -> None:
    """Hold a connection for as long as the process lives."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"parsing")
        connection.recv(1)


def test_a_feed_is_parsed_in_another_process() -> None:
    assert titles(PLAIN) == ["A"]
    assert parse_apart(own_number, PATIENT) != os.getpid()


def test_a_hostile_feed_is_given_up_and_others_go_on() -> None:
    assert len(HOSTILE) > 1_000_000
    for _ in range(3):
        with pytest.raises(ParseError, match="parsing took longer than 1 s"):
            titles(HOSTILE, SHORT)
        assert titles(PLAIN) == ["A"]


def test_a_parser_that_kills_its_process_fails_alone() -> None:
    with pytest.raises(ParseError, match="parsing broke down"):
        parse_apart(break_down, PATIENT)
    assert titles(PLAIN) == ["A"]


def test_a_parse_ends_though_its_parent_was_killed() -> None:
    start = "import sys; from tests.collect import test_parsing; test_parsing.hang_apart(int(sys.argv[1]))"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        with subprocess.Popen([sys.executable, "-c", start, str(server.getsockname()[1])]) as parent:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(60)
                assert connection.recv(10) == b"parsing"
                parent.kill()
                assert connection.recv(10) == b""


def test_what_is_no_feed_is_named_as_ever() -> None:
    with pytest.raises(ParseError, match="not a feed: content of type text/plain"):
        parse_apart(parse_lenient, PATIENT, b"words", content_type="text/plain", url=URL)


def test_after_a_stop_parsing_starts_anew() -> None:
    before = parse_apart(own_number, PATIENT)
    stop_parsing()
    stop_parsing()
    assert parse_apart(own_number, PATIENT) != before


def test_a_feed_that_is_read_fast_needs_no_process() -> None:
    feed = b"<rss version='2.0'><channel><item><link>https://example.org/1</link></item></channel></rss>"
    (entry,) = parse_feed(feed, content_type="text/xml", url=URL, timeout=timedelta(0))
    assert entry.address == "https://example.org/1"


def test_a_source_says_that_parsing_took_too_long(web: Web, make_client: Callable[..., Client], source: Source) -> None:
    web.routes["/feed"] = Route(body=HOSTILE, content_type="text/xml")
    with pytest.raises(ParseError, match="parsing took longer than 1 s"):
        poll(source, PollState(), make_client(parse_timeout="1s"))
