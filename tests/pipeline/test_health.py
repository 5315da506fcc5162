"""The operators hear of a source once when it has turned bad and once when it is well again, whatever breaks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.making import NOW, make_report
from tests.pipeline.conftest import Desk
from tests.servers.slack import Fault, SlackServer
from tests.servers.slack_blocks import problems
from tests.servers.smtp import SmtpServer
from tests.servers.web import Route, Web, serve
from tests.store.test_store import collect as collect_article
from tests.store.test_store import relate_all
from tracker.pipeline.collect import collect
from tracker.pipeline.job import Job
from tracker.pipeline.notify import notify, preview_digest
from tracker.store import Store
from tracker.types import ChannelKind, DeliveryState, PollState, Source

NAMES = ("Harbour Daily", "Northern Wire", "Old Mill")
DOWN = Route(status=503, body=b"down for repair")
TO_SLACK = '[operators]\nslack = "C0PS"\n'
TICK = timedelta(minutes=1)
TO_MAIL = '[operators]\nemail = "ops@example.org"\n'


def feed(day: str = "Wed, 17 Jun 2026 09:00:00 GMT") -> Route:
    item = f"<item><title>Chip export rules</title><link>urn:x:{day}</link><pubDate>{day}</pubDate></item>"
    return Route(body=f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), content_type="text/xml")


@dataclass(slots=True)
class Newsstand:
    """Three sources on a local web, and the cycles of a running tracker."""

    desk: Desk
    web: Web
    operators: str = TO_SLACK

    def job(self) -> Job:
        return self.desk.job(
            f'[collect]\nallow_private_hosts = ["{self.web.host}"]\nhost_spacing = "0s"\n{self.operators}'
        )

    def answer(self, route: Route, *names: str) -> None:
        for name in names or NAMES:
            self.web.routes[f"/{name.replace(' ', '-')}"] = route

    def run(self, minutes: int) -> None:
        """Run the cycles of so many minutes: those in which a source is due, and one each half hour."""
        end = self.desk.now + timedelta(minutes=minutes)
        while self.desk.now < end:
            due = [state.next_due_at or self.desk.now for state in self._states()]
            ticks = max((min(due, default=end) - self.desk.now) // TICK + 1, 1)
            self.desk.now = min(self.desk.now + min(ticks * TICK, timedelta(minutes=30)), end)
            collect(self.job())
            notify(self.job())

    def _states(self) -> list[PollState]:
        return [health.state for health in self.desk.store.sources.health()]


@pytest.fixture
def stand(desk: Desk) -> Iterator[Newsstand]:
    with serve({}) as web:
        news = [Source(name=n, kind="feed", url=web.url(f"/{n.replace(' ', '-')}"), family=n) for n in NAMES]
        desk.store.sources.sync(news)
        opened = Newsstand(desk, web)
        opened.answer(feed())
        yield opened


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    with SlackServer() as server:
        monkeypatch.setenv("SLACK_BOT_TOKEN", server.token)
        monkeypatch.setenv("SLACK_API_URL", server.url)
        yield server


def titles(slack: SlackServer) -> list[str]:
    return [posted.text for posted in slack.messages]


def test_nobody_hears_of_sources_that_are_well(stand: Newsstand, slack: SlackServer) -> None:
    stand.run(minutes=60)
    assert titles(slack) == []


def test_a_source_that_turned_bad_is_told_once_and_once_when_it_is_well_again(
    stand: Newsstand, slack: SlackServer
) -> None:
    stand.run(minutes=10)
    stand.answer(DOWN, "Northern Wire")
    stand.run(minutes=300)
    assert titles(slack) == ["Northern Wire fails"]
    assert "503" in str(slack.messages[0].blocks)
    stand.answer(feed())
    stand.run(minutes=900)
    assert titles(slack) == ["Northern Wire fails", "Northern Wire works again"]
    assert problems([block for posted in slack.messages for block in posted.blocks]) == []


def test_a_network_that_is_down_is_one_message(stand: Newsstand, slack: SlackServer) -> None:
    stand.answer(DOWN)
    stand.run(minutes=300)
    assert titles(slack) == ["3 of 3 sources fail"]
    told = str(slack.messages[0].blocks)
    assert all(name in told for name in NAMES)
    assert "this machine's own network" in told


def test_a_source_that_fails_now_and_then_is_not_told(stand: Newsstand, slack: SlackServer) -> None:
    for _ in range(8):
        stand.answer(DOWN, "Old Mill")
        stand.run(minutes=14)
        stand.answer(feed(), "Old Mill")
        stand.run(minutes=60)
    assert titles(slack) == []


@pytest.mark.parametrize(
    ("route", "title", "words"),
    [
        (feed("Tue, 03 Mar 2026 09:00:00 GMT"), "Old Mill has nothing new", "nothing new since 3 March 2026"),
        (replace(feed(), body=b"<rss version='2.0'><channel/></rss>"), "Old Mill lists nothing", "lists nothing"),
        (Route(status=410), "Old Mill is gone for good", "gone for good (410) since 18 June 2026"),
    ],
)
def test_a_source_that_answers_but_is_of_no_use_is_told_too(
    stand: Newsstand, slack: SlackServer, route: Route, title: str, words: str
) -> None:
    stand.answer(route, "Old Mill")
    stand.run(minutes=1500)
    assert titles(slack) == [title]
    assert words in str(slack.messages[0].blocks)


def test_what_was_owed_when_the_process_died_is_told_once(stand: Newsstand, slack: SlackServer) -> None:
    stand.answer(DOWN)
    slack.faults = [Fault(drop=True, stored=True)]
    stand.run(minutes=60)
    assert titles(slack) == ["3 of 3 sources fail"]
    assert [delivery.state for delivery in stand.desk.store.outbox.deliveries()] == [DeliveryState.SENT]


def test_what_slack_could_not_take_is_told_as_it_was_then(stand: Newsstand, slack: SlackServer) -> None:
    slack.errors = {"C0PS": "service_unavailable"}
    stand.answer(DOWN)
    stand.run(minutes=60)
    stand.answer(feed())
    stand.run(minutes=300)
    slack.errors = {}
    stand.run(minutes=120)
    assert sorted(titles(slack)) == ["3 of 3 sources fail", "3 of 3 sources work again"]


def test_operators_may_have_a_mail_instead(stand: Newsstand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand.operators = TO_MAIL
    stand.answer(DOWN)
    with SmtpServer() as server:
        monkeypatch.setenv("SMTP_URL", server.url)
        stand.run(minutes=120)
        (mail,) = server.mails
    assert (mail.recipients, mail.message["Subject"]) == (["ops@example.org"], "3 of 3 sources fail")
    body = mail.message.get_body()
    assert body is not None
    assert "What to do:" in body.get_content()


def test_without_a_token_the_news_is_printed(stand: Newsstand) -> None:
    stand.answer(DOWN)
    stand.run(minutes=60)
    (printed,) = stand.desk.printed
    assert printed.startswith("Not sent to C0PS, because SLACK_BOT_TOKEN is not set.")
    assert "3 of 3 sources fail" in printed


def test_operators_who_are_named_later_hear_what_is_bad_then(stand: Newsstand, slack: SlackServer) -> None:
    stand.operators = ""
    stand.answer(DOWN)
    stand.run(minutes=60)
    assert titles(slack) == []
    stand.operators = TO_SLACK
    stand.run(minutes=2)
    assert titles(slack) == ["3 of 3 sources fail"]


def test_operators_get_no_alerts_and_stand_in_no_list(stand: Newsstand) -> None:
    stand.answer(DOWN)
    stand.run(minutes=60)
    store = stand.desk.store
    collect_article(store, "http://a/1")
    relate_all(store, make_report())
    assert store.outbox.subscriptions() == []
    store.outbox.owe_all(ChannelKind.SLACK, "digest:x", subscribed_before=stand.desk.now, now=stand.desk.now)
    assert [delivery.key.partition(":")[0] for delivery in store.outbox.deliveries()] == ["sources"]


def test_of_two_processes_that_tell_at_once_one_does(stand: Newsstand) -> None:
    store: Store = stand.desk.store
    (source_id, *_) = [health.id for health in store.sources.health()]
    told = {source_id: (None, "[]")}
    key, to = "sources:now", [(ChannelKind.SLACK, "C0PS")]
    assert store.operators.tell(told, to, key=key, now=NOW) == 1
    assert store.operators.tell(told, to, key=f"{key}+1", now=NOW) == 0
    assert [delivery.key for delivery in store.outbox.deliveries()] == [key]


def test_a_look_does_not_forget_what_was_told(stand: Newsstand) -> None:
    store: Store = stand.desk.store
    (health, *_) = store.sources.health()
    store.operators.tell({health.id: (None, "[]")}, [], key="sources:now", now=NOW)
    store.sources.save_failure(health.id, health.state)  # of a look that began before
    assert store.sources.health()[0].state.told == "[]"


def test_a_telling_of_sources_that_are_gone_is_refused_in_words(stand: Newsstand, slack: SlackServer) -> None:
    stand.answer(DOWN)
    slack.errors = {"C0PS": "service_unavailable"}
    stand.run(minutes=60)
    stand.desk.store.sources.sync([])
    stand.run(minutes=120)
    (delivery,) = stand.desk.store.outbox.deliveries()
    assert delivery.state is DeliveryState.REFUSED
    assert delivery.error == "the sources that this was about are no longer configured"


def test_the_digest_says_which_sources_are_of_no_use(stand: Newsstand) -> None:
    stand.answer(feed("Tue, 03 Mar 2026 09:00:00 GMT"), "Old Mill")
    stand.run(minutes=2)
    told = preview_digest(stand.job(), week=None, text="")
    assert "All 3 sources answered; answering, but of no use: Old Mill (nothing new since 3 March 2026)." in " ".join(
        told.split()
    )
