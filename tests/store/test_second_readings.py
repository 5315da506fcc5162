"""What second readers answered and cost, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.making import NOW, make_entry, make_quote, make_source, make_understanding
from tracker.store import Store
from tracker.store.second_readings import SecondReadings, Spent
from tracker.types import Dispute, PollState

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def readings(store: Store) -> SecondReadings:
    return store.second_readings


def test_an_answer_is_found_by_its_question(readings: SecondReadings) -> None:
    assert readings.answer("k") is None
    readings.keep("k", reader="openai:m", answer="{}", tokens=7, asked_at=NOW)
    assert (readings.answer("k"), readings.answer("other")) == ("{}", None)


def test_what_was_spent_is_counted_from_a_moment_on(readings: SecondReadings) -> None:
    readings.keep("a", reader="m", answer="{}", tokens=7, asked_at=NOW)
    readings.keep("b", reader="m", answer="{}", tokens=10**7, asked_at=LATER)
    assert readings.spent(since=NOW) == Spent(calls=2, tokens=10**7 + 7)
    assert readings.spent(since=LATER) == Spent(calls=1, tokens=10**7)
    assert readings.spent(since=LATER + timedelta(1)) == Spent(calls=0, tokens=0)


def test_a_failure_counts_and_says_when_to_ask_again_until_there_is_an_answer(readings: SecondReadings) -> None:
    assert readings.retry_at(since=NOW) is None
    readings.keep_failure("k", reader="m", tokens=3, asked_at=NOW, retry_at=LATER)
    assert (readings.answer("k"), readings.retry_at(since=NOW)) == (None, LATER)
    readings.keep("k", reader="m", answer="{}", tokens=7, asked_at=LATER)
    assert (readings.answer("k"), readings.retry_at(since=NOW)) == ("{}", None)
    assert readings.spent(since=NOW) == Spent(calls=1, tokens=10)


def test_what_only_a_second_reader_sees_is_kept_with_the_article_until_it_is_read_anew(store: Store) -> None:
    source_id = store.sources.ensure(make_source())
    store.sources.save_poll(source_id, PollState(next_due_at=NOW), [(make_entry("http://127.0.0.1/1"), False)], now=NOW)
    dispute = Dispute(field="event", value="listing", reader="m", quote=make_quote("“added”"))
    for disputes in ((dispute,), ()):
        understanding = replace(make_understanding(), disputes=disputes)
        store.articles.save_understood(1, understanding)
        article = store.queries.article(1)
        assert article
        assert article.disputes == disputes
