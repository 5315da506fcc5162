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


def failure(server: SmtpServer, *, url: str | None = None, address: str = "policy@example.org") -> SendError:
    delivery = make_delivery(channel=ChannelKind.EMAIL, address=address, key="digest:2026-W25")
    with pytest.raises(SendError) as raised:
        EmailChannel(url or server.url).send(delivery, make_mail())
    return raised.value


@pytest.mark.parametrize(
    ("reply", "outcome"), [("451 greylisted", "retry"), ("550 no such user", "refused"), ("drop", "unknown")]
)
def test_after_the_data_only_an_answer_tells_what_became_of_it(reply: str, outcome: str) -> None:
    with SmtpServer(replies=[reply]) as server:
        assert failure(server).outcome == outcome


@pytest.mark.parametrize(
    ("reply", "outcome"), [("450 greylisted", "retry"), ("550 no such user", "refused"), ("drop", "retry")]
)
def test_before_the_data_nothing_was_sent(reply: str, outcome: str) -> None:
    with SmtpServer(rcpt_replies=[reply]) as server:
        assert failure(server).outcome == outcome
        assert server.mails == []


def test_a_mail_is_dated_by_when_it_was_owed() -> None:
    with SmtpServer() as server:
        EmailChannel(server.url).send(DELIVERY, make_mail())
    assert server.mails[0].message["Date"] == "Thu, 18 Jun 2026 12:00:00 +0000"


def test_a_login_may_hold_special_characters_and_is_needed() -> None:
    with SmtpServer(login=("us@er", "p:/#")) as server:
        EmailChannel(server.url_for("us%40er", "p%3A%2F%23")).send(DELIVERY, make_mail())
        assert len(server.mails) == 1
        assert failure(server, url=server.url_for("us%40er", "wrong")).outcome == "refused"
        assert failure(server).outcome == "refused"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_what_is_to_be_encrypted_is_never_sent_in_the_clear(scheme: str) -> None:
    with SmtpServer() as server:
        assert failure(server, url=server.url.replace("smtp", scheme, 1)).outcome == "retry"
        assert server.mails == []


def test_an_address_in_any_script_is_reached_where_the_server_can() -> None:
    with SmtpServer() as server:
        EmailChannel(server.url).send(
            make_delivery(channel=ChannelKind.EMAIL, address="정책@example.org", key="digest:2026-W25"), make_mail()
        )
        assert server.mails[0].recipients == ["정책@example.org"]
    with SmtpServer(utf8=False) as server:
        assert failure(server, address="정책@example.org").outcome == "refused"


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


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://u:secret/x@h", "smtp://h:x", "smtp://u:ä@h"],
)
def test_a_wrong_address_says_what_is_expected_and_tells_no_secret(url: str) -> None:
    with pytest.raises(ConfigError, match="expected smtp://") as raised:
        EmailChannel(url)
    assert "secret" not in str(raised.value)
