"""What people did to stories and events, for whoever asks what was put right."""

from tracker.store import Store
from tracker.telling.trail import Deed, trail
from tracker.types import Event, Story


def deeds(store: Store, whole: Story | Event) -> tuple[Deed, ...]:
    """List what people did to a story and all that its articles report, or to an event."""
    if isinstance(whole, Event):
        return _deeds_of_event(store, whole)
    articles = [article.id for article in store.queries.story_articles(whole.id)]
    return trail(store.regroupings.of_articles(articles), store.reviews.given(articles))


def _deeds_of_event(store: Store, event: Event) -> tuple[Deed, ...]:
    articles = sorted({witness.article_id for witness in event.witnesses})
    regroupings = [
        one
        for one in store.regroupings.of_articles(articles)
        if any(place.is_of(witness) for place in (*one.left, *one.right) for witness in event.witnesses)
    ]
    places = {(witness.article_id, witness.position) for witness in event.witnesses}
    reviews = [one for one in store.reviews.given(articles) if (one.article_id, one.position) in places]
    return trail(regroupings, reviews)
