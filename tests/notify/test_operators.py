"""Whatever a source is called and says, the operators' message is valid, within limits, and pings nobody."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.slack_blocks import message_error, pings
from tracker.collect.health import Condition
from tracker.errors import SendError
from tracker.notify.operators import News, SourceNews, news_mail, news_message

AT = datetime(2026, 6, 18, 12, 5, tzinfo=UTC)
outside = st.text(max_size=400) | st.sampled_from(
    [
        "<!channel>",
        "<@U123>",
        "*b* `c` _i_",
        "\u202eevil",
        'a "b" \\ c' * 60,
        "x " * 9000,
        "line\r\nBcc: evil@example.org",
    ]
)
tellable = sorted(condition.value for condition in Condition if condition is not Condition.WAITING)
sources = st.builds(
    SourceNews,
    name=outside,
    url=outside.map(lambda path: f"https://example.org/{path}"),
    condition=st.sampled_from(tellable),
    words=outside,
)


def news(*told: SourceNews, of: int = 13) -> News:
    return News(told=told, sources=of, at=AT, public_url="https://tracker.example")


def one(name: str, condition: str = "failing", words: str = "failed 3 times in a row") -> SourceNews:
    return SourceNews(name=name, url=f"https://example.org/{name}", condition=condition, words=words)


@given(st.lists(sources, min_size=1, max_size=60))
def test_any_news_can_be_posted_and_mailed(told: list[SourceNews]) -> None:
    message = news_message(news(*told, of=60))
    blocks = json.loads(json.dumps(message.blocks))
    assert message_error({"channel": "C1", "text": message.text, "blocks": blocks}) is None
    assert not pings({"text": message.text, "blocks": blocks})
    mail = news_mail(news(*told, of=60), sender="tracker@example.org", recipient="ops@example.org")
    assert mail.as_bytes()
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ([one("A")], "A fails"),
        ([one("A", "stale")], "A has nothing new"),
        ([one("A", "ok")], "A works again"),
        ([one(name) for name in "ABCDEFGHIJKL"], "12 of 13 sources fail"),
        ([one("A"), one("B", "off topic")], "2 of 13 sources need a look"),
        ([one("A"), one("B", "ok")], "A fails, 1 works again"),
        ([one("A", "empty"), one("B", "empty"), one("C", "ok"), one("D", "ok")],
         "2 of 13 sources list nothing, 2 work again"),
        ([one("A", "ok"), one("B", "ok")], "2 of 13 sources work again"),
    ],
)  # fmt: skip
def test_the_title_says_what_has_happened(told: list[SourceNews], title: str) -> None:
    assert news_message(news(*told)).text == title


def test_every_condition_comes_with_what_to_do() -> None:
    for condition in Condition:
        if condition.is_bad:
            said = str(news_message(news(one("A", condition))).blocks)
            assert "What to do" in said
            assert "config.toml" in said


def test_most_sources_failing_at_once_point_to_the_network() -> None:
    told = [one(name) for name in "ABCDEFG"]
    assert "this machine's own network" in str(news_message(news(*told)).blocks)
    assert "this machine's own network" not in str(news_message(news(*told, of=40)).blocks)


def test_a_long_list_says_how_many_more_there_are() -> None:
    told = [one(f"Source {number}") for number in range(40)]
    assert "and 28 more sources" in str(news_message(news(*told, of=40)).blocks)


def test_the_mail_reads_well() -> None:
    told = one("Northern Wire", words="failed 3 times in a row, last worked on 18 June 2026: HTTP 503"), one("B", "ok")
    mail = news_mail(news(*told), sender="tracker@example.org", recipient="ops@example.org")
    assert mail["Subject"] == "Northern Wire fails, 1 works again"
    assert mail.get_content().splitlines() == [
        "Northern Wire fails, 1 works again.",
        "",
        "- Northern Wire: failed 3 times in a row, last worked on 18 June 2026: HTTP",
        "  503",
        "  https://example.org/Northern Wire",
        "",
        "What to do:",
        "- A source that fails: open its address in a browser. Where it works there,",
        "  this machine may be blocked or ask too often; where it does not, correct url",
        "  in config.toml or take the source out.",
        "",
        "Well again: B.",
        "",
        "As of 18 June 2026, 12:05 UTC. Each source is named once when it has turned",
        "bad, and once when it is well again.",
        "",
        "The state of all sources: https://tracker.example/sources",
    ]


@pytest.mark.parametrize("address", ["ops@example.org\r\nBcc: b@example.org", "ops@", "ops@["])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(SendError, match="no mail from"):
        news_mail(news(one("A")), sender="tracker@example.org", recipient=address)
