"""The digest reads well in both parts, and nothing from outside breaks out of it."""

from email.message import EmailMessage

from tests.notify.stories import make_event, make_story
from tracker.digest import as_preview, compose_digest
from tracker.types import ChannelKind, EntityKind, EventType, Story, Subscription

SUBSCRIPTION = Subscription(id=1, channel=ChannelKind.EMAIL, address="policy@example.org", filter="type:restriction")


def composed(*stories: Story) -> EmailMessage:
    return compose_digest(
        [(story, ("type: restriction",)) for story in stories],
        week="2026-W25",
        subscription=SUBSCRIPTION,
        looked_at="All 12 sources answered.",
        public_url="http://tracker.example",
        sender="tracker@example.org",
    )


def html(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("html",))
    assert body is not None
    return str(body.get_content())


def test_both_parts_tell_the_same_story() -> None:
    mail = composed(make_story(make_event(1), make_event(2, EventType.MARKET_REACTION, headline="Shares rose 12%.")))
    assert mail["Subject"] == "AI export controls, week 2026-W25: 1 story"
    for part in (as_preview(mail), html(mail)):
        for said in ("US blocks Fable 5", "13 June 2026", "The US blocked Fable 5 on Saturday.", "Shares rose 12%.",
                     "14 reports", "http://tracker.example/stories/7", "All 12 sources answered."):  # fmt: skip
            assert said in part


def test_an_empty_week_says_so_and_what_was_looked_at() -> None:
    mail = composed()
    assert "nothing new" in mail["Subject"]
    assert "All 12 sources answered." in as_preview(mail)


def test_plain_text_fits_eighty_columns() -> None:
    long = "word " * 200
    lines = as_preview(composed(make_story(make_event(1, headline=long), title=long))).splitlines()
    assert max(map(len, lines)) <= 80


def test_outside_text_stays_text() -> None:
    names = (("<b>", EntityKind.MODEL, "target"),)
    hostile = "<script>alert(1)</script>\r\nBcc: all@example.org"
    event = make_event(1, headline=hostile, names=names, url="javascript:alert(1)", source=hostile)
    mail = composed(make_story(event, title=hostile))
    assert "<script>" not in html(mail)
    assert "javascript:" not in html(mail)
    assert mail["Bcc"] is None
