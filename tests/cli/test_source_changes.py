"""Which sources are polled, changed from the command line as its user does."""

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.running import Installed
from tests.servers.web import Route, Web, serve
from tracker.knowledge import source_list

RSS = b"""<rss version='2.0'><channel><title>Chip news</title>
<item><title>US curbs export of AI chips to China</title><link>urn:x:1</link></item></channel></rss>"""
PAGE = b"""<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml">
<link rel="alternate" type="application/atom+xml" href="/tags/chips"></head></html>"""
CONFIGURED = "Our wire"


@pytest.fixture
def web() -> Iterator[Web]:
    feed = Route(body=RSS, content_type="application/rss+xml")
    with serve({"/blog": Route(body=PAGE), "/feed.xml": feed, "/wire": feed}) as running:
        yield running


@pytest.fixture
def installed(tmp_path: Path, web: Web) -> Installed:
    made = Installed(tmp_path)
    made.configure(
        f'[collect]\nallow_private_hosts = ["{web.host}"]\nhost_spacing = "0s"\n'
        f'[[sources]]\nname = "{CONFIGURED}"\nurl = "{web.url("/wire")}"\n'
    )
    return made


def polled(installed: Installed) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(installed.run("sources", "list", "-f", "json").stdout)}


def refused(installed: Installed, *arguments: str) -> str:
    """Run what ends with 2; return what it says, in one line."""
    done = installed.run("sources", *arguments, ok=False)
    assert done.returncode == 2, done.stdout
    return " ".join(done.stderr.split())


def test_the_address_of_a_page_adds_its_feed_which_is_then_collected(installed: Installed, web: Web) -> None:
    printed = installed.run("sources", "add", web.url("/blog"), "--tier", "blog").stdout
    assert printed.splitlines() == [
        f"Added Chip news (feed, {web.url('/feed.xml')}), polled every 15m.",
        f"  Found on {web.url('/blog')}; it names 1 more feed: {web.url('/tags/chips')}",
    ]
    for _ in range(2):
        installed.run("run", "--once")
    assert {name: (row["articles"], row["from_config"]) for name, row in polled(installed).items()} == {
        "Chip news": (1, False),
        CONFIGURED: (1, True),
    }


def test_a_listing_is_added_with_its_options(installed: Installed, web: Web) -> None:
    options = ("--option", "item=ul li", "--option", "at_least=3", "--country", "cn", "--every", "2h")
    installed.run("sources", "add", web.url("/list"), "--kind", "listing", "--name", "Rules", *options)
    assert polled(installed)["Rules"]["kind"] == "listing"
    written = unescape(installed.run("sources", "export").stdout)
    assert '{"item": "ul li", "at_least": 3}' in written
    assert 'tracker:country="CN"' in written
    assert 'tracker:every="2h"' in written


def test_a_denied_address_is_refused_with_its_reason_and_the_others_are_kept(installed: Installed) -> None:
    said = refused(installed, "add", "TechNode", "https://www.bis.gov/rss.xml", "Tweekers")
    assert "https://www.bis.gov/rss.xml is refused: the address answers 404; BIS publishes in the" in said
    assert "Tweekers: neither an address nor a shipped source" in said
    assert "Did you mean Tweakers?" in said
    assert sorted(polled(installed)) == [CONFIGURED, "TechNode"]


def test_adding_twice_changes_nothing(installed: Installed) -> None:
    installed.run("sources", "add", "NRC")
    assert installed.run("sources", "add", "nrc").stdout == "NRC is polled already.\n"
    same = installed.run("sources", "add", "http://nrc.nl/rss", "--name", "Mine").stdout
    assert same == "Mine is polled already, as NRC.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "One", "TechNode", "Pandaily"), "--name: expected one source to call so"),
        (("TechNode", "--name", CONFIGURED), f"another source is called {CONFIGURED}"),
        (("TechNode", "--option", "item"), "--option item: expected KEY=VALUE"),
        (("TechNode", "--every", "5"), 'every: expected a duration such as "90s"'),
        (("http://127.0.0.2:9/feed",), "address 127.0.0.2 is private"),
    ],
)
def test_what_makes_no_sense_is_told(installed: Installed, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(installed, "add", *arguments)
    assert sorted(polled(installed)) == [CONFIGURED]


def test_what_was_added_is_removed_and_its_articles_stay(installed: Installed, web: Web) -> None:
    installed.run("sources", "add", web.url("/blog"))
    installed.run("collect")
    assert (
        installed.run("sources", "remove", "CHIP news").stdout
        == "Removed Chip news; what it brought stays, 1 article.\n"
    )
    assert sorted(polled(installed)) == [CONFIGURED]


def test_what_stands_in_the_settings_is_removed_there(installed: Installed) -> None:
    said = refused(installed, "remove", CONFIGURED, "Our wires")
    assert f"{CONFIGURED} stands in config.toml: take it out there" in said
    assert f"no source is called Our wires; see tracker sources list. Did you mean {CONFIGURED}?" in said
    assert sorted(polled(installed)) == [CONFIGURED]


def test_a_readers_list_comes_in_whole_but_for_what_is_denied_or_known(installed: Installed, web: Web) -> None:
    (installed.folder / "mine.opml").write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><body><outline text="Asia"><outline text="반도체">
        <outline type="rss" text="전자신문" xmlUrl="https://etnews.example/rss"/></outline></outline>
        <outline type="rss" text="TN" xmlUrl="http://technode.com/feed"/>
        <outline type="rss" text="Wire" xmlUrl="{web.url("/wire")}"/>
        <outline type="rss" text="BIS" xmlUrl="https://bis.gov/rss.xml"/></body></opml>""",
        encoding="utf-8",
    )
    done = installed.run("sources", "import", "mine.opml", "--language", "ko", ok=False)
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == "2 added, 1 polled already, 1 refused."
    assert "Wire is polled already, as Our wire." in done.stdout
    assert "BIS: https://bis.gov/rss.xml is refused" in " ".join(done.stderr.split())
    assert sorted(polled(installed)) == [CONFIGURED, "TechNode", "전자신문"]
    assert installed.run("sources", "export").stdout.count('tracker:language="ko"') == 1


def test_what_is_no_list_is_told(installed: Installed) -> None:
    (installed.folder / "no.opml").write_text("hello")
    assert "no.opml: no subscription is in it; expected an OPML file" in refused(installed, "import", "no.opml")
    assert "none.opml: cannot be read: No such file" in refused(installed, "import", "none.opml")
    assert "no/x.opml: cannot be written" in refused(installed, "export", "no/x.opml")


def test_all_sources_go_through_a_file_to_another_machine(installed: Installed, tmp_path: Path) -> None:
    installed.run("sources", "available", "--add")
    here = installed.run("sources", "export", "../all.opml").stdout
    count = len(source_list.load().sources) + 1
    assert here == f"{count} sources written to ../all.opml.\n"
    other = Installed(tmp_path / "other")
    other.folder.mkdir()
    assert other.run("sources", "import", "../../all.opml").stdout.endswith(f"{count} added.\n")
    written = [one.run("sources", "export").stdout.partition("<body>")[2] for one in (installed, other)]
    assert written[0] == written[1]
