"""The weekly digest: what goes into it and how it looks.  Pure, apart from reading its templates."""

from collections.abc import Sequence
from email.message import EmailMessage
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from tracker import words
from tracker.digest.edition import make_edition
from tracker.errors import SendError
from tracker.telling.text import wrap
from tracker.types import Story, Subscription
from tracker.weighing.severity import Standpoint

__all__ = ["as_preview", "compose_digest"]


def compose_digest(
    stories: Sequence[tuple[Story, tuple[int, ...]]],
    *,
    week: str,
    subscription: Subscription,
    looked_at: str,
    public_url: str,
    standpoint: Standpoint,
    sender: str,
) -> EmailMessage:
    """Write the digest of a week as plain text and HTML.

    `stories` are those that matched, each with the events that did; `looked_at` says which sources were up, so that an
    empty digest means something.  An address that is none is a SendError.
    """
    edition = make_edition(
        stories,
        week=week,
        subscription=subscription,
        looked_at=looked_at,
        public_url=public_url,
        standpoint=standpoint,
    )
    mail = EmailMessage()
    mail["Subject"] = f"AI export controls, {edition.week}, {edition.days}: {edition.told}"
    try:
        mail["From"], mail["To"] = sender, subscription.address
    except ValueError as error:
        raise SendError(f"no mail from {sender!r} to {subscription.address!r}: {error}", outcome="refused") from error
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices do not answer it
    mail.set_content(_templates().get_template("digest.txt").render(edition=edition), cte="quoted-printable")
    html = _templates().get_template("digest.html").render(edition=edition)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def as_preview(mail: EmailMessage) -> str:
    """Return what a reader of plain text sees."""
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None
    return f"From: {mail['From']}\nTo: {mail['To']}\nSubject: {mail['Subject']}\n\n{body.get_content()}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("tracker.digest"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrap"] = wrap
    environment.globals["count"] = words.count
    return environment
