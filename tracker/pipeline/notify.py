"""The notify stage: settle what is uncertain, then send what the outbox owes.

Every step is committed before the next one touches the network: `sending` before a message goes out, its outcome
after.  A message that may or may not have arrived is looked for before it is sent again.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import structlog

from tracker.collect.health import Condition, judge
from tracker.digest import as_preview, compose_digest
from tracker.errors import InputError, SendError
from tracker.notify import outbox
from tracker.notify.console import as_console
from tracker.notify.email import EmailChannel
from tracker.notify.filters import match_subscription, parse_filter
from tracker.notify.message import Message
from tracker.notify.slack import SlackChannel
from tracker.pipeline import alerts
from tracker.pipeline.exposure import standpoint
from tracker.pipeline.health import KEY as SOURCES_KEY
from tracker.pipeline.health import operators_mail, operators_message, tell_operators
from tracker.pipeline.job import Counts, Job
from tracker.times import week_bounds, week_name
from tracker.types import ChannelKind, Delivery, DeliveryState, Subscription
from tracker.weighing.severity import Standpoint

log = structlog.get_logger()

_AT_ONCE = 100


def notify(job: Job) -> Counts:
    """Owe what the operators are to hear, settle deliveries whose outcome is unknown, and send those that are due."""
    tell_operators(job)
    counts: Counts = Counter(sent=0)
    channels = _Channels(job)
    for delivery in job.store.outbox.claim_unsettled(now=job.clock(), grace=outbox.GRACE, limit=_AT_ONCE):
        counts.update(_settle(job, channels, delivery))
    # One at a time: a process that dies leaves at most one message uncertain.
    while due := job.store.outbox.claim(now=job.clock(), limit=1):
        counts.update(_send(job, channels, due[0]))
    return counts


def send_digest(job: Job, *, week: str | None) -> Counts:
    """Owe the digest of a week to every e-mail subscription, and send what is owed; each gets it once."""
    now = job.clock()
    key = f"digest:{week_name(parse_week(week, now))}"
    job.store.outbox.owe_all(ChannelKind.EMAIL, key, subscribed_before=now + timedelta(seconds=1), now=now)
    return notify(job)


def preview_digest(job: Job, *, week: str | None, text: str) -> str:
    """Return the plain-text digest of a week for a filter."""
    parse_filter(text)
    subscription = Subscription(id=0, channel=ChannelKind.EMAIL, address="you@example.org", filter=text)
    return as_preview(_digest(job, subscription, parse_week(week, job.clock())))


def parse_week(given: str | None, now: datetime) -> date:
    """Return a day in the week that is meant: an ISO week (2026-W25), a day in it, or by default last week."""
    if given is None:
        return (now - timedelta(days=7)).date()
    try:
        return date.fromisoformat(f"{given}-1" if "W" in given.upper() else given)
    except ValueError as error:
        raise InputError(f"week {given}: expected an ISO week such as 2026-W25, or a day such as 2026-06-18") from error


@dataclass(slots=True)
class _Channels:
    """The channels that the settings allow, opened when the first message needs one."""

    job: Job
    _slack: SlackChannel | None = field(default=None, init=False)
    _email: EmailChannel | None = field(default=None, init=False)

    def slack(self) -> SlackChannel | None:
        """Return Slack, or None without a token: messages are then printed."""
        env = self.job.settings.env
        if self._slack is None and env.slack_bot_token:
            self._slack = SlackChannel(env.slack_bot_token.get_secret_value(), env.slack_api_url)
        return self._slack

    def email(self) -> EmailChannel | None:
        """Return e-mail, or None without SMTP_URL: mails are then printed."""
        env = self.job.settings.env
        if self._email is None and env.smtp_url:
            self._email = EmailChannel(env.smtp_url.get_secret_value())
        return self._email


def _send(job: Job, channels: _Channels, delivery: Delivery) -> Counts:
    try:
        receipt = _send_now(job, channels, delivery)
    except SendError as error:
        outcome = outbox.after_error(delivery, error, now=job.clock())
        log.warning("not sent", delivery=delivery.id, error=str(error), outcome=error.outcome, state=outcome.state)
    else:
        outcome = outbox.after_send(receipt) if receipt else outbox.after_nothing()
    _commit(job, delivery, outcome)
    if outcome.state is DeliveryState.WITHDRAWN:
        return Counter()
    is_edited = alerts.is_edit(delivery) and outcome.state is DeliveryState.SENT
    return Counter({"edited" if is_edited else outcome.state.value: 1})


def _send_now(job: Job, channels: _Channels, delivery: Delivery) -> str | None:
    """Send one delivery and return its receipt, None where there was nothing to say."""
    if delivery.subscription.channel is ChannelKind.EMAIL:
        return _send_mail(job, channels, delivery)
    if delivery.key.startswith(SOURCES_KEY):
        return _post(job, channels, delivery, operators_message(job, delivery))
    if alerts.is_edit(delivery):
        return _look_again(job, channels, delivery)
    parcel = alerts.pack(job, delivery)
    if parcel is None:
        return None
    job.store.threads.keep(delivery.id, parcel.said)
    return _post(job, channels, delivery, parcel.message, thread=parcel.thread, broadcast=parcel.broadcast)


def _send_mail(job: Job, channels: _Channels, delivery: Delivery) -> str:
    mail = _mail(job, delivery)
    if email := channels.email():
        return email.send(delivery, mail)
    job.console(f"Not sent, because SMTP_URL is not set.  The mail would be:\n\n{as_preview(mail)}")
    return "printed"


def _post(
    job: Job,
    channels: _Channels,
    delivery: Delivery,
    message: Message,
    *,
    thread: str | None = None,
    broadcast: bool = False,
) -> str:
    """Post a message; without a token, print it and say so."""
    if slack := channels.slack():
        return slack.send(delivery, message, thread=thread, broadcast=broadcast)
    job.console(as_console(message, delivery.subscription.address))
    return "printed"


def _look_again(job: Job, channels: _Channels, delivery: Delivery) -> str | None:
    """Owe the thread what is new, and have the first message say what is so now."""
    alerts.owe_reply(job, delivery)
    parcel, slack = alerts.pack_edit(job, delivery), channels.slack()
    if parcel is None or parcel.thread is None or slack is None:
        return None
    slack.edit(parcel.thread, parcel.message)
    job.store.threads.keep(delivery.id, parcel.said)
    return parcel.thread


def _mail(job: Job, delivery: Delivery) -> EmailMessage:
    if delivery.key.startswith(SOURCES_KEY):
        return operators_mail(job, delivery)
    return _digest(job, delivery.subscription, parse_week(delivery.key.removeprefix("digest:"), job.clock()))


def _digest(job: Job, subscription: Subscription, day: date) -> EmailMessage:
    start, end = week_bounds(day)
    found = job.store.queries.stories_between(start, end)
    seen_from = _standpoint(job)
    matches = ((story, match_subscription(subscription, story, seen_from)) for story in found)
    return compose_digest(
        [(story, match.event_ids) for story, match in matches if match],
        week=week_name(day),
        subscription=subscription,
        looked_at=_looked_at(job),
        public_url=job.settings.public_url,
        standpoint=seen_from,
        sender=job.settings.file.digest.sender,
    )


def _standpoint(job: Job) -> Standpoint:
    return standpoint(job.store, job.settings, now=job.clock())


def _looked_at(job: Job) -> str:
    sources = job.store.sources.health()
    if not sources:
        return "No sources are configured; what is here came from local files."
    judged = [(one.source.name, judge(one.source, one.state, now=job.clock())) for one in sources]
    down = [name for name, health in judged if health.state in {Condition.FAILING, Condition.RETIRED}]
    waiting = [name for name, health in judged if health.state is Condition.WAITING]
    useless = [f"{name} ({health.words})" for name, health in judged if health.state.is_bad and name not in down]
    if len(down) + len(waiting) == 0:
        said = f"All {len(sources)} sources answered"
    else:
        said = f"{len(sources) - len(down) - len(waiting)} of {len(sources)} sources answered"
    for names, how in ((down, "failing"), (waiting, "not asked yet"), (useless, "answering, but of no use")):
        said += f"; {how}: {', '.join(names)}" if names else ""
    return f"{said}."


def _settle(job: Job, channels: _Channels, delivery: Delivery) -> Counts:
    """Find out whether an uncertain message arrived; where nobody can say, mark it ambiguous for a person."""
    slack = channels.slack()
    if alerts.is_edit(delivery):  # which may be done twice
        _commit(job, delivery, outbox.Outcome(state=DeliveryState.PENDING, next_try_at=job.clock()))
        return Counter()
    if delivery.subscription.channel is not ChannelKind.SLACK or slack is None:
        said = "may have been sent: the connection broke after it was handed over, and a mail cannot be looked up"
        _commit(job, delivery, outbox.Outcome(state=DeliveryState.AMBIGUOUS, error=said))
        return Counter(ambiguous=1)
    try:
        outcome = outbox.after_search(slack.find(delivery, thread=alerts.thread_of(job, delivery)), now=job.clock())
    except SendError as error:
        outcome = outbox.after_failed_search(delivery, error, now=job.clock())
        log.warning("not settled", delivery=delivery.id, error=str(error), state=outcome.state)
    _commit(job, delivery, outcome)
    return Counter({"unsettled" if outcome.state is DeliveryState.SENDING else outcome.state.value: 1})


def _commit(job: Job, delivery: Delivery, outcome: outbox.Outcome) -> None:
    values: dict[str, object] = {"receipt": outcome.receipt, "error": outcome.error}
    if outcome.next_try_at is not None:
        values["next_try_at"] = outcome.next_try_at
    job.store.outbox.settle(delivery.id, outcome.state, now=job.clock(), **values)
