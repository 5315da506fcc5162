"""GDELT's search, asked of a real server."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.servers.web import Route, Web
from tracker.collect.gdelt import Window, join_title, language_code, next_window, start_after
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.errors import ConfigError, FetchError, ParseError
from tracker.types import Entry, PollState, Source

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ARTICLES = [
    {
        "url": "https://handelsblad.example/chips",
        "url_mobile": "",
        "title": "Kabinet beperkt uitvoer van chips , meldt minister",
        "seendate": "20260618T031500Z",
        "socialimage": "",
        "domain": "handelsblad.example",
        "language": "Dutch",
        "sourcecountry": "Netherlands",
    },
    {
        "url": "https://gazette.example/a",
        "title": "U . S . adds 12 firms",
        "seendate": "nonsense",
        "language": "Elvish",
    },
]


@pytest.fixture
def gdelt(web: Web) -> Source:
    answer(web, json.dumps({"articles": ARTICLES}))
    options = {"query": '"export controls" (chips OR "AI model")', "max_records": 50}
    return Source(name="GDELT", kind="gdelt", url=web.url("/doc"), family="gdelt", options=options)


def answer(web: Web, body: str | bytes, content_type: str = "application/json; charset=utf-8") -> None:
    encoded = body.encode() if isinstance(body, str) else body
    web.routes["/doc"] = Route(body=encoded, content_type=content_type)


def asked(web: Web) -> dict[str, str]:
    query = parse_qs(urlsplit(web.requests[-1].path).query)
    return {name: values[0] for name, values in query.items()}


def seen(at: datetime) -> Entry:
    return Entry(key="a", address="https://a.example/", published_at=at)


def test_an_article_carries_its_publisher_language_and_time(client: Client, gdelt: Source) -> None:
    first, second = poll(gdelt, PollState(), client).entries
    assert (first.address, first.title) == (
        "https://handelsblad.example/chips",
        "Kabinet beperkt uitvoer van chips, meldt minister",
    )
    assert (first.family, first.language, first.has_page) == ("handelsblad.example", "nl", True)
    assert first.published_at == datetime(2026, 6, 18, 3, 15, tzinfo=UTC)
    assert (second.family, second.language, second.published_at) == (None, None, None)


def test_the_query_and_a_window_of_time_are_asked_for(web: Web, client: Client, gdelt: Source) -> None:
    poll(gdelt, PollState(), client)
    said = asked(web)
    assert said["query"] == '"export controls" (chips OR "AI model")'
    assert (said["mode"], said["format"], said["maxrecords"]) == ("artlist", "json", "50")
    assert len(said["startdatetime"]) == len(said["enddatetime"]) == 14


def test_the_next_look_starts_where_the_last_one_ended(web: Web, client: Client, gdelt: Source) -> None:
    first = poll(gdelt, PollState(), client)
    end = datetime.strptime(asked(web)["enddatetime"] + "+0000", "%Y%m%d%H%M%S%z")
    poll(gdelt, PollState(memory=first.memory), client)
    start = datetime.strptime(asked(web)["startdatetime"] + "+0000", "%Y%m%d%H%M%S%z")
    assert start == end - timedelta(hours=1)


def test_a_memory_of_another_kind_is_a_fresh_start() -> None:
    assert next_window(b"\xff7:12", now=NOW, timespan=DAY) == Window(start=NOW - DAY, end=NOW)


def test_a_window_never_leaves_the_three_months_that_gdelt_holds() -> None:
    window = next_window(b"20250101000000", now=NOW, timespan=DAY)
    assert window.start == NOW - timedelta(days=88)


def test_a_full_answer_is_continued_after_its_newest_article() -> None:
    window = Window(start=NOW - DAY, end=NOW)
    newest = NOW - timedelta(hours=20)
    assert start_after(window, (seen(NOW - DAY), seen(newest)), is_full=True) == newest


def test_a_moment_that_fills_an_answer_does_not_hold_the_window_up() -> None:
    window = Window(start=NOW - DAY, end=NOW)
    assert start_after(window, (seen(NOW - DAY),), is_full=True) > window.start


def test_no_results_are_no_failure(web: Web, client: Client, gdelt: Source) -> None:
    answer(web, "{}")
    first = poll(gdelt, PollState(), client)
    assert (first.entries, first.unchanged) == ((), False)
    assert poll(gdelt, PollState(memory=first.memory), client).unchanged


@pytest.mark.parametrize(
    "words",
    [
        "Your query was too short or too long.",
        "The specified phrase is too short.",
        "Invalid mode.",
        "Queries containing OR'd terms must be surrounded by ().",
    ],
)
def test_what_gdelt_says_in_plain_text_is_the_reason(web: Web, client: Client, gdelt: Source, words: str) -> None:
    answer(web, f"{words}\n", "text/html; charset=utf-8")
    with pytest.raises(FetchError) as caught:
        poll(gdelt, PollState(), client)
    assert str(caught.value) == f"GDELT says: {words}"
    assert caught.value.retry_after is None


def test_a_limit_on_requests_asks_for_a_pause(web: Web, client: Client, gdelt: Source) -> None:
    answer(web, "Please limit requests to one every 5 seconds or write to us for larger queries.", "text/html")
    with pytest.raises(FetchError, match="GDELT says: Please limit requests to one every 5 seconds") as caught:
        poll(gdelt, PollState(), client)
    assert caught.value.retry_after == timedelta(minutes=15)


def test_an_error_page_is_told_without_its_tags(web: Web, client: Client, gdelt: Source) -> None:
    answer(web, "<html><head><style>p {}</style></head><body><p>Bad\n gateway</p></body></html>", "text/html")
    with pytest.raises(FetchError, match=r"GDELT says: Bad gateway$"):
        poll(gdelt, PollState(), client)


def test_an_empty_page_is_a_failure(web: Web, client: Client, gdelt: Source) -> None:
    answer(web, "")
    with pytest.raises(FetchError, match="GDELT answered with an empty page"):
        poll(gdelt, PollState(), client)


def test_control_characters_and_stray_backslashes_are_tolerated(web: Web, client: Client, gdelt: Source) -> None:
    body = b'\xef\xbb\xbf{"articles":[{"url":"https://a.example/1","title":"One\x01\ttwo \\x \\" \\u00e9 \\\\ \xff"}]}'
    answer(web, body)
    (entry,) = poll(gdelt, PollState(), client).entries
    assert entry.title == 'One\x01 two \\x " é \\ \ufffd'


@pytest.mark.parametrize("body", ['{"articles": [', '{"articles": 7}'])
def test_a_broken_answer_is_a_parse_error(web: Web, client: Client, gdelt: Source, body: str) -> None:
    answer(web, body)
    with pytest.raises(ParseError, match="GDELT's answer"):
        poll(gdelt, PollState(), client)


def test_an_article_without_an_address_is_left_out(web: Web, client: Client, gdelt: Source) -> None:
    answer(web, json.dumps({"articles": [{"title": "Nowhere"}, "nothing", {"url": "https://a.example/1"}]}))
    assert [entry.address for entry in poll(gdelt, PollState(), client).entries] == ["https://a.example/1"]


@pytest.mark.parametrize(
    ("tokens", "title"),
    [
        ("U . S . curbs on chips , Trump ' s allies say", "U.S. curbs on chips, Trump's allies say"),
        ("Shares fall 2 . 5 % to $ 1 , 250", "Shares fall 2.5% to $1,250"),
        ("Founder , 100 , dies ( again ) ?", "Founder, 100, dies (again)?"),
        ("OpenAI ships GPT - 5 ; US - China talks go on", "OpenAI ships GPT-5; US - China talks go on"),
        ("Nothing to mend: 3.5 of 1,000", "Nothing to mend: 3.5 of 1,000"),
    ],
)
def test_a_title_of_tokens_is_put_together(tokens: str, title: str) -> None:
    assert join_title(tokens) == title


@pytest.mark.parametrize(
    ("name", "code"),
    [("English", "en"), ("Chinese", "zh"), ("NorwegianNynorsk", "nn"), ("Bengali", "bn"), ("", None), ("Elvish", None)],
)
def test_languages_are_known_by_their_english_names(name: str, code: str | None) -> None:
    assert language_code(name) == code


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, r"options\.query"),
        ({"query": "chips", "max_records": 251}, r"options\.max_records"),
        ({"query": "chips", "timespan": "soon"}, r"options\.timespan"),
    ],
)
def test_wrong_options_are_named(options: dict[str, object], said: str) -> None:
    source = Source(name="GDELT", kind="gdelt", url="https://a.example/", family="gdelt", options=options)
    with pytest.raises(ConfigError, match=said):
        check_source(source)
