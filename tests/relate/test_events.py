"""Which reports tell one event, and what the event then says."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.making import NOW, make_mention, make_report
from tracker.relate.events import fold_event, tell
from tracker.types import (
    EntityKind,
    EventType,
    Group,
    Modality,
    Named,
    Part,
    Quote,
    Report,
    Review,
    Ruling,
    Tier,
    Verdict,
    Witness,
)


def make_witness(number: int, report: Report, *, tier: Tier = Tier.PRESS, family: str | None = None) -> Witness:
    return Witness(
        report_id=number,
        article_id=number,
        title="title",
        url=f"http://127.0.0.1/{number}",
        source=f"source {number}",
        family=family or f"family {number}",
        tier=tier,
        published_at=NOW + timedelta(hours=number),
        fetched_at=NOW,
        report=report,
    )


def told(*reports: Report, at: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Return which of these reports tell one event; reported hours apart, or at these hours."""
    hours = at or range(1, len(reports) + 1)
    witnesses = [(None, make_witness(hour, report)) for hour, report in zip(hours, reports, strict=True)]
    return [group.members for group in tell(witnesses, ())]


def test_the_same_act_on_the_same_day_is_one_event() -> None:
    assert told(make_report(), make_report()) == [(1, 2)]


def test_a_day_of_shift_between_continents_is_still_one_event() -> None:
    assert told(make_report(), make_report(day=date(2026, 6, 14))) == [(1, 2)]


def test_blocked_in_june_and_blocked_again_in_july_are_two_events() -> None:
    assert told(make_report(), make_report(day=date(2026, 7, 13))) == [(1,), (2,)]


def test_an_easing_is_no_restriction() -> None:
    assert told(make_report(), make_report(EventType.EASING)) == [(1,), (2,)]


def test_a_proposal_is_not_yet_the_act() -> None:
    assert told(make_report(), make_report(modality=Modality.PROPOSAL)) == [(1,), (2,)]


def test_another_model_is_another_event() -> None:
    assert told(make_report(), make_report(targets=("GLM-5.2",))) == [(1,), (2,)]


def test_an_undated_report_joins_what_was_reported_at_that_time() -> None:
    assert told(make_report(), make_report(day=None)) == [(1, 2)]


def test_a_hypothetical_makes_no_event() -> None:
    assert told(make_report(modality=Modality.HYPOTHETICAL)) == []


def test_two_tellings_in_one_article_make_one_event() -> None:
    one = make_witness(1, make_report())
    again = replace(one, report_id=2, report=make_report(sentence="The block came on Saturday."))
    assert [group.members for group in tell([(None, one), (None, again)], ())] == [(1, 2)]


def test_what_a_person_found_to_be_no_event_makes_none() -> None:
    witness = make_witness(1, make_report())
    verdict = Verdict(is_event=False)
    review = Review(article_id=1, position=0, report=witness.report, verdict=verdict, by="mira", at=NOW)
    assert tell([(4, replace(witness, review=review))], ()) == ()


def test_a_vague_report_joins_the_plain_one_and_not_two_that_differ() -> None:
    vague = replace(make_report(day=None, targets=()), actors=())
    plain, other = make_report(targets=("Fable 5",)), make_report(targets=("GLM-5.2",), day=date(2026, 6, 14))
    assert told(vague, plain, other) == [(1, 2), (3,)]


def test_two_states_that_act_on_the_same_day_are_two_events() -> None:
    chinese = replace(make_report(), actors=(make_mention("CN", EntityKind.COUNTRY),))
    assert told(make_report(), chinese) == [(1,), (2,)]
    assert told(replace(make_report(targets=()), named=()), replace(chinese, targets=())) == [(1,), (2,)]


def test_an_event_keeps_its_id_while_most_of_it_stays() -> None:
    witnesses = [
        (7, make_witness(1, make_report())),
        (9, make_witness(2, make_report())),
        (7, make_witness(3, make_report())),
    ]
    assert tell(witnesses, ()) == (Group(id=7, members=(1, 2, 3), absorbed=(9,)),)


def test_people_split_and_merge_and_the_latest_word_counts() -> None:
    witnesses = [(7, make_witness(number, make_report())) for number in (1, 2, 3)]
    apart = Ruling(together=False, left=frozenset({3}), right=frozenset({1, 2}))
    together = replace(apart, together=True)
    assert [group.members for group in tell(witnesses, [apart])] == [(1, 2), (3,)]
    assert [group.members for group in tell(witnesses, [apart, together])] == [(1, 2, 3)]
    assert [group.members for group in tell(witnesses, [together, apart])] == [(1, 2), (3,)]


@given(st.permutations(range(8)))
def test_events_do_not_depend_on_the_order_of_reports(order: list[int]) -> None:
    days = [
        date(2026, 6, 13),
        None,
        date(2026, 6, 15),
        date(2026, 6, 30),
        None,
        date(2026, 6, 13),
        date(2026, 6, 17),
        None,
    ]
    named = [("Fable 5",), (), ("Fable 5", "Mythos 5"), ("Fable 5",), ("GLM-5.2",), ("GLM-5.2",), (), ("Mythos 5",)]
    witnesses = [
        (None, make_witness(number, make_report(day=day, targets=targets)))
        for number, (day, targets) in enumerate(zip(days, named, strict=True))
    ]
    assert tell([witnesses[at] for at in order], ()) == tell(witnesses, ())


def test_the_order_of_witnesses_does_not_matter() -> None:
    witnesses = [
        make_witness(1, make_report(day=date(2026, 6, 12), sentence="First.")),
        make_witness(2, make_report(day=date(2026, 6, 13), sentence="Second.")),
        make_witness(3, make_report(day=date(2026, 6, 13), sentence="Third."), tier=Tier.WIRE),
        make_witness(4, make_report(day=None, sentence="Fourth.")),
    ]
    folds = [fold_event(order) for order in itertools.permutations(witnesses)]
    assert all(fold == folds[0] for fold in folds)
    assert folds[0].headline == "Third."
    assert str(folds[0].date) == "2026-06-13"


def test_one_family_has_one_vote_on_the_date() -> None:
    wrong = [make_witness(n, make_report(day=date(2026, 6, 12)), family="syndicate") for n in (1, 2, 3)]
    right = [make_witness(n, make_report(day=date(2026, 6, 13))) for n in (4, 5)]
    assert str(fold_event([*wrong, *right]).date) == "2026-06-13"


def test_a_headline_is_preferred_to_a_sentence_of_the_text() -> None:
    in_text = make_report(sentence="The US blocked Fable 5 on Saturday.")
    title = Quote(part=Part.TITLE, start=0, end=17, text="US blocks Fable 5")
    assert (
        fold_event([make_witness(1, in_text), make_witness(2, replace(in_text, sentence=title))]).headline == title.text
    )


def test_an_entity_keeps_its_strongest_role() -> None:
    fields = fold_event([make_witness(1, replace(make_report(), named=make_report().targets))])
    assert [(n.name, n.role) for n in fields.entities] == [("US", "actor"), ("Fable 5", "target")]
    assert all(isinstance(n, Named) for n in fields.entities)
