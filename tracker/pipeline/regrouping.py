"""What people merge and split, from ids as they are shown to what is kept."""

from collections.abc import Collection, Sequence

from tracker.errors import InputError
from tracker.knowledge.edits import Author
from tracker.pipeline.articles import QUIET_RULES
from tracker.store import Store
from tracker.types import Article, Event, Place, Regrouping, Story

Ids = Sequence[tuple[str, int]]


def merge(store: Store, ids: Ids, author: Author) -> Story | Event:
    """Make stories one, or events of a story; return what they went into.  InputError where they are no such thing."""
    first, *others = check_merge(store, ids)
    right = tuple(place for other in others for place in _places(store, other))
    _keep(store, _places(store, first), right, author, together=True)
    return _find(store, *ids[0])


def check_merge(store: Store, ids: Ids) -> list[Story | Event]:
    """Return what a merge would make one.  InputError where they cannot be."""
    kinds = {kind for kind, _ in ids}
    if len(set(ids)) < 2 or kinds not in ({"S"}, {"E"}):  # noqa: PLR2004 (one cannot be merged)
        raise InputError("expected two or more stories (S3 S9) or two or more events (E12 E15)")
    found = [_find(store, kind, number) for kind, number in ids]
    if len({one.id for one in found}) < len(found):
        raise InputError("these are one already")
    for other in found[1:]:
        _check_same_story(found[0], other)
    return found


def split(store: Store, whole: tuple[str, int], articles: Collection[int], author: Author) -> Story | Event:
    """Take articles out of a story, or their reports out of an event; return what they make now.

    InputError where the articles are not in it, or are all of it.
    """
    found, left, right = _check_split(store, whole, articles)
    _keep(store, left, right, author, together=False)
    return _now(store, found, left[0])


def check_split(store: Store, whole: tuple[str, int], articles: Collection[int]) -> frozenset[int]:
    """Return which articles a split would take out.  InputError where it cannot be."""
    _, left, _ = _check_split(store, whole, articles)
    return frozenset(place.article_id for place in left)


def _check_same_story(first: Story | Event, other: Story | Event) -> None:
    if isinstance(first, Event) and isinstance(other, Event) and other.story_id != first.story_id:
        raise InputError(
            f"E{first.id} and E{other.id} are in different stories: "
            f"merge these first (S{first.story_id} and S{other.story_id})"
        )


def _check_split(
    store: Store, whole: tuple[str, int], articles: Collection[int]
) -> tuple[Story | Event, tuple[Place, ...], tuple[Place, ...]]:
    found = _find(store, *whole)
    places = _places(store, found)
    gone = {article.copy_of or article.id for article in _articles(store, articles)}
    left = tuple(place for place in places if place.article_id in gone)
    right = tuple(place for place in places if place.article_id not in gone)
    name = f"{whole[0]}{whole[1]}"
    if not gone:
        raise InputError("expected the articles to take out, at least one")
    if gone - {place.article_id for place in left}:
        raise InputError(f"not every one of these articles is in {name}; see tracker show {name}")
    if not right:
        raise InputError(f"these articles are all that {name} has; a split leaves at least one")
    return found, left, right


def _keep(store: Store, left: tuple[Place, ...], right: tuple[Place, ...], author: Author, *, together: bool) -> None:
    said = Regrouping(together=together, left=left, right=right, by=author.by, at=author.at, why=author.why)
    store.regroupings.keep(said, QUIET_RULES)


def _now(store: Store, whole: Story | Event, place: Place) -> Story | Event:
    story = store.queries.story_of(place.article_id)
    if isinstance(whole, Story):
        return story
    return next(event for event in story.events if any(place.is_of(one) for one in event.witnesses))


def _places(store: Store, found: Story | Event) -> tuple[Place, ...]:
    if isinstance(found, Story):
        articles = store.queries.story_articles(found.id)
        return tuple(Place(article_id=article.id) for article in articles if article.copy_of is None)
    return tuple(Place.of(witness.article_id, witness.report) for witness in found.witnesses)


def _articles(store: Store, numbers: Collection[int]) -> list[Article]:
    found = []
    for number in sorted(numbers):
        article = store.queries.article(number)
        if article is None:
            raise InputError(f"there is no A{number}")
        found.append(article)
    return found


def _find(store: Store, kind: str, number: int) -> Story | Event:
    if kind not in {"S", "E"}:
        raise InputError(f"{kind}{number}: expected S3 (a story) or E12 (an event)")
    return _story(store, number) if kind == "S" else _event(store, number)


def _story(store: Store, number: int) -> Story:
    if (found := store.queries.story(number)) is None:
        raise InputError(f"there is no S{number}; see tracker stories")
    return found


def _event(store: Store, number: int) -> Event:
    if (found := store.queries.event(number)) is None:
        raise InputError(f"there is no E{number}; see tracker events")
    return found
