"""Editors put right on the pages, in a real browser without scripts; nobody else can."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from tests.making import NOW, make_report
from tests.store.test_regroupings import BLOCKED, GLM, HELIUM, events, stories, tell
from tests.web.reading import NEEDS_BROWSER, SIZES, Reader
from tests.web.serving import serving
from tracker.config import Settings, load_settings
from tracker.errors import ConfigError
from tracker.pipeline.editors import let_in
from tracker.store import Store
from tracker.types import EventType
from tracker.web import create_app

pytestmark = NEEDS_BROWSER

SECRET = "a secret of at least thirty-two characters"


@pytest.fixture
def edited(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve two stories, the first of two articles, to editors."""
    for number in (1, 2):
        tell(store, number, BLOCKED)
    tell(store, 3, HELIUM, GLM)
    with serving(create_app(store, allowing(tmp_path, monkeypatch))) as address:
        yield address


def allowing(folder: Path, monkeypatch: pytest.MonkeyPatch, secret: str | None = SECRET) -> Settings:
    if secret:
        monkeypatch.setenv("TRACKER_SECRET_KEY", secret)
    (folder / "config.toml").write_text("[web]\neditors = true\n", encoding="utf-8")
    return load_settings(folder / "config.toml")


@pytest.fixture
def page(browser: Browser, edited: str, store: Store) -> Iterator[Page]:
    """A browser without scripts in which Mira has signed in."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900}, base_url=edited)
    opened = context.new_page()
    sign_in(opened, let_in(store.editors, "mira", now=NOW))
    yield opened
    context.close()


def sign_in(page: Page, key: str, name: str = "mira") -> None:
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your key").fill(key)
    page.get_by_role("button", name="Sign in").click()


def test_an_editor_merges_two_stories_and_splits_them_again(page: Page, store: Store) -> None:
    page.goto("/stories/1")
    page.get_by_role("link", name="Merge with another story").click()
    page.get_by_label("Or the number of another story").fill("S2")
    page.get_by_label("Why").fill("one order, two beats")
    page.get_by_role("button", name="Look at it first").click()
    assert page.locator(".choices li").count() == 2
    assert len(stories(store)) == 2  # looking changes nothing
    page.get_by_role("button", name="Merge them").click()
    assert page.get_by_role("status").inner_text() == "S1 and S2 are one now."
    assert stories(store) == {1: [1, 2, 3]}
    page.get_by_role("link", name="Split articles off").click()
    page.get_by_role("checkbox", name="A3").check()
    page.get_by_label("Why").fill("helium is no model")
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Split them off").click()
    assert sorted(stories(store).values()) == [[1, 2], [3]]
    deeds = page.locator(".deeds").inner_text()
    assert "Joined A1 and A2 with A3" in deeds
    assert "helium is no model · mira" in deeds


def test_an_editor_splits_and_merges_the_reports_of_an_event(page: Page, store: Store) -> None:
    page.goto("/events/1/split")
    page.get_by_role("checkbox", name="A2").check()
    page.get_by_label("Why").fill("another order")
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Split them off").click()
    assert [1] in events(store).values()
    page.get_by_role("link", name="Merge with another event").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Why").fill("the same after all")
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Merge them").click()
    assert [1, 2] in events(store).values()


def test_an_editor_corrects_what_was_read_wrong(page: Page, store: Store) -> None:
    page.goto("/events/1")
    page.get_by_role("link", name="Correct").click()
    page.get_by_label("What it is").select_option("easing")
    page.get_by_label("The day of it").fill("2026-06-12")
    page.get_by_label("Who or what is hit").fill("Nvidia")
    page.get_by_label("Why").fill("the order says so")
    page.get_by_role("button", name="Correct it").click()
    event = store.queries.event(1)
    assert event is not None
    assert (event.type, str(event.date)) == (EventType.EASING, "2026-06-12")
    assert [one.name for one in event.entities if one.role == "target"] == ["Nvidia"]
    assert "type easing; date 2026-06-12; targets Nvidia" in page.locator(".deeds").inner_text()


def test_an_event_that_is_none_is_marked_after_a_second_look(page: Page, store: Store) -> None:
    page.goto("/events/1/wrong")
    page.get_by_label("Why").fill("a column, no order")
    page.get_by_role("button", name="Look at it first").click()
    assert 1 in events(store)
    page.get_by_role("button", name="Mark as no event").click()
    assert 1 not in events(store)
    assert page.get_by_role("status").inner_text() == "E1 is no event any more."
    assert "Marked 2 reports of A1 and A2 as no event" in page.locator(".deeds").inner_text()


def test_a_form_that_says_too_little_comes_back_as_it_was_filled_in(page: Page, store: Store) -> None:
    page.goto("/stories/1/merge")
    page.get_by_label("Or the number of another story").fill("S99")
    page.get_by_label("Why").fill("because")
    page.get_by_role("button", name="Look at it first").click()
    assert "there is no S99" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Or the number of another story").input_value() == "S99"
    page.goto("/events/1/correct")
    page.get_by_label("Who or what is hit").fill("Nobody Ever Heard")
    page.get_by_label("Why").fill("because")
    page.get_by_role("button", name="Correct it").click()
    assert "Nobody Ever Heard" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Who or what is hit").input_value() == "Nobody Ever Heard"
    assert store.reviews.given([1, 2]) == []


def test_readers_see_what_was_put_right_and_why_but_not_by_whom(page: Page, edited: str) -> None:
    page.goto("/events/1/correct")
    page.get_by_label("What it is").select_option("easing")
    page.get_by_label("Why").fill("the order says so")
    page.get_by_role("button", name="Correct it").click()
    for path in ("/stories/1", "/events/1"):
        seen = httpx2.get(f"{edited}{path}").text
        assert "Corrected 2 reports of A1 and A2: type easing" in seen
        assert "the order says so" in seen
        assert "mira" not in seen
        assert "Split" not in seen


def test_the_forms_fit_a_desk_and_a_telephone_and_say_nothing_to_the_console(
    reader: Reader, edited: str, store: Store
) -> None:
    reader.page.goto(f"{edited}/sign-in")
    sign_in(reader.page, let_in(store.editors, "mira", now=NOW))
    reader.page.add_init_script(path=Path(__file__).parent / "contrast.js")
    forms = [f"/events/1/{action}" for action in ("correct", "merge", "split", "wrong")]
    for path in ("/sign-in", "/stories/1", "/events/1", "/stories/1/merge", "/stories/1/split", *forms):
        for size in SIZES:
            reader.page.set_viewport_size({"width": size["width"], "height": size["height"]})
            reader.page.goto(f"{edited}{path}")
            assert reader.overflow == 0, (path, size)
            assert reader.page.evaluate("window.poorContrast()") == [], (path, size)
    assert reader.console == []
    assert reader.hosts == {"127.0.0.1"}


def test_signing_out_and_losing_the_key_both_end_it(page: Page, store: Store) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/stories/1/merge")
    assert "/sign-in?next=/stories/1/merge" in page.url
    sign_in(page, let_in(store.editors, "noor", now=NOW), "noor")
    assert page.url.endswith("/stories/1/merge")
    store.editors.remove("noor")
    page.goto("/stories/1/merge")
    assert "/sign-in" in page.url


def test_a_wrong_key_lets_nobody_in(page: Page) -> None:
    page.context.clear_cookies()
    sign_in(page, "not a key")
    assert "no editor of this name with this key" in page.get_by_role("alert").inner_text()
    page.goto("/stories/1")
    assert page.get_by_role("button", name="Sign out").count() == 0


def test_the_cookie_is_kept_from_scripts_and_other_sites(page: Page) -> None:
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_a_form_that_is_not_ours_does_nothing(edited: str, store: Store, page: Page) -> None:
    (cookie,) = page.context.cookies()
    with httpx2.Client(cookies={"tracker": cookie["value"]}) as client:
        said = {"other": "S2", "why": "mischief", "confirmed": "yes"}
        for headers, token in (({}, ""), ({}, "guess"), ({"sec-fetch-site": "cross-site"}, ours(client, edited))):
            answer = client.post(f"{edited}/stories/1/merge", data=said | {"token": token}, headers=headers)
            assert answer.status_code == 403
        assert client.get(f"{edited}/sign-out").status_code == 405
    unsigned = httpx2.post(f"{edited}/stories/1/merge", data=said)
    assert unsigned.status_code == 403
    assert len(stories(store)) == 2


def ours(client: httpx2.Client, site: str) -> str:
    """Return the token of the session's forms."""
    return client.get(f"{site}/stories/1/merge").text.split('name="token" value="')[1].split('"')[0]


