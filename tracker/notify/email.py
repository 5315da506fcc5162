"""E-mail through SMTP_URL."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from tracker.errors import ConfigError, SendError
from tracker.types import Delivery

# For each step; after the data a server may want time to look at the mail before it takes it.
_STEP_SECONDS, _DATA_SECONDS = 10, 60
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_LATER, _NEVER = 400, 500


class EmailChannel:
    """One mail server: smtp://, smtps:// or smtp+starttls:// with user:password@host:port."""

    def __init__(self, url: str) -> None:
        schemes = " or ".join(f"{scheme}://" for scheme in _PORTS)
        expected = f"SMTP_URL: expected {schemes} and then host, host:port or user:password@host:port"
        try:
            parts, port = urlsplit(url), urlsplit(url).port
        except ValueError as error:  # whose text may hold a piece of the password
            raise ConfigError(f"{expected}; special characters in user and password are written as %40") from error
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ConfigError(f"{expected}; found {parts.scheme or 'no scheme'}://…")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (self._user + self._password).isascii():
            raise ConfigError(f"{expected}; user and password may hold ASCII characters only")  # smtplib's limit

    def send(self, delivery: Delivery, mail: EmailMessage) -> str:
        """Hand the mail over and return its Message-ID, which is the same each time the delivery is tried."""
        message_id = _message_id(delivery, mail)
        del mail["Message-ID"], mail["Date"]
        mail["Message-ID"], mail["Date"] = message_id, format_datetime(delivery.created_at)
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
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_STEP_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_STEP_SECONDS)
        try:
            if self._scheme == "smtp+starttls":
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, recipient: str) -> None:
    """Speak SMTP step by step: only after the data has begun is a broken connection an unknown outcome."""
    outcome = "retry"
    plain = recipient.isascii()
    try:
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(parseaddr(str(mail["From"]))[1], () if plain else ("SMTPUTF8", "BODY=8BITMIME")))
        _expect(server.rcpt(recipient))
        if server.sock:
            server.sock.settimeout(_DATA_SECONDS)
        outcome = "unknown"
        _expect(server.data(mail.as_bytes(policy=SMTP.clone(utf8=not plain))))
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise SendError(f"the mail server cannot reach {recipient}: {error}", outcome="refused") from error
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
