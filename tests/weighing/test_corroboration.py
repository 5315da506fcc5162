"""Copies and translations are one voice, and a printed notice is its ministry's."""

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.making import NOW, make_quote
from tests.notify.stories import make_event
from tracker.types import Part, Tier, Voice
from tracker.weighing.corroboration import corroborate, corroborate_event, decisive_witness

FAMILIES = st.sampled_from(["Harbour Media", "Northern Wire", "Trade Ministry"])
VOICES = st.lists(
    st.builds(
        lambda number, family, tier, language, first: Voice(
            article_id=number, family=family, tier=tier, language=language, copy_of=first if first < number else None
        ),
        st.integers(1, 9), FAMILIES, st.sampled_from(Tier), st.sampled_from(["en", "ko"]), st.integers(1, 9),
    ),
    unique_by=lambda voice: voice.article_id,
)  # fmt: skip


def voice(
    number: int, family: str, *, copy_of: int | None = None, tier: Tier = Tier.PRESS, language: str = "en"
) -> Voice:
    return Voice(article_id=number, family=family, tier=tier, language=language, copy_of=copy_of)


def test_forty_prints_of_one_wire_story_are_one_voice() -> None:
    wire = voice(1, "Northern Wire", tier=Tier.WIRE)
    prints = [voice(number, f"Paper {number}", copy_of=1) for number in range(2, 41)]
    counted = corroborate([wire, *prints])
    assert (counted.reports, counted.copies, counted.families, counted.primaries) == (40, 39, ("Northern Wire",), 0)


def test_what_a_house_says_again_in_another_language_is_a_translation() -> None:
    counted = corroborate([voice(1, "Harbour Media"), voice(2, "Harbour Media", language="ko"), voice(3, "Other")])
    assert (counted.reports, counted.translations, counted.families) == (3, 1, ("Harbour Media", "Other"))
    assert counted.languages == ("en", "ko")


def test_a_notice_that_a_paper_printed_first_is_the_ministrys() -> None:
    paper, ministry = voice(1, "Harbour Media"), voice(2, "Trade Ministry", copy_of=1, tier=Tier.PRIMARY)
    counted = corroborate([paper, ministry])
    assert (counted.families, counted.primaries) == (("Trade Ministry",), 1)


@given(VOICES)
def test_the_order_of_voices_and_saying_them_twice_change_nothing(voices: list[Voice]) -> None:
    counted = corroborate(voices)
    assert corroborate([*reversed(voices), *voices]) == counted
    assert counted.reports == len(voices) == counted.copies + sum(counted.tiers.values())
    assert len(counted.families) <= counted.reports - counted.copies


def test_an_event_counts_its_witnesses_once_an_article_with_their_copies() -> None:
    event = make_event(1)
    witness = event.witnesses[0]
    copied = replace(witness, copies=(voice(8, "Harbour Media", copy_of=witness.article_id),))
    counted = corroborate_event(replace(event, witnesses=(copied, replace(copied, report_id=2))))
    assert (counted.reports, counted.copies, counted.families) == (2, 1, ("press",))


def test_the_witness_closest_to_the_facts_is_quoted_then_a_title_then_the_earliest() -> None:
    late = make_event(1).witnesses[0]
    early = replace(late, report_id=2, published_at=NOW.replace(hour=1))
    headline = replace(make_quote("Licence"), part=Part.TITLE)
    in_title = replace(late, report_id=3, report=replace(late.report, sentence=headline))
    primary = replace(late, report_id=4, tier=Tier.PRIMARY)
    for given_in in itertools.permutations((late, early, in_title, primary)):
        left, found = list(given_in), []
        while left:
            chosen = decisive_witness(replace(make_event(1), witnesses=tuple(left)))
            assert chosen is not None
            found.append(chosen.report_id)
            left.remove(chosen)
        assert found == [4, 3, 2, 1]
    assert decisive_witness(replace(make_event(1), witnesses=())) is None
