"""What a paper prints or translates of a wire service is signed as the service's."""

import pytest

from tracker.read.credits import credited_family

BODY = "The Commerce Department said on Friday that it would require licences.\nMore lines follow here."


@pytest.mark.parametrize(
    ("start", "family"),
    [
        ("WASHINGTON, June 13 (Reuters) - ", "Reuters"),
        ("WASHINGTON (AP) — ", "Associated Press"),
        ("(워싱턴=연합뉴스) 홍길동 특파원 = ", "Yonhap"),
        ("[서울=뉴시스] ", "Newsis"),
        ("【ワシントン共同】", "Kyodo News"),
        ("【ワシントン時事】", "Jiji Press"),
        ("新华社北京6月13日电 ", "Chinese state media"),
        ("（路透社華盛頓13日電）", "Reuters"),
        ("（中央社記者王小明台北13日電）", "CNA Taiwan"),
        ("SEOUL (Harbour Ledger) - ", None),
        ("The agency (BIS) - part of the department - ", None),
        ("", None),
    ],
)
def test_a_dateline_names_the_service(start: str, family: str | None) -> None:
    assert credited_family(start + BODY, None) == family


@pytest.mark.parametrize(
    ("end", "family"),
    [
        ("\n(Reuters)", "Reuters"),
        ("\n来源：新华社", "Chinese state media"),
        ("\n(Source: AFP)", "AFP"),
        ("\nBron: ANP", "ANP"),
        (" as Reuters reported.", None),
        ("\n(The company)", None),
    ],
)
def test_a_last_line_names_it_too_but_no_mention_does(end: str, family: str | None) -> None:
    assert credited_family(BODY + end, None) == family


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Reuters", "Reuters"),
        ("By Jane Doe, Reuters", "Reuters"),
        ("Jane Doe (AFP)", "AFP"),
        ("연합뉴스", "Yonhap"),
        ("Jane Reuters Doe", None),
        ("Ap Jansen", None),
        (None, None),
    ],
)
def test_a_byline_names_it(author: str | None, family: str | None) -> None:
    assert credited_family(BODY, author) == family
