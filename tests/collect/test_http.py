"""The client against a web that misbehaves."""

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.servers.web import Route, Web, gzipped, redirect, serve
from tracker.collect.http import Client
from tracker.errors import FetchError

SHORT = "1s"


def reason(client: Client, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        client.fetch(url)
    return str(caught.value)


@contextmanager
def accept(answers: Sequence[Sequence[bytes]]) -> Iterator[tuple[str, list[socket.socket]]]:
    """Serve connections one after the other, each with its answers, after which the server closes it."""
    connections: list[socket.socket] = []

    def serve_all() -> None:
        for bodies in answers:
            connections.append(server.accept()[0])
            with connections[-1] as connection:
                for body in bodies:
                    connection.recv(65_536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve_all)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", connections
        thread.join()


def test_a_plain_page_arrives_whole(web: Web, client: Client) -> None:
    web.routes["/page"] = Route(body="é".encode(), content_type="text/plain; charset=utf-8")
    fetched = client.fetch(web.url("/page"))
    assert (fetched.status, fetched.url, fetched.body) == (200, web.url("/page"), "é".encode())
    assert fetched.content_type == "text/plain; charset=utf-8"
    assert fetched.headers["content-length"] == "2"


def test_a_request_says_who_asks(web: Web, make_client: Callable[..., Client]) -> None:
    make_client(user_agent="somebody/1.0 (+https://example.org)").fetch(web.url("/feed"), headers={"accept": "a/b"})
    assert web.requests[0].headers["user-agent"] == "somebody/1.0 (+https://example.org)"
    assert web.requests[0].headers["accept"] == "a/b"


def test_a_compressed_body_is_unpacked(web: Web, client: Client) -> None:
    web.routes["/zip"] = gzipped(b"hello")
    assert client.fetch(web.url("/zip")).body == b"hello"


@pytest.mark.parametrize(
    "body",
    [zlib.compress(b"hello"), zlib.compress(b"hello")[2:-4], gzip.compress(b"hello") + b"\n"],
    ids=["zlib", "raw", "followed by blanks"],
)
def test_every_form_of_deflate_is_unpacked(web: Web, client: Client, body: bytes) -> None:
    web.routes["/zip"] = Route(body=body, headers={"Content-Encoding": "deflate"})
    assert client.fetch(web.url("/zip")).body == b"hello"


def test_a_body_in_chunks_arrives_whole(web: Web, client: Client) -> None:
    chunks = b"5\r\nhello\r\n1; x=y\r\n \r\n3\r\nyou\r\n0\r\nX-Trailer: 1\r\n\r\n"
    web.routes["/chunks"] = Route(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert client.fetch(web.url("/chunks")).body == b"hello you"


def test_a_connection_is_used_again_until_its_server_closes_it(make_client: Callable[..., Client]) -> None:
    answers = [b"one", b"two"], [b"three"]
    with accept(answers) as (url, connections), make_client(allow_private_hosts=("127.0.0.1",)) as client:
        assert [client.fetch(url).body for _ in range(3)] == [b"one", b"two", b"three"]
        assert len(connections) == 2


def test_links_in_headers_are_read_by_their_relation(web: Web, client: Client) -> None:
    stated = '<https://hub.example/>; rel="hub", <https://a.example/x,y>; title="a, b"; rel=self, <z>; REL="next last"'
    web.routes["/links"] = Route(headers={"Link": stated})
    assert client.fetch(web.url("/links")).links == {
        "hub": "https://hub.example/",
        "self": "https://a.example/x,y",
        "next": "z",
        "last": "z",
    }


def test_a_known_validator_brings_304(web: Web, client: Client) -> None:
    fetched = client.fetch(web.url("/feed"), headers={"if-none-match": '"v1"'})
    assert (fetched.status, fetched.body) == (304, b"")


def test_redirects_are_followed_and_the_last_address_kept(web: Web, client: Client) -> None:
    web.routes |= {"/old": redirect("/new#part", 301), "/new": Route(body=b"here")}
    fetched = client.fetch(web.url("/old"))
    assert (fetched.url, fetched.body) == (web.url("/new"), b"here")


def test_a_cookie_set_on_the_way_is_sent_on_the_next_hop_only(web: Web, client: Client) -> None:
    web.routes |= {"/in": redirect("/page", headers={"Set-Cookie": "seen=1; Path=/"}), "/page": Route(body=b"here")}
    client.fetch(web.url("/in"))
    client.fetch(web.url("/page"))
    assert [request.headers.get("cookie") for request in web.requests] == [None, "seen=1", None]


def test_redirects_in_a_circle_end(web: Web, client: Client) -> None:
    web.routes |= {"/one": redirect("/two"), "/two": redirect("/one")}
    assert reason(client, web.url("/one")) == "redirects in a circle"
    assert len(web.requests) == 6


def test_too_many_redirects_end(web: Web, client: Client) -> None:
    web.routes |= {f"/{n}": redirect(f"/{n + 1}") for n in range(20)}
    assert reason(client, web.url("/0")) == "more than 5 redirects"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Route(status=404), "HTTP 404"),
        (Route(status=202), "HTTP 202"),
        (Route(raw=b""), "not valid HTTP: the server closed the connection without an answer"),
        (Route(raw=b"SSH-2.0-hello\r\n\r\n"), "not valid HTTP: the status line cannot be read"),
        (Route(headers={"X-Long": "a" * 70_000}), "not valid HTTP: a line of the head is too long"),
        (Route(headers={f"X-{n}": "a" for n in range(201)}), "not valid HTTP: more than 200 headers"),
        (
            Route(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            "not valid HTTP: two lengths",
        ),
        (Route(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "not valid HTTP: the body is cut short"),
        (Route(body=b"x", headers={"Content-Encoding": "br"}), "the body is encoded as br, which was not asked for"),
        (Route(body=b"x" * 99, headers={"Content-Encoding": "gzip"}), "the compressed body is broken"),
        (redirect("file:///etc/passwd"), "only http and https are fetched, not file"),
        (redirect("http://[::bad"), "redirected to what is not an address"),
        (redirect("http://169.254.169.254/latest/"), "address 169.254.169.254 is private"),
        (redirect("http://[::ffff:127.0.0.1]:9/"), "address ::ffff:127.0.0.1 is private"),
    ],
)
def test_an_answer_of_no_use_is_explained(web: Web, client: Client, answer: Route, said: str) -> None:
    web.routes["/bad"] = answer
    assert reason(client, web.url("/bad")).startswith(said)


@pytest.mark.parametrize(
    ("stated", "pause"),
    [
        (b"Retry-After: 120", timedelta(minutes=2)),
        (b"Date: Mon, 15 Jun 2026 10:00:00 GMT\r\nRetry-After: Mon, 15 Jun 2026 10:05:00 GMT", timedelta(minutes=5)),
        (b"Retry-After: soon", None),
        (b"X: y", None),
    ],
)
def test_the_pause_a_server_asks_for_is_kept(web: Web, client: Client, stated: bytes, pause: timedelta | None) -> None:
    web.routes["/busy"] = Route(raw=b"HTTP/1.1 503 Busy\r\n" + stated + b"\r\n\r\n")
    with pytest.raises(FetchError, match="HTTP 503") as caught:
        client.fetch(web.url("/busy"))
    assert caught.value.retry_after == pause


def test_gone_is_told_from_failing(web: Web, client: Client) -> None:
    web.routes["/gone"] = Route(status=410)
    with pytest.raises(FetchError, match="HTTP 410") as caught:
        client.fetch(web.url("/gone"))
    assert caught.value.gone


@pytest.mark.parametrize(
    "answer",
    [
        Route(stall="headers"),
        Route(stall="body"),
        Route(body=b"x" * 100_000, drip=0.02),
        Route(raw=b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100_000, drip=0.02),
    ],
    ids=["silent", "silent after the headers", "body drips", "headers drip"],
)
def test_a_slow_answer_ends_at_the_deadline(web: Web, make_client: Callable[..., Client], answer: Route) -> None:
    web.routes["/slow"] = answer
    assert reason(make_client(timeout=SHORT), web.url("/slow")) == "no complete answer within 1 s"


def test_slow_hops_share_one_deadline(web: Web, make_client: Callable[..., Client]) -> None:
    hop = Route(raw=b"HTTP/1.1 302 Found\r\nLocation: /hop\r\nContent-Length: 0\r\n\r\n", drip=0.005)
    web.routes["/hop"] = hop
    assert reason(make_client(timeout=SHORT), web.url("/hop")) == "no complete answer within 1 s"


@pytest.mark.parametrize(
    "answer",
    [
        Route(body=b"x" * 1_000_000, repeat=50),
        Route(headers={"Content-Length": "50000000"}),
        gzipped(b"\0" * 1_000_000, times=50),
    ],
    ids=["sent", "announced", "unpacked"],
)
def test_a_body_of_50_mb_ends_at_the_limit_with_little_memory(web: Web, client: Client, answer: Route) -> None:
    web.routes["/big"] = answer
    tracemalloc.start()
    try:
        assert reason(client, web.url("/big")) == "body over 10 MB"
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_compressed_bytes_that_unpack_to_nothing_are_counted_too(web: Web, make_client: Callable[..., Client]) -> None:
    empty_blocks = b"\0\0\0\xff\xff" * 400_000
    body = b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + empty_blocks
    web.routes["/empty"] = Route(raw=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body)
    assert reason(make_client(body_limit_bytes=1000), web.url("/empty")) == "more than 1.001 MB received"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:{port}/", "address 127.0.0.1 is private; allow it in [collect] allow_private_hosts"),
        ("http://localhost:{port}/", "is private"),
        ("http://127.1:{port}/", "address 127.0.0.1 is private"),
        ("http://2130706433:{port}/", "address 127.0.0.1 is private"),
        ("http://0x7f.0.0.1:{port}/", "address 127.0.0.1 is private"),
        ("http://0177.0.0.1:{port}/", "not an address"),
        ("http://[::1]:{port}/", "address ::1 is private"),
        ("http://[::]:{port}/", "address :: is private"),
        ("http://[::ffff:7f00:1]:{port}/", "is private"),
        ("http://[::127.0.0.1]:{port}/", "is private"),
        ("http://[64:ff9b::127.0.0.1]:{port}/", "is private"),
        ("http://[2002:7f00:1::]:{port}/", "is private"),
        ("http://0.0.0.0:{port}/", "address 0.0.0.0 is private"),
        ("http://10.1.2.3/", "address 10.1.2.3 is private"),
        ("http://100.64.0.1/", "address 100.64.0.1 is private"),
        ("http://192.168.1.1/", "address 192.168.1.1 is private"),
        ("http://[fe80::1]/", "is private"),
        ("http://[fd00::1]/", "is private"),
        ("http://①②⑦.0.0.1:{port}/", "not an address"),
        ("ftp://example.org/", "only http and https are fetched, not ftp"),
        ("example.org/feed", "only http and https are fetched, not an address without a scheme"),
        ("http:///feed", "the address names no host"),
    ],
)
def test_a_forbidden_address_sees_no_connection(
    web: Web, make_client: Callable[..., Client], url: str, said: str
) -> None:
    assert said in reason(make_client(allow_private_hosts=()), url.format(port=web.port))
    assert web.requests == []


