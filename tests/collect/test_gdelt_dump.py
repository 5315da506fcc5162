"""Rows of GDELT's knowledge graph, and saved answers of its search."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.collect.file_entry import BadLine, FileEntry
from tracker.collect.gdelt_dump import is_doc, read_doc, read_gkg
from tracker.errors import InputError

ARTICLE = {
    "url": "https://handelsblad.example/chips",
    "title": "Kabinet beperkt uitvoer van chips , meldt minister",
    "seendate": "20260618T031500Z",
    "domain": "handelsblad.example",
    "language": "Dutch",
}
TITLE = "<PAGE_TITLE>{}</PAGE_TITLE>"


def gkg_row(
    *,
    url: str = "https://courier.example/a",
    seen: str = "20260618031500",
    collection: str = "1",
    domain: str = "courier.example",
    translation: str = "",
    extras: str = TITLE.format("US curbs chips"),
) -> bytes:
    """Write a row of 27 columns as GDELT does, with something in each that we do not read."""
    columns = [f"c{number}" for number in range(27)]
    columns[1:5] = [seen, collection, domain, url]
    columns[25:] = [translation, extras]
    return "\t".join(columns).encode() + b"\n"


def test_a_row_gives_address_title_publisher_and_time() -> None:
    found = read_gkg(gkg_row())
    entry = found.entry
    assert (entry.address, entry.title, entry.family) == (
        "https://courier.example/a", "US curbs chips", "courier.example"
    )  # fmt: skip
    assert entry.published_at == found.fetched_at == datetime(2026, 6, 18, 3, 15, tzinfo=UTC)
    assert (entry.language, entry.has_page, entry.content) == ("en", True, "")


def test_the_pages_own_time_goes_before_the_time_that_gdelt_saw_it() -> None:
    extras = "<PAGE_PRECISEPUBTIMESTAMP>20260617220000</PAGE_PRECISEPUBTIMESTAMP>" + TITLE.format("x")
    found = read_gkg(gkg_row(extras=extras))
    assert found.entry.published_at == datetime(2026, 6, 17, 22, tzinfo=UTC)
    assert found.fetched_at == datetime(2026, 6, 18, 3, 15, tzinfo=UTC)


def test_a_title_is_unescaped_and_one_line() -> None:
    extras = "<PAGE_AUTHORS>A. Writer</PAGE_AUTHORS>" + TITLE.format(" China&#x2019;s chips\n &amp; models ")
    entry = read_gkg(gkg_row(extras=extras)).entry
    assert (entry.title, entry.author) == ("China’s chips & models", "A. Writer")


@pytest.mark.parametrize(
    ("translation", "language"),
    [("", "en"), ("srclc:kor;eng:Moses 2.1.1", "ko"), ("srclc:hbs;eng:GT", "sr"), ("srclc:xyz;", "xyz"), ("odd", None)],
)
def test_the_language_is_the_one_that_was_translated_from(translation: str, language: str | None) -> None:
    assert read_gkg(gkg_row(translation=translation)).entry.language == language


def test_a_document_that_is_no_address_has_no_page() -> None:
    assert not read_gkg(gkg_row(collection="5", url="10.1000/doi")).entry.has_page


def test_a_row_without_a_title_and_with_bytes_of_no_encoding_is_still_one() -> None:
    row = gkg_row(extras="").replace(b"c9", b"S\xe3o Paulo")
    assert read_gkg(row).entry.title == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"20130401\t3\tKILL#3", "expected 27 columns of a GKG 2.1 row, found 3"),
        (gkg_row(seen="yesterday"), "expected a time such as 20260618031500, found 'yesterday'"),
        (gkg_row(seen="20261318031500"), "expected a time such as 20260618031500, found '20261318031500'"),
        (gkg_row(url=" "), "the row names no document"),
    ],
)
def test_a_row_of_no_use_is_explained(row: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_gkg(row)
    assert str(caught.value) == said


@given(st.binary(max_size=300) | st.lists(st.binary(max_size=20), min_size=27, max_size=27).map(b"\t".join))
def test_no_row_crashes(row: bytes) -> None:
    with suppress(InputError):
        assert read_gkg(row).entry.address


def test_a_saved_answer_and_a_single_article_give_the_same() -> None:
    assert is_doc(ARTICLE)
    assert is_doc({"articles": []})
    (alone,) = read_doc(ARTICLE, "a.jsonl:1")
    listed, bad = read_doc({"articles": [ARTICLE, {"title": "no url"}]}, "a.jsonl:1")
    assert alone == listed
    assert isinstance(alone, FileEntry)
    assert (alone.entry.title, alone.entry.language) == ("Kabinet beperkt uitvoer van chips, meldt minister", "nl")
    assert alone.fetched_at == datetime(2026, 6, 18, 3, 15, tzinfo=UTC)
    assert bad == BadLine(place="a.jsonl:1", reason="an article of GDELT's list has no url")


@pytest.mark.parametrize("record", [{"title": "T", "text": "x"}, {"articles": "many"}, [], "seendate", None])
def test_other_records_are_not_gdelts(record: object) -> None:
    assert not is_doc(record)
