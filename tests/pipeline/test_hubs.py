"""Sources that push: a real hub, a real feed, and our web process between them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.servers.hub import Hub, serve_hub
from tests.servers.web import Route, Web, serve
from tests.web.serving import serving
from tracker import times
from tracker.cli.session import track
from tracker.config import File, Settings, load_settings
from tracker.pipeline.collect import collect
from tracker.pipeline.job import Job
from tracker.store import Store
from tracker.types import Source
from tracker.web import create_app

FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>n</id>
<link rel="hub" href="{hub}"/><link rel="self" href="{self}"/>
<entry><id>1</id><title>Export controls on AI chips</title><link href="https://news.example/1"/><content>{text}</content></entry>
</feed>"""


@dataclass
class Newsdesk:
    """A job whose one feed names a hub, and the application that the hub can call."""

    job: Job
    hub: Hub
    web: Web

    def collect(self, *, later: timedelta = timedelta(0)) -> dict[str, int]:
        now = datetime.now(UTC) + later
        return dict(collect(replace(self.job, clock=lambda: now)))

    @property
    def next_due_at(self) -> datetime:
        (health,) = self.job.store.sources.health()
        assert health.state.next_due_at
        return health.state.next_due_at


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Newsdesk]:
    store = Store.open(database_url)
    with (
        serve_hub() as hub,
        serve({}) as web,
        serving(create_app(store, load_settings(tmp_path_file(tmp_path)))) as site,
    ):
        body = FEED.format(hub=hub.url, self=web.url("/feed"), text="word " * 400)
        web.routes["/feed"] = Route(body=body.encode(), content_type="application/atom+xml")
        settings = a_settings(site, [web.host, hub.url.split("/")[2]])
        store.sources.sync([Source(name="News", kind="feed", url=web.url("/feed"), family="news")])
        job = Job(store=store, settings=settings, clock=times.now, track=track, console=print)
        yield Newsdesk(job=job, hub=hub, web=web)
    store.close()


def tmp_path_file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("")
    return path


def a_settings(public_url: str | None, allowed: list[str]) -> Settings:
    file = File.model_validate({"collect": {"allow_private_hosts": allowed}, "web": {"public_url": public_url}})
    return Settings(path=None, file=file, env=load_settings().env)


def test_a_feed_with_a_hub_is_subscribed_to_and_the_hub_hears_that_it_was_meant(desk: Newsdesk) -> None:
    assert desk.collect()["hubs_asked"] == 1
    (asked,) = desk.hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", desk.web.url("/feed"))
    assert desk.hub.ask_back() == (200, "c h=1")
    assert "hubs_asked" not in desk.collect(later=timedelta(minutes=30))


def test_a_call_has_the_source_polled_next(desk: Newsdesk) -> None:
    desk.collect()
    desk.hub.ask_back()
    assert desk.next_due_at > times.now()
    assert desk.hub.call(b"<feed/>") == 202
    assert desk.next_due_at <= times.now()


@pytest.mark.parametrize(("secret", "method"), [("guessed", "sha256"), (None, "md5"), (None, "nonsense"), ("", "sha1")])
def test_a_call_with_a_wrong_signature_changes_nothing(desk: Newsdesk, secret: str | None, method: str) -> None:
    desk.collect()
    before = desk.next_due_at
    assert desk.hub.call(b"<feed/>", secret=secret, method=method) == 403
    assert desk.next_due_at == before


def test_a_subscription_that_nobody_asked_for_is_not_confirmed(desk: Newsdesk) -> None:
    desk.collect()
    assert desk.hub.ask_back(topic="https://other.example/feed")[0] == 404
    assert desk.hub.ask_back(mode="unsubscribe")[0] == 404
    desk.hub.asked[-1]["hub.callback"] += "x"
    assert desk.hub.ask_back()[0] == 404


def test_a_hub_that_says_no_is_asked_again_later_and_the_source_is_polled_as_ever(desk: Newsdesk) -> None:
    desk.hub.answer = 503
    counts = desk.collect()
    assert (counts["hubs_failed"], counts["new"]) == (1, 1)
    assert "hubs_failed" not in desk.collect(later=timedelta(hours=1))
    desk.hub.answer = 202
    assert desk.collect(later=timedelta(hours=7))["hubs_asked"] == 1


def test_a_lease_is_renewed_before_it_ends(desk: Newsdesk) -> None:
    desk.collect()
    desk.hub.ask_back(lease_seconds=str(5 * 24 * 3600))
    assert "hubs_asked" not in desk.collect(later=timedelta(days=3))
    assert desk.collect(later=timedelta(days=4, hours=1))["hubs_asked"] == 1


def test_without_a_public_address_no_hub_is_asked(desk: Newsdesk) -> None:
    allowed = list(desk.job.settings.file.collect.allow_private_hosts)
    desk.job = replace(desk.job, settings=a_settings(None, allowed))
    assert "hubs_asked" not in desk.collect()
    assert desk.hub.asked == []


def test_a_call_may_not_be_endless(desk: Newsdesk) -> None:
    desk.collect()
    assert desk.hub.call(b"x" * 5_000_001) == 413
