"""What people did to a story, in words: merged, split, corrected, with who, when and why.  Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker import words
from tracker.types import Place, Regrouping, Review, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that a person did."""

    at: datetime
    by: str
    what: str
    why: str | None


def trail(regroupings: Iterable[Regrouping], reviews: Iterable[Review]) -> tuple[Deed, ...]:
    """Write what people did in the order in which they did it; what was said of several reports at once is one deed."""
    merged = [Deed(at=one.at, by=one.by, what=_regrouped(one), why=one.why) for one in regroupings]
    return tuple(sorted([*merged, *_reviewed(reviews)], key=lambda deed: deed.at))


def _regrouped(one: Regrouping) -> str:
    left, right = (_articles(place.article_id for place in side) for side in (one.left, one.right))
    verb = ("Joined" if one.together else "Parted") + (" the reports of" if one.is_of_reports else "")
    return f"{verb} {left} {'with' if one.together else 'from'} {right}" + _typed(one.left)


def _typed(places: Sequence[Place]) -> str:
    types = dict.fromkeys(words.inner_label(place.type) for place in places if place.type)
    return f" ({', '.join(types)})" if types else ""


def _reviewed(reviews: Iterable[Review]) -> Iterator[Deed]:
    at_once: defaultdict[tuple[datetime, str, str | None, str], list[Review]] = defaultdict(list)
    for review in reviews:
        at_once[review.at, review.by, review.why, words.verdict(review.verdict)].append(review)
    for (at, by, why, _), said in at_once.items():
        articles = _articles(review.article_id for review in said)
        reports = "the report" if len(said) == 1 else f"{len(said)} reports"
        yield Deed(at=at, by=by, what=_judged(said[0].verdict, f"{reports} of {articles}"), why=why)


def _judged(verdict: Verdict, reports: str) -> str:
    if not verdict.is_event:
        return f"Marked {reports} as no event"
    if verdict == Verdict():
        return f"Confirmed {reports}"
    return f"Corrected {reports}: {words.verdict(verdict)}"


def _articles(numbers: Iterable[int]) -> str:
    return words.listed([f"A{number}" for number in dict.fromkeys(numbers)])
