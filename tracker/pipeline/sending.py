"""One delivery: sent, or settled where nobody knows whether it was.

Every step is committed before the next one touches the network: `sending` before a message goes out, its outcome
after.  A message that may or may not have arrived is looked for before it is sent again.
"""

from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage

import structlog

from tracker.digest import as_preview
from tracker.errors import SendError
from tracker.notify import outbox
from tracker.notify.console import as_console
from tracker.notify.email import EmailChannel
from tracker.notify.message import Message
from tracker.notify.pace import Pace
from tracker.notify.slack import SlackChannel
from tracker.pipeline import alerts, summaries
from tracker.pipeline.digests import parse_week, write_digest
from tracker.pipeline.health import KEY as SOURCES_KEY
from tracker.pipeline.health import operators_mail, operators_message
from tracker.pipeline.holding import hold_back
from tracker.pipeline.job import Counts, Job
from tracker.pipeline.trouble import stop_subscriptions, trouble_mail, trouble_message
from tracker.store.operators import TROUBLE
from tracker.store.outbox import OPERATORS
from tracker.types import ChannelKind, Delivery, DeliveryState

log = structlog.get_logger()

_PRINTED = "printed"


@dataclass(slots=True, kw_only=True)
class Sender:
    """Sends deliveries that were claimed, through the channels that the settings allow, and notes the pace."""

    job: Job
    pace: Pace
    _slack: SlackChannel | None = field(default=None, init=False)
    _email: EmailChannel | None = field(default=None, init=False)

    def send(self, delivery: Delivery) -> Counts:
        """Send a delivery, and commit what became of it."""
        if alerts.is_alert(delivery) and (outcome := hold_back(self.job, delivery)):
            return self._commit(delivery, outcome)
        try:
            receipt = self._send(delivery)
        except SendError as error:
            return self._commit(delivery, self._after_error(delivery, error))
        if receipt is None:
            return self._commit(delivery, outbox.after_nothing())
        if receipt != _PRINTED:
            self.pace.note_sent(delivery.subscription.channel, delivery.subscription.address, now=self.job.clock())
        return self._commit(delivery, outbox.after_send(receipt))

    def settle(self, delivery: Delivery) -> Counts:
        """Find out whether an uncertain message arrived; where nobody can say, mark it ambiguous for a person."""
        return self._commit(delivery, self._settled(delivery))

    def _settled(self, delivery: Delivery) -> outbox.Outcome:
        slack, now = self._slack_channel(), self.job.clock()
        if alerts.is_edit(delivery):  # which may be done twice
            return outbox.after_death(now=now)
        if delivery.subscription.channel is not ChannelKind.SLACK or slack is None:
            said = "may have been sent: the connection broke after it was handed over, and a mail cannot be looked up"
            return outbox.Outcome(state=DeliveryState.AMBIGUOUS, error=said)
        if chosen := outbox.after_silence(delivery, self.job.settings.file.slack.delivery, now=now):
            return chosen
        try:
            return outbox.after_search(slack.find(delivery, thread=alerts.thread_of(self.job, delivery)), now=now)
        except SendError as error:
            outcome = outbox.after_failed_search(delivery, error, now=now)
            log.warning("not settled", delivery=delivery.id, error=str(error), state=outcome.state)
            return outcome

    def _after_error(self, delivery: Delivery, error: SendError) -> outbox.Outcome:
        now, to = self.job.clock(), delivery.subscription
        log.warning("not sent", delivery=delivery.id, error=str(error), outcome=error.outcome, reach=error.reach)
        if error.retry_after is not None:
            self.pace.hold(to.address, now + error.retry_after)
        elif error.outcome != "refused":
            self.pace.note_failed(to.channel)
        if error.outcome == "refused" and error.reach != "message" and to.filter != OPERATORS:
            stop_subscriptions(self.job, to, error)
            return outbox.after_stop(error, now=now)
        return outbox.after_error(delivery, error, now=now)

    def _send(self, delivery: Delivery) -> str | None:
        """Send a delivery and return its receipt, None where there was nothing to say."""
        if delivery.subscription.channel is ChannelKind.EMAIL:
            return self._send_mail(delivery)
        if delivery.key.startswith(SOURCES_KEY):
            return self._post(delivery, operators_message(self.job, delivery))
        if delivery.key.startswith(TROUBLE):
            return self._post(delivery, trouble_message(self.job, delivery))
        if alerts.is_edit(delivery):
            return self._look_again(delivery)
        pack = summaries.pack if alerts.is_summary(delivery) else alerts.pack
        parcel = pack(self.job, delivery)
        if parcel is None:
            return None
        self.job.store.threads.keep(parcel.said)
        return self._post(delivery, parcel.message, thread=parcel.thread, broadcast=parcel.broadcast)

    def _send_mail(self, delivery: Delivery) -> str:
        mail = self._mail(delivery)
        if email := self._email_channel():
            return email.send(delivery, mail)
        self.job.console(f"Not sent, because SMTP_URL is not set.  The mail would be:\n\n{as_preview(mail)}")
        return _PRINTED

    def _post(
        self, delivery: Delivery, message: Message | None, *, thread: str | None = None, broadcast: bool = False
    ) -> str | None:
        """Post a message, if any; without a token, print it and say so."""
        if message is None:
            return None
        if slack := self._slack_channel():
            return slack.send(delivery, message, thread=thread, broadcast=broadcast)
        self.job.console(as_console(message, delivery.subscription.address))
        return _PRINTED

    def _look_again(self, delivery: Delivery) -> str | None:
        """Owe the thread what is new, and have the first message say what is so now."""
        if alerts.is_summary(delivery):
            parcel = summaries.pack_edit(self.job, delivery)
        else:
            alerts.owe_reply(self.job, delivery)
            parcel = alerts.pack_edit(self.job, delivery)
        slack = self._slack_channel()
        if parcel is None or parcel.thread is None or slack is None:
            return None
        slack.edit(parcel.thread, parcel.message)
        self.job.store.threads.keep(parcel.said)
        return parcel.thread

    def _mail(self, delivery: Delivery) -> EmailMessage:
        if delivery.key.startswith(SOURCES_KEY):
            return operators_mail(self.job, delivery)
        if delivery.key.startswith(TROUBLE):
            return trouble_mail(self.job, delivery)
        week = parse_week(delivery.key.removeprefix("digest:"), self.job.clock())
        return write_digest(self.job, delivery.subscription, week)

    def _commit(self, delivery: Delivery, outcome: outbox.Outcome) -> Counts:
        values: dict[str, object] = {"receipt": outcome.receipt, "error": outcome.error}
        if outcome.next_try_at is not None:
            values["next_try_at"] = outcome.next_try_at
        if outcome.attempts is not None:
            values["attempts"] = outcome.attempts
        if outcome.held_for is not None:
            values["held_for"] = outcome.held_for
        self.job.store.outbox.settle(delivery.id, outcome.state, now=self.job.clock(), **values)
        if outcome.state in {DeliveryState.WITHDRAWN, DeliveryState.GATHERED}:
            return Counter()
        if outcome.held_for is not None:
            return Counter(held=1)
        is_edited = alerts.is_edit(delivery) and outcome.state is DeliveryState.SENT
        return Counter({"edited" if is_edited else outcome.state.value: 1})

    def _slack_channel(self) -> SlackChannel | None:
        """Return Slack, opened when the first message needs it; None without a token: messages are then printed."""
        env = self.job.settings.env
        if self._slack is None and env.slack_bot_token:
            self._slack = SlackChannel(env.slack_bot_token.get_secret_value(), env.slack_api_url)
        return self._slack

    def _email_channel(self) -> EmailChannel | None:
        """Return e-mail, opened when the first mail needs it; None without SMTP_URL: mails are then printed."""
        env = self.job.settings.env
        if self._email is None and env.smtp_url:
            self._email = EmailChannel(env.smtp_url.get_secret_value())
        return self._email
