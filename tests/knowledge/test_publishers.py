"""Several outlets of one house are one voice, whatever names it."""

import pytest

from tracker.knowledge import publishers, source_list
from tracker.types import Tier

MAP = publishers.load()


def test_the_shipped_map_has_nothing_wrong() -> None:
    assert list(publishers.problems()) == []


@pytest.mark.parametrize(
    ("outlet", "family"),
    [
        ("asia.nikkei.com", "Nikkei"),
        ("Nikkei Asia", "Nikkei"),
        ("日本経済新聞", "Nikkei"),
        ("www.scmp.com", "SCMP"),
        ("South China Morning Post", "SCMP"),
        ("THE WALL STREET JOURNAL", "Dow Jones"),
        ("Wall Street Journal", "Dow Jones"),
        ("connect.bis.gov", "US government"),
        ("english.mofcom.gov.cn", "Chinese government"),
        ("연합뉴스", "Yonhap"),
    ],
)
def test_hosts_and_outlet_names_lead_to_one_family(outlet: str, family: str) -> None:
    assert MAP.of(outlet).family == family


@pytest.mark.parametrize(
    ("outlet", "family"),
    [
        ("www.harbour-ledger.example", "harbour-ledger.example"),
        ("someone.blogs.example", "someone.blogs.example"),
        ("The Harbour Ledger", "The Harbour Ledger"),
        ("notscmp.com", "notscmp.com"),
        ("", ""),
    ],
)
def test_an_outlet_that_is_not_known_is_its_own_voice(outlet: str, family: str) -> None:
    assert MAP.of(outlet) == publishers.Publisher(family=family)


def test_the_families_of_shipped_sources_stay_what_they_are() -> None:
    families = {listed.source.family for listed in source_list.load().sources}
    assert {family: MAP.of(family).family for family in families} == {family: family for family in families}


def test_a_publisher_says_how_close_it_is_to_the_facts() -> None:
    tiers = [MAP.of(host).tier for host in ("www.federalregister.gov", "reuters.com", "nytimes.com", "unknown.example")]
    assert tiers == [Tier.PRIMARY, Tier.WIRE, Tier.PRESS, None]


def test_a_credit_names_the_wire_service_and_no_other_word_does() -> None:
    credited = [MAP.credited(name) for name in ("REUTERS", "연합뉴스", "路透社", "Staff writer")]
    assert [found and found.family for found in credited] == ["Reuters", "Yonhap", "Reuters", None]
