"""Outside text is clean, short and in columns before it stands in a message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.telling.text import around, clean, columns, cut, is_web, listed, wrap


def test_what_shows_nothing_or_turns_other_text_round_is_taken_out() -> None:
    assert clean("a\u202eb\u2066c\u200fd\u200be\ufeff\x00 \n\t f\ud800") == "abcde f"


def test_joiners_that_spelling_needs_stay() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [("one two three", 13, "one two three"), ("one two three", 12, "one two…"), ("onetwothree", 6, "onetw…")],
)
def test_a_text_is_cut_at_a_word_where_there_is_one(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@given(st.text(max_size=300), st.integers(1, 100))
def test_a_cut_text_is_never_too_long(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


def test_names_stand_once_and_the_rest_is_counted() -> None:
    assert listed(["a", "b", "a", "c", "d"], shown=2, limit=9) == "a, b and 2 more"


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(0, 8))
def test_wrapped_lines_fit_and_keep_every_word(text: str, indent: int) -> None:
    wrapped = wrap(clean(text), 40, indent=indent)
    assert max(map(columns, wrapped.split("\n"))) <= 40
    assert "".join(wrapped.split()) == "".join(clean(text).split())


def test_wide_characters_take_two_columns_and_addresses_stay_whole() -> None:
    address = "https://a.example/" + "x" * 40
    assert wrap("中国商务部宣布 新规", 10) == "中国商务部\n宣布 新规"
    assert wrap(f"see {address} now", 20) == f"see\n{address}\nnow"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//a.example", "", 'https://a.example/"onclick', "https://a b"])
def test_what_is_no_address_of_the_web_is_not_followed(url: str) -> None:
    assert not is_web(url)


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (80, "One two three four five six."),
        (20, "…two three four…"),
    ],
)
def test_a_name_is_shown_with_what_stands_around_it(limit: int, shown: str) -> None:
    text = "Not this.\nOne two three four five six.\nNor this."
    assert around(text, text.index("three"), text.index(" four"), limit) == shown


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 50), st.integers(1, 100))
def test_what_stands_around_is_short_in_any_text(text: str, start: int, length: int, limit: int) -> None:
    assert len(around(text, min(start, len(text)), min(start + length, len(text)), limit)) <= limit + 1
