"""`tracker sources`, as its user runs it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Installed
from tests.servers.web import Route, Web, serve
from tracker.knowledge import source_list

NEWS = b"""<rss version='2.0'><channel><title>Chip news</title>
<item><title>US curbs export of AI chips to China</title><link>urn:x:1</link></item>
<item><title>A recipe for soup</title><link>urn:x:2</link></item></channel></rss>"""
OLD = b"<item><title>Chips</title><link>urn:x:1</link><pubDate>Mon, 03 Mar 2025 09:00:00 GMT</pubDate></item>"


def feed(body: bytes) -> Route:
    return Route(body=body, content_type="application/rss+xml")


@pytest.fixture
def web() -> Iterator[Web]:
    stale = b"<rss version='2.0'><channel>" + OLD + b"</channel></rss>"
    with serve({"/well": feed(NEWS), "/old": feed(stale), "/down": Route(status=503)}) as running:
        yield running


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path)


def configure(installed: Installed, web: Web, *names: str) -> None:
    tables = "".join(f'\n[[sources]]\nname = "The {name}"\nurl = "{web.url(f"/{name}")}"\n' for name in names)
    installed.configure(f'[collect]\nallow_private_hosts = ["{web.host}"]\nhost_spacing = "0s"\n{tables}')


def lines(table: str) -> list[list[str]]:
    """Return the words of each line under a table's heading."""
    return [line.split() for line in table.splitlines()[3:] if line.strip()]


def test_the_list_says_how_each_source_is_those_that_need_a_person_first(installed: Installed, web: Web) -> None:
    configure(installed, web, "well", "old", "down")
    installed.run("collect")
    down, why_down, old, why_old, well = lines(installed.run("sources", "list").stdout)
    assert [(line[:3], line[4]) for line in (down, old, well)] == [
        (["The", "down", "failing"], "–"),
        (["The", "old", "stale"], "100%"),
        (["The", "well", "ok"], "50%"),
    ]
    assert (why_down, why_old) == (["HTTP", "503"], ["nothing", "new", "since", "3", "March", "2025"])


def test_as_json_a_source_is_told_whole(installed: Installed, web: Web) -> None:
    configure(installed, web, "down", "well")
    installed.run("collect")
    down, well = json.loads(installed.run("sources", "list", "--format", "json").stdout)
    assert (down["name"], down["state"], down["failures"], down["last_success"]) == ("The down", "failing", 1, None)
    assert (down["words"], down["error"]) == ("failed, never worked: HTTP 503", "HTTP 503")
    assert (well["state"], well["on_topic"], well["articles"], well["from_config"]) == ("ok", 0.5, 2, True)


def test_lines_are_cut_to_the_terminal(installed: Installed) -> None:
    long = "A source whose name is far too long for any table that is to be read"
    installed.configure(f'[[sources]]\nname = "{long}"\nurl = "http://{"x" * 200}.invalid/"\n')
    installed.run("collect")
    printed = installed.run("sources", "list").stdout
    assert max(map(len, printed.splitlines())) <= 80
    assert "A source whose name is far too long for…" in printed
    assert json.loads(installed.run("sources", "list", "-f", "json").stdout)[0]["name"] == long


@pytest.mark.parametrize("command", ["list", "check"])
def test_why_a_source_is_bad_stands_on_a_line_of_its_own(installed: Installed, command: str) -> None:
    installed.configure('[[sources]]\nname = "Far"\nurl = "http://127.0.0.1/"\n')
    installed.run("collect")
    why = "   address 127.0.0.1 is private; allow it in [collect] allow_private_hosts"
    assert why in [line.rstrip() for line in installed.run("sources", command, ok=False).stdout.splitlines()]


def test_without_sources_the_list_says_where_some_are(installed: Installed) -> None:
    assert "tracker sources available" in installed.run("sources", "list").stdout


