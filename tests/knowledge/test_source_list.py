"""The sources that are shipped, and those that are refused."""

import pytest

from tracker.collect.kinds import check_source
from tracker.knowledge import source_list
from tracker.knowledge.source_list import Denied, ListedSource, SourceList
from tracker.types import Source

LIST = source_list.load()


def test_the_shipped_list_has_nothing_wrong() -> None:
    assert list(source_list.problems(LIST)) == []


@pytest.mark.parametrize("listed", LIST.sources, ids=lambda listed: str(listed.source.name))
def test_every_shipped_source_has_a_kind_that_takes_its_options(listed: ListedSource) -> None:
    check_source(listed.source)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.bis.gov/rss.xml",
        "http://www.whitehouse.gov/feed/",
        "https://feeds.rijksoverheid.nl/nieuws.rss",
        "https://www.globaltimes.cn/rss/outbrain.xml",
        "HTTPS://EUR-LEX.europa.eu/EN/display-feed.rss?rssId=171",
    ],
)
def test_dead_twins_are_refused_with_a_reason(url: str) -> None:
    assert LIST.denied(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/feed",
        "https://www.whitehouse.gov/feedback",
        "https://www.whitehouse.gov/presidential-actions/feed/",
        "https://eur-lex.europa.eu/EN/display-feed.rss?rssId=1710",
        "https://news.example/?u=https://www.bis.gov/rss.xml",
    ],
)
def test_what_nothing_is_known_against_is_not_refused(url: str) -> None:
    assert LIST.denied(url) is None


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://news.google.com/rss/search?q=chips", "google_news"),
        ("http://api.gdeltproject.org/api/v2/doc/doc", "gdelt"),
        ("https://news.example/rss/search?q=chips", None),
    ],
)
def test_the_kind_of_an_address_is_that_of_the_shipped_sources_there(url: str, kind: str | None) -> None:
    assert LIST.kind_at(url) == kind


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("https://www.scmp.com/rss/4/feed", "SCMP"),
        ("https://ec.europa.eu/other", "European Commission"),
        ("https://www.news.example:8080/feed", "news.example:8080"),
        ("https://feeds.feedburner.com/chips", None),
        ("", None),
    ],
)
def test_the_publisher_at_an_address_is_that_of_its_host(url: str, family: str | None) -> None:
    assert LIST.family_at(url) == family


def test_a_source_is_found_by_name_and_by_its_address() -> None:
    named = LIST.named("nos tech")
    assert named
    assert LIST.at("http://feeds.nos.nl/nosnieuwstech/") is named


def test_an_address_that_several_sources_share_names_none_of_them() -> None:
    assert LIST.at("https://www.federalregister.gov/api/v1/documents.json") is None


def test_a_list_with_faults_says_each() -> None:
    twice = ListedSource(
        source=Source(name="A", kind="feed", url="https://a.example/feed", family="a"), status="", note=""
    )
    faulty = SourceList(sources=(twice, twice), refused=(Denied(address="a.example/", reason="gone"),))
    found = "\n".join(source_list.problems(faulty))
    for said in ("2 sources, fewer than 65", "name 'a' stands 2 times", "A has no status", "A is denied: gone"):
        assert said in found
