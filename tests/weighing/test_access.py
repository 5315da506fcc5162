"""The access board: what single events do to access, and how they add up."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weighing.controlling import (
    ANTHROPIC,
    CLAUDE,
    CN,
    FABLE,
    H20,
    IT,
    JP,
    KR,
    OPUS,
    QWEN,
    US,
    control,
    june,
    merged,
)
from tracker.knowledge import load
from tracker.types import Access, EntityKind, Event, EventType, Modality, Named, Tier, UserClass
from tracker.weighing.access import Basis, Board, Cell, fold_board

EASING, LISTING, LITIGATION = EventType.EASING, EventType.LISTING, EventType.LITIGATION
_END = june(30)
ORDER = control(1, june(12), users=UserClass.FOREIGN_USERS)


def board(*events: Event, as_of: date = _END, known_at: date | None = None) -> Board:
    return fold_board(events, load(), as_of=as_of, known_at=known_at)


def written(found: Board) -> dict[tuple[str, str, str], str]:
    return {(c.subject.entity_id, c.country, c.users.value): c.access.value for c in found.cells}


def cell(found: Board, country: str, *, of: str = FABLE, users: Sequence[UserClass] = ()) -> Cell:
    names = {FABLE: "Claude Fable 5", OPUS: "Claude Opus 9.9"}
    subject = Named(entity_id=of, kind=EntityKind(of.split("/", maxsplit=1)[0]), name=names.get(of, of), role="target")
    (one,) = found.look_up([subject], [country], users)
    return one


def test_an_order_blocks_all_abroad_and_leaves_home_open() -> None:
    found = board(ORDER)
    assert written(found) == {(FABLE, "*", "foreign_users"): "blocked", (FABLE, "US", "everyone"): "open"}
    assert cell(found, "KR").access is Access.BLOCKED
    decisive = cell(found, "KR").decisive
    assert decisive is not None
    assert (decisive.day, decisive.basis, decisive.witness.source) == (june(12), Basis.NAMED, "p1")
    home = cell(found, "US").decisive
    assert home is not None
    assert (home.basis, home.move.event.id) == (Basis.HOME, 1)


def test_before_it_takes_effect_an_order_is_only_noted() -> None:
    later = control(1, june(12), effective=june(15))
    before = cell(board(later, as_of=june(14)), "KR")
    assert (before.access, [note.event.id for note in before.notes]) == (Access.UNKNOWN, [1])
    after = cell(board(later, as_of=june(15)), "KR")
    assert (after.access, after.notes) == (Access.BLOCKED, ())


def test_a_partial_easing_opens_only_the_countries_that_it_names() -> None:
    found = board(ORDER, control(2, june(22), type_=EASING, hits=(FABLE, JP, KR)))
    assert [cell(found, code).access for code in ("JP", "KR", "DE", "*")] == [
        Access.OPEN, Access.OPEN, Access.BLOCKED, Access.BLOCKED
    ]  # fmt: skip
    assert [change.access for change in cell(found, "KR").history] == [Access.BLOCKED, Access.OPEN]


def test_a_full_easing_opens_all_that_was_closed() -> None:
    found = board(ORDER, control(2, june(22), type_=EASING))
    assert {one.access for one in found.cells} == {Access.OPEN}


def test_a_licence_granted_is_a_gate() -> None:
    licensed = control(2, june(22), type_=EASING, hits=(FABLE, KR), saying="grants licences to sell the model")
    assert cell(board(ORDER, licensed), "KR").access is Access.GATED
    lifted = control(2, june(22), type_=EASING, hits=(FABLE, KR), saying="lifts licence requirements")
    assert cell(board(ORDER, lifted), "KR").access is Access.OPEN


@pytest.mark.parametrize(
    ("saying", "access"),
    [
        ("bans exports of the model", Access.BLOCKED),
        ("orders the company to shut foreign users off", Access.BLOCKED),
        ("requires a licence for access", Access.GATED),
        ("bars access without government approval", Access.GATED),
        ("introduces know-your-customer rules", Access.GATED),
        ("tightens rules", Access.GATED),
        ("禁止向境外用户提供", Access.BLOCKED),
    ],
)
def test_the_words_of_a_control_say_how_far_it_shuts(saying: str, access: Access) -> None:
    assert cell(board(control(1, june(12), saying=saying)), "KR").access is access


def test_each_government_undoes_only_what_it_did() -> None:
    italy = control(2, june(14), by=(IT,))
    lifted = control(3, june(20), by=(US,), type_=EASING)
    found = board(ORDER, italy, lifted)
    assert (cell(found, "KR").access, cell(found, "IT").access) == (Access.OPEN, Access.BLOCKED)
    decisive = cell(found, "IT").decisive
    assert decisive is not None
    assert (decisive.move.event.id, decisive.day) == (2, june(20))


def test_versions_inherit_from_the_family_unless_an_event_of_their_own_tells_otherwise() -> None:
    family = control(1, june(12), hits=(CLAUDE,))
    own = control(2, june(15), hits=(FABLE,), type_=EASING)
    found = board(family, own)
    assert cell(found, "KR", of=OPUS).access is Access.BLOCKED
    decisive = cell(found, "KR", of=OPUS).decisive
    assert decisive is not None
    assert decisive.basis is Basis.FAMILY
    assert cell(found, "KR").access is Access.OPEN


def test_a_control_on_a_developer_is_marked_and_one_of_a_chip_maker_names_no_model() -> None:
    found = board(control(1, june(12), hits=(ANTHROPIC,)))
    decisive = cell(found, "KR").decisive
    assert decisive is not None
    assert (decisive.access, decisive.basis) == (Access.BLOCKED, Basis.DEVELOPER)
    assert board(control(1, june(12), hits=("company/nvidia", CN))).cells == []
    assert board(control(1, june(12), hits=(ANTHROPIC,), type_=LISTING)).cells == []


def test_a_foreign_model_is_kept_out_of_the_country_that_acts() -> None:
    found = board(control(1, june(12), hits=(QWEN,), by=(IT,), saying="bans the chatbot"))
    assert written(found) == {(QWEN, "IT", "everyone"): "blocked"}
    assert cell(found, "FR", of=QWEN).access is Access.UNKNOWN


def test_parts_of_the_people_have_cells_of_their_own() -> None:
    narrow = control(1, june(12), hits=(H20, CN), users=UserClass.MILITARY_END_USERS)
    wide = control(2, june(15), hits=(H20, CN), saying="requires a licence for exports")
    found = board(narrow, wide)
    assert written(found) == {(H20, "CN", "everyone"): "gated", (H20, "CN", "military_end_users"): "gated"}
    assert written(board(narrow, as_of=june(14))) == {(H20, "CN", "military_end_users"): "blocked"}
    assert [one.users for one in found.look_up(users=[UserClass.FOREIGN_USERS])] == [UserClass.EVERYONE]


def test_only_acts_count_and_the_rest_is_noted_until_it_is_done() -> None:
    rumour = control(1, june(9), modality=Modality.RUMOUR)
    denial = control(2, june(10), modality=Modality.DENIAL)
    found = cell(board(rumour, denial, as_of=june(11)), "KR")
    assert (found.access, [note.event.id for note in found.notes]) == (Access.UNKNOWN, [1, 2])
    order, planned = control(3, june(12)), control(4, june(12), type_=EASING, modality=Modality.INTENT)
    done = cell(board(rumour, denial, order, planned), "KR")
    assert (done.access, [note.event.id for note in done.notes]) == (Access.BLOCKED, [4])


def test_a_control_ends_with_its_last_day_and_so_does_an_exemption() -> None:
    short = control(1, june(12), expiry=june(20))
    assert cell(board(short, as_of=june(20)), "KR").access is Access.BLOCKED
    over = cell(board(short, as_of=june(21)), "KR").decisive
    assert over is not None
    assert (over.access, over.day, over.basis) == (Access.OPEN, june(21), Basis.EXPIRY)
    waiver = control(2, june(15), type_=EASING, hits=(FABLE, KR), expiry=june(25))
    history = cell(board(ORDER, waiver), "KR").history
    assert [(change.day, change.access) for change in history] == [
        (june(12), Access.BLOCKED), (june(15), Access.OPEN), (june(26), Access.BLOCKED)
    ]  # fmt: skip


def test_a_delay_holds_a_control_back_until_its_new_day() -> None:
    delay = control(2, june(14), type_=EASING, saying="delays the ban", effective=june(28))
    history = cell(board(ORDER, delay), "KR").history
    assert [(change.day, change.access) for change in history] == [
        (june(12), Access.BLOCKED), (june(14), Access.OPEN), (june(28), Access.BLOCKED)
    ]  # fmt: skip


def test_a_court_that_stays_a_control_opens_and_a_suit_does_nothing() -> None:
    suit = control(2, june(14), type_=LITIGATION, by=(ANTHROPIC,), saying="Anthropic sues over the ban")
    assert cell(board(ORDER, suit), "KR").access is Access.BLOCKED
    stay = control(3, june(16), type_=LITIGATION)
    assert cell(board(ORDER, suit, stay), "KR").access is Access.OPEN


def test_open_weights_that_are_out_are_beyond_recall() -> None:
    qwen = next(
        entity for entity in load().entities.values()
        if entity.weights == "open" and (entity.released or "9") < "2026" and entity.id.startswith("model/qwen")
    )  # fmt: skip
    banned = control(1, june(12), hits=(qwen.id,), by=(CN,))
    assert {one.is_beyond_recall for one in board(banned).cells if one.country == "*"} == {True}
    assert not cell(board(ORDER), "KR").is_beyond_recall


def test_what_was_known_leaves_out_later_reports_of_the_same_event() -> None:
    press = control(1, june(12), published=june(13))
    notice = control(2, june(15), published=june(16), tier=Tier.PRIMARY)
    order = merged(press, notice)
    assert board(order, known_at=june(12)).cells == []
    early, late = (cell(board(order, known_at=june(day)), "KR").decisive for day in (14, 16))
    assert early is not None
    assert late is not None
    assert (early.day, late.day) == (june(12), june(15))


def test_where_sources_disagree_both_sides_are_kept() -> None:
    order = merged(control(1, june(12)), control(2, june(12), by=(IT,)))
    contested = cell(board(order), "KR").contested
    assert [(one.field, [side.value for side in one.sides]) for one in contested] == [("By", ["US", "IT"])]


_DAYS = st.integers(1, 30).map(june)
_CONTROLS = st.builds(
    control,
    st.integers(1, 10**6),
    _DAYS,
    hits=st.lists(st.sampled_from((CLAUDE, FABLE, OPUS, ANTHROPIC, KR, JP)), min_size=1, unique=True),
    by=st.lists(st.sampled_from((US, IT)), max_size=1),
    type_=st.sampled_from((EventType.RESTRICTION, EASING, LITIGATION)),
    modality=st.sampled_from(Modality),
    users=st.sampled_from((None, UserClass.FOREIGN_USERS, UserClass.MILITARY_END_USERS)),
    effective=st.none() | _DAYS,
    expiry=st.none() | _DAYS,
)
_AFFAIRS = st.lists(_CONTROLS, max_size=8, unique_by=lambda event: event.id)


@given(events=_AFFAIRS, shuffle=st.randoms(use_true_random=False), as_of=_DAYS, known_at=st.none() | _DAYS)
def test_the_order_of_events_and_hearing_them_twice_change_nothing(
    events: list[Event], shuffle: Random, as_of: date, known_at: date | None
) -> None:
    found = board(*events, as_of=as_of, known_at=known_at)
    mixed = [*events, *events]
    shuffle.shuffle(mixed)
    again = board(*mixed, as_of=as_of, known_at=known_at)
    assert (again, again.cells) == (found, found.cells)


@given(events=_AFFAIRS, as_of=_DAYS)
def test_what_happens_later_or_is_reported_later_changes_nothing_of_what_held(events: list[Event], as_of: date) -> None:
    earlier = [event for event in events if event.date and event.date.first <= as_of]
    assert board(*events, as_of=as_of, known_at=as_of).cells == board(*earlier, as_of=as_of, known_at=as_of).cells
    assert board(*events, as_of=as_of, known_at=june(30)).cells == board(*events, as_of=as_of).cells


@given(events=_AFFAIRS, as_of=_DAYS)
def test_each_cell_stands_since_a_day_that_has_come_and_by_its_last_change(events: list[Event], as_of: date) -> None:
    for one in board(*events, as_of=as_of).cells:
        days = [change.day for change in one.history]
        assert days == sorted(set(days))
        assert all(day <= as_of for day in days)
        assert (one.access is Access.UNKNOWN) == (not one.history)
        if one.decisive and one.decisive.day < as_of:
            yesterday = board(*events, as_of=as_of - timedelta(days=1))
            before = yesterday.look_up([one.subject], [one.country], [one.users])
            assert [earlier.access for earlier in before if earlier.subject == one.subject] == [one.access]
