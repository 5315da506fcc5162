"""A migrated store on either database."""

from collections.abc import Iterator

import pytest

from tracker.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()
