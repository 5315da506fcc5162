"""Which story an article belongs to."""

from collections.abc import Sequence
from datetime import timedelta

from tracker.relate.events import place_reports
from tracker.relate.terms import cosine, join_profiles, profile_article
from tracker.types import Candidate, Incoming, Placement, StoryProfile

# Beyond this gap an article starts a new story: two like events a year apart are two stories.
WINDOW = timedelta(days=60)

# Text decides, entities break ties; tuned on development documents (docs/design.md).
_TEXT_SHARE = 0.5
_THRESHOLD = 0.28


def place(incoming: Incoming, candidates: Sequence[Candidate]) -> Placement:
    """Choose the story that the article continues, or a new one, and the event that each of its reports tells."""
    profile = profile_article(incoming)
    best = max(candidates, key=lambda c: (likeness(profile, c.profile), -c.story_id), default=None)
    if best is None or likeness(profile, best.profile) < _THRESHOLD:
        return Placement(story_id=None, profile=profile, events=place_reports(incoming, ()))
    joined = join_profiles(best.profile, profile)
    return Placement(story_id=best.story_id, profile=joined, events=place_reports(incoming, best.events))


def likeness(article: StoryProfile, story: StoryProfile) -> float:
    """Return how alike an article and a story are, 0 to 1: text, entities, and closeness in time."""
    text = cosine(article.terms, story.terms)
    entities = cosine(article.entities, story.entities)
    return (_TEXT_SHARE * text + (1 - _TEXT_SHARE) * entities) * _closeness(article, story)


def _closeness(article: StoryProfile, story: StoryProfile) -> float:
    gap = max(story.first_at - article.last_at, article.first_at - story.last_at, timedelta(0))
    return 0.0 if gap > WINDOW else 1 - 0.5 * (gap / WINDOW)
