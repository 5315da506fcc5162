"""A story is told the same way in every medium."""

from dataclasses import replace
from datetime import date

import pytest

from tests.making import make_quote
from tests.notify.stories import make_event, make_story
from tracker import telling
from tracker.types import (
    Corroboration,
    DateRole,
    EntityKind,
    Event,
    EventType,
    Modality,
    Precision,
    ReportDate,
    ResolvedDate,
    Tier,
)

MODEL, COMPANY, COUNTRY, AGENCY = EntityKind.MODEL, EntityKind.COMPANY, EntityKind.COUNTRY, EntityKind.AGENCY
NAMES = (
    ("United States", COUNTRY, "actor"),
    ("White House", AGENCY, "actor"),
    ("Claude Fable 5", MODEL, "target"),
    ("Claude Mythos 5", MODEL, "target"),
    ("Anthropic", COMPANY, "target"),
)
JULY = ResolvedDate(first=date(2026, 7, 1), last=date(2026, 7, 31), precision=Precision.MONTH)


def day(number: int) -> ResolvedDate:
    return ResolvedDate(first=date(2026, 7, number), last=date(2026, 7, number), precision=Precision.DAY)


def said_by(event: Event, **stated: ResolvedDate) -> Event:
    """Let each source of `stated` give its own day of effect."""
    witness = event.witnesses[0]
    witnesses = tuple(
        replace(witness, source=source, article_id=number, report_id=number, report=replace(witness.report, dates=(
            ReportDate(role=DateRole.EFFECTIVE, date=given, quote=make_quote("then")),)))
        for number, (source, given) in enumerate(stated.items(), 1)
    )  # fmt: skip
    return replace(event, witnesses=witnesses)


@pytest.mark.parametrize(
    ("modality", "said"),
    [
        (Modality.ACT, "White House restricts Claude Fable 5 and Claude Mythos 5"),
        (Modality.PROPOSAL, "White House proposes to restrict Claude Fable 5 and Claude Mythos 5"),
        (Modality.DENIAL, "White House denies restricting Claude Fable 5 and Claude Mythos 5"),
    ],
)
def test_plain_words_say_who_does_what_to_whom_and_how_sure(modality: Modality, said: str) -> None:
    assert telling.plain_words(make_event(1, modality=modality, names=NAMES)) == said


@pytest.mark.parametrize("names", [(), NAMES[:2], NAMES[2:]])
def test_without_both_sides_named_the_title_speaks(names: tuple[tuple[str, EntityKind, str], ...]) -> None:
    event = make_event(1, names=names)
    assert telling.plain_words(event) is None
    assert telling.headline(make_story(event), event) == "US blocks Fable 5"


def test_a_listing_is_not_told_in_words_that_might_turn_it_round() -> None:
    assert telling.plain_words(make_event(1, EventType.LISTING, names=NAMES)) is None


def test_an_act_leads_before_a_rumour_and_what_was_asked_for_before_both() -> None:
    rumour, easing = make_event(1, modality=Modality.RUMOUR), make_event(2, EventType.EASING)
    story = make_story(rumour, easing)
    assert telling.main_event(story) == easing
    assert telling.main_event(story, (1,)) == rumour


def test_dates_that_agree_are_one_and_dates_that_disagree_name_who_says_which() -> None:
    agreeing = said_by(make_event(1), gazette=day(1), wire=JULY)
    assert telling.stated_dates(agreeing) == ["13 June 2026", "takes effect 1 July 2026"]
    contested = said_by(make_event(1), gazette=day(1), wire=day(8))
    assert telling.stated_dates(contested)[1] == "takes effect 1 July 2026"
    assert telling.disagreements(agreeing) == []
    assert telling.disagreements(contested) == [("Takes effect", "1 July 2026 (gazette) or 8 July 2026 (wire)")]


def test_corroboration_counts_copies_as_reports_and_families_as_voices() -> None:
    story = make_story(make_event(1))
    assert telling.corroboration(story.corroboration).startswith("14 reports, 3 independent publishers")
    said = "14 reports (11 copies), 3 independent publishers, 1 primary document"
    assert telling.corroboration(replace(story.corroboration, copies=11)) == said
    alone = Corroboration(reports=1, families=("press",), tiers={Tier.PRESS: 1})
    assert telling.corroboration(alone) == "1 report, 1 independent publisher, no primary document"
    retold = replace(alone, reports=3, copies=1, translations=1)
    assert telling.corroboration(retold).startswith("3 reports (1 copy, 1 translation), 1 independent")
