"""What becomes of a delivery after an attempt.  Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import SendError
from tracker.notify.holding import Hold
from tracker.types import Delivery, DeliveryState, HeldFor

# A row left in `sending` is looked into after this: all time-outs of slack.py and email.py together are over by then.
GRACE = timedelta(seconds=150)
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
_MOST_ATTEMPTS = 30
_LONGEST_SEARCH = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The next state of a delivery; `next_try_at` is given where it is to be tried again.

    `attempts` is given where those so far count no more, `held_for` where it is held back on purpose.
    """

    state: DeliveryState
    next_try_at: datetime | None = None
    receipt: str | None = None
    error: str | None = None
    attempts: int | None = None
    held_for: HeldFor | None = None


def after_send(receipt: str) -> Outcome:
    """It arrived."""
    return Outcome(state=DeliveryState.SENT, receipt=receipt)


def after_nothing() -> Outcome:
    """There was nothing to say any more."""
    return Outcome(state=DeliveryState.WITHDRAWN)


def after_age(ready_at: datetime, longest: timedelta, *, now: datetime) -> Outcome | None:
    """What could have gone for longer than `longest` is news no more; None where it is not that old.

    What was held back on purpose could not.
    """
    if now - ready_at <= longest:
        return None
    return Outcome(state=DeliveryState.WITHDRAWN, error="not sent: it was owed for too long ([slack] maximum_age)")


def after_hold(delivery: Delivery, held: Hold) -> Outcome:
    """It has to wait, and was not tried."""
    attempts = delivery.attempts - 1
    return Outcome(state=DeliveryState.PENDING, next_try_at=held.until, attempts=attempts, held_for=held.held_for)


def after_gathering() -> Outcome:
    """It goes together with others."""
    return Outcome(state=DeliveryState.GATHERED)


def after_error(delivery: Delivery, error: SendError, *, now: datetime) -> Outcome:
    """It did not arrive, or nobody knows: an unknown outcome stays `sending` until it is settled."""
    if error.outcome == "unknown":
        return Outcome(state=DeliveryState.SENDING, error=str(error))
    if error.outcome == "refused":
        return Outcome(state=DeliveryState.REFUSED, error=str(error))
    if error.retry_after is not None:
        return Outcome(state=DeliveryState.PENDING, next_try_at=now + error.retry_after, error=str(error))
    if delivery.attempts >= _MOST_ATTEMPTS:
        return Outcome(state=DeliveryState.REFUSED, error=f"given up after {delivery.attempts} attempts: {error}")
    pause = min(_FIRST_PAUSE * (1 << min(delivery.attempts, 12)), _LONGEST_PAUSE)
    return Outcome(state=DeliveryState.PENDING, next_try_at=now + pause, error=str(error))


def after_stop(error: SendError, *, now: datetime) -> Outcome:
    """Its subscription was paused until a person does something; it is owed as before."""
    return Outcome(state=DeliveryState.PENDING, next_try_at=now, error=str(error))


def after_death(*, now: datetime) -> Outcome:
    """Its sender died; it may be sent twice, so that it is due again, as if for the first time."""
    return Outcome(state=DeliveryState.PENDING, next_try_at=now, attempts=0)


def after_search(found: str | None, *, now: datetime) -> Outcome:
    """An uncertain message was looked for: what was found is sent, what was not is due again."""
    if found is not None:
        return after_send(found)
    return Outcome(state=DeliveryState.PENDING, next_try_at=now)


def after_silence(delivery: Delivery, policy: str, *, now: datetime) -> Outcome | None:
    """Settle by `policy` ("at_least_once", "at_most_once") whether an uncertain message is sent again.

    None where it has to be looked for.
    """
    match policy:
        case "at_least_once":
            return Outcome(state=DeliveryState.PENDING, next_try_at=now, error=delivery.error)
        case "at_most_once":
            error = "may have been sent, and is not sent again ([slack] delivery)"
            return Outcome(state=DeliveryState.AMBIGUOUS, error=error)
        case _:
            return None


def after_failed_search(delivery: Delivery, error: SendError, *, now: datetime) -> Outcome:
    """Nobody could look: it stays `sending` while a later look may help, and is a person's to settle after that."""
    if error.outcome == "retry" and now - delivery.due_at < _LONGEST_SEARCH:
        return Outcome(state=DeliveryState.SENDING, error=str(error))
    return Outcome(state=DeliveryState.AMBIGUOUS, error=f"may have been sent, and cannot be looked up: {error}")
