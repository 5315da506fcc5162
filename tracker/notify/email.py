"""E-mail through SMTP_URL."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from tracker.errors import ConfigError, SendError
from tracker.types import Delivery

_TIMEOUT_SECONDS = 30
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_LATER, _NEVER = 400, 500


class EmailChannel:
    """One mail server: smtp://, smtps:// or smtp+starttls:// with user:password@host:port."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ConfigError(
                f"SMTP_URL: expected {', '.join(f'{s}://host' for s in _PORTS)}, found {parts.scheme}://…"
            )
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, delivery: Delivery, mail: EmailMessage) -> str:
        """Hand the mail over and return its Message-ID, which is the same each time the delivery is tried."""
        message_id = _message_id(delivery, mail)
        del mail["Message-ID"]
        mail["Message-ID"] = message_id
        server = self._connect()
        try:
            _hand_over(server, mail, delivery.subscription.address)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # the mail is taken; how the goodbye goes does not matter
        finally:
            server.close()
        return message_id

    def _connect(self) -> smtplib.SMTP:
        try:
            return self._open()
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendError(f"no mail server at {self._host}:{self._port}: {error}", outcome="retry") from error

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        if self._scheme == "smtp+starttls":
            server.starttls(context=context)
        if self._user:
            server.login(self._user, self._password)
        return server


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, recipient: str) -> None:
    """Speak SMTP step by step: only after the data has begun is a broken connection an unknown outcome."""
    outcome = "retry"
    try:
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(parseaddr(str(mail["From"]))[1]))
        _expect(server.rcpt(recipient))
        outcome = "unknown"
        _expect(server.data(mail.as_bytes(policy=SMTP)))
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendError(f"the mail server broke off: {error or type(error).__name__}", outcome=outcome) from error


def _expect(reply: tuple[int, bytes]) -> None:
    code, said = reply
    if code >= _LATER:
        raise _refusal(code, said)


def _message_id(delivery: Delivery, mail: EmailMessage) -> str:
    digest = sha256(f"{delivery.subscription.id}:{delivery.key}:{delivery.created_at.isoformat()}".encode())
    domain = parseaddr(str(mail["From"]))[1].partition("@")[2] or "localhost"
    return f"<{digest.hexdigest()[:32]}@{domain}>"


def _refusal(code: int, said: bytes | str) -> SendError:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    outcome = "retry" if _LATER <= code < _NEVER else "refused"
    return SendError(f"the mail server said {code} {text}", outcome=outcome)
