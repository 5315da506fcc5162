"""Mail through a real server: handed over once, and honest about what is not known."""

from email.message import EmailMessage

import pytest

from tests.notify.stories import make_delivery
from tests.servers.smtp import SmtpServer
from tracker.errors import ConfigError, SendError
from tracker.notify.email import EmailChannel
from tracker.types import ChannelKind

DELIVERY = make_delivery(channel=ChannelKind.EMAIL, address="policy@example.org", key="digest:2026-W25")


def make_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "tracker@example.org", "policy@example.org", "Woche 25 – neu"
    mail.set_content("Grüße aus 서울")
    return mail


def test_a_mail_arrives_with_a_message_id_that_stays_the_same() -> None:
    with SmtpServer() as server:
        channel = EmailChannel(server.url)
        first, second = channel.send(DELIVERY, make_mail()), channel.send(DELIVERY, make_mail())
    assert first == second == server.mails[0].message["Message-ID"]
    assert server.mails[0].recipients == ["policy@example.org"]
    assert "서울" in server.mails[0].message.get_content()


@pytest.mark.parametrize(
    ("reply", "outcome"), [("451 greylisted", "retry"), ("550 no such user", "refused"), ("drop", "unknown")]
)
def test_a_refusal_has_the_outcome_that_is_known(reply: str, outcome: str) -> None:
    with SmtpServer(replies=[reply]) as server, pytest.raises(SendError) as raised:
        EmailChannel(server.url).send(DELIVERY, make_mail())
    assert raised.value.outcome == outcome


def test_greylisting_lets_the_second_attempt_through() -> None:
    with SmtpServer(replies=["451 come back later"]) as server:
        channel = EmailChannel(server.url)
        with pytest.raises(SendError):
            channel.send(DELIVERY, make_mail())
        channel.send(DELIVERY, make_mail())
    assert len(server.mails) == 1


def test_no_server_means_nothing_was_sent() -> None:
    with SmtpServer() as server:
        url = server.url
    with pytest.raises(SendError) as raised:
        EmailChannel(url).send(DELIVERY, make_mail())
    assert raised.value.outcome == "retry"


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_a_wrong_address_says_what_is_expected(url: str) -> None:
    with pytest.raises(ConfigError, match="smtp://host"):
        EmailChannel(url)
