"""Subscription lists as feed readers write them, and our own."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making import NOW, make_source
from tracker.collect.opml import Outline, read_opml, write_opml
from tracker.config import SourceSettings
from tracker.errors import ParseError
from tracker.knowledge import source_list
from tracker.types import Source, Tier

NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Chips"><outline text="한국"><outline type="rss" text="전자
신문" title="ETNews" xmlUrl="https://a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example/"/></outline>
<outline type="rss" title="Only a title" xmlUrl="https://b.example/rss"/></outline>
<outline text="An empty folder"/>
<outline text="Again elsewhere" type="rss" xmlUrl="https://b.example/rss"/>
<outline text="A bookmark" type="link" url="https://c.example/"/>
</body></opml>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]>
<opml version="2.0"><body><outline text="&b;&f;" type="rss" xmlUrl="https://a.example/feed"/></body></opml>"""


def read_back(body: bytes) -> list[Source]:
    return [
        SourceSettings.model_validate({"name": one.name, "url": one.url, **one.fields}).as_source()
        for one in read_opml(body)
    ]


def test_folders_within_folders_are_read_and_an_address_counts_once() -> None:
    assert read_opml(NESTED.encode()) == [
        Outline(url="https://a.example/feed?x=1&y=2", name="전자 신문"),
        Outline(url="https://b.example/rss", name="Only a title"),
    ]


def test_a_list_that_is_not_quite_xml_is_read_too() -> None:
    body = b'<opml><BODY><outline text="R&D" XMLURL="https://a.example/feed"><outline text=broken'
    assert read_opml(body) == [Outline(url="https://a.example/feed", name="R&D")]


@pytest.mark.parametrize("body", [b"", b"https://a.example/list.opml", b"<opml><body/></opml>", b"\x00\xff", b"{}"])
def test_what_holds_no_subscription_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="expected an OPML file"):
        read_opml(body)


def test_entities_bring_nothing_in() -> None:
    (outline,) = read_opml(BOMB.encode())
    assert "root:" not in outline.name
    assert len(outline.name) < 100


def test_every_shipped_source_comes_back_as_it_was() -> None:
    sources = [listed.source for listed in source_list.load().sources]
    assert read_back(write_opml(sources, title="Ours", now=NOW)) == sources


def test_what_is_written_is_opml_that_a_feed_reader_takes() -> None:
    search = replace(make_source("page"), kind="page", options={"select": "main"})
    root = ET.fromstring(write_opml([make_source("a"), search], title="Ours", now=NOW))
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Ours")
    assert root.findtext("head/dateCreated") == "Thu, 18 Jun 2026 12:00:00 GMT"
    feed, page = root.findall("body/outline")
    assert (feed.get("text"), feed.get("type"), feed.get("xmlUrl")) == ("a", "rss", "http://127.0.0.1/a")
    assert (page.get("text"), page.get("type"), page.get("xmlUrl")) == ("page", None, None)


def test_ours_and_those_of_others_may_stand_in_one_list() -> None:
    other = b'<outline text="New" type="rss" xmlUrl="https://new.example/feed"/></body>'
    body = write_opml([make_source("a")], title="Ours", now=NOW).replace(b"</body>", other)
    assert [one.name for one in read_opml(body)] == ["a", "New"]


def test_options_that_are_no_json_are_left_for_the_check_to_refuse() -> None:
    source = replace(make_source("a"), options={"item": "li"})
    body = write_opml([source], title="Ours", now=NOW).replace(b"{&quot;item", b"{item")
    (outline,) = read_opml(body)
    assert isinstance(outline.fields["options"], str)


def test_any_file_is_read_or_refused() -> None:
    for path in Path(__file__).parents[1].rglob("*.xml"):
        with pytest.raises(ParseError):
            read_opml(path.read_bytes())


# What a source may be called: no blanks around, and nothing that XML cannot hold.
NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)


@given(
    name=NAMES,
    family=NAMES,
    tier=st.sampled_from(Tier),
    country=st.sampled_from([None, "KR", "EU"]),
    seconds=st.integers(min_value=1, max_value=10**6 - 1),
    options=st.dictionaries(NAMES, st.one_of(st.text(max_size=20), st.integers(), st.lists(NAMES)), max_size=3),
)
def test_a_source_survives_the_way_through_a_file(
    *, name: str, family: str, tier: Tier, country: str | None, seconds: int, options: dict[str, object]
) -> None:
    source = Source(
        name=name,
        kind="feed",
        url="https://a.example/?q=a&b=<c>",
        family=family,
        tier=tier,
        country=country,
        every=timedelta(seconds=seconds),
        options=options,
    )
    assert read_back(write_opml([source], title=name, now=NOW)) == [source]
