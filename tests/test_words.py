from datetime import date, timedelta

import pytest

from tracker import words
from tracker.types import DateRole, EventType, Precision, ResolvedDate, Tier


@pytest.mark.parametrize(
    ("precision", "written"),
    [
        (Precision.DAY, "13 June 2026"),
        (Precision.WEEK, "week of 13 June 2026"),
        (Precision.MONTH, "June 2026"),
        (Precision.QUARTER, "second quarter of 2026"),
        (Precision.YEAR, "2026"),
    ],
)
def test_a_date_is_written_no_more_precisely_than_it_is_known(precision: Precision, written: str) -> None:
    day = date(2026, 6, 13)
    assert words.resolved(ResolvedDate(first=day, last=day, precision=precision)) == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(hours=5, minutes=59), "5 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_span_is_written_in_its_largest_unit(length: timedelta, written: str) -> None:
    assert words.span(length) == written


def test_every_noun_has_its_words() -> None:
    assert all(words.date_role(role) for role in DateRole)
    assert all(words.tier(tier) for tier in Tier)
    assert words.label(EventType.COMPANY_RESPONSE) == "Company response"


def test_only_a_text_that_is_too_long_is_clipped() -> None:
    assert words.clip("abc", 3) == "abc"
    assert words.clip("abcd", 3) == "ab…"
