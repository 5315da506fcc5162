"""What is known: the shipped knowledge base, with what people taught one database laid over it."""

from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.knowledge import KnowledgeBase, load
from tracker.knowledge.edits import apply_edits
from tracker.store.entities import Entities

if TYPE_CHECKING:
    from tracker.understand import Understander


def known(entities: Entities) -> KnowledgeBase:
    """Return the knowledge base as people left it; it is built anew only where that has changed."""
    version = entities.version()
    return _overlaid(entities, version) if version else load()


def understander(entities: Entities) -> "Understander":
    """Return the NLP stage that knows what people taught."""
    return _understander(entities, entities.version())


@lru_cache(maxsize=1)
def _overlaid(entities: Entities, _version: int) -> KnowledgeBase:
    return apply_edits(load(), entities.edits())


@lru_cache(maxsize=1)
def _understander(entities: Entities, version: int) -> "Understander":
    """Load the NLP stage when the first text needs it: what it imports takes a second."""
    from tracker.understand import Understander, load_understander  # noqa: PLC0415 (see above)

    return Understander(_overlaid(entities, version)) if version else load_understander()
