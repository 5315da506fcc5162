"""The companies, models, chips, agencies and countries that an article names."""

from tracker.understand.entities.finder import EntityFinder

__all__ = ["EntityFinder"]
