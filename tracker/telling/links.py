"""How links between events are worded.  Pure."""

from collections.abc import Iterable, Iterator

from tracker import words
from tracker.telling import gist
from tracker.types import Event
from tracker.weighing.links import Link, LinkKind

_FORWARD = {
    LinkKind.REVERSES: "Reverses",
    LinkKind.IMPLEMENTS: "Carries out",
    LinkKind.AMENDS: "Changes",
    LinkKind.RESPONDS_TO: "Answers",
}
_BACKWARD = {
    LinkKind.REVERSES: "Reversed by",
    LinkKind.IMPLEMENTS: "Carried out by",
    LinkKind.AMENDS: "Changed by",
    LinkKind.RESPONDS_TO: "Answered by",
}


def linked(event: Event, links: Iterable[Link]) -> Iterator[tuple[str, Event, str]]:
    """Yield how an event hangs together with others: ("Answers", the other, "3 days later")."""
    for link in links:
        later = f"{words.count(link.days, 'day')} later" if link.days else "on the same day"
        if link.event.id == event.id:
            yield _FORWARD[link.kind], link.earlier, later
        elif link.earlier.id == event.id:
            yield _BACKWARD[link.kind], link.event, later


def link_line(label: str, other: Event, later: str) -> str:
    """Write a link in one line: "Answers E5: Commerce Department restricts Claude, 3 days later"."""
    return f"{label} E{other.id}: {words.clip(gist(other, None), _GIST_LIMIT)}, {later}"


_GIST_LIMIT = 120
