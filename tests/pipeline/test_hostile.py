"""Servers that mean harm: each ends within its limit with its reason on its row, and harms nothing else."""

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
import trustme

from tests.pipeline.conftest import Desk
from tests.servers.web import Route, Web, gzipped, redirect, serve
from tracker.pipeline.collect import collect
from tracker.types import Source

XML = "application/rss+xml"
ENTRY = "<item><title>{title}</title><link>https://news.example/{n}</link><description>{text}</description></item>"
GOOD = f"<rss version='2.0'><channel>{ENTRY.format(title='Export controls', n=1, text='word ' * 400)}</channel></rss>"
LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><rss version='2.0'><channel><title>x</title></channel></rss>"
)
LATIN = "<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel>{item}</channel></rss>".format(
    item=ENTRY.format(title="Exportkontrollen für Chips", n=2, text="Wort " * 400)
)
MEGABYTE = b"x" * 1_000_000

# What each path answers, and what its source's row must say then (None: it is a feed after all).
HOSTILE: Mapping[str, tuple[Route, str | None]] = {
    "/stall": (Route(stall="headers"), "no complete answer within"),
    "/stall-in-body": (Route(stall="body", content_type=XML), "no complete answer within"),
    "/drip": (Route(body=GOOD.encode(), drip=0.2, content_type=XML), "no complete answer within"),
    "/circle": (redirect("/circle"), "redirects in a circle"),
    "/metadata": (redirect("http://169.254.169.254/latest/meta-data/"), "address 169.254.169.254 is private"),
    "/bomb": (gzipped(MEGABYTE, times=300), "body over 10 MB"),
    "/endless": (Route(body=MEGABYTE, repeat=2000, content_type=XML), "body over 10 MB"),
    "/announced": (Route(body=b"x", headers={"Content-Length": "2000000000"}), "body over 10 MB"),
    "/charset": (Route(body=LATIN.encode("utf-8"), content_type=f"{XML}; charset=us-ascii"), None),
    "/laughs": (Route(body=LAUGHS.encode(), content_type=XML), None),
}  # fmt: skip


@contextmanager
def a_listener() -> Iterator[tuple[int, list[object]]]:
    """Listen on a port of this machine that nobody may connect to; yield it with the list of who did."""
    seen: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        closing = threading.Event()

        def accept() -> None:
            while not closing.is_set():
                try:
                    connection, address = listener.accept()
                except TimeoutError:
                    continue
                seen.append(address)
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener.getsockname()[1], seen
        finally:
            closing.set()
            thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    routes = {path: route for path, (route, _) in HOSTILE.items()}
    with serve(routes | {"/good": Route(body=GOOD.encode(), content_type=XML)}) as running:
        yield running


def poll_all(desk: Desk, urls: Mapping[str, str], allowed: str) -> dict[str, str | None]:
    """Collect once from sources at these addresses; return what each row says."""
    desk.store.sources.sync([Source(name=name, kind="feed", url=url, family=name) for name, url in urls.items()])
    collect(desk.job(f'[collect]\nallow_private_hosts = ["{allowed}"]\ntimeout = "2s"\nworkers = 16\n'))
    return {health.source.name: health.state.error for health in desk.store.sources.health()}


def test_each_hostile_server_gets_its_reason_and_the_good_source_its_articles(desk: Desk, web: Web) -> None:
    said = poll_all(desk, {path: web.url(path) for path in [*HOSTILE, "/good"]}, web.host)
    for path, (_, reason) in HOSTILE.items():
        found = said[path]
        assert (reason is None) == (found is None), f"{path}: {found}"
        assert reason is None or reason in (found or ""), f"{path}: {found}"
    assert said["/good"] is None
    articles = {health.source.name: health.articles for health in desk.store.sources.health()}
    assert (articles["/good"], articles["/charset"]) == (1, 1)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0.0.0.0", "[::]"]
)
def test_no_redirect_leads_to_a_forbidden_address_however_it_is_written(desk: Desk, web: Web, host: str) -> None:
    with a_listener() as (port, seen):
        web.routes["/away"] = redirect(f"http://{host}:{port}/feed")
        said = poll_all(desk, {"away": web.url("/away")}, web.host)["away"]
    assert said
    assert "is private" in said
    assert seen == []


def test_a_certificate_that_nobody_vouches_for_is_refused(desk: Desk) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serve({"/feed": Route(body=GOOD.encode())}, tls=context) as web:
        said = poll_all(desk, {"tls": web.url("/feed")}, web.host)["tls"]
        assert web.requests == []
    assert said
    assert "the TLS certificate is not valid" in said


def test_two_gigabytes_and_a_bomb_cost_little_memory(desk: Desk, web: Web) -> None:
    config = desk.folder / "config.toml"
    peaks: list[float] = []
    for paths in (["/good"], ["/endless", "/bomb", "/announced", "/laughs"]):
        tables = "".join(f'[[sources]]\nname = "{path}"\nurl = "{web.url(path)}"\n' for path in paths)
        config.write_text(f'[collect]\nallow_private_hosts = ["{web.host}"]\n{tables}', encoding="utf-8")
        peaks.append(peak_megabytes(str(config), f"sqlite:///{desk.folder}/{len(peaks)}.db"))
    plain, hostile = peaks
    # Four bodies at once, each at its limit of 10 MB before it is refused, and what they unpack from.
    assert hostile - plain < 100, peaks


def peak_megabytes(config: str, database_url: str) -> float:
    """Run `tracker collect` in a process of its own; return the most memory that it held."""
    script = (
        "import sys; from pathlib import Path; from tracker.cli import app; sys.argv = ['tracker', 'collect']\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        # Not ru_maxrss, which a child takes over from its parent.
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    environment = {"TRACKER_CONFIG": config, "DATABASE_URL": database_url, "PATH": ""}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1]) / 1024
