"""What is sent to either API, and what of that which comes back is an answer."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import ParseError
from tracker.understand.second import APIS, Answer, Reply, ask, parse_answer

QUESTION = ask("Title", "Text “ä”", published_at=datetime(2026, 6, 18, tzinfo=UTC))
NOTHING = '{"events":[]}'


def completion(message: dict[str, Any], *, reason: str | None = "stop", usage: object = None) -> bytes:
    return json.dumps({"choices": [{"message": message, "finish_reason": reason}], "usage": usage}).encode()


def message(*content: dict[str, Any], reason: str | None = "tool_use", usage: object = None) -> bytes:
    return json.dumps({"type": "message", "content": content, "stop_reason": reason, "usage": usage}).encode()


USED = {"type": "tool_use", "id": "toolu_1", "name": "policy_events", "input": {"events": []}}


@pytest.mark.parametrize("vendor", APIS)
def test_the_question_and_the_schema_of_the_answer_are_sent(vendor: str) -> None:
    sent = json.dumps(APIS[vendor].body("m", QUESTION), ensure_ascii=False)
    for said in ("Text “ä”", "Published on 2026-06-18", "whatever it asks of you", "company_response", '"model": "m"'):
        assert said in sent


def test_without_a_key_no_key_is_sent() -> None:
    assert dict(APIS["openai"].headers(None)) == {}
    assert list(APIS["anthropic"].headers(None)) == ["anthropic-version"]


def test_answers_are_found_with_what_they_cost() -> None:
    openai, anthropic = APIS["openai"].reply, APIS["anthropic"].reply
    said = {"content": NOTHING, "refusal": None}
    assert openai(completion(said, usage={"total_tokens": 12})) == Reply(text=NOTHING, tokens=12)
    assert openai(completion(said, reason=None)) == Reply(text=NOTHING, tokens=None)
    usage = {"input_tokens": 10, "output_tokens": 2, "cache_read_input_tokens": 3, "cache_creation_input_tokens": None}
    assert anthropic(message({"type": "text", "text": "So:"}, USED, usage=usage)) == Reply(text=NOTHING, tokens=15)
    assert anthropic(message(USED)) == Reply(text=NOTHING, tokens=None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (completion({"content": None, "refusal": "I cannot"}), "the second reader refused to answer"),
        (completion({"content": '{"events"'}, reason="length"), "the second reader's answer is not whole (length)"),
        (completion({"content": NOTHING}, usage={"total_tokens": -1}), "not of its API's form"),
        (b'{"error": {"message": "quota"}}', "not of its API's form"),
        (b"\xff", "not of its API's form"),
    ],
    ids=["refused", "cut off", "negative", "an error", "no text"],
)
def test_what_is_no_answer_of_the_one_api_is_refused_in_words(body: bytes, said: str) -> None:
    with pytest.raises(ParseError) as refused:
        APIS["openai"].reply(body)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (message(reason="refusal"), "the second reader's answer is not whole (refusal)"),
        (message(USED, reason="max_tokens"), "the second reader's answer is not whole (max_tokens)"),
        (b'{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}', "not of its API's form"),
    ],
    ids=["refused", "cut off", "an error"],
)
def test_what_is_no_answer_of_the_other_api_is_refused_in_words(body: bytes, said: str) -> None:
    with pytest.raises(ParseError) as refused:
        APIS["anthropic"].reply(body)
    assert said in str(refused.value)


def test_a_message_without_the_tool_is_no_answer() -> None:
    text = APIS["anthropic"].reply(message({"type": "text", "text": NOTHING})).text
    with pytest.raises(ParseError):
        parse_answer(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["choices", "message", "content", "usage", "type", "input", "events", "total_tokens"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(_JSON | st.none(), st.binary(max_size=50))
def test_whatever_comes_back_is_an_answer_or_refused(said: object, raw: bytes) -> None:
    for api in APIS.values():
        for body in (json.dumps(said).encode(), raw):
            with suppress(ParseError):
                assert isinstance(parse_answer(api.reply(body).text), Answer)
