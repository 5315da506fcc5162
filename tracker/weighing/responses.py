"""How long governments take to hit back at each other.  Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from tracker.knowledge import KnowledgeBase
from tracker.types import EventType, Modality, Story
from tracker.weighing.links import Link, LinkKind, story_links
from tracker.weighing.reach import authorities


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """What one government did to answer another, and after how many days; the countries are ISO codes.

    `links` are in the order of their answers' days.
    """

    first: str
    answering: str
    links: tuple[Link, ...]

    @property
    def days(self) -> list[int]:
        return sorted(link.days for link in self.links)

    @property
    def median(self) -> float:
        return float(median(self.days))


def response_times(stories: Iterable[Story], knowledge: KnowledgeBase) -> list[Responses]:
    """Gather the retaliation of stories by who answered whom, the most frequent pair first."""
    pairs = [
        (first, answering, link)
        for story in stories
        for link in story_links(story.events, knowledge)
        if _is_answer(link)
        for first in authorities(link.earlier, knowledge)
        for answering in authorities(link.event, knowledge)
    ]
    pairs.sort(key=lambda pair: (pair[0], pair[1], pair[2].event.first_reported_at, pair[2].event.id))
    found = [
        Responses(first=first, answering=answering, links=tuple(link for _, _, link in group))
        for (first, answering), group in groupby(pairs, key=lambda pair: pair[:2])
    ]
    return sorted(found, key=lambda one: (-len(one.links), one.first, one.answering))


def _is_answer(link: Link) -> bool:
    event = link.event
    is_act = event.type is EventType.RETALIATION and event.modality is Modality.ACT
    return link.kind is LinkKind.RESPONDS_TO and is_act and link.earlier.type is not EventType.EASING
