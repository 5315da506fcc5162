"""The pages in a real browser: what a reader sees, what the console says, what leaves the machine."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.conftest import Serve
from tests.web.front_page import CHINESE_RELEASE, ORDER, fill
from tests.web.newsroom import NOW, WIRE, Newsroom, Telling
from tests.web.reading import NEEDS_BROWSER, SIZES, Reader
from tests.web.sick_list import fill as fill_sick_list
from tracker import times
from tracker.store import Store
from tracker.types import EventType, PollState

pytestmark = NEEDS_BROWSER


@pytest.fixture
def paths(filled: Newsroom) -> list[str]:
    story, event = filled.story_id("order"), filled.event_id("order")
    board = ["/access", "/access?as_of=2026-06-20", "/access?as_of=2026-07-02", "/access?as_of=soon"]
    lists = ["/", "/sources", "/?type=easing&company=Lantrn", "/?since=soon"]
    return [*lists, f"/stories/{story}", f"/events/{event}", *board]


def test_every_page_is_quiet_and_asks_nobody_else(reader: Reader, site: str, paths: list[str]) -> None:
    for path in paths:
        reader.page.goto(f"{site}{path}")
    assert [line for line in reader.console if "400 (Bad Request)" not in line] == []
    assert reader.hosts == {"127.0.0.1"}


def test_every_page_fits_a_desk_and_a_telephone(reader: Reader, site: str, paths: list[str]) -> None:
    for size in SIZES:
        reader.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for path in paths:
            reader.page.goto(f"{site}{path}")
            assert reader.overflow == 0, (path, size)


def test_a_reader_gets_from_the_list_to_the_quote_in_its_sentence(reader: Reader, site: str) -> None:
    page = reader.page
    page.goto(f"{site}/")
    page.get_by_role("link", name="Order concerning certain advanced AI models").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Order concerning certain advanced AI models"
    page.get_by_role("link", name="takes effect on 1 July 2026").click()
    assert page.url.endswith(f"#{page.locator('.witnesses > li:target').get_attribute('id')}")
    assert page.locator(".witnesses > li:target blockquote").inner_text() == ORDER


def test_the_filter_form_finds_by_type_and_name(reader: Reader, site: str) -> None:
    page = reader.page
    page.goto(f"{site}/")
    page.get_by_role("checkbox", name="Easing").check()
    page.get_by_label("Model", exact=True).fill("Beacon 3")
    page.get_by_role("button", name="Show stories").click()
    assert page.get_by_role("article").count() == 1
    assert page.get_by_role("checkbox", name="Easing").is_checked()
    page.get_by_role("link", name="Remove Type easing").click()
    assert page.get_by_role("article").count() == 2


def test_a_chip_leads_to_the_stories_of_its_entity(reader: Reader, site: str) -> None:
    reader.page.goto(f"{site}/")
    reader.page.locator(".chip", has_text="Quanhe Intelligence").click()
    assert reader.page.get_by_role("article").count() == 1
    assert CHINESE_RELEASE in reader.page.get_by_role("article").inner_text()


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(reader: Reader, site: str) -> None:
    page = reader.page
    page.goto(f"{site}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")


def test_each_page_has_its_landmarks_and_labels(reader: Reader, site: str, paths: list[str]) -> None:
    for path in paths:
        reader.page.goto(f"{site}{path}")
        for landmark in ("banner", "main", "contentinfo"):
            assert reader.page.get_by_role(landmark).count() == 1
        assert reader.page.get_by_role("heading", level=1).count() == 1
        unlabelled = "[...document.querySelectorAll('input:not([type=hidden])')].filter(i => !i.labels.length).length"
        assert reader.page.evaluate(unlabelled) == 0


def test_quotes_carry_the_language_and_direction_of_their_source(reader: Reader, filled: Newsroom, site: str) -> None:
    reader.page.goto(f"{site}/stories/{filled.story_id('easing')}")
    quote = reader.page.locator("q[lang=ar]").first
    assert quote.evaluate("q => getComputedStyle(q).direction") == "rtl"
    assert reader.page.locator("html[lang=en]").count() == 1


def test_hostile_titles_break_nothing(reader: Reader, store: Store, newsroom: Newsroom, serve: Serve) -> None:
    fill(newsroom)
    hostile = (
        "<script>document.title = 'taken'</script>",
        "\u202eevil\u2066 reversed",
        "W" * 10_000,
        "&lt;b&gt; {{ 7*7 }}",
    )
    for number, title in enumerate(hostile):
        told = Telling(
            event=f"h{number}", type=EventType.RESTRICTION, cue=title, sentence=f"{title} banned",
            targets=((f"model/h{number}", title),),
        )  # fmt: skip
        newsroom.publish(WIRE, title, f"{title} banned", [told], story=f"h{number}", url=f"https://w.example/{number}")
    failed = PollState(polled_at=NOW, failures=1, error="E" * 5_000)
    store.sources.save_failure(newsroom.ids[WIRE.name], failed)
    events = [newsroom.event_id(f"h{number}") for number in range(len(hostile))]
    with serve(store) as site:
        for path in ("/", "/sources", *(f"/events/{event}" for event in events)):
            for size in SIZES:
                reader.page.set_viewport_size({"width": size["width"], "height": size["height"]})
                reader.page.goto(f"{site}{path}")
                assert reader.overflow == 0, (path, size)
                assert "Export control tracker" in reader.page.title()
        reader.page.goto(f"{site}/")
        assert reader.page.get_by_role("article").count() == 3 + len(hostile)
        assert reader.page.locator("main script").count() == 0
    assert reader.console == []
    assert reader.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sources_in_every_condition_fit_and_can_be_read(
    browser: Browser, store: Store, serve: Serve, scheme: str
) -> None:
    fill_sick_list(store, now=times.now())
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    opened = Reader(context.new_page())
    opened.page.add_init_script(path=Path(__file__).parent / "contrast.js")
    with serve(store) as site:
        for size in SIZES:
            opened.page.set_viewport_size({"width": size["width"], "height": size["height"]})
            opened.page.goto(f"{site}/sources")
            assert opened.overflow == 0, size
            assert opened.page.evaluate("window.poorContrast()") == [], size
            heights = [state.bounding_box() for state in opened.page.locator(".state").all()]
            assert all(box and box["height"] < 30 for box in heights), size  # none is drawn as another part
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_aa_contrast(browser: Browser, site: str, paths: list[str], scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.add_init_script(path=Path(__file__).parent / "contrast.js")
    for path in paths:
        page.goto(f"{site}{path}")
        assert page.evaluate("window.poorContrast()") == [], (path, scheme)
    context.close()
