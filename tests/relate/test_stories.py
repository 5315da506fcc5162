"""Which articles tell one story."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.making import NOW, make_article, make_incoming, make_report
from tracker import relate
from tracker.types import EventType, Incoming, Neighbour, Ruling, Strand

BLOCKED = "The White House blocked foreign access to Anthropic's Fable 5 and Mythos 5, citing national security."
ECHO = "Foreign customers lost access to Fable 5 after the White House order on Anthropic's Mythos 5 and Fable 5."
HELIUM = "Beijing's customs agency stopped helium shipments, and welders in Ohio fear for their cylinders."


def article(number: int, text: str, *targets: str, days: int = 0) -> Incoming:
    published = make_article(number, title=text[:40], text=text, published_at=NOW + timedelta(days=days))
    return make_incoming(published, make_report(EventType.RESTRICTION, targets=targets))


def stories(*articles: Incoming) -> list[tuple[int, ...]]:
    """Return which articles tell one story, when they arrive in this order."""
    return [group.members for group in relate.gather([one.strand for one in woven(*articles)], ())]


def woven(*articles: Incoming) -> list[Neighbour]:
    """Have articles arrive one after the other."""
    web: dict[int, Neighbour] = {}
    for incoming in articles:
        profile, order = relate.profile_article(incoming), incoming.order
        sequel = relate.follow(profile, order, list(web.values()))
        number = incoming.article.id
        strand = Strand(
            article_id=number, story_id=number, order=order, follows=sequel.follows, likeness=sequel.likeness
        )
        web[number] = Neighbour(strand=strand, profile=profile)
        for follower, likeness in sequel.followers.items():
            moved = replace(web[follower].strand, follows=number, likeness=likeness)
            web[follower] = replace(web[follower], strand=moved)
    return list(web.values())


def test_an_echo_joins_the_story_it_echoes() -> None:
    first, echo = article(1, BLOCKED, "Fable 5", "Mythos 5"), article(2, ECHO, "Fable 5", "Mythos 5", days=1)
    assert stories(first, echo) == [(1, 2)]


def test_another_matter_founds_a_story() -> None:
    assert stories(article(1, BLOCKED, "Fable 5"), article(2, HELIUM)) == [(1,), (2,)]


def test_the_same_words_a_year_later_are_another_story() -> None:
    assert stories(article(1, BLOCKED, "Fable 5"), article(2, BLOCKED, "Fable 5", days=365)) == [(1,), (2,)]


def test_an_article_that_comes_late_takes_its_place_between_the_others() -> None:
    first, between, last = (article(n, BLOCKED, "Fable 5", days=d) for n, d in ((1, 0), (2, 70), (3, 140)))
    assert stories(first, last) == [(1,), (3,)]
    assert stories(first, last, between) == [(1, 2, 3)]


@given(st.permutations(range(7)))
def test_stories_do_not_depend_on_the_order_of_arrival(order: list[int]) -> None:
    texts = [(BLOCKED, "Fable 5", 0), (ECHO, "Fable 5", 1), (HELIUM, "", 2), (ECHO, "Mythos 5", 3), (BLOCKED, "", 50),
             (HELIUM + " Anthropic", "Fable 5", 52), (ECHO + HELIUM, "GLM-5.2", 100)]  # fmt: skip
    articles = [article(n, text, *filter(None, [name]), days=days) for n, (text, name, days) in enumerate(texts)]
    in_order = {(one.strand.article_id, one.strand.follows) for one in woven(*articles)}
    assert {(one.strand.article_id, one.strand.follows) for one in woven(*(articles[at] for at in order))} == in_order


def test_a_split_undoes_a_merge_and_a_merge_a_split() -> None:
    strands = [one.strand for one in woven(article(1, BLOCKED, "Fable 5"), article(2, HELIUM))]
    merged = Ruling(together=True, left=frozenset({1}), right=frozenset({2}))
    split = replace(merged, together=False)
    assert [group.members for group in relate.gather(strands, [merged])] == [(1, 2)]
    assert [group.members for group in relate.gather(strands, [merged, split])] == [(1,), (2,)]
    assert [group.members for group in relate.gather(strands, [merged, split, merged])] == [(1, 2)]


@given(st.permutations([(1, 2), (2, 3), (4, 5), (5, 1)]))
def test_merges_may_come_in_any_order(merges: list[tuple[int, int]]) -> None:
    at = NOW
    strands = [Strand(article_id=n, story_id=n, order=(at, "", n), follows=None, likeness=0.0) for n in range(1, 7)]
    rulings = [Ruling(together=True, left=frozenset({one}), right=frozenset({other})) for one, other in merges]
    assert [group.members for group in relate.gather(strands, rulings)] == [(1, 2, 3, 4, 5), (6,)]


def test_story_and_echo_share_a_key_to_be_found_by() -> None:
    first, echo = relate.profile_article(article(1, BLOCKED, "Fable 5")), relate.profile_article(article(2, ECHO))
    assert relate.lookup_keys(first).keys() & relate.lookup_keys(echo).keys()


def test_unspaced_scripts_have_terms() -> None:
    profile = relate.profile_article(article(1, "美国商务部宣布放宽阿联酋芯片出口限制"))
    assert any(len(term) == 2 for term in profile.terms)
