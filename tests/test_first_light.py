"""The whole chain on real input, as its user runs it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Installed
from tests.servers.slack import SlackServer
from tests.servers.smtp import SmtpServer
from tests.servers.web import Route, Web, serve

SITE = Path(__file__).parent / "data" / "site"
ARTICLE = Path(__file__).parent / "data" / "texts" / "orinoco-cut-off.txt"
IRRELEVANT = ("running shoes", "harbour festival")


@pytest.fixture
def site() -> Iterator[Web]:
    query = "?utm_source=rss&utm_medium=feed"
    pages = {
        f"/articles/{page.name}{query}": Route(body=page.read_bytes(), content_type="text/html")
        for page in (SITE / "articles").iterdir()
    }
    feed = Route(body=(SITE / "feed.xml").read_bytes(), content_type="application/rss+xml")
    with serve({"/feed.xml": feed, **pages}) as running:
        yield running


def settings(web: Web, more: str = "") -> str:
    return f"""
[collect]
allow_private_hosts = ["{web.host}"]
host_spacing = "0s"

[[sources]]
name = "Harbour Courier"
url = "{web.url("/feed.xml")}"
{more}
"""


def stories(installed: Installed) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(installed.run("stories", "--format", "json").stdout)
    return found


def test_a_feed_becomes_one_slack_message_per_relevant_story_and_never_a_second(tmp_path: Path, site: Web) -> None:
    with SlackServer() as slack:
        installed = Installed(tmp_path, {"SLACK_BOT_TOKEN": slack.token, "SLACK_API_URL": slack.url})
        installed.configure(settings(site, '[[subscriptions]]\nslack = "C0123"'))
        installed.run("run", "--once")
        told = [message.text for message in slack.messages]
        assert len(told) == len(stories(installed)) >= 3
        assert not [text for text in told if any(word in text.casefold() for word in IRRELEVANT)]
        installed.run("run", "--once")
        assert [message.text for message in slack.messages] == told


def test_without_a_token_the_message_is_printed_and_says_so(tmp_path: Path, site: Web) -> None:
    installed = Installed(tmp_path)
    installed.configure(settings(site, '[[subscriptions]]\nslack = "C0123"'))
    printed = installed.run("run", "--once").stdout
    assert "SLACK_BOT_TOKEN" in printed
    assert "H20" in printed
    assert "SLACK_BOT_TOKEN" not in installed.run("run", "--once").stdout


def test_ingesting_a_file_twice_changes_nothing(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    command = ("ingest", str(ARTICLE), "--published", "2026-06-18", "--source", "tech press")
    installed.run(*command)
    first = installed.run("events", "--format", "json").stdout
    installed.run(*command)
    assert installed.run("events", "--format", "json").stdout == first
    assert json.loads(first)


def test_a_digest_reaches_the_mail_server_once(tmp_path: Path) -> None:
    with SmtpServer() as mail:
        installed = Installed(tmp_path, {"SMTP_URL": mail.url})
        installed.configure('[[subscriptions]]\nemail = "policy@example.org"')
        installed.run("ingest", str(ARTICLE), "--published", "2026-06-18")
        for _ in range(2):
            installed.run("digest", "send", "--week", "2026-W25")
        assert len(mail.mails) == 1
        assert mail.mails[0].recipients == ["policy@example.org"]
