"""Reports into events, events into stories.  Pure: what is known and what came in give what to write."""

from tracker.relate.events import fold_event, tell
from tracker.relate.profiles import lookup_keys, profile_article
from tracker.relate.stories import WINDOW, follow, gather
from tracker.relate.web import Web

__all__ = ["WINDOW", "Web", "fold_event", "follow", "gather", "lookup_keys", "profile_article", "tell"]
