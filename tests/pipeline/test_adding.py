"""Sources added while the tracker runs: what is made of a name, an address, a subscription."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.making import make_source
from tests.pipeline.conftest import Desk
from tests.servers.web import Route, Web, serve
from tracker.collect.http import Client
from tracker.collect.opml import Outline
from tracker.config import CollectSettings
from tracker.errors import InputError
from tracker.knowledge import source_list
from tracker.pipeline.adding import Proposal, admit, closest, propose, propose_outline
from tracker.types import Source, Tier

KNOWN = source_list.load()
RSS = b"""<rss version="2.0"><channel><title>Chip news</title><language>ko-KR</language>
<item><title>One</title><link>/1</link></item></channel></rss>"""


@pytest.fixture
def web() -> Iterator[Web]:
    page = Route(body=b'<html><link rel=alternate type="application/rss+xml" href=/feed></html>')
    with serve({"/feed": Route(body=RSS, content_type="application/rss+xml"), "/": page}) as running:
        yield running


@pytest.fixture
def client(web: Web) -> Iterator[Client]:
    with Client(CollectSettings(allow_private_hosts=(web.host,))) as made:
        yield made


def proposed(asked: str, client: Client, given: Mapping[str, object] | None = None) -> Source:
    return propose(asked, given or {}, client, KNOWN).source


def shipped(name: str) -> Source:
    listed = KNOWN.named(name)
    assert listed
    return listed.source


def added(desk: Desk, *sources: Source) -> list[tuple[str, str | None]]:
    return [(one.source.name, one.present) for one in admit(sources, desk.store.sources)]


def test_a_shipped_source_is_taken_by_its_name_and_by_its_address(web: Web, client: Client) -> None:
    assert proposed("technode", client) == proposed("http://www.technode.com/feed", client) == shipped("TechNode")
    assert not web.requests


def test_every_shipped_source_can_be_taken_as_it_is(client: Client) -> None:
    for listed in KNOWN.sources:
        assert proposed(listed.source.name, client) == listed.source


def test_what_a_person_states_counts_before_what_the_list_says(client: Client) -> None:
    source = proposed("EE Times", client, {"every": "5m", "tier": "press", "name": "EET"})
    assert source == replace(shipped("EE Times"), every=timedelta(minutes=5), tier=Tier.PRESS, name="EET")
    with_options = proposed("Hacker News: export controls", client, {"options": {"min_points": 3}})
    assert with_options.options == {"query": "export controls", "min_points": 3}


def test_a_page_is_added_as_the_feed_that_it_names(web: Web, client: Client) -> None:
    proposal = propose(web.url("/"), {"tier": "blog"}, client, KNOWN)
    source = proposal.source
    assert (source.name, source.kind, source.url) == ("Chip news", "feed", web.url("/feed"))
    assert (source.language, source.family, source.tier) == ("ko", web.host, Tier.BLOG)
    assert proposal.found
    assert proposal.found.page == web.url("/")


def test_an_address_whose_kind_is_given_is_not_asked(web: Web, client: Client) -> None:
    given = {"kind": "listing", "options": {"item": "li"}}
    assert propose(web.url("/list"), given, client, KNOWN) == Proposal(source=proposed(web.url("/list"), client, given))
    assert not web.requests


def test_another_search_at_a_known_place_is_of_its_kind_and_is_called_what_it_looks_for(client: Client) -> None:
    google = proposed("https://news.google.com/rss/search?q=H20&hl=ja&gl=JP&ceid=JP:ja", client)
    assert (google.kind, google.name, google.family) == ("google_news", "news.google.com: H20", "Google News")
    hacker = proposed("https://hn.algolia.com/api/v1/search_by_date", client, {"options": {"query": "Entity List"}})
    assert (hacker.kind, hacker.name) == ("hacker_news", "hn.algolia.com: Entity List")
    register = proposed(
        "https://www.federalregister.gov/api/v1/documents.json", client, {"options": {"term": "semiconductors"}}
    )
    assert (register.kind, register.name) == ("federal_register", "federalregister.gov: semiconductors")


@pytest.mark.parametrize("address", ["imaps://me@mail.example/INBOX", "maildir:///var/mail/me"])
def test_a_mailbox_is_known_by_its_address(client: Client, address: str) -> None:
    assert proposed(address, client).kind == "email"


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        ("news.example/feed", "https://news.example/feed"),
        ("feed://news.example/feed", "https://news.example/feed"),
        ("feed:https://news.example/feed", "https://news.example/feed"),
        ("http://news.example:8080/?a=b", "http://news.example:8080/?a=b"),
    ],
)
def test_an_address_may_be_written_as_people_do(client: Client, asked: str, url: str) -> None:
    assert proposed(asked, client, {"kind": "feed"}).url == url


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        ("https://www.bis.gov/rss.xml", {}, r"refused: the address answers 404; BIS publishes"),
        ("https://www.bis.gov/rss.xml", {"kind": "feed"}, r"refused: the address answers 404"),
        ("TekNode", {}, r"TekNode: neither an address nor a shipped source; .*Did you mean TechNode\?"),
        ("EE Times", {"every": "often"}, 'every: expected a duration such as "90s"'),
        ("EE Times", {"kind": "radio"}, "kind: expected one of email, federal_register"),
        ("EE Times", {"tier": "best"}, "tier: expected 'primary'"),
        ("EE Times", {"name": "x" * 201}, "name: expected a text of 1 to 200 characters"),
        ("EE Times", {"family": "x" * 201}, "family: expected a text of 1 to 200 characters"),
        ("EE Times", {"language": "x" * 21}, 'language: expected a language code such as "ko"'),
        ("EE Times", {"options": {"item": "li"}}, "options.item"),
        ("news.example", {"kind": "gdelt"}, "news.example: options.query: .*docs/sources.md"),
        ("http://[", {"kind": "feed"}, "not an address"),
        ("ftp://news.example/", {}, "only http and https"),
    ],
)
def test_what_cannot_be_added_is_refused_with_the_reason(
    client: Client, asked: str, given: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        proposed(asked, client, given)


def test_a_page_that_leads_to_a_denied_feed_is_refused(web: Web, client: Client) -> None:
    denied = replace(KNOWN.refused[0], address=f"{web.host}/feed", reason="it is stale")
    known = replace(KNOWN, refused=(denied,))
    with pytest.raises(InputError, match=r"/feed is refused: it is stale"):
        propose(web.url("/"), {}, client, known)


def test_a_page_that_leads_to_a_shipped_feed_is_that_source(web: Web, client: Client) -> None:
    listed = replace(KNOWN.sources[0], source=replace(make_source("ours"), url=web.url("/feed")))
    found = propose(web.url("/"), {}, client, replace(KNOWN, sources=(listed,)))
    assert found.source == listed.source


def test_a_page_without_a_feed_says_what_else_may_do(web: Web, client: Client) -> None:
    web.routes["/"] = Route(body=b"<html></html>")
    with pytest.raises(InputError, match=r"a page that names no feed; another address may do, or its kind"):
        proposed(web.url("/"), client)


def test_a_subscription_is_a_feed_of_the_host_that_publishes_it() -> None:
    source = propose_outline(Outline(url="https://chips.example/rss", name="Chips"), {"tier": "blog"}, KNOWN)
    assert (source.name, source.kind, source.family, source.tier) == ("Chips", "feed", "chips.example", Tier.BLOG)
    shared = propose_outline(Outline(url="https://feeds.feedburner.com/chips", name="Chips"), {}, KNOWN)
    assert shared.family == "Chips"
    assert propose_outline(Outline(url="https://www.scmp.com/rss/4/feed"), {}, KNOWN).family == "SCMP"


def test_a_subscription_to_a_shipped_source_is_that_source() -> None:
    assert propose_outline(Outline(url="https://technode.com/feed/", name="tn"), {}, KNOWN) == shipped("TechNode")


@pytest.mark.parametrize(
    ("outline", "said"),
    [
        (Outline(url="https://www.whitehouse.gov/feed/", name="White House"), "refused: it answers 404"),
        (Outline(url="nonsense", name="x"), "neither an address"),
        (Outline(url="https://a.example", name="x", fields={"options": "{item"}), "options: expected a table"),
        (Outline(url="https://a.example", name="x", fields={"kind": "listing"}), "options.item"),
        (Outline(url="https://a.example", name="x", fields={"colour": "red"}), "colour: there is no such key"),
    ],
)
def test_a_subscription_that_cannot_be_used_says_why(outline: Outline, said: str) -> None:
    with pytest.raises(InputError, match=said):
        propose_outline(outline, {}, KNOWN)


def test_what_is_polled_already_is_not_added_again(desk: Desk) -> None:
    desk.store.sources.sync([make_source("a")])
    again = replace(make_source("b"), url="https://127.0.0.1/a/")
    assert added(desk, again, make_source("c"), make_source("c")) == [("b", "a"), ("c", None), ("c", "c")]


def test_one_place_may_be_asked_for_two_things(desk: Desk) -> None:
    one, two = (replace(make_source("a"), kind="hacker_news", options={"query": query}) for query in ("x", "y"))
    assert added(desk, one, two) == [("a", None), ("a (2)", None)]


def test_names_that_are_taken_get_a_number(desk: Desk) -> None:
    desk.store.sources.sync([make_source("Blog")])
    others = [replace(make_source("blog"), url=f"http://127.0.0.1/{n}") for n in range(2)]
    assert added(desk, *others) == [("blog (2)", None), ("blog (3)", None)]
    long = [replace(make_source("x" * 200), url=f"http://127.0.0.1/long/{n}") for n in range(2)]
    assert [len(name) for name, _ in added(desk, *long)] == [200, 200]


def test_a_name_that_was_asked_for_is_never_changed(desk: Desk) -> None:
    desk.store.sources.sync([make_source("Blog")])
    with pytest.raises(InputError, match="another source is called Blog"):
        list(admit([replace(make_source("Blog"), url="http://127.0.0.1/x")], desk.store.sources, exact=True))


def test_names_that_may_be_meant_are_asked_for() -> None:
    assert closest("technod", ["TechNode", "NOS"]) == "  Did you mean TechNode?"
    assert closest("zzz", ["TechNode"]) == ""
