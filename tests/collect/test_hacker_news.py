"""Hacker News, asked of a real server."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.servers.web import Route, Web
from tracker.collect.hacker_news import HackerNewsOptions, filter_hits
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.errors import ConfigError, ParseError
from tracker.types import PollState, Source

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
CURSOR = 1_781_800_000
LINK = {
    "objectID": "48000002",
    "title": "Chip rules: what changed (2024)",
    "url": "https://www.gazette.example/chips?a=1",
    "author": "pg",
    "points": 71,
    "created_at_i": CURSOR,
    "_highlightResult": {},
}
ASK = {
    "objectID": "48000001",
    "title": "Ask HN: Who was cut off?",
    "url": None,
    "author": "ina",
    "story_text": "<p>Our access ended on Monday.",
    "created_at_i": CURSOR - 60,
}


@pytest.fixture
def hacker_news(web: Web) -> Source:
    answer(web, [LINK, ASK])
    return Source(
        name="HN", kind="hacker_news", url=web.url("/search_by_date"), family="hn", options={"query": "export controls"}
    )


def answer(web: Web, hits: object) -> None:
    web.routes["/search_by_date"] = Route(body=json.dumps({"hits": hits}).encode(), content_type="application/json")


def asked(web: Web) -> dict[str, str]:
    query = parse_qs(urlsplit(web.requests[-1].path).query)
    return {name: values[0] for name, values in query.items()}


def test_a_link_is_the_page_behind_it_and_its_publisher(client: Client, hacker_news: Source) -> None:
    link, _ = poll(hacker_news, PollState(), client).entries
    assert (link.address, link.family) == ("https://www.gazette.example/chips?a=1", "gazette.example")
    assert (link.key, link.title) == (
        "https://news.ycombinator.com/item?id=48000002",
        "Chip rules: what changed (2024)",
    )
    assert (link.author, link.has_page) == ("pg", True)


def test_when_a_link_was_posted_is_not_when_its_page_was_published(client: Client, hacker_news: Source) -> None:
    link, ask = poll(hacker_news, PollState(), client).entries
    assert (link.published_at, link.updated_at) == (None, datetime.fromtimestamp(CURSOR, UTC))
    assert (ask.published_at, ask.updated_at) == (datetime.fromtimestamp(CURSOR - 60, UTC), None)


def test_a_text_of_its_own_is_the_entry_and_needs_no_page(client: Client, hacker_news: Source) -> None:
    _, ask = poll(hacker_news, PollState(), client).entries
    assert ask.address == ask.key == "https://news.ycombinator.com/item?id=48000001"
    assert (ask.content, ask.has_page, ask.family) == ("<p>Our access ended on Monday.", False, None)


def test_stories_since_the_last_look_are_asked_for(web: Web, client: Client, hacker_news: Source) -> None:
    first = poll(hacker_news, PollState(), client)
    assert (asked(web)["query"], asked(web)["tags"]) == ("export controls", "story")
    poll(hacker_news, PollState(memory=first.memory), client)
    assert asked(web)["numericFilters"] == f"created_at_i>{CURSOR - 3600}"


def test_the_first_look_reaches_back_as_far_as_asked() -> None:
    options = HackerNewsOptions(query="chips", timespan="2d")
    assert filter_hits(None, options, now=NOW) == f"created_at_i>{int((NOW - timedelta(days=2)).timestamp())}"


def test_a_story_may_take_two_days_to_gather_its_points() -> None:
    options = HackerNewsOptions(query="chips", min_points=50)
    assert filter_hits(CURSOR, options, now=NOW) == f"created_at_i>{CURSOR - 2 * 86400},points>=50"


def test_nothing_new_is_no_failure_and_forgets_nothing(web: Web, client: Client, hacker_news: Source) -> None:
    answer(web, [])
    assert not poll(hacker_news, PollState(), client).unchanged
    later = poll(hacker_news, PollState(memory=b"1781800000"), client)
    assert (later.unchanged, later.memory) == (True, b"1781800000")


def test_a_memory_of_another_kind_is_a_fresh_start(web: Web, client: Client, hacker_news: Source) -> None:
    poll(hacker_news, PollState(memory=b"\xff{}"), client)
    assert asked(web)["numericFilters"].startswith("created_at_i>1")


def test_hits_that_say_nothing_are_left_out(web: Web, client: Client, hacker_news: Source) -> None:
    answer(web, ["nothing", {"title": "No id"}, {"objectID": "1", "url": "http://[broken", "created_at_i": "soon"}])
    (entry,) = poll(hacker_news, PollState(), client).entries
    assert (entry.address, entry.family, entry.updated_at) == ("http://[broken", None, None)


def test_a_story_of_the_future_moves_no_look_there(web: Web, client: Client, hacker_news: Source) -> None:
    answer(web, [{"objectID": "1", "created_at_i": 1 << 32}, {"objectID": "2", "created_at_i": 10**20}])
    found = poll(hacker_news, PollState(), client)
    assert int(found.memory or b"") < 1 << 32
    assert found.entries[1].published_at is None


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"hits": 3}'])
def test_a_broken_answer_is_a_parse_error(web: Web, client: Client, hacker_news: Source, body: bytes) -> None:
    web.routes["/search_by_date"] = Route(body=body)
    with pytest.raises(ParseError, match="the search's answer"):
        poll(hacker_news, PollState(), client)


@pytest.mark.parametrize(
    ("options", "said"), [({}, r"options\.query"), ({"query": "a", "min_points": -1}, r"options\.min_points")]
)
def test_wrong_options_are_named(options: dict[str, object], said: str) -> None:
    source = Source(name="HN", kind="hacker_news", url="https://a.example/", family="hn", options=options)
    with pytest.raises(ConfigError, match=said):
        check_source(source)
