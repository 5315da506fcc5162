from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from tracker.types import EntityKind, EventType, Modality
from tracker.web.listing import MAX_ID, filter_address, parse_listing


def test_an_empty_address_asks_for_everything() -> None:
    asked = parse_listing([])
    assert (asked.conditions, asked.problems, asked.query.types) == ((), {}, ())


def test_each_parameter_reaches_its_field_of_the_query() -> None:
    asked = parse_listing(
        [("type", "restriction"), ("type", "easing"), ("modality", "rumour"), ("country", "cn"), ("country", "Taiwan"),
         ("company", "Lantern Labs"), ("model", "beacon-3"), ("agency", "bis"), ("text", "chips  licence"),
         ("since", "2026-06-01"), ("until", "2026-06-30")]
    )  # fmt: skip
    query = asked.query
    assert query.types == (EventType.RESTRICTION, EventType.EASING)
    assert query.modalities == (Modality.RUMOUR,)
    assert {"country/CN", "country/TW"} <= set(query.countries)
    assert {"Lantern Labs"} <= set(query.companies)
    assert {"model/beacon-3"} <= set(query.models)
    assert query.agencies
    assert query.text == "chips  licence"
    assert (query.since, query.until) == (date(2026, 6, 1), date(2026, 6, 30))
    assert not asked.problems


def test_several_names_may_share_a_parameter_with_commas() -> None:
    assert parse_listing([("country", "cn, tw,,")]).values("country") == ["cn", "tw"]


def test_an_unknown_type_is_named_with_the_choice() -> None:
    assert "“ban”" in parse_listing([("type", "ban")]).problems["type"]
    assert "restriction" in parse_listing([("type", "ban")]).problems["type"]


def test_a_modality_that_makes_no_event_is_refused() -> None:
    assert "modality" in parse_listing([("modality", "hypothetical")]).problems


def test_a_day_that_is_none_says_how_to_write_it() -> None:
    assert "2026-06-13" in parse_listing([("since", "13/06/2026")]).problems["since"]


def test_a_last_day_before_the_first_is_refused() -> None:
    assert "before" in parse_listing([("since", "2026-06-13"), ("until", "2026-06-12")]).problems["until"]


def test_text_is_bounded_and_free_of_control_characters() -> None:
    assert parse_listing([("text", "a\x00b\u202ec")]).query.text == "abc"
    assert "text" in parse_listing([("text", "x" * 201)]).problems
    assert "text" in parse_listing([("text", "a b c d e f g h i")]).problems


def test_too_many_values_are_refused() -> None:
    assert "company" in parse_listing([("company", f"c{n}") for n in range(13)]).problems


def test_a_broken_cursor_is_a_problem_and_not_the_first_page() -> None:
    assert "before" in parse_listing([("before", "yesterday")]).problems


def test_a_condition_can_be_taken_away() -> None:
    asked = parse_listing([("type", "easing"), ("country", "CN")])
    assert asked.without("type", "easing") == "/?country=CN"


def test_chips_lead_to_the_stories_of_their_entity() -> None:
    assert filter_address(EntityKind.MODEL, "model/beacon-3") == "/?model=beacon-3"
    assert filter_address(EntityKind.CHIP, "chip/h20") is None


@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis wants naive bounds)
    st.integers(min_value=1, max_value=MAX_ID),
)
def test_a_cursor_survives_the_address(moment: datetime, last: int) -> None:
    href = parse_listing([("country", "CN")]).after((moment, last))
    again = parse_listing(parse_qsl(urlsplit(href).query))
    assert again.query.before == (moment, last)
    assert again.values("country") == ["CN"]


@given(st.lists(st.tuples(st.sampled_from(["type", "country", "text", "since", "before", "other"]), st.text())))
def test_no_address_breaks_the_reading(given_parameters: list[tuple[str, str]]) -> None:
    assert parse_listing(given_parameters).query.limit > 0
