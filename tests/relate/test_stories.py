"""Which articles tell one story."""

from datetime import timedelta

from tests.making import NOW, make_article, make_incoming, make_report
from tracker import relate
from tracker.relate.terms import join_profiles
from tracker.types import Candidate, EventType, Incoming, StoryProfile

BLOCKED = "The White House blocked foreign access to Anthropic's Fable 5 and Mythos 5, citing national security."
ECHO = "Foreign customers lost access to Fable 5 after the White House order on Anthropic's Mythos 5 and Fable 5."
HELIUM = "Beijing's customs agency stopped helium shipments, and welders in Ohio fear for their cylinders."


def article(number: int, text: str, *targets: str, days: int = 0) -> Incoming:
    published = make_article(number, title=text[:40], text=text, published_at=NOW + timedelta(days=days))
    return make_incoming(published, make_report(EventType.RESTRICTION, targets=targets))


def story(*articles: Incoming) -> Candidate:
    profile: StoryProfile | None = None
    for incoming in articles:
        one = relate.profile_article(incoming)
        profile = one if profile is None else join_profiles(profile, one)
    assert profile is not None
    return Candidate(story_id=7, profile=profile, events=())


def test_an_echo_joins_the_story_it_echoes() -> None:
    first, echo = article(1, BLOCKED, "Fable 5", "Mythos 5"), article(2, ECHO, "Fable 5", "Mythos 5", days=1)
    assert relate.place(echo, [story(first)]).story_id == 7


def test_another_matter_founds_a_story() -> None:
    first, other = article(1, BLOCKED, "Fable 5"), article(2, HELIUM)
    assert relate.place(other, [story(first)]).story_id is None


def test_the_same_words_a_year_later_are_another_story() -> None:
    first, again = article(1, BLOCKED, "Fable 5"), article(2, BLOCKED, "Fable 5", days=365)
    assert relate.place(again, [story(first)]).story_id is None


def test_joined_profiles_do_not_depend_on_order() -> None:
    one, other = relate.profile_article(article(1, BLOCKED, "Fable 5")), relate.profile_article(article(2, HELIUM))
    joined, turned = join_profiles(one, other), join_profiles(other, one)
    assert joined.terms == turned.terms
    assert joined.entities == turned.entities


def test_story_and_echo_share_a_key_to_be_found_by() -> None:
    first, echo = relate.profile_article(article(1, BLOCKED, "Fable 5")), relate.profile_article(article(2, ECHO))
    assert set(relate.lookup_keys(first)) & set(relate.lookup_keys(echo))


def test_unspaced_scripts_have_terms() -> None:
    profile = relate.profile_article(article(1, "美国商务部宣布放宽阿联酋芯片出口限制"))
    assert any(len(term) == 2 for term in profile.terms)
