"""The Federal Register's documents, asked of a real server."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.servers.register import Register, serve_register
from tests.servers.web import Route, Web
from tracker.collect.federal_register import Window, next_window, start_after
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.errors import ConfigError, FetchError, ParseError
from tracker.read.plain import to_plain
from tracker.types import DateRole, PollState, Source, StatedDate

DATA = Path(__file__).parents[1] / "data" / "federal_register"
DAY = timedelta(days=1)
TODAY = date(2026, 6, 20)


@pytest.fixture
def published(web: Web) -> Source:
    web.routes["/documents.json"] = answer((DATA / "documents.json").read_bytes())
    return Source(
        name="BIS",
        kind="federal_register",
        url=web.url("/documents.json?conditions%5Bsignificant%5D=1&per_page=5"),
        family="federal-register",
        options={"agencies": ["industry-and-security-bureau"], "term": '"export control"', "types": ["RULE", "NOTICE"]},
    )


@pytest.fixture
def inspected(web: Web) -> Source:
    web.routes["/current.json"] = answer((DATA / "public_inspection.json").read_bytes())
    return Source(
        name="Tomorrow",
        kind="federal_register",
        url=web.url("/current.json"),
        family="federal-register",
        options={"public_inspection": True, "agencies": ["industry-and-security-bureau"]},
    )


@pytest.fixture
def register() -> Iterator[Register]:
    days = [date(2025, 1, 1) + number * DAY for number in range(100)]
    with serve_register([make_document(f"2025-{day:%j}-{one}", day) for day in days for one in range(3)]) as running:
        yield running


@pytest.fixture
def reader(register: Register, make_client: Callable[..., Client]) -> Client:
    return make_client(allow_private_hosts=(register.host,))


def make_document(number: str, day: date) -> dict[str, object]:
    return {
        "document_number": number,
        "title": f"Notice {number}",
        "html_url": f"https://register.example/{number}",
        "publication_date": day.isoformat(),
    }


def answer(body: bytes) -> Route:
    return Route(body=body, content_type="application/json; charset=utf-8")


def from_register(register: Register, **options: object) -> Source:
    return Source(name="FR", kind="federal_register", url=register.url, family="federal-register", options=options)


def test_a_document_is_an_entry_with_its_stated_dates(client: Client, published: Source) -> None:
    rule, *_ = poll(published, PollState(), client).entries
    assert (rule.key, rule.title) == ("2026-10101@2026-06-15", "Controls on Closed Model Weights & Advanced Packaging")
    assert rule.address == "https://register.example/documents/2026/06/15/2026-10101/model-weights"
    assert (rule.author, rule.language) == ("Commerce Department and Industry and Security Bureau", "en")
    assert rule.published_at == datetime(2026, 6, 15, tzinfo=UTC)
    assert rule.summary.startswith("In this interim final rule, BIS sets")
    assert rule.dates == (
        StatedDate(role=DateRole.ANNOUNCED, on=date(2026, 6, 15), quote="publication_date: 2026-06-15"),
        StatedDate(role=DateRole.EFFECTIVE, on=date(2026, 7, 1), quote="effective_on: 2026-07-01"),
        StatedDate(role=DateRole.COMMENT, on=date(2026, 8, 14), quote="comments_close_on: 2026-08-14"),
    )


def test_the_content_tells_in_prose_what_the_fields_say(client: Client, published: Source) -> None:
    rule, order, half = poll(published, PollState(), client).entries
    assert to_plain(rule.content) == (
        'In this interim final rule, BIS sets a licence requirement for "closed" model weights trained with more than '
        "10 septillion operations & for <advanced> packaging tools.\n"
        "Interim final rule of the Commerce Department and Industry and Security Bureau, published in the Federal "
        "Register on June 15, 2026 (91 FR 30101). It concerns 15 CFR parts 744 and 774 and 48 CFR part 1009.\n"
        "This rule is effective July 1, 2026. Comments must be received by August 14, 2026."
    )
    assert to_plain(order.content) == (
        "Executive Order 15001 of the EXECUTIVE OFFICE OF THE PRESIDENT, "
        "published in the Federal Register on June 16, 2026 (91 FR 30200)."
    )
    assert to_plain(half.content) == "Notice, published in the Federal Register on June 16, 2026."


def test_a_presidential_document_is_news_on_the_day_of_its_signing(client: Client, published: Source) -> None:
    order = poll(published, PollState(), client).entries[1]
    assert order.published_at == datetime(2026, 6, 16, tzinfo=UTC)
    assert order.dates == (StatedDate(role=DateRole.ANNOUNCED, on=date(2026, 6, 11), quote="signing_date: 2026-06-11"),)


def test_a_record_that_is_half_missing_or_unusable_loses_no_other(client: Client, published: Source) -> None:
    entries = poll(published, PollState(), client).entries
    assert [entry.title for entry in entries][1:] == ["Encouraging Open Weights", "Half a Record"]
    assert [said.role for said in entries[2].dates] == [DateRole.ANNOUNCED]


def test_dates_are_told_from_the_fields_where_the_document_has_no_text_on_them(web: Web, client: Client) -> None:
    record = make_document("2026-1", TODAY) | {"effective_on": "2026-07-01", "comments_close_on": "2026-07-09"}
    web.routes["/d"] = answer(json.dumps({"results": [record]}).encode())
    source = Source(name="FR", kind="federal_register", url=web.url("/d"), family="fr")
    (entry,) = poll(source, PollState(), client).entries
    assert to_plain(entry.content).endswith("\nEffective on July 1, 2026. Comments close on July 9, 2026.")


def test_what_is_asked_for_follows_from_address_options_and_memory(web: Web, client: Client, published: Source) -> None:
    poll(published, PollState(memory=b"2026-06-10"), client)
    query = parse_qs(urlsplit(web.requests[-1].path).query)
    assert query["conditions[agencies][]"] == ["industry-and-security-bureau"]
    assert query["conditions[term]"] == ['"export control"']
    assert query["conditions[type][]"] == ["RULE", "NOTICE"]
    assert query["conditions[significant]"] == ["1"]
    assert query["conditions[publication_date][gte]"] == ["2026-06-10"]
    assert {"effective_on", "comments_close_on", "dates", "publication_date"} <= set(query["fields[]"])
    assert (query["order"], query["per_page"]) == (["oldest"], ["250"])


def test_the_next_look_starts_shortly_before_the_last_day_seen(client: Client, published: Source) -> None:
    first = poll(published, PollState(memory=b"2026-06-01"), client)
    assert first.memory == b"2026-06-13"
    again = poll(published, PollState(memory=first.memory, body_hash=first.body_hash), client)
    assert (again.unchanged, again.entries, again.memory) == (True, (), b"2026-06-13")


@pytest.mark.parametrize(
    ("memory", "first"),
    [
        (None, TODAY - 30 * DAY),
        (b"2026-06-10", TODAY - 10 * DAY),
        (b"2099-01-01", TODAY),
        (b"\xff not a day", TODAY - 30 * DAY),
    ],
)
def test_a_window_starts_where_memory_says(memory: bytes | None, first: date) -> None:
    assert next_window(memory, today=TODAY, days=30) == Window(first=first, last=TODAY)


@pytest.mark.parametrize(
    ("through", "days", "start"),
    [
        (TODAY, ["2026-06-12", "2026-06-18", None, "soon"], date(2026, 6, 15)),
        (TODAY, ["2026-06-12", "3033-01-17"], date(2026, 6, 9)),
        (TODAY, [], date(2026, 6, 1)),
        (date(2026, 6, 9), ["2026-06-08"], date(2026, 6, 10)),
    ],
)
def test_where_the_next_look_starts(through: date, days: list[str | None], start: date) -> None:
    window = Window(first=date(2026, 6, 1), last=TODAY)
    assert start_after(window, through, [None, *({"publication_date": day} for day in days)]) == start


def test_all_pages_are_read(register: Register, reader: Client) -> None:
    register.per_page_limit = 40
    found = poll(from_register(register), PollState(memory=b"2025-01-01"), reader)
    assert len({entry.key for entry in found.entries}) == 300
    assert len(register.queries) == 8


def test_a_window_with_more_than_the_api_yields_is_split(register: Register, reader: Client) -> None:
    register.documents = [
        make_document(f"{day}-{one}", date(2025, 3, 1) + day * DAY) for day in range(10) for one in range(450)
    ]
    found = poll(from_register(register), PollState(memory=b"2025-01-01"), reader)
    assert len({entry.key for entry in found.entries}) == 4500
    assert found.memory == b"2025-03-07"


def test_a_look_ends_after_some_requests_and_the_next_goes_on(register: Register, reader: Client) -> None:
    register.per_page_limit = 20
    register.documents = [make_document(f"{n}", date(2025, 1, 1) + n // 25 * DAY) for n in range(2500)]
    seen: set[str] = set()
    state = PollState(memory=b"2025-01-01")
    for _ in range(3):
        found = poll(from_register(register), state, reader)
        seen |= {entry.key for entry in found.entries}
        assert 0 < len(found.entries) < 2500
        state = PollState(memory=found.memory, body_hash=found.body_hash)
    assert len(seen) == 2500


def test_a_next_page_on_another_host_is_not_followed(register: Register, reader: Client, web: Web) -> None:
    register.per_page_limit = 40
    register.elsewhere = web.url("/documents.json")
    with pytest.raises(ParseError, match="the next page is on another host: 127"):
        poll(from_register(register), PollState(memory=b"2025-01-01"), reader)
    assert web.requests == []


def test_pages_that_never_end_are_given_up(register: Register, reader: Client) -> None:
    register.per_page_limit = 1
    with pytest.raises(ParseError, match="more than 100 pages in one answer"):
        poll(from_register(register), PollState(memory=b"2025-01-01"), reader)


def test_a_day_with_more_than_the_api_ever_yields_says_what_to_do(web: Web, client: Client, published: Source) -> None:
    web.routes["/documents.json"] = answer(b'{"count": 900000, "results": [{}], "next_page_url": "?page=2"}')
    with pytest.raises(
        ParseError, match="900,000 documents in one answer: narrow the search by agencies, term or types"
    ):
        poll(published, PollState(), client)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", "the answer is broken JSON: "),
        (b"[" * 100_000, "the answer is broken JSON: "),
        (b"\xff\xfe", "the answer is broken JSON: "),
        (b"[]", "the answer holds no results"),
        (b'{"errors": {}}', "the answer holds no results"),
        (b'{"count": 5}', "the answer holds no results"),
        (b'{"count": 2, "results": [null, {"title": "No number"}]}', "none of 2 records could be read; the first: the"),
    ],
)
def test_what_is_no_answer_is_an_error_in_words(
    web: Web, client: Client, published: Source, body: bytes, reason: str
) -> None:
    web.routes["/documents.json"] = answer(body)
    with pytest.raises(ParseError, match=reason):
        poll(published, PollState(), client)


def test_nothing_found_is_no_error(web: Web, client: Client, published: Source) -> None:
    web.routes["/documents.json"] = answer(b'{"count": 0, "description": "none"}')
    found = poll(published, PollState(memory=b"2026-06-10"), client)
    assert (found.entries, found.memory) == ((), b"2026-06-10")


def test_a_refusal_keeps_its_reason(web: Web, client: Client, published: Source) -> None:
    web.routes["/documents.json"] = Route(status=400)
    with pytest.raises(FetchError, match="HTTP 400"):
        poll(published, PollState(), client)


def test_public_inspection_shows_tomorrows_documents(client: Client, inspected: Source) -> None:
    special, regular = poll(inspected, PollState(), client).entries
    assert (special.key, special.title) == ("2026-10300@2026-06-22", "Additions of Entities to the Entity List")
    assert special.published_at == datetime(2026, 6, 18, 12, 45, tzinfo=UTC)
    assert special.dates == (StatedDate(role=DateRole.ANNOUNCED, on=date(2026, 6, 18), quote="filed_at: 2026-06-18"),)
    assert to_plain(special.content) == (
        "Rule of the Industry and Security Bureau, placed on public inspection at the Federal Register on June 18, 2026 "
        "by special filing. Publication is scheduled for June 22, 2026."
    )
    assert regular.address == "https://files.register.example/2026-10301.pdf"
    assert (regular.published_at, regular.dates) == (None, ())


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ({}, ["10300", "10301", "10302"]),
        ({"types": ["RULE"]}, ["10300", "10302"]),
        ({"term": '"entity list" | onions'}, ["10300", "10302"]),
        ({"agencies": ["agriculture-department"]}, ["10302"]),
        ({"term": "weights"}, []),
    ],
)
def test_public_inspection_is_narrowed_by_the_options(
    web: Web, client: Client, inspected: Source, options: dict[str, object], numbers: list[str]
) -> None:
    source = Source(
        name="PI",
        kind="federal_register",
        url=inspected.url,
        family="fr",
        options={"public_inspection": True, **options},
    )
    assert [entry.key[5:10] for entry in poll(source, PollState(), client).entries] == numbers
    assert len(web.requests) == 1


def test_an_unchanged_list_on_public_inspection_is_unchanged(client: Client, inspected: Source) -> None:
    first = poll(inspected, PollState(), client)
    assert first.memory is None
    assert poll(inspected, PollState(body_hash=first.body_hash), client).unchanged


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"types": ["LAW"]}, "options.types.0: "),
        ({"days": 0}, "options.days: "),
        ({"agency": "bis"}, "options.agency: "),
    ],
)
def test_options_that_are_wrong_are_named(published: Source, options: dict[str, object], told: str) -> None:
    source = Source(name="FR", kind="federal_register", url=published.url, family="fr", options=options)
    with pytest.raises(ConfigError, match=told):
        check_source(source)
