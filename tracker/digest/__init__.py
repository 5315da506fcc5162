"""The weekly digest: what goes into it and how it looks.  Pure, apart from reading its templates."""

from collections.abc import Sequence
from email.message import EmailMessage
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from tracker import words
from tracker.types import Event, EventType, Story, Subscription, Witness

_EVENTS_SHOWN = 4
_ORDER = {kind: rank for rank, kind in enumerate(EventType)}


def compose_digest(
    stories: Sequence[tuple[Story, tuple[str, ...]]],
    *,
    week: str,
    subscription: Subscription,
    looked_at: str,
    public_url: str,
    sender: str,
) -> EmailMessage:
    """Write the digest of a week as plain text and HTML.

    `stories` are those that matched, each with why in words; `looked_at` says which sources were up, so that an
    empty digest means something.
    """
    ranked = sorted(stories, key=lambda pair: (min(_ORDER[e.type] for e in pair[0].events), -pair[0].id))
    told = words.count(len(ranked), "story").replace("storys", "stories")
    values = {
        "stories": [(story, why, _events(story)) for story, why in ranked],
        "told": told,
        "week": week,
        "filter": subscription.filter,
        "looked_at": looked_at,
        "public_url": public_url,
    }
    mail = EmailMessage()
    mail["Subject"] = f"AI export controls, week {week}: {told if ranked else 'nothing new'}"
    mail["From"] = sender
    mail["To"] = subscription.address
    mail.set_content(_templates().get_template("digest.txt").render(values))
    mail.add_alternative(_templates().get_template("digest.html").render(values), subtype="html")
    return mail


def as_preview(mail: EmailMessage) -> str:
    """Return what a reader of plain text sees."""
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None
    return f"Subject: {mail['Subject']}\nTo: {mail['To']}\n\n{body.get_content()}"


def _events(story: Story) -> list[tuple[Event, Witness]]:
    """Return the weightiest events, each with the witness that is quoted."""
    ranked = sorted(story.events, key=lambda e: (_ORDER[e.type], e.id))[:_EVENTS_SHOWN]
    return [(event, _decisive(event)) for event in ranked if event.witnesses]


def _decisive(event: Event) -> Witness:
    """Return the witness whose sentence is the event's headline."""
    said = [witness for witness in event.witnesses if witness.report.sentence.text == event.headline]
    return (said or list(event.witnesses))[0]


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("tracker.digest"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"label": words.label, "resolved": words.resolved, "day": words.day, "folded": _folded}
    environment.globals |= {"count": words.count}
    return environment


def _folded(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())
