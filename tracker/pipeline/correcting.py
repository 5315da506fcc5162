"""What a person corrects of an event: a verdict on each of its reports."""

from dataclasses import fields, replace

from tracker.errors import InputError
from tracker.knowledge.edits import Author
from tracker.pipeline.articles import QUIET_RULES
from tracker.pipeline.knowing import known
from tracker.pipeline.reviewing import Parts, as_review, read_verdict
from tracker.store import Store
from tracker.types import Event, Review, Verdict


def correct(store: Store, whole: tuple[str, int], parts: Parts, author: Author) -> list[Event]:
    """Correct an event (E) in all its reports at once, or all that an article (A) reports; return the events now.

    `parts` are as in a review of one report.  A field that is not among them stays as it was read or corrected before.
    """
    places = _places(store, *whole)
    kb = known(store.entities)
    reviews: list[Review] = []
    for article_id, position in places:
        reviewed = store.reviews.of_article(article_id)
        before = reviewed.reviews.get(position)
        verdict = _laid_over(before.verdict if before else Verdict(), read_verdict(parts, reviewed, kb))
        reviews.append(as_review(reviewed, position, verdict, author))
    store.reviews.keep(reviews, QUIET_RULES)
    events = store.queries.story_of(places[0][0]).events
    return [one for one in events if any((w.article_id, w.position) in places for w in one.witnesses)]


def _places(store: Store, kind: str, number: int) -> list[tuple[int, int]]:
    """Return the articles and positions of the reports that are meant."""
    if kind == "E":
        event = store.queries.event(number)
        if event is None:
            raise InputError(f"there is no E{number}; see tracker events, or correct what an article reports (A7)")
        return [(witness.article_id, witness.position) for witness in event.witnesses]
    if store.queries.article(number) is None:
        raise InputError(f"there is no A{number}")
    places = [(number, position) for position in store.reviews.of_article(number).reports]
    if not places:
        raise InputError(f"A{number} reports nothing that could be corrected")
    return places


def _laid_over(before: Verdict, said: Verdict) -> Verdict:
    """Return what was said last, and of fields that it leaves open what was said before."""
    if not said.is_event or said == Verdict():
        return said
    given = {field.name: value for field in fields(said) if (value := getattr(said, field.name)) is not None}
    return replace(before, **given)
