"""What read makes of an entry and its page."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.read import read, wants_page
from tracker.types import Collected, Entry, Page, ReadText, Source

NOW = datetime(2026, 6, 20, tzinfo=UTC)
NEWS = Source(name="News", kind="feed", url="https://example.org/feed", family="news")
SENTENCE = "The ministry said on Monday that exporters of advanced chips must ask for a licence before they ship them. "
LONG = SENTENCE * 12


def as_page(text: str, head: str = "", *, url: str = "https://example.org/a", content_type: str = "text/html") -> Page:
    html = f"<html><head><title>Page title</title>{head}</head><body><article><p>{text}</p></article></body></html>"
    return Page(url=url, content_type=content_type, body=html.encode())


def read_entry(entry: Entry, page: Page | None = None, note: str | None = None) -> ReadText:
    return read(Collected(id=1, source=NEWS, entry=entry, page=page, fetched_at=NOW, note=note))


def as_entry(**fields: str | datetime | None) -> Entry:
    return Entry(**{"key": "a", "address": "https://example.org/a"} | fields)  # type: ignore[arg-type]  # test shorthand


def test_the_page_is_taken_over_a_short_summary() -> None:
    text = read_entry(as_entry(title="T", summary="Short."), as_page(LONG))
    assert (text.title, text.text, text.note) == ("T", LONG.strip(), None)


def test_the_entry_is_taken_where_it_says_more_than_the_page() -> None:
    text = read_entry(as_entry(title="T", content=f"<p>{LONG}</p><p>More.</p>"), as_page("Read more in our app."))
    assert text.text == f"{LONG.strip()}\nMore."
    assert text.note == "text from the source's own entry"


def test_the_entry_is_taken_where_there_is_no_page_and_the_reason_is_kept() -> None:
    text = read_entry(as_entry(title="T", summary="Short."), note="page not read (HTTP 403)")
    assert (text.text, text.note) == ("Short.", "page not read (HTTP 403)")


def test_a_cookie_wall_is_never_the_text() -> None:
    wall = as_page("We value your privacy. Accept all cookies to go on. " * 5)
    text = read_entry(as_entry(title="T", summary="Short."), wall)
    assert text.text == "Short."
    assert text.note == (
        "the page shows a wall (cookies, robot check) instead of the article; text from the source's own entry"
    )
    assert read_entry(as_entry(title="T"), wall).text == ""


def test_an_article_about_cookie_walls_is_an_article() -> None:
    assert read_entry(as_entry(title="T"), as_page("Accept all cookies, they say. " + LONG * 2)).note is None


def test_the_beginning_before_a_paywall_is_kept_and_marked() -> None:
    text = read_entry(as_entry(title="T", summary="Short."), as_page(SENTENCE * 3 + "Subscribe to continue reading."))
    assert text.text.startswith(SENTENCE.strip())
    assert text.note == "the page is cut by a paywall"


def test_an_entry_of_a_title_alone_says_so() -> None:
    text = read_entry(as_entry(title="Chips &amp; rules"))
    assert (text.title, text.text, text.note) == ("Chips & rules", "", "no text beyond the title")
    assert (text.signature, text.bands) == (b"", ())


def test_a_title_that_opens_the_text_is_said_once() -> None:
    text = read_entry(as_entry(title="Chips  held back", content="Chips held back\n\nThe ministry said so."))
    assert text.text == "The ministry said so."


def test_a_page_gives_the_title_that_its_entry_lacks() -> None:
    page = as_page(LONG, '<meta property="og:title" content="Chips &amp;amp; rules">')
    assert read_entry(as_entry(), page).title == "Chips & rules"
    assert read_entry(as_entry(), as_page(LONG)).title == "Page title"


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (
            '<meta property="article:published_time" content="2026-06-15T23:30:00-05:00">',
            datetime(2026, 6, 16, 4, 30, tzinfo=UTC),
        ),
        (
            '<script type="application/ld+json">{"datePublished": "2026-06-15T10:00:00+09:00"}</script>',
            datetime(2026, 6, 15, 1, 0, tzinfo=UTC),
        ),
        ('<meta name="date" content="2026-06-14">', datetime(2026, 6, 14, tzinfo=UTC)),
        ('<meta property="article:published_time" content="2031-01-01T00:00:00Z">', None),
        ('<meta name="date" content="soon">', None),
        ("", None),
    ],
)
def test_the_page_dates_an_article_that_the_feed_does_not(head: str, published: datetime | None) -> None:
    assert read_entry(as_entry(title="T"), as_page(LONG, head)).published_at == published


def test_the_date_of_the_feed_comes_first_and_the_update_last() -> None:
    early, late = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 9, tzinfo=UTC)
    page = as_page(LONG, '<meta name="date" content="2026-06-14">')
    assert read_entry(as_entry(published_at=early, updated_at=late), page).published_at == early
    assert read_entry(as_entry(updated_at=late), page).published_at == datetime(2026, 6, 14, tzinfo=UTC)
    assert read_entry(as_entry(updated_at=late)).published_at == late


def test_a_canonical_link_is_believed_within_its_site() -> None:
    own = as_page(LONG, '<link rel="canonical" href="https://www.example.org/real?utm_source=x">')
    foreign = as_page(LONG, '<link rel="canonical" href="https://elsewhere.example/real">')
    assert read_entry(as_entry(), own).url == "https://www.example.org/real"
    assert read_entry(as_entry(), foreign).url == "https://example.org/a"


def test_the_same_words_have_the_same_hash() -> None:
    one = read_entry(as_entry(title="A", content=LONG))
    other = read_entry(as_entry(title="B", content=LONG.replace(" ", "\n").upper()))
    assert one.content_hash == other.content_hash


def test_a_short_phrase_under_another_title_is_another_article() -> None:
    one, other = (read_entry(as_entry(title=title, content="Read more on our site.")) for title in "AB")
    assert one.content_hash != other.content_hash


def test_an_encoding_that_does_not_fit_is_said_and_read_as_far_as_it_goes() -> None:
    body = b"<html><head><meta charset='utf-8'></head><body><p>" + (SENTENCE * 9).encode() + b"\xff\x81\xfe</p>"
    text = read_entry(as_entry(title="T"), Page(url="https://example.org/a", content_type="text/html", body=body))
    assert text.text.startswith(SENTENCE.strip())
    assert text.note == "the page's encoding could not be recognised; some characters may be wrong"


def test_an_unheard_of_encoding_gives_readable_text() -> None:
    body = b"<html><head><meta charset='x-unheard-of'></head><body><p>" + (SENTENCE * 9).encode("utf-16") + b"</p>"
    for page in (body, body.replace(b"\0", b"")):
        text = read_entry(as_entry(title="T"), Page(url="https://example.org/a", content_type="text/html", body=page))
        assert SENTENCE.strip() in text.text or text.note


def test_an_endless_text_is_cut_and_said_to_be() -> None:
    text = read_entry(as_entry(title="T", content="word " * 60_000))
    assert len(text.text) <= 200_000
    assert text.note == "cut after 200,000 characters"


def test_a_plain_text_page_is_read_as_it_is() -> None:
    page = Page(url="https://example.org/a.txt", content_type="text/plain", body=b"One.\r\n\r\n\r\n\r\nTwo <b>.")
    assert read_entry(as_entry(title="T"), page).text == "One.\n\nTwo <b>."


@settings(max_examples=60)
@given(
    body=st.binary(max_size=300), content_type=st.sampled_from(["text/html", "text/plain", "", "text/html; charset=x"])
)
def test_no_page_makes_it_crash(body: bytes, content_type: str) -> None:
    text = read_entry(as_entry(title="T"), Page(url="https://example.org/a", content_type=content_type, body=body))
    assert text.text.encode() is not None


@settings(max_examples=60)
@given(title=st.text(max_size=60), content=st.text(max_size=200))
def test_no_entry_makes_it_crash_and_reading_is_steady(title: str, content: str) -> None:
    once = read_entry(as_entry(title=title, content=content))
    assert read_entry(as_entry(title=title, content=content)) == once


def test_a_page_is_wanted_unless_the_entry_carries_the_text() -> None:
    assert wants_page(NEWS, as_entry(summary="Short."))
    assert wants_page(NEWS, as_entry(content="<p class='x'>" * 500))
    assert not wants_page(NEWS, as_entry(content=LONG))
    assert not wants_page(NEWS, as_entry(address="urn:sha256:00"))


def test_no_page_is_wanted_where_the_source_says_that_there_is_none() -> None:
    assert not wants_page(NEWS, Entry(key="a", address="https://example.org/a", summary="Short.", has_page=False))
