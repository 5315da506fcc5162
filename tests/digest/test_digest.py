"""The digest reads well in both parts, and nothing from outside breaks out of it."""

from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notify.stories import make_event, make_story
from tests.weighing.standing import service, standpoint
from tracker.digest import as_preview, compose_digest
from tracker.digest.edition import week_days
from tracker.errors import SendError
from tracker.types import ChannelKind, EntityKind, EventType, Story, Subscription

SUBSCRIPTION = Subscription(id=1, channel=ChannelKind.EMAIL, address="policy@example.org", filter="type:restriction")
VOID = {"meta", "br"}


class _Page(HTMLParser):
    """Collects the text, the links and the tags that are left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.open = "", list[str](), list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def composed(*stories: Story, subscription: Subscription = SUBSCRIPTION, matched: tuple[int, ...] = ()) -> EmailMessage:
    return compose_digest(
        [(story, matched) for story in stories],
        week="2026-W25",
        subscription=subscription,
        looked_at="All 12 sources answered.",
        public_url="http://tracker.example",
        sender="tracker@example.org",
        standpoint=standpoint(service("Support bot", "model/claude", countries=("KR",))),
    )


def html(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("html",))
    assert body is not None
    return str(body.get_content())


def test_both_parts_tell_the_same_story() -> None:
    names = (("White House", EntityKind.AGENCY, "actor"), ("Fable 5", EntityKind.MODEL, "target"))
    other = make_event(2, EventType.MARKET_REACTION, headline="Shares rose 12%.")
    mail = composed(make_story(make_event(1, names=names), other))
    assert mail["Subject"] == "AI export controls, week 25, 15 to 21 June 2026: 1 story"
    page = _Page(html(mail))
    assert page.open == []
    assert "https://press.example/1" in page.links
    for part in (as_preview(mail), page.text + " ".join(page.links)):
        for said in ("White House restricts Fable 5", "Restriction · 13 June 2026", "14 reports, 3 independent",
                     "“The US blocked Fable 5 on Saturday.”", "Market reaction, 13 June 2026: Shares rose 12%.",
                     "http://tracker.example/stories/7", "All 12 sources answered.", "type:restriction",
                     "15 to 21 June 2026"):  # fmt: skip
            assert said in part


def test_stories_are_grouped_by_type_the_most_reported_first() -> None:
    easing = make_story(make_event(1, EventType.EASING), title="Eased")
    small = make_story(make_event(2), title="Small", articles=2)
    large = make_story(make_event(3), title="Large", articles=20)
    shown = as_preview(composed(easing, small, large))
    assert sorted(("RESTRICTION", "* Large", "* Small", "EASING", "* Eased"), key=shown.index) == [
        "RESTRICTION", "* Large", "* Small", "EASING", "* Eased",
    ]  # fmt: skip


def test_the_event_that_matched_leads() -> None:
    story = make_story(make_event(1), make_event(2, EventType.EASING))
    assert "EASING\n------" in as_preview(composed(story, matched=(2,)))


def test_an_empty_week_says_so_and_what_was_looked_at() -> None:
    mail = composed()
    assert "nothing new" in mail["Subject"]
    for part in (as_preview(mail), _Page(html(mail)).text):
        assert "Nothing new for type:restriction." in part
        assert "All 12 sources answered." in part


def test_a_week_of_hundreds_of_stories_is_not_cut_off_by_mail_programs() -> None:
    names = (("Ministry of Trade", EntityKind.AGENCY, "actor"), ("Model 5", EntityKind.MODEL, "target"))
    usual = make_story(*(make_event(n, names=names, headline="A sentence of news. " * 10) for n in range(1, 8)))
    mail = composed(*[usual] * 250)
    assert len(html(mail).encode()) < 100_000
    assert "and 150 more: http://tracker.example" in as_preview(mail)
    assert "and 150 more" in html(mail)


def test_plain_text_fits_eighty_columns() -> None:
    long = "word " * 200
    lines = as_preview(composed(make_story(make_event(1, headline=long), title=long))).splitlines()
    assert max(map(len, lines)) <= 78


hostile = st.text(max_size=80) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "a\r\nBcc: all@example.org",
        "\u202e",
        "{{ 7 * 7 }}",
        "&amp;",
    ]
)


@settings(deadline=None, max_examples=60)
@given(title=hostile, sentence=hostile, name=hostile, source=hostile, url=hostile)
def test_outside_text_stays_text(title: str, sentence: str, name: str, source: str, url: str) -> None:
    names = ((name, EntityKind.MODEL, "target"), (name, EntityKind.AGENCY, "actor"))
    story = make_story(make_event(1, names=names, headline=sentence, url=url, source=source), title=title)
    subscription = Subscription(id=1, channel=ChannelKind.EMAIL, address="policy@example.org", filter=title)
    mail = composed(story, subscription=subscription)
    page = _Page(html(mail))
    assert page.open == []
    assert all(link.startswith("http") for link in page.links)
    assert mail["Bcc"] is None
    assert max(map(len, mail.as_bytes(policy=SMTP).splitlines())) <= 998


@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y"])
def test_an_address_that_holds_more_than_an_address_is_refused(address: str) -> None:
    with pytest.raises(SendError, match="no mail from"):
        composed(subscription=Subscription(id=1, channel=ChannelKind.EMAIL, address=address, filter=""))


@pytest.mark.parametrize(
    ("week", "days"),
    [
        ("2026-W25", "15 to 21 June 2026"),
        ("2026-W27", "29 June to 5 July 2026"),
        ("2026-W53", "28 December 2026 to 3 January 2027"),
    ],
)
def test_a_week_is_named_by_its_days(week: str, days: str) -> None:
    assert week_days(week) == days


def test_both_parts_say_whom_it_affects_and_how_severe_it_is() -> None:
    names = (("US", EntityKind.COUNTRY, "actor"), ("Claude", EntityKind.MODEL, "target"))
    mail = composed(make_story(make_event(1, names=names)))
    severity = "Severity 75 (restriction 30, act 10, in force 15, hits model 8, 1 publisher 2, affects Support bot 10)"
    assert "Affects Support bot: Claude in KR" in as_preview(mail)
    assert severity in " ".join(as_preview(mail).split())
    assert "Affects Support bot" in _Page(html(mail)).text
    assert severity in _Page(html(mail)).text
