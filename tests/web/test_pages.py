import re
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import httpx2
import pytest
from sqlalchemy import text

from tests.web.conftest import Serve
from tests.web.front_page import ARABIC_NEWS, CHINESE_RELEASE, ORDER
from tests.web.newsroom import DAILY, NOW, WIRE, Newsroom, Telling, polled
from tracker.pipeline.articles import QUIET_RULES
from tracker.store import Store
from tracker.types import EventType, PollState, Review, Verdict
from tracker.web.security import SECURITY_HEADERS

TITLES = re.compile(r'<h2 id="story-\d+"><a [^>]*>([^<]*)</a>')


def get(address: str, **headers: str) -> httpx2.Response:
    return httpx2.get(address, headers={"accept": "text/html", **headers})


def titles(answer: httpx2.Response) -> list[str]:
    return [unescape(title) for title in TITLES.findall(answer.text)]


def test_the_first_page_lists_stories_newest_first_with_their_quotes(site: str) -> None:
    answer = get(f"{site}/")
    assert answer.status_code == 200
    assert titles(answer) == [
        "الإمارات تخفف القيود على نموذج Beacon 3",
        "Order concerning certain advanced AI models",
        "House bill would license model weights",
    ]
    for quote in (ORDER, ARABIC_NEWS):
        assert f">{quote}</q>" in unescape(answer.text)
    assert "5 reports (1 copy), 4 independent publishers, 1 primary document" in answer.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("type=legislation", 1),
        ("type=legislation&type=easing", 2),
        ("country=AE", 2),
        ("country=Emiratos+Árabes+Unidos", 2),
        ("country=China", 0),
        ("company=Lantern+Labs", 1),
        ("company=quanhe", 1),
        ("model=beacon-3", 2),
        ("agency=us-commerce", 1),
        ("text=licence+outside", 1),
        ("since=2026-06-17", 1),
        ("until=2026-06-12", 1),
        ("modality=rumour", 1),
        ("type=easing&company=Orrery+Cloud", 0),
    ],
)
def test_filters_choose_among_the_stories(site: str, asked: str, found: int) -> None:
    answer = get(f"{site}/?{asked}")
    assert (answer.status_code, len(titles(answer))) == (200, found)


def test_a_filter_that_matches_nothing_says_which_condition_and_what_comes_close(site: str) -> None:
    answer = unescape(get(f"{site}/?type=restriction&company=Lantrn").text)
    assert "Type “<bdi>restriction</bdi>” matches stories by itself." in " ".join(answer.split())
    assert "Company “<bdi>Lantrn</bdi>” matches no story at all." in " ".join(answer.split())
    assert '<a href="/?company=Lantern+Labs"><bdi>Lantern Labs</bdi></a>?' in answer


def test_a_filter_that_cannot_be_read_is_explained_and_kept_in_the_form(site: str) -> None:
    answer = get(f"{site}/?since=soon&company=Orrery")
    assert answer.status_code == 400
    assert "“soon” is no day" in answer.text
    assert 'value="Orrery"' in answer.text
    assert not titles(answer)


def test_a_filter_that_cannot_be_read_is_problem_details_for_a_program(site: str) -> None:
    answer = get(f"{site}/?type=ban", accept="application/json")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert "ban" in answer.json()["detail"]


