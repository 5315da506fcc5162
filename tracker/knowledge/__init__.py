"""The knowledge base: data files, their loader (`load`) and their checker (`check.problems`); no decisions."""

from tracker.knowledge.base import (
    Alias,
    Case,
    Family,
    Guard,
    KnowledgeBase,
    Lookalikes,
    SharedAlias,
    SharedRule,
)
from tracker.knowledge.loader import load

__all__ = [
    "Alias",
    "Case",
    "Family",
    "Guard",
    "KnowledgeBase",
    "Lookalikes",
    "SharedAlias",
    "SharedRule",
    "load",
]
