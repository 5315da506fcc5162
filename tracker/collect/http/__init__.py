"""The one place that opens outward connections: limits, redirects, and the address check on every hop."""

from tracker.collect.http.answers import Fetched, http_date
from tracker.collect.http.client import Client

__all__ = ["Client", "Fetched", "http_date"]
