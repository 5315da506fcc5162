"""What `tracker run --once` prints of the sources, and how `tracker run` ends."""

import signal
import socket
import subprocess
from pathlib import Path

from tests.running import TRACKER, Installed
from tests.servers.web import Route, serve

OLD = b"<item><title>Chips</title><link>urn:x:1</link><pubDate>Mon, 03 Mar 2025 09:00:00 GMT</pubDate></item>"


def feed(items: bytes = b"") -> Route:
    return Route(body=b"<rss version='2.0'><channel>" + items + b"</channel></rss>", content_type="text/xml")


def test_a_cycle_ends_with_how_the_sources_are_and_why(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    with serve({"/down": Route(status=503), "/empty": feed(), "/old": feed(OLD)}) as web:
        named = "".join(
            f'\n[[sources]]\nname = "\\u001b[31mThe {name}"\nurl = "{web.url(f"/{name}")}"\n'
            for name in ("down", "empty", "old")
        )
        installed.configure(f'[collect]\nallow_private_hosts = ["{web.host}"]\n{named}')
        printed = installed.run("run", "--once", width=200).stdout.splitlines()[5:]
        narrow = installed.run("run", "--once", width=40).stdout.splitlines()[5:]
    assert printed[0] == "sources     0 of 3 well"
    for line, told in zip(
        printed[1:],
        (
            "failing     [31mThe down: failed, never worked: HTTP 503; next look in ",
            "empty       [31mThe empty: answers, but lists nothing; next look in ",
            "stale       [31mThe old: nothing new since 3 March 2025; next look in ",
        ),
        strict=True,
    ):
        assert line.startswith(told)
    assert max(map(len, narrow)) <= 40
    assert all(line[:12].strip() in {"", "sources", "failing", "empty", "stale"} for line in narrow)


def test_without_sources_it_says_so(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    assert "sources     none configured" in installed.run("run", "--once").stdout


def test_told_to_stop_it_leaves_nothing_behind(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        installed = Installed(tmp_path, {"PORT": str(free.getsockname()[1])})
    two_titles = feed(b"<item><title>A</title><title>B</title><link>urn:x:1</link></item>")  # for feedparser
    with serve({"/feed": two_titles}) as web:
        source = f'[[sources]]\nname = "A"\nurl = "{web.url("/feed")}"\n'
        installed.configure(f'[collect]\nallow_private_hosts = ["{web.host}"]\n{source}')
        with subprocess.Popen(
            [TRACKER, "run"], cwd=tmp_path, env=installed.variables(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            assert process.stdout
            assert any(b'"polled"' in line for line in process.stdout)
            process.send_signal(signal.SIGTERM)
            last, _ = process.communicate(timeout=60)  # as long as any process of its own can still write
    assert process.returncode == 128 + signal.SIGTERM
    assert b"leaked" not in last
    assert b"Traceback" not in last
