"""What the operators hear of subscriptions that had to be paused.  Pure."""

from collections.abc import Sequence
from email.message import EmailMessage

from tracker.notify.blocks import Spans, bold, bullets, fallback, header, lines, rich, text
from tracker.notify.message import Message
from tracker.telling.text import clean, cut, listed, wrap
from tracker.types import Subscription

_SHOWN, _NAME_CHARS, _WORDS_CHARS = 12, 60, 400


def trouble_message(stopped: Sequence[Subscription]) -> Message:
    """Write which subscriptions are paused, why, and what to do, as a Slack message."""
    advice: list[Spans] = [[text(said)] for said in _advice(stopped)]
    told = [header(_title(stopped)), rich(lines([[text(_reason(stopped))]]))]
    told.append(rich(lines([[bold("What to do")]]), bullets(advice)))
    return Message(text=fallback(f"{_title(stopped)}: {_reason(stopped)}"), blocks=tuple(told))


def trouble_mail(stopped: Sequence[Subscription], *, sender: str, recipient: str) -> EmailMessage:
    """Write the same as a mail in plain text."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = _title(stopped), sender, recipient
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices do not answer it
    advice = "\n".join(wrap(said, indent=2, first="- ") for said in _advice(stopped))
    mail.set_content(f"{wrap(_reason(stopped))}\n\nWhat to do:\n{advice}\n", cte="quoted-printable")
    return mail


def _title(stopped: Sequence[Subscription]) -> str:
    addresses = listed([one.address for one in stopped], shown=3, limit=_NAME_CHARS)
    return f"Alerts to {addresses} are paused"


def _reason(stopped: Sequence[Subscription]) -> str:
    numbers = listed([str(one.id) for one in stopped], shown=_SHOWN, limit=_NAME_CHARS)
    which = f"Subscription {numbers} is" if len(stopped) == 1 else f"Subscriptions {numbers} are"
    return f"{which} paused: {cut(clean(stopped[0].trouble or ''), _WORDS_CHARS)}. What is owed is kept."


def _advice(stopped: Sequence[Subscription]) -> list[str]:
    after = f"tracker resume {stopped[0].id}" if len(stopped) == 1 else "tracker resume (all that were stopped)"
    return ["Do what is said above in Slack or in the settings.", f"Then: {after}. You hear of this once."]
