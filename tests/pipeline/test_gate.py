"""Whose page is fetched, and what the looks count."""

from collections.abc import Iterator

import pytest

from tests.pipeline.conftest import Desk
from tests.servers.web import Route, Web, serve
from tracker.pipeline.articles import read
from tracker.pipeline.collect import collect
from tracker.pipeline.gate import passes_gate
from tracker.types import Entry, PollState, Source, Tier

CHIPS = ("US tightens export controls on AI chips", "Licences are needed from Monday.")
LANES = ("Council approves bicycle lanes", "The paths will open in spring.")
PAGE = (
    "<html><body><article><h1>{0}</h1><p>{1}</p><p>" + "The page says much more of it. " * 40 + "</p></article></body>"
)


@pytest.fixture
def web() -> Iterator[Web]:
    items = "".join(
        f"<item><title>{title}</title><link>/{name}</link><description>{text}</description></item>"
        for name, (title, text) in {"chips": CHIPS, "lanes": LANES}.items()
    )
    feed = Route(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), content_type="text/xml")
    pages = {
        f"/{name}": Route(body=PAGE.format(*said).encode()) for name, said in {"chips": CHIPS, "lanes": LANES}.items()
    }
    with serve({"/feed": feed} | pages) as running:
        yield running


def look(desk: Desk, web: Web, tier: Tier = Tier.PRESS) -> PollState:
    desk.store.sources.sync([Source(name="News", kind="feed", url=web.url("/feed"), family="news", tier=tier)])
    collect(desk.job(f'[collect]\nallow_private_hosts = ["{web.host}"]\nhost_spacing = "0s"'))
    (health,) = desk.store.sources.health()
    return health.state


def entry(title: str = "", *, summary: str = "", content: str = "") -> Entry:
    return Entry(key="k", address="https://example.org/a", title=title, summary=summary, content=content)


def test_only_the_pages_of_entries_that_pass_the_gate_are_fetched(desk: Desk, web: Web) -> None:
    look(desk, web)
    assert "/chips" in web.paths()
    assert "/lanes" not in web.paths()


def test_an_entry_that_does_not_pass_keeps_the_feeds_text(desk: Desk, web: Web) -> None:
    look(desk, web)
    read(desk.job())
    texts = {article.title: article.text for article in desk.store.articles.claim_read(now=desk.now, limit=9)}
    assert "The page says much more of it." in texts[CHIPS[0]]
    assert texts[LANES[0]] == LANES[1]


def test_every_page_of_a_primary_source_is_fetched(desk: Desk, web: Web) -> None:
    look(desk, web, Tier.PRIMARY)
    assert {"/chips", "/lanes"} <= set(web.paths())


def test_a_look_counts_what_is_listed_new_and_on_topic(desk: Desk, web: Web) -> None:
    first = look(desk, web)
    assert (first.listed, first.seen, first.on_topic) == (2, 2, 1)
    desk.wait(days=1)
    body = web.routes["/feed"].body.replace(
        b"</channel>", b"<item><title>More lanes</title><link>/x</link></item></channel>"
    )
    web.routes["/feed"] = Route(body=body, content_type="text/xml")
    second = look(desk, web)
    assert (second.listed, second.seen, second.on_topic) == (3, 3, 1)
    desk.wait(days=1)
    assert look(desk, web).listed == 3  # unchanged


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        (entry(CHIPS[0]), True),
        (entry(LANES[0], summary=LANES[1]), False),
        (entry("Morning briefing", summary="<p>Nvidia may sell its <b>semi</b>conductors again</p>"), True),
        (entry("Morning briefing", summary="<a href='https://chips.example/export-controls'>read</a>"), False),
        (entry("Rules &amp; chips"), True),
        (entry("新的出口管制", content="<p>…</p>"), True),
        (entry(), True),
        (entry("", summary="<img src='a.png'>"), True),
    ],
)
def test_the_gate_reads_what_a_reader_would(given: Entry, passes: bool) -> None:
    assert passes_gate(given) == passes
