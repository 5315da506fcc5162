import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.types import Part
from tracker.understand.text import sentences


def cut(text: str, language: str = "en") -> list[str]:
    return [sentence.text for sentence in sentences("", text, language=language)]


def test_the_title_comes_first_and_whole() -> None:
    first, second = sentences("A ban. And then?", "It began.", language="en")
    assert (first.part, first.text) == (Part.TITLE, "A ban. And then?")
    assert (second.part, second.text) == (Part.TEXT, "It began.")


@pytest.mark.parametrize(
    "whole",
    [
        "The U.S. Commerce Department wrote a rule.",
        "Officials in the U.S. The same hold in the U.K. Parliament.",
        "Mr. Lee met Sen. J. Kim on Jan. 5.",
        "Synopsys Inc. Chief Executive Kim spoke.",
        "It rose 4.5 percent to Sec. 744 of the rule.",
    ],
)
def test_an_abbreviation_ends_no_sentence(whole: str) -> None:
    assert cut(whole) == [whole]


def test_a_company_suffix_ends_a_sentence_where_the_next_word_opens_one() -> None:
    assert cut("They sued Example Inc. The company denied it.") == ["They sued Example Inc.", "The company denied it."]


def test_closing_quotes_stay_with_their_sentence() -> None:
    assert cut("“We go.” Then he left.") == ["“We go.”", "Then he left."]


def test_newlines_and_list_items_end_sentences_without_punctuation() -> None:
    assert cut("A headline\n\n- first item\n2. second item\r\nthe rest") == [
        "A headline", "first item", "second item", "the rest",
    ]  # fmt: skip


def test_asian_full_stops_need_no_space() -> None:
    assert cut("美国周一公布。中国反对！对吗？", "zh") == ["美国周一公布。", "中国反对！", "对吗？"]
    assert cut("미국이 발표했다. 중국은 반발했다.", "ko") == ["미국이 발표했다.", "중국은 반발했다."]


def test_a_german_date_is_no_sentence_end() -> None:
    assert cut("Am 13. Juni kam es. Dann nicht.", "de") == ["Am 13. Juni kam es.", "Dann nicht."]


def test_a_paragraph_without_punctuation_is_cut_into_pieces() -> None:
    assert max(map(len, cut("word " * 5_000))) <= 2_000
    assert len(cut("." * 1_000_000)) == 500


@given(st.text(), st.text(), st.sampled_from(["en", "de", "zh", "ko"]))
def test_every_sentence_stands_at_its_offsets(title: str, text: str, language: str) -> None:
    parts = {Part.TITLE: title, Part.TEXT: text}
    for sentence in sentences(title, text, language=language):
        assert sentence.text
        assert parts[sentence.part][sentence.start : sentence.end] == sentence.text
