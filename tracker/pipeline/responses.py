"""What the record says of governments that hit back."""

from datetime import date

from tracker.pipeline.knowing import known
from tracker.pipeline.severe import paged
from tracker.store import Store
from tracker.store.queries import EventQuery
from tracker.types import EventType, Modality
from tracker.weighing.responses import Responses, response_times

_PAGE = 200


def responses_on_record(store: Store, *, since: date | None = None) -> list[Responses]:
    """Gather how long governments took to answer each other, by the stories that hold a retaliation since a day."""
    query = EventQuery(types=(EventType.RETALIATION,), modalities=(Modality.ACT,), since=since, limit=_PAGE)
    return response_times(paged(store.queries.stories, query), known(store.entities))
