"""Details of a report beside its entities and dates: who is hit, by what instrument, and how much."""

from tracker.understand.details.choosing import add_details

__all__ = ["add_details"]
