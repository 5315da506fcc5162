"""How a source is asked, seen from its server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.collect.conftest import RSS
from tests.servers.web import Route, Web, redirect, serve
from tracker.collect.http import Client
from tracker.collect.kinds import poll
from tracker.collect.schedule import after_failure, after_success
from tracker.config import CollectSettings
from tracker.errors import FetchError
from tracker.types import PollState, Source

SETTINGS = CollectSettings()
NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def feed(**headers: str) -> Route:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Route(body=RSS, content_type="application/rss+xml", headers=named)


def look(source: Source, state: PollState, client: Client, *, now: datetime = NOW) -> PollState:
    """Look once, and return what is remembered of it."""
    try:
        found = poll(source, state, client)
    except FetchError as error:
        return after_failure(source, state, error, now=now, settings=SETTINGS, jitter=0.0)
    return after_success(source, state, found, now=now, settings=SETTINGS, jitter=0.0)


def test_a_known_feed_is_asked_for_with_its_validators_and_not_parsed_again(
    web: Web, client: Client, source: Source
) -> None:
    web.routes["/feed"] = feed(ETag='"v1"', Last_Modified="Mon, 15 Jun 2026 09:00:00 GMT")
    state = look(source, PollState(), client)
    found = poll(source, state, client)
    assert (found.unchanged, found.entries, found.etag) == (True, (), '"v1"')
    assert web.requests[-1].headers["if-none-match"] == '"v1"'
    assert web.requests[-1].headers["if-modified-since"] == "Mon, 15 Jun 2026 09:00:00 GMT"


def test_a_body_without_validators_is_known_by_its_hash(web: Web, client: Client, source: Source) -> None:
    web.routes["/feed"] = feed()
    first = poll(source, PollState(), client)
    second = poll(source, PollState(body_hash=first.body_hash), client)
    assert (len(first.entries), second.unchanged, second.entries) == (1, True, ())


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address_from_the_fourth_poll_on(
    web: Web, client: Client, source: Source
) -> None:
    web.routes |= {"/feed": redirect("/between", 308), "/between": redirect("/new", 301), "/new": feed()}
    state = PollState()
    for _ in range(5):
        state = look(source, state, client)
    assert web.paths() == ["/feed", "/between", "/new"] * 3 + ["/new"] * 2


@pytest.mark.parametrize("hops", [(302, 301), (301, 307), (303, 303)])
def test_a_feed_that_is_elsewhere_for_now_keeps_its_address(
    web: Web, client: Client, source: Source, hops: tuple[int, int]
) -> None:
    web.routes |= {"/feed": redirect("/between", hops[0]), "/between": redirect("/new", hops[1]), "/new": feed()}
    state = PollState()
    for _ in range(4):
        state = look(source, state, client)
    assert web.paths() == ["/feed", "/between", "/new"] * 4


def test_an_unchanged_feed_behind_a_redirect_still_counts_as_moved(web: Web, client: Client, source: Source) -> None:
    web.routes |= {"/feed": redirect("/new", 301), "/new": feed(ETag='"v1"')}
    state = look(source, PollState(), client)
    found = poll(source, state, client)
    assert (found.unchanged, found.moved_to) == (True, web.url("/new"))


def test_a_feed_whose_new_address_dies_is_asked_at_its_own_again(web: Web, client: Client, source: Source) -> None:
    web.routes |= {"/feed": redirect("/new", 301), "/new": feed()}
    state = PollState()
    for _ in range(3):
        state = look(source, state, client)
    web.routes |= {"/new": Route(status=404), "/feed": feed()}
    for _ in range(4):
        state = look(source, state, client)
    assert web.paths()[6:] == ["/new", "/new", "/new", "/feed"]
    assert (state.error, state.moved_to) == (None, None)


def test_a_feed_that_is_gone_is_retired_in_words_and_taken_back(web: Web, client: Client, source: Source) -> None:
    web.routes["/feed"] = Route(status=410)
    state = look(source, PollState(), client)
    assert state.error == "HTTP 410; retired on 2026-06-15 and asked once a month"
    assert state.next_due_at == NOW + timedelta(days=30)
    web.routes["/feed"] = feed()
    state = look(source, state, client, now=NOW + timedelta(days=30))
    assert (state.error, state.retired_at) == (None, None)


@pytest.mark.parametrize(("headers", "minutes"), [({"Retry_After": "7200"}, 120), ({}, 15)])
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_as_long_as_it_asks(
    web: Web, client: Client, source: Source, *, status: int, headers: dict[str, str], minutes: int
) -> None:
    web.routes["/feed"] = Route(status=status, headers=feed(**headers).headers)
    state = look(source, PollState(), client)
    assert (state.error, state.next_due_at) == (f"HTTP {status}", NOW + timedelta(minutes=minutes))


def test_an_answer_says_how_long_it_stays_fresh_and_where_it_pushes(web: Web, client: Client, source: Source) -> None:
    hubs = '<https://hub.example/>; rel="hub", </feed?v=1>; rel=self'
    web.routes["/feed"] = feed(Cache_Control="max-age=3600", Link=hubs, ETag='"v1"')
    found = poll(source, PollState(), client)
    assert (found.fresh_for, found.hub, found.topic) == (
        timedelta(hours=1),
        "https://hub.example/",
        web.url("/feed?v=1"),
    )
    again = poll(source, PollState(etag='"v1"'), client)
    assert (again.unchanged, again.fresh_for, again.hub) == (True, timedelta(hours=1), "https://hub.example/")


def test_an_answer_must_begin_within_its_own_limit(web: Web, make_client: Callable[..., Client]) -> None:
    web.routes["/feed"] = Route(stall="headers")
    with pytest.raises(FetchError, match="no answer began within 1 s"):
        make_client(first_byte_timeout="1s", timeout="1h").fetch(web.url("/feed"))


def test_the_limit_of_the_first_byte_is_for_each_hop_and_not_for_the_body(
    web: Web, make_client: Callable[..., Client]
) -> None:
    web.routes |= {"/feed": redirect("/slow"), "/slow": Route(stall="headers")}
    with pytest.raises(FetchError, match="no answer began within 1 s"):
        make_client(first_byte_timeout="1s", timeout="1h").fetch(web.url("/feed"))
    web.routes["/slow"] = Route(stall="body")
    with pytest.raises(FetchError, match="no complete answer within 2 s"):
        make_client(first_byte_timeout="1s", timeout="2s").fetch(web.url("/feed"))


def test_a_move_to_a_forbidden_address_is_refused(web: Web, client: Client, source: Source) -> None:
    with serve({"/feed": feed()}) as inside:
        web.routes["/feed"] = redirect(inside.url("/feed"), 301)
        state = look(source, PollState(moved_to=inside.url("/feed"), moved_seen=3), client)
        assert (state.error or "").startswith("address 127.0.0.1 is private")
        assert inside.requests == []