def test_what_leads_elsewhere_after_signing_in_is_not_followed(edited: str, store: Store) -> None:
    key = let_in(store.editors, "mira", now=NOW)
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        with httpx2.Client() as client:
            token = client.get(f"{edited}/sign-in").text.split('name="token" value="')[1].split('"')[0]
            sent = {"name": "mira", "key": key, "token": token, "next": elsewhere}
            assert client.post(f"{edited}/sign-in", data=sent).headers["location"] == "/"


def test_without_the_setting_nobody_can_sign_in(site: str) -> None:
    assert httpx2.get(f"{site}/sign-in").status_code == 404
    assert httpx2.post(f"{site}/stories/1/merge").status_code in {404, 405}


@pytest.mark.parametrize("secret", [None, "short"])
def test_signing_in_needs_a_secret_of_some_length(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str | None
) -> None:
    with pytest.raises(ConfigError, match="TRACKER_SECRET_KEY, 32 characters"):
        create_app(store, allowing(tmp_path, monkeypatch, secret))


def test_events_of_other_stories_are_not_merged(page: Page, store: Store) -> None:
    tell(store, 4, HELIUM, make_report(targets=("GLM-5.2",)))
    (cookie,) = page.context.cookies()
    site = page.url.rstrip("/").rsplit("/", 1)[0] if page.url.count("/") > 3 else page.url.rstrip("/")
    with httpx2.Client(cookies={"tracker": cookie["value"]}) as client:
        said = {"with": "2", "why": "one", "token": ours(client, site)}
        answer = client.post(f"{site}/events/1/merge", data=said)
    assert answer.status_code == 400
    assert "different stories" in answer.text