def test_permission_is_for_the_stated_port_alone(make_client: Callable[..., Client]) -> None:
    with serve({"/": Route(body=b"secret")}) as other:
        assert "is private" in reason(make_client(), other.url("/"))
        assert other.requests == []
        assert make_client(allow_private_hosts=("127.0.0.1",)).fetch(other.url("/")).body == b"secret"


def test_a_permitted_host_may_be_asked_for_by_name(web: Web, make_client: Callable[..., Client]) -> None:
    url = web.url("/feed").replace("127.0.0.1", "localhost")
    assert make_client(allow_private_hosts=("localhost",)).fetch(url).status == 200


def test_a_redirect_to_another_private_port_is_refused(web: Web, client: Client) -> None:
    with serve({"/": Route(body=b"secret")}) as other:
        web.routes["/away"] = redirect(other.url("/"))
        assert "address 127.0.0.1 is private" in reason(client, web.url("/away"))
        assert other.requests == []


def test_no_proxy_is_taken_from_the_environment(
    web: Web, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve({}) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url())
        monkeypatch.setenv("http_proxy", proxy.url())
        assert make_client().fetch(web.url("/feed")).status == 200
        assert proxy.requests == []


def test_a_refused_connection_says_so(make_client: Callable[..., Client]) -> None:
    with serve({}) as closed:
        url = closed.url()
    assert reason(make_client(allow_private_hosts=("127.0.0.1",)), url) == "connection refused"


def test_plain_http_where_tls_was_expected_says_so(web: Web, client: Client) -> None:
    assert reason(client, web.url().replace("http:", "https:")).startswith("TLS failed: ")


def test_a_body_known_to_be_large_has_its_own_limit(web: Web, make_client: Callable[..., Client]) -> None:
    web.routes["/list"] = Route(body=b"x" * 5000)
    client = make_client(body_limit_bytes=1000)
    assert len(client.fetch(web.url("/list"), limit_bytes=6000).body) == 5000
    with pytest.raises(FetchError, match=r"body over 0\.004 MB"):
        client.fetch(web.url("/list"), limit_bytes=4000)
