"""Every number stands with the parts that it is the sum of."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making import make_date
from tests.notify.stories import make_event
from tests.weighing.standing import TODAY, service, standpoint
from tracker import words
from tracker.types import DateRole, EntityKind, Event, EventType, Modality, Stage, Tier, Voice
from tracker.weighing.severity import can_reach, credibility, importance, most, severity
from tracker.weighing.stage import event_stage

NAMES = (("US", EntityKind.COUNTRY, "actor"), ("Claude", EntityKind.MODEL, "target"))
AT_HOME = standpoint()


def act(type_: EventType = EventType.RESTRICTION, modality: Modality = Modality.ACT, **dates: date) -> Event:
    event = make_event(1, type_, modality=modality, names=NAMES)
    witness = event.witnesses[0]
    stated = tuple(replace(make_date(day), role=DateRole(role)) for role, day in dates.items())
    return replace(event, witnesses=(replace(witness, report=replace(witness.report, dates=stated)),))


def test_severity_is_written_with_its_parts() -> None:
    bot = service("Support bot", "model/claude", countries=("KR",))
    written = words.score("Severity", severity(act(), standpoint(bot)))
    assert written == (
        "Severity 75 (restriction 30, act 10, in force 15, hits model 8, 1 publisher 2, affects Support bot 10)"
    )


def test_a_better_witness_and_another_voice_weigh_more() -> None:
    event = act()
    copied = replace(event.witnesses[0], copies=(Voice(article_id=9, family="other", tier=Tier.PRESS, copy_of=1),))
    gazette = replace(event.witnesses[0], article_id=2, report_id=2, family="gazette", tier=Tier.PRIMARY)
    assert severity(replace(event, witnesses=(copied,)), AT_HOME).value == severity(event, AT_HOME).value
    both = replace(event, witnesses=(*event.witnesses, gazette))
    assert severity(both, AT_HOME).value == severity(event, AT_HOME).value + 6
    assert credibility(both).value > credibility(event).value


def test_credibility_says_who_and_what_is_contested() -> None:
    event = act(announced=date(2026, 6, 12))
    other = act(announced=date(2026, 6, 17)).witnesses[0]
    both = replace(event, witnesses=(*event.witnesses, replace(other, article_id=2, report_id=2, family="other")))
    assert words.score("Credibility", credibility(event)) == "Credibility 0.45 (press 0.3, nothing contested 0.15)"
    assert words.score("Credibility", credibility(both)) == (
        "Credibility 0.55 (press 0.3, 2 publishers 0.15, 1 field contested 0.1)"
    )
    assert credibility(replace(event, witnesses=())).value == 0


def test_importance_does_not_depend_on_who_says_so() -> None:
    event = act()
    many = tuple(replace(event.witnesses[0], article_id=n, report_id=n, family=f"f{n}") for n in range(5))
    assert importance(replace(event, witnesses=many), AT_HOME) == importance(event, AT_HOME)
    assert words.score("Importance", importance(event, AT_HOME)) == (
        "Importance 0.79 (restriction 0.4, act 0.1, in force 0.15, hits model 0.14)"
    )


@pytest.mark.parametrize(
    ("event", "stage"),
    [
        (act(), Stage.IN_FORCE),
        (act(effective=date(2026, 7, 1)), Stage.ANNOUNCED),
        (act(effective=date(2026, 6, 1)), Stage.IN_FORCE),
        (act(effective=date(2026, 6, 1), expiry=date(2026, 6, 10)), Stage.REVOKED),
        (act(modality=Modality.RUMOUR), Stage.RUMOURED),
        (act(modality=Modality.PROPOSAL), Stage.PROPOSED),
        (act(modality=Modality.DENIAL), None),
        (act(EventType.LEGISLATION), Stage.PROPOSED),
        (act(EventType.EASING), Stage.PARTLY_EASED),
        (act(EventType.MARKET_REACTION), None),
    ],
)
def test_the_stage_that_one_event_leads_to(event: Event, stage: Stage | None) -> None:
    assert event_stage(event, TODAY) is stage


EVENTS = st.builds(
    lambda type_, modality, kinds: make_event(
        1, type_, modality=modality, names=tuple((f"n{i}", kind, "target") for i, kind in enumerate(kinds))
    ),
    st.sampled_from(EventType),
    st.sampled_from(Modality),
    st.lists(st.sampled_from(EntityKind), max_size=6),
)


@given(EVENTS)
def test_scores_stay_in_their_range_and_are_the_sum_of_their_parts(event: Event) -> None:
    for score, least, greatest in (
        (severity(event, AT_HOME), 0, 100),
        (importance(event, AT_HOME), 0, 1),
        (credibility(event), 0, 1),
    ):
        assert least <= score.value <= greatest
        assert score.value == pytest.approx(sum(share.points for share in score.shares))
        assert all(share.name and share.points > 0 for share in score.shares)
    assert can_reach(event.type, event.modality, severity(event, AT_HOME).value)


def test_the_parts_add_up_to_a_hundred() -> None:
    parts = ("type", "modality", "stage", "targets", "corroboration", "exposure")
    assert sum(map(most, parts)) == 100
