"""Date phrases of many languages, each against the day its article was published (Thursday, 18 June 2026)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.understand.dates import find_dates, resolve_date

PUBLISHED = date(2026, 6, 18)

PHRASES = {
    # a bare day is the latest such day
    "the White House acted on the 13th (local time)": "2026-06-13",
    "on the 19th": "2026-06-19",
    "on the 30th": "2026-05-30",
    "closed up on the 17th.": "2026-06-17",
    # weekdays
    "on Friday": "2026-06-12",
    "said on Monday": "2026-06-15",
    "on Thursday": "2026-06-18",
    "last Friday": "2026-06-12",
    "last Thursday": "2026-06-11",
    "next Monday": "2026-06-22",
    "Wed, the agency said": "2026-06-17",
    # relative
    "yesterday": "2026-06-17",
    "today": "2026-06-18",
    "tomorrow": "2026-06-19",
    "three days ago": "2026-06-15",
    "two weeks ago": "2026-W23",
    "a month ago": "2026-05",
    "earlier this month": "2026-06",
    "last month": "2026-05",
    "next month": "2026-07",
    "earlier this week": "2026-W25",
    "last week": "2026-W24",
    "this year": "2026",
    "last year": "2025",
    # months: the nearer one, unless its preposition looks one way
    "by July 1": "2026-07-01",
    "until July 1, 2027": "2027-07-01",
    "in March 2024": "2024-03",
    "in July next year": "2027-07",
    "in July": "2026-07",
    "in May": "2026-05",
    "by April": "2027-04",
    "since June": "2026-06",
    "since September": "2025-09",
    # written dates
    "June 13, 2026": "2026-06-13",
    "on June 13": "2026-06-13",
    "13 June 2026": "2026-06-13",
    "the 13th of June": "2026-06-13",
    "Oct. 7, 2022,": "2022-10-07",
    "on December 31": "2025-12-31",
    "Jan 13th": "2026-01-13",
    "2026-06-13": "2026-06-13",
    "2026/6/3": "2026-06-03",
    "effective July 1, 2026": "2026-07-01",
    "the week of June 15": "2026-W25",
    # months and longer
    "in March": "2026-03",
    "since October": "2025-10",
    "in mid-June": "2026-06",
    "March 2027": "2027-03",
    "Feb. last year": "2025-02",
    "Feb. this year": "2026-02",
    "by year-end": "2026-12-31",
    "by the end of 2027": "2027-12-31",
    "in Q1 2027": "2027-Q1",
    "the third quarter of 2026": "2026-Q3",
    "fiscal 2026": "2026",
    "in 2022": "2022",
    "120 days after publication": "2026-10-16",
    # other languages
    "op 13 juni": "2026-06-13",
    "sinds maandag": "2026-06-15",
    "gisteren": "2026-06-17",
    "am 13. Juni 2026": "2026-06-13",
    "am Dienstag": "2026-06-16",
    "gestern": "2026-06-17",
    "le 13 juin": "2026-06-13",
    "mercredi": "2026-06-17",
    "il 13 giugno 2026": "2026-06-13",
    "el 13 de junio de 2026": "2026-06-13",
    "ayer": "2026-06-17",
    "2026年6月13日": "2026-06-13",
    "6月13日": "2026-06-13",
    "13日": "2026-06-13",
    "美国周一公布": "2026-06-15",
    "上周五": "2026-06-12",
    "星期三": "2026-06-17",
    "昨天": "2026-06-17",
    "去年": "2025",
    "2026年7月": "2026-07",
    "15일 발표했다": "2026-06-15",
    "지난 13일": "2026-06-13",
    "6월 13일": "2026-06-13",
    "지난해": "2025",
    "어제": "2026-06-17",
    "火曜日": "2026-06-16",
}

NO_DATES = [
    "shares rose 48%",
    "GPT 5.5 may be next",
    "GLM-5.2 and V4 Flash",
    "they march 5 abreast",
    "30日間",
    "20th century",
    "the 119th Congress",
    "日本",
    "$5.5 bn",
    "version 2026.1",
    "H20 chips",
    "February 30, 2026",
    "recently",
    "",
]


@pytest.mark.parametrize(("phrase", "date_"), PHRASES.items())
def test_a_phrase_settles_its_date(phrase: str, date_: str) -> None:
    assert [str(found.date) for found in find_dates(phrase, published=PUBLISHED)] == [date_]


@pytest.mark.parametrize("phrase", NO_DATES)
def test_what_is_no_date_settles_none(phrase: str) -> None:
    assert find_dates(phrase, published=PUBLISHED) == ()


def test_the_day_is_the_outlets_own() -> None:
    published = datetime(2026, 6, 18, 22, tzinfo=UTC)
    seoul = resolve_date("yesterday", published=published, zone=ZoneInfo("Asia/Seoul"))
    assert str(seoul) == "2026-06-18"


@given(st.text(max_size=300), st.dates(min_value=date(1995, 1, 1), max_value=date(2090, 1, 1)))
def test_any_text_is_read_without_a_crash_and_spans_stay_inside(text: str, published: date) -> None:
    for found in find_dates(text, published=published):
        assert 0 <= found.start < found.end <= len(text)
        assert found.date.first <= found.date.last
