"""What people say of reports, made into verdicts and kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from tracker.errors import InputError
from tracker.knowledge import KnowledgeBase, teaching
from tracker.knowledge.edits import Author
from tracker.pipeline.articles import QUIET_RULES
from tracker.store.reviews import Reviewed, Reviews
from tracker.types import EventType, Labels, Mention, Modality, Named, Review, Verdict

Parts = Sequence[tuple[str, str]]

VERDICT_FIELDS = "type, modality, date, actors, targets"
_NONE = "none"
_Choice = TypeVar("_Choice", bound=StrEnum)


def read_verdict(parts: Parts, reviewed: Reviewed, kb: KnowledgeBase) -> Verdict:
    """Make a person's answer a verdict on a report; InputError where it is none.

    `right`, `no event`, or the fields that were read wrong, each with what it should be.
    """
    match [*parts]:
        case [("right", "")]:
            return Verdict()
        case [("no", "event")]:
            return Verdict(is_event=False)
    said = Verdict()
    for field, value in parts:
        match field:
            case "type":
                said = replace(said, type=choose(EventType, field, value))
            case "modality":
                said = replace(said, modality=choose(Modality, field, value))
            case "date":
                said = replace(said, date=days(value))
            case "actors" | "targets":
                named = tuple(_find(kb, reviewed.mentions, name, field[:-1]) for name in listed(field, value))
                said = replace(said, actors=named) if field == "actors" else replace(said, targets=named)
            case _:
                raise InputError(f"{field} is no answer here; expected right, no event, or one of {VERDICT_FIELDS}")
    return said


def judge(reviews: Reviews, reviewed: Reviewed, position: int, verdict: Verdict, author: Author) -> None:
    """Keep a verdict on the report at `position`; what it corrects of the event shows at once."""
    reviews.keep([as_review(reviewed, position, verdict, author)], QUIET_RULES)


def as_review(reviewed: Reviewed, position: int, verdict: Verdict, author: Author) -> Review:
    """Make a verdict on the report at `position` a review."""
    report = reviewed.reports[position]
    return Review(
        article_id=reviewed.article.id,
        position=position,
        report=report,
        verdict=verdict,
        by=author.by,
        at=author.at,
        why=author.why,
    )


def label(reviews: Reviews, reviewed: Reviewed, labels: Labels, author: Author) -> None:
    """Keep what a person found in an article as a whole."""
    reviews.keep_labels(reviewed.article.id, labels, by=author.by, at=author.at, why=author.why)


def choose(choices: type[_Choice], field: str, value: str) -> _Choice:
    """Read one of `choices`, written with spaces or underscores; InputError where it is none."""
    try:
        return choices(value.lower().replace(" ", "_"))
    except ValueError as error:
        allowed = ", ".join(choice.value.replace("_", " ") for choice in choices)
        raise InputError(f"{field} {value}".strip() + f": expected {allowed}") from error


def days(value: str) -> tuple[date, ...]:
    """Read a day, or `none`."""
    if value == _NONE:
        return ()
    try:
        return (date.fromisoformat(value),)
    except ValueError as error:
        raise InputError(f"date {value}".strip() + ": expected a day such as 2026-06-13, or none") from error


def listed(field: str, value: str) -> list[str]:
    """Read names apart by commas, or `none`."""
    names = [name.strip() for name in value.split(",") if name.strip()]
    if not names:
        raise InputError(f"{field}: expected names, or none")
    return [] if names == [_NONE] else names


def _find(kb: KnowledgeBase, mentions: Sequence[Mention], name: str, role: str) -> Named:
    """Return whom a name or id stands for: before all others the one that the article names so, known or not."""
    article = {
        mention.entity_id: Named(entity_id=mention.entity_id, kind=mention.kind, name=mention.name, role=role)
        for mention in mentions
    }
    meant = {one.id for one in teaching.find(kb, name)} | ({f"country/{name.upper()}"} & kb.entities.keys())
    named = [
        one
        for one in article.values()
        if one.entity_id in meant or name.casefold() in {one.entity_id, one.name.casefold()}
    ]
    if len(named) == 1:
        return named[0]
    entity = kb.entities[min(meant)] if len(meant) == 1 else teaching.find_one(kb, name)
    return Named(entity_id=entity.id, kind=entity.kind, name=entity.name, role=role)
