import pytest

from tracker import knowledge
from tracker.understand import Understander
from tracker.understand.entities import EntityFinder


@pytest.fixture(scope="session")
def finder() -> EntityFinder:
    return EntityFinder(knowledge.load())


@pytest.fixture(scope="session")
def understander() -> Understander:
    return Understander(knowledge.load())
