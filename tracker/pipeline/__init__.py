"""The five stages in order: the one page to read first.

collect → read → understand → relate → notify.  Each stage takes what the one before it left in the database and
may be run twice.  The stages' packages decide, the store keeps; this package joins the two and decides nothing.
"""

from collections.abc import Callable

from tracker.pipeline.articles import read, relate, understand
from tracker.pipeline.collect import collect
from tracker.pipeline.job import Counts, Job
from tracker.pipeline.notify import notify
from tracker.pipeline.pages import fetch_pages
from tracker.pipeline.polling import background_polling

STAGES: dict[str, Callable[[Job], Counts]] = {
    "collect": collect,
    "read": read,
    "understand": understand,
    "relate": relate,
    "notify": notify,
}

# The stages beside `background_polling`, which goes on all the time: collecting is left with the pages.
BESIDE_POLLING = STAGES | {"collect": fetch_pages}

__all__ = ["BESIDE_POLLING", "STAGES", "Counts", "Job", "background_polling"]