def test_the_shipped_sources_are_listed_with_names_that_can_be_copied(installed: Installed) -> None:
    printed = installed.run("sources", "available").stdout
    listed = source_list.load().sources
    assert [one.source.name for one in listed if one.source.name not in printed] == []
    assert max(map(len, printed.splitlines())) <= 80
    rows = json.loads(installed.run("sources", "available", "--format", "json").stdout)
    assert [(row["name"], row["status"]) for row in rows] == [(one.source.name, one.status) for one in listed]


def test_a_check_looks_now_and_stores_nothing(installed: Installed, web: Web) -> None:
    configure(installed, web, "well", "old", "down")
    checked = installed.run("sources", "check", ok=False)
    assert checked.returncode == 2
    down, why_down, old, why_old, well = lines(checked.stdout)
    assert [line[1:4] for line in (down, old, well)] == [
        ["down", "failing", "–"],
        ["old", "stale", "1"],
        ["well", "ok", "2"],
    ]
    assert (why_down, why_old[:3]) == (["HTTP", "503"], ["nothing", "new", "since"])
    listed = json.loads(installed.run("sources", "list", "-f", "json").stdout)
    assert {(row["state"], row["last_poll"], row["articles"]) for row in listed} == {("waiting", None, 0)}


def test_a_check_of_what_is_well_ends_well(installed: Installed, web: Web) -> None:
    configure(installed, web, "well", "down")
    (well,) = json.loads(installed.run("sources", "check", "the WELL", "--format", "json").stdout)
    assert (well["name"], well["state"], well["listed"], well["error"]) == ("The well", "ok", 2, None)
    assert well["words"] == "its items carry no dates, 1 of its last 2 items on our subject"


def test_a_check_tells_the_whole_error_as_json(installed: Installed) -> None:
    host = f"{'x' * 60}.{'y' * 60}.invalid"
    installed.configure(f'[[sources]]\nname = "Far"\nurl = "http://{host}/"\n')
    printed = installed.run("sources", "check", ok=False).stdout
    assert max(map(len, printed.splitlines())) <= 80
    assert "…" in printed
    (row,) = json.loads(installed.run("sources", "check", "-f", "json", ok=False).stdout)
    assert row["error"] == f"the host name {host} does not resolve"


def test_a_check_of_nothing_known_asks_what_was_meant(installed: Installed) -> None:
    done = installed.run("sources", "check", "TekNode", ok=False)
    assert done.returncode == 2
    assert "no source is called TekNode" in done.stderr
    assert "Did you mean TechNode?" in done.stderr


def test_a_page_that_is_only_remembered_at_first_is_well(installed: Installed, web: Web) -> None:
    web.routes["/rule"] = Route(body=b"<html><p>Part 744</p></html>")
    installed.configure(
        f'[collect]\nallow_private_hosts = ["{web.host}"]\n'
        f'[[sources]]\nname = "Rule"\nkind = "page"\nurl = "{web.url("/rule")}"\n'
    )
    (row,) = json.loads(installed.run("sources", "check", "-f", "json").stdout)
    assert (row["state"], row["words"]) == ("ok", "answers, lists nothing yet")


def test_shipped_sources_are_chosen_by_what_they_are_and_added_together(installed: Installed) -> None:
    chosen = ("sources", "available", "--country", "kr", "--country", "TW", "--tier", "trade")
    wanted = [row["name"] for row in json.loads(installed.run(*chosen, "--format", "json").stdout)]
    assert wanted == ["DIGITIMES Asia", "The Elec"]
    assert installed.run(*chosen, "--add").stdout.endswith("2 added.\n")
    assert installed.run(*chosen, "--add").stdout.endswith("0 added, 2 polled already.\n")
    assert [row["name"] for row in json.loads(installed.run("sources", "list", "-f", "json").stdout)] == wanted


def test_every_shipped_source_can_be_added(installed: Installed) -> None:
    assert installed.run("sources", "available", "--add").stdout.endswith(f"{len(source_list.load().sources)} added.\n")
