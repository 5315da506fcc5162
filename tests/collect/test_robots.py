"""What sites ask of robots, against a real web."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.servers.web import Route, Web, redirect, serve
from tracker.collect.http import Client
from tracker.collect.kinds import fetch_page
from tracker.collect.robots import Robots, agent_name
from tracker.config import CollectSettings
from tracker.errors import FetchError

RULES = b"User-agent: *\nDisallow: /secret\nCrawl-delay: 7\n"


@dataclass
class Clock:
    now: datetime = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _pages(web: Web) -> None:
    web.routes |= {path: Route(body=b"text") for path in ("/open", "/secret", "/secret/open")}


def robots(body: bytes = b"", **answer: object) -> dict[str, Route]:
    return {"/robots.txt": Route(body=body, content_type="text/plain", **answer)}  # type: ignore[arg-type]  # a Route's fields


def refusal(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_page(url, client)
    return caught.value


def test_a_page_is_fetched_only_where_its_site_allows_it(web: Web, client: Client) -> None:
    web.routes |= robots(RULES)
    assert fetch_page(web.url("/open"), client).body == b"text"
    error = refusal(client, web.url("/secret/open"))
    assert str(error) == f"robots.txt of {web.host} asks robots not to fetch this"
    assert error.retry_after is None
    assert web.paths() == ["/robots.txt", "/open"]


def test_the_settings_may_disobey(web: Web, make_client: Callable[..., Client]) -> None:
    web.routes |= robots(RULES)
    assert fetch_page(web.url("/secret"), make_client(obey_robots=False)).body == b"text"
    assert web.paths() == ["/secret"]


def test_feeds_and_apis_are_exempt(web: Web, client: Client) -> None:
    web.routes |= robots(b"User-agent: *\nDisallow: /\n")
    client.fetch(web.url("/feed"))
    assert web.paths() == ["/feed"]


@pytest.mark.parametrize(
    ("rules", "is_open"),
    [
        (b"User-agent: tracker-bot\nDisallow: /secret\n", False),
        (b"User-agent: other-bot\nDisallow: /secret\n", True),
        (b"User-agent: *\nDisallow: /secret\n\nUser-agent: tracker-bot\nAllow: /\n", True),
        (b"User-agent: about-robot\nDisallow: /secret\n", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /secret\n", False),
        (b"User-agent: *\nDisallow: /*cret$\n", False),
        (b"<html>There is no such page</html>", True),
        (b"\xff\xfe\x00", True),
    ],
    ids=["ours", "another's", "ours over all", "a word of our address", "BOM", "pattern", "a page", "no text"],
)
def test_the_rules_for_this_robot_count(
    web: Web, make_client: Callable[..., Client], rules: bytes, *, is_open: bool
) -> None:
    web.routes |= robots(rules)
    client = make_client(user_agent="tracker-bot/2.0 (+https://example.org/about-robot)")
    if is_open:
        assert fetch_page(web.url("/secret"), client).body
    else:
        refusal(client, web.url("/secret"))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_a_robots_txt_allows_all(web: Web, client: Client, status: int) -> None:
    web.routes |= robots(status=status)
    assert fetch_page(web.url("/open"), client).body == b"text"


@pytest.mark.parametrize(
    ("answer", "reason", "pause"),
    [
        (robots(status=500), "HTTP 500", 10),
        (robots(status=429, headers={"Retry-After": "1800"}), "HTTP 429", 30),
        (robots(status=503, headers={"Retry-After": "5"}), "HTTP 503", 10),
        (robots(stall="headers"), "no answer began within 1 s", 10),
        (robots(b"useragent:a\n" * 2000 + b"allow:/\n" * 2000), "it has too many rules", 10),
    ],
    ids=["failing", "busy", "busy for a moment", "silent", "a bomb"],
)
def test_a_site_that_cannot_be_asked_is_not_asked_for_pages_now(
    web: Web, make_client: Callable[..., Client], clock: Clock, *, answer: dict[str, Route], reason: str, pause: int
) -> None:
    web.routes |= answer
    client = make_client(robots=Robots(clock=clock), first_byte_timeout="1s")
    error = refusal(client, web.url("/open"))
    assert str(error) == f"robots.txt of {web.host} cannot be had ({reason}), so its pages are not asked for now"
    assert error.retry_after == timedelta(minutes=pause)
    clock.now += timedelta(minutes=pause - 1)
    assert refusal(client, web.url("/open")).retry_after == timedelta(minutes=1)
    web.routes |= robots(RULES)
    clock.now += timedelta(minutes=1)
    assert fetch_page(web.url("/open"), client).body == b"text"
    assert web.paths() == ["/robots.txt", "/robots.txt", "/open"]


def test_the_rules_are_kept_for_a_day(web: Web, make_client: Callable[..., Client], clock: Clock) -> None:
    web.routes |= robots(RULES)
    known = Robots(clock=clock)
    for _ in range(2):
        fetch_page(web.url("/open"), make_client(robots=known))
    clock.now += timedelta(days=1)
    fetch_page(web.url("/open"), make_client(robots=known))
    assert web.paths() == ["/robots.txt", "/open", "/open", "/robots.txt", "/open"]


def test_a_redirect_to_another_site_asks_that_site_too(web: Web) -> None:
    with serve(robots(RULES) | {"/secret": Route(body=b"text")}) as other:
        web.routes |= {"/away": redirect(other.url("/secret"))}
        with Client(CollectSettings(allow_private_hosts=(web.host, other.host))) as client:
            error = refusal(client, web.url("/away"))
        assert str(error) == f"robots.txt of {other.host} asks robots not to fetch this"
        assert other.paths() == ["/robots.txt"]
        assert web.paths() == ["/robots.txt", "/away"]


def test_a_robots_txt_may_be_redirected_and_its_address_is_checked(web: Web, client: Client) -> None:
    web.routes |= {"/robots.txt": redirect("/rules.txt"), "/rules.txt": Route(body=RULES)}
    assert "asks robots not to fetch" in str(refusal(client, web.url("/secret")))


def test_the_pause_that_a_site_asks_for_is_known_after_its_first_page_up_to_a_bound(web: Web, client: Client) -> None:
    web.routes |= robots(RULES)
    assert client.asked_delay(web.host) == timedelta(0)
    fetch_page(web.url("/open"), client)
    assert client.asked_delay(web.host) == timedelta(seconds=7)


@pytest.mark.parametrize(("asked", "seconds"), [(b"3600", 30), (b"1e300", 30), (b"0.5", 0.5), (b"-1", 0), (b"soon", 0)])
def test_an_odd_delay_is_bounded(web: Web, client: Client, asked: bytes, seconds: float) -> None:
    web.routes |= robots(b"User-agent: *\nCrawl-delay: " + asked)
    fetch_page(web.url("/open"), client)
    assert client.asked_delay(web.host) == timedelta(seconds=seconds)


def test_the_oldest_sites_are_forgotten(clock: Clock) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b""

    known = Robots(clock=clock, hosts_limit=2)
    for host in "abacb":
        known.check(f"https://{host}.example/page", agent="tracker", fetch=fetch)
    assert [url[8] for url in asked] == ["a", "b", "c", "b"]


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("export-control-tracker/0.1 (+https://example.org)", "export-control-tracker"),
        ("bot (me)", "bot"),
        ("bot", "bot"),
    ],
)
def test_the_name_that_rules_address_is_the_first_word(user_agent: str, name: str) -> None:
    assert agent_name(user_agent) == name
