"""A mail server on 127.0.0.1 that keeps what it is given, and fails when told to."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


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
    """A running mail server; `replies` are used up one a mail, and "drop" breaks off after the data was stored."""

    replies: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    _controller: _AnyPort | None = None

    @property
    def url(self) -> str:
        assert self._controller is not None
        return f"smtp://127.0.0.1:{self._controller.port}"

    def __enter__(self) -> Self:
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=0)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._controller is not None
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 (aiosmtpd's signature)
        reply = self.replies.pop(0) if self.replies else "250 taken"
        if reply.startswith("250") or reply == "drop":
            message = message_from_bytes(cast("bytes", envelope.content), policy=policy.default)
            self.mails.append(Mail(recipients=list(envelope.rcpt_tos), message=message))
        if reply == "drop":
            assert server.transport is not None
            server.transport.close()
        return reply
