"""The access board as a page and as JSON."""

import re
from html import unescape

import httpx2
import pytest

from tests.web.front_page import EFFECT, ORDER
from tests.web.newsroom import Newsroom


def get(address: str, accept: str = "text/html") -> httpx2.Response:
    return httpx2.get(address, headers={"accept": accept})


def text(answer: httpx2.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_a_cell_has_its_quote_and_leads_to_its_event(site: str, filled: Newsroom) -> None:
    answer = get(f"{site}/access?as_of=2026-07-02&model=Beacon+3")
    assert answer.status_code == 200
    assert ORDER in text(answer)
    assert f'href="/events/{filled.event_id("order")}#report-' in answer.text
    assert "since 1 July 2026" in text(answer)


def test_before_its_first_day_a_control_is_only_announced(site: str) -> None:
    shown = text(get(f"{site}/access?as_of=2026-06-20&model=Beacon+3"))
    assert "Announced: gated from 1 July 2026" in shown
    assert EFFECT not in shown


def test_without_an_event_access_is_unknown_and_not_open(site: str) -> None:
    assert "unknown, not open" in text(get(f"{site}/access?as_of=2020-01-01"))
    assert "Unknown" in text(get(f"{site}/access?model=Qwen"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("as_of=soon", "“soon” is no day: write it as 2026-06-13"),
        ("known_at=2026-13-01", "“2026-13-01” is no day"),
        ("user_class=martians", "“martians” is no class of users"),
        ("model=Cluade", "Cluade: no model of this name is known; did you mean “claude”?"),
        ("country=Atlantis", "Atlantis: expected a country such as KR"),
        ("model=" + ",".join(f"m{n}" for n in range(13)), "at most 12 can be asked for at once"),
        ("chip=" + "x" * 201, "longer than 200 characters"),
    ],
)
def test_a_question_that_cannot_be_read_is_explained_in_the_form_of_the_client(
    site: str, asked: str, said: str
) -> None:
    shown = get(f"{site}/access?{asked}")
    assert (shown.status_code, said in text(shown)) == (400, True)
    for address in (f"{site}/api/v1/access?{asked}", f"{site}/access?{asked}"):
        answer = get(address, "application/json")
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert said in answer.json()["detail"]


def test_the_json_says_what_was_asked_and_has_every_cell_with_its_evidence(site: str) -> None:
    answer = get(f"{site}/api/v1/access?as_of=2026-07-02&known_at=2026-07-01&model=Beacon+3", "*/*").json()
    assert (answer["as_of"], answer["known_at"]) == ("2026-07-02", "2026-07-01")
    gated = next(cell for cell in answer["cells"] if cell["access"] == "gated")
    assert (gated["subject"]["name"], gated["since"]) == ("Beacon 3", "2026-07-01")
    assert gated["decided_by"]["quote"] == ORDER


def test_the_json_refuses_a_parameter_that_it_does_not_know(site: str) -> None:
    answer = get(f"{site}/api/v1/access?modle=Claude", "*/*")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("modle: there is no such parameter; expected one of model, chip")
