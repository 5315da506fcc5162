"""How alike articles and stories are, as it was learnt from our own stories."""

from datetime import timedelta

import pytest

from tests.benchmarks.train_likeness import Told, learn, read_articles, score
from tests.making import NOW, make_article, make_incoming, make_report
from tracker import relate
from tracker.relate.likeness import compare, load_weighing
from tracker.types import EventType, Profile


@pytest.fixture(scope="module")
def articles() -> list[Told]:
    return read_articles()


def test_the_weights_are_those_that_our_own_stories_teach(articles: list[Told]) -> None:
    weighing, _ = learn(articles)
    stored = load_weighing()
    assert weighing.weights == pytest.approx(stored.weights, abs=0.5)
    assert weighing.threshold == pytest.approx(stored.threshold, abs=0.1)


def test_our_own_stories_are_told_apart(articles: list[Told]) -> None:
    assert score(articles, load_weighing()).f1 >= 0.88


def test_a_bill_is_waited_for_longer_than_an_order() -> None:
    for type_, is_slow in ((EventType.LEGISLATION, True), (EventType.RESTRICTION, False)):
        features = compare(profile(type_, days=50), profile(type_))
        assert features["gap"] == pytest.approx(50 / 60)
        assert features["gap_in_proceedings"] == (features["gap"] if is_slow else 0)


def profile(type_: EventType, *, days: int = 0) -> Profile:
    article = make_article(1, title="The rule", text="The rule moves.", published_at=NOW + timedelta(days=days))
    return relate.profile_article(make_incoming(article, make_report(type_)))
