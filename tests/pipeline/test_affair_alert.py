"""The affair of June 2026 as one subscriber saw it: one message that is true every day, and a thread of what changed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.pipeline.affair import AFFAIR, name_outlets
from tests.pipeline.conftest import Desk
from tests.servers.slack import SlackServer
from tracker import jobs
from tracker.pipeline.ingest import ingest
from tracker.types import ChannelKind


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    with SlackServer() as server:
        monkeypatch.setenv("SLACK_BOT_TOKEN", server.token)
        monkeypatch.setenv("SLACK_API_URL", server.url)
        yield server


def publish_daily(desk: Desk, slack: SlackServer) -> dict[str, str]:
    """Publish the affair article by article; return what the first message said at the end of each day."""
    name_outlets(desk.job())
    first: dict[str, str] = {}
    for line in (AFFAIR / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        published = datetime.fromisoformat(json.loads(line)["published"]).replace(tzinfo=UTC)
        desk.now = published + timedelta(minutes=5)
        (desk.folder / "one.jsonl").write_text(line, encoding="utf-8")
        ingest(desk.job(), [desk.folder / "one.jsonl"], source="", url=None, published_at=None)
        jobs.run_stages(desk.job(), after="collect")
        if slack.messages:
            shown = json.dumps(slack.messages[0].blocks, ensure_ascii=False)
            first[f"{published:%m-%d}"] = f"{slack.messages[0].text}\n{shown}"
    return first


def test_the_first_message_turns_with_the_affair_and_the_thread_says_what_changed(
    desk: Desk, slack: SlackServer
) -> None:
    desk.now = datetime(2026, 6, 2, tzinfo=UTC)
    wanted = "model:Mythos type:restriction,easing"
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", wanted, now=desk.now)
    said = publish_daily(desk, slack)
    assert "rumoured" in said["06-09"]
    assert said["06-13"].startswith("Restriction, ")
    assert "Commerce Department restricts Claude Mythos 5" in said["06-13"]
    assert "Restriction, in force" in said["06-15"]
    assert "Since then" not in said["06-20"]
    assert "Since then partly eased, 24 June 2026" in said["06-25"]
    assert "Since then partly eased" in said["07-11"]  # what lifts it takes effect on the 13th
    assert "Since then revoked, 10 July 2026" in said["07-20"]
    alone = [message for message in slack.messages if message.thread_ts is None]
    assert len(alone) == 1
    replies = [message.text for message in slack.messages if message.thread_ts]
    assert len(replies) == len(set(replies))
    assert all(f"{who} (" in said["06-15"] for who in ("Commerce Department", "White House"))
    assert all(
        f"announced {day} June 2026 (" in said["06-15"] or f"or {day} June 2026 (" in said["06-15"] for day in (11, 12)
    )
