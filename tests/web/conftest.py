from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.web.front_page import fill
from tests.web.newsroom import Newsroom
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