def test_all_pages_together_hold_every_story_once(store: Store, newsroom: Newsroom, serve: Serve) -> None:
    for number in range(45):
        said = f"Rule {number} was tightened."
        told = Telling(event=f"e{number}", type=EventType.RESTRICTION, cue="tightened", sentence=said)
        newsroom.publish(DAILY, f"Rule {number}", said, [told], story=f"s{number}",
                         published_at=NOW - timedelta(hours=number // 3))  # fmt: skip
    with serve(store) as site:
        seen, address = [], f"{site}/?type=restriction"
        for _ in range(3):
            answer = get(address)
            seen.append(titles(answer))
            onward = re.search(r'href="([^"]+)" rel="next"', answer.text)
            address = urljoin(site, unescape(onward[1])) if onward else address
    assert [len(page) for page in seen] == [20, 20, 5]
    assert {title for page in seen for title in page} == {f"Rule {n}" for n in range(45)}
    assert onward is None


def test_a_story_shows_its_events_in_date_order_with_a_quote_for_each_field(filled: Newsroom, site: str) -> None:
    answer = get(f"{site}/stories/{filled.story_id('order')}")
    assert re.findall(r'id="event-(\d+)"', answer.text) == [
        str(filled.event_id(name)) for name in ("order", "answer", "release", "rumour")
    ]
    shown = unescape(answer.text)
    for quote in ("takes effect on 1 July 2026", "would seek a licence", "发布并开源", "Washington"):
        assert f">{quote}</q>" in shown
    assert "Sources disagree" in shown
    assert "Copy of another article" in shown
    assert f'<q class="quote" dir="auto" lang="zh">{CHINESE_RELEASE}</q>' in shown


def test_an_event_shows_all_witnesses_with_their_evidence_marked(filled: Newsroom, site: str) -> None:
    shown = unescape(get(f"{site}/events/{filled.event_id('order')}").text)
    assert '<mark class="cue" title="What happened">ordered</mark>' in shown
    assert '<mark class="actor" title="By">Washington</mark>' in shown
    assert "2 reports" in shown
    assert shown.count("<blockquote") == 2


def test_an_event_says_what_a_person_corrected_and_how_it_was_read(
    store: Store, newsroom: Newsroom, serve: Serve
) -> None:
    said = "Washington banned it."
    told = Telling(event="ban", type=EventType.RESTRICTION, cue="banned", sentence=said)
    article_id = newsroom.publish(WIRE, "A ban", said, [told], story="ban")
    (report,) = store.reviews.of_article(article_id).reports.values()
    verdict = Verdict(type=EventType.LISTING, targets=())
    review = Review(
        article_id=article_id, position=0, report=report, verdict=verdict, by="mira", at=NOW, why="<b>list</b>"
    )
    store.reviews.keep([review], QUIET_RULES)
    with serve(store) as site:
        shown = get(f"{site}/events/{newsroom.event_id('ban')}").text
        found = titles(get(f"{site}/?type=listing"))
    assert "Reviewed: <bdi>type listing; targets none</bdi>" in shown
    assert "on 20 June 2026; read as Restriction, Act" in shown
    assert "mira" not in shown
    assert found == ["A ban"]


def test_links_to_sources_leak_nothing_and_vouch_for_nothing(filled: Newsroom, site: str) -> None:
    shown = get(f"{site}/events/{filled.event_id('order')}").text
    outward = re.findall(r'<a href="https?://[^>]+>', shown)
    assert outward
    assert all('rel="noopener noreferrer nofollow"' in link for link in outward)


@pytest.mark.parametrize("path", ["/stories/99", "/events/99", "/stories/abc", "/events/-1", f"/stories/{10**30}"])
def test_a_wrong_id_helps_the_reader_on(site: str, path: str) -> None:
    answer = get(f"{site}{path}")
    assert answer.status_code == 404
    assert "There is no" in answer.text
    assert 'name="text"' in answer.text
    details = get(f"{site}{path}", accept="application/json").json()
    assert {"type", "title", "status", "detail", "instance"} == set(details)


def test_an_unknown_address_and_a_wrong_method_are_answered_too(site: str) -> None:
    assert "There is no page at this address" in get(f"{site}/nowhere").text
    refused = httpx2.post(f"{site}/", headers={"accept": "application/json"})
    assert (refused.status_code, refused.headers["content-type"]) == (405, "application/problem+json")
    assert "GET" in refused.headers["allow"]


def test_the_pages_answer_a_head_request(site: str) -> None:
    assert [httpx2.head(f"{site}{path}").status_code for path in ("/", "/sources", "/healthz")] == [200] * 3


@pytest.mark.parametrize("path", ["/", "/stories/99", "/sources", "/healthz", "/static/tracker.css", "/static/none"])
def test_every_answer_carries_the_security_headers(site: str, path: str) -> None:
    headers = get(f"{site}{path}").headers
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "unsafe" not in headers["content-security-policy"]


def test_hostile_text_stays_text(store: Store, newsroom: Newsroom, serve: Serve) -> None:
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    said = f"{evil} banned it."
    told = Telling(
        event="evil", type=EventType.RESTRICTION, cue=evil, sentence=said, targets=(("model/x\"'><b>", evil),)
    )
    newsroom.publish(WIRE, evil, said, [told], story="evil", url="javascript:alert(1)")
    with serve(store) as site:
        pages = [get(f"{site}{path}").text for path in ("/", "/stories/1", "/events/1", '/?text="><script>')]
    assert not any(re.search(r"<script|<img|<b>|javascript:", page) for page in pages)


def test_an_empty_database_says_what_happens_next(store: Store, serve: Serve) -> None:
    with serve(store) as site:
        assert "tracker ingest PATH" in get(f"{site}/").text
        assert "No source is configured" in get(f"{site}/sources").text
        Newsroom(store)
        assert "5 sources will be polled" in get(f"{site}/").text
        ids = [health.id for health in store.sources.health()]
        for source_id in ids:
            store.sources.save_failure(source_id, PollState(polled_at=NOW, failures=1, error="no route"))
        assert "None of 5 sources answered" in get(f"{site}/").text
        store.sources.save_poll(ids[0], polled(NOW), [], now=NOW)
        assert "no article so far reports an event" in get(f"{site}/").text


def test_a_failing_database_is_reported_without_internals(store: Store, serve: Serve) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE sources"))
    with serve(store) as site:
        health, page = get(f"{site}/healthz"), get(f"{site}/sources")
        details = get(f"{site}/sources", accept="application/json")
    assert (health.status_code, health.json()["database"]) == (503, "unreachable")
    assert (page.status_code, details.status_code) == (500, 500)
    assert "sqlite" not in page.text + details.text
    assert page.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]


def test_pages_say_how_events_hang_together_and_how_far_the_control_has_come(site: str, filled: Newsroom) -> None:
    order, answer = filled.event_id("order"), filled.event_id("answer")
    event = " ".join(unescape(get(f"{site}/events/{answer}").text).split())
    assert f'<p class="linked">Answers <a href="/events/{order}">' in event
    story = " ".join(unescape(get(f"{site}/stories/{filled.story_id('order')}").text).split())
    assert f'<p class="linked">Answered by <a href="/events/{answer}">' in story
    assert re.search(r"· control: (?:announced|in force)<", story)  # by the day on which this runs
