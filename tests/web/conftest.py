from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.front_page import fill
from tests.web.newsroom import Newsroom
from tests.web.reading import CHROMIUM, Reader
from tests.web.serving import serving
from tracker.config import Settings, load_settings
from tracker.store import Store
from tracker.web import create_app

Serve = Callable[[Store], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def settings() -> Settings:
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("TRACKER_CONFIG", raising=False)
        return load_settings()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/tracker.db")
    yield opened
    opened.close()


@pytest.fixture
def newsroom(store: Store) -> Newsroom:
    return Newsroom(store)


@pytest.fixture(scope="session")
def serve(settings: Settings) -> Serve:
    return lambda store: serving(create_app(store, settings))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """One database for all tests that only read."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('web')}/tracker.db")
    newsroom = Newsroom(store)
    fill(newsroom)
    yield newsroom
    store.close()


@pytest.fixture(scope="session")
def site(filled: Newsroom, serve: Serve) -> Iterator[str]:
    with serve(filled.store) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = Reader(context.new_page())
    opened.page.on("console", lambda message: opened.console.append(message.text))
    opened.page.on("pageerror", lambda error: opened.console.append(str(error)))
    opened.page.on("request", lambda request: opened.hosts.add(urlsplit(request.url).hostname))
    yield opened
    context.close()
