"""Sources in every condition, as the looks of a real day would leave them."""

from dataclasses import replace
from datetime import datetime, timedelta

from tracker.store import Store
from tracker.types import PollState, Source, Tier

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

GAZETTE = Source(
    name="Government Gazette", kind="federal_register", url="https://gazette.example/api", family="Commerce", tier=Tier.PRIMARY
)  # fmt: skip
NAMES = {
    "failing": "Northern Wire",
    "retired": "Evening Cable",
    "empty": "Ministry notices",
    "stale": "Harbour Daily",
    "off topic": "科技日报网",
    "waiting": "New Weekly",
    "ok": GAZETTE.name,
}


def fill(store: Store, *, now: datetime) -> None:
    """Put one source of each condition into `store`; the conditions hold at `now`."""
    news = [
        Source(name=n, kind="feed", url=f"https://{number}.example/feed", family=n)
        for number, n in enumerate(NAMES.values())
    ]
    store.sources.sync([source for source in news if source.name != GAZETTE.name] + [GAZETTE])
    well = PollState(
        polled_at=now - HOUR / 4, succeeded_at=now - HOUR / 4, newest_entry_at=now - 2 * HOUR, listed=40, seen=212.0,
        on_topic=31.0, next_due_at=now + HOUR / 2,
    )  # fmt: skip
    broken = replace(well, succeeded_at=now - 3 * DAY, failures=14, error="HTTP 503 (Service Unavailable)")
    states = {
        "failing": broken,
        "retired": replace(broken, error="HTTP 410", retired_at=now - 9 * DAY, next_due_at=now + 21 * DAY),
        "empty": replace(well, listed=0),
        "stale": replace(well, newest_entry_at=now - 97 * DAY),
        "off topic": replace(well, on_topic=0.0),
        "waiting": PollState(),
        "ok": well,
    }
    ids = {health.source.name: health.id for health in store.sources.health()}
    for condition, state in states.items():
        store.sources.save_failure(ids[NAMES[condition]], state)
