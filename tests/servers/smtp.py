"""A mail server on 127.0.0.1 that keeps what it is given, and fails when told to."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

_TAKEN = "250 taken"
_DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    recipients: list[str]
    message: EmailMessage


class _AnyPort(Controller):
    """A controller that lets the system choose its port."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped


@dataclass(slots=True)
class SmtpServer:
    """A running mail server.

    `replies` are used up one a mail, after its data, and `rcpt_replies` one a recipient, before it; "drop" breaks
    the connection off, after the data once the mail is stored.  With `login` (user, password) nobody else gets in;
    `tls` is offered by STARTTLS; without `utf8` addresses have to be ASCII.
    """

    replies: list[str] = field(default_factory=list)
    rcpt_replies: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    utf8: bool = True
    _controller: _AnyPort | None = None

    @property
    def url(self) -> str:
        """The address as SMTP_URL has it, without user and password."""
        assert self._controller is not None
        return f"{'smtp+starttls' if self.tls else 'smtp'}://127.0.0.1:{self._controller.port}"

    def url_for(self, user: str, password: str) -> str:
        """Return the address with a login."""
        return self.url.replace("://", f"://{user}:{password}@")

    def __enter__(self) -> Self:
        self._controller = _AnyPort(
            self,
            hostname="127.0.0.1",
            port=0,
            enable_SMTPUTF8=self.utf8,
            auth_require_tls=False,
            authenticator=self._authenticate,
            tls_context=self.tls,
            require_starttls=self.tls is not None,
        )
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._controller is not None
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's signature)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002 (aiosmtpd's signature)
    ) -> str:
        if self.login and not session.authenticated:
            return "530 log in first"
        reply = self.rcpt_replies.pop(0) if self.rcpt_replies else _TAKEN
        if reply == _DROP:
            _close(server)
        if reply == _TAKEN:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 (aiosmtpd's signature)
        reply = self.replies.pop(0) if self.replies else _TAKEN
        if reply.startswith("250") or reply == _DROP:
            message = message_from_bytes(cast("bytes", envelope.content), policy=policy.default)
            self.mails.append(Mail(recipients=list(envelope.rcpt_tos), message=message))
        if reply == _DROP:
            _close(server)
        return reply

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        is_right = (given.login.decode(), given.password.decode()) == self.login
        return AuthResult(success=is_right, handled=False)


def _close(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.close()
