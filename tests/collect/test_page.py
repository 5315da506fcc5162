"""A page that is watched, on a real server."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.web import Route, Web
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.collect.page import Change, PageOptions, compare, read_paragraphs
from tracker.errors import ConfigError, ParseError
from tracker.types import Entry, PollState, Source

RULE = ["§ 744.1 General.", "(a) A licence is required for the H20.", "(b) Exports to Macau are reviewed."]
PATH = "/part-744"


def page(*paragraphs: str, clock: str = "10:00") -> bytes:
    rule = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<title>Part 744</title><nav>Up to date at {clock}</nav><main>Subpart A{rule}<script>x</script></main>".encode()


@pytest.fixture
def watched(web: Web) -> Source:
    web.routes[PATH] = Route(body=page(*RULE))
    return Source(name="CFR 744", kind="page", url=web.url(PATH), family="us", options={"select": "main"})


def look(source: Source, client: Client, memory: bytes | None = None) -> tuple[tuple[Entry, ...], bytes | None]:
    found = poll(source, PollState(memory=memory), client)
    return found.entries, found.memory


def test_the_first_look_remembers_and_reports_nothing(watched: Source, client: Client) -> None:
    entries, memory = look(watched, client)
    assert entries == ()
    assert memory


def test_what_changed_is_one_entry_that_says_what_it_was(watched: Source, web: Web, client: Client) -> None:
    _, memory = look(watched, client)
    after = [RULE[0], "(a) A licence is required for the H20 & MI308.", "(c) New.", "(d) Newer."]
    web.routes[PATH] = Route(body=page(*after), headers={"Last-Modified": "Thu, 18 Jun 2026 08:00:00 GMT"})
    (entry,), _ = look(watched, client, memory)
    assert entry.title == "Part 744: 2 paragraphs changed, 1 added"
    assert "<p>Changed to: (a) A licence is required for the H20 &amp; MI308.</p>" in entry.content
    assert "<p>It was: (a) A licence is required for the H20.</p>" in entry.content
    assert "<p>Added: (d) Newer.</p>" in entry.content
    assert entry.published_at == datetime(2026, 6, 18, 8, tzinfo=UTC)
    assert entry.address.startswith(f"{web.url(PATH)}?change=")
    assert not entry.has_page


def test_what_stands_outside_the_watched_part_does_not_count(watched: Source, web: Web, client: Client) -> None:
    _, memory = look(watched, client)
    web.routes[PATH] = Route(body=page(*RULE, clock="11:00"))
    assert look(watched, client, memory) == ((), memory)


def test_ignored_paragraphs_do_not_count(web: Web, client: Client) -> None:
    source = Source(name="x", kind="page", url=web.url(PATH), family="us", options={"ignore": ["^Up to date at"]})
    web.routes[PATH] = Route(body=page(*RULE))
    _, memory = look(source, client)
    web.routes[PATH] = Route(body=page(*RULE, clock="11:00"))
    assert look(source, client, memory)[0] == ()


def test_a_paragraph_that_moved_is_no_change() -> None:
    assert compare(RULE, RULE[::-1]) == ()


def test_a_paragraph_that_went_is_a_change() -> None:
    assert compare(RULE, RULE[:2]) == (Change(before=RULE[2], after=None),)


def test_words_outside_of_any_paragraph_are_read_too() -> None:
    soup = BeautifulSoup("<body>One <b>two</b><div>three<p>four</p>five</div><ul><li>six</ul></body>", "lxml")
    assert read_paragraphs(soup, PageOptions()) == ("One two", "three", "four", "five", "six")


@given(st.lists(st.text("abc ", max_size=3), unique=True), st.lists(st.text("abc ", max_size=3), unique=True))
def test_changes_lead_from_one_page_to_the_other(before: list[str], after: list[str]) -> None:
    changes = compare(before, after)
    gone = {change.before for change in changes} - {None}
    new = {change.after for change in changes} - {None}
    assert (set(before) - gone) | new == set(after)


@pytest.mark.parametrize(
    ("select", "reason"), [("article", "found nothing"), ("script", "found nothing"), ("br", "found")]
)
def test_a_part_that_is_gone_is_loud(web: Web, client: Client, select: str, reason: str) -> None:
    web.routes[PATH] = Route(body=page(*RULE))
    source = Source(name="x", kind="page", url=web.url(PATH), family="us", options={"select": select})
    with pytest.raises(ParseError, match=rf"selector select \('{select}'\) {reason}"):
        poll(source, PollState(), client)


@pytest.mark.parametrize("options", [{"select": "p["}, {"ignore": ["("]}])
def test_a_wrong_option_is_named(web: Web, options: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=rf"options.{next(iter(options))}: "):
        check_source(Source(name="x", kind="page", url=web.url(PATH), family="us", options=options))
