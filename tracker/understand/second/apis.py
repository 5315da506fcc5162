"""The two APIs that a second reader is asked through: what is sent, and where the answer stands in what comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import to_json

from tracker.errors import ParseError
from tracker.understand.second.question import Question

# Eight events with their quotes take about 1,500 tokens; some models think before they answer, which counts too.
_ANSWER_TOKENS = 4_000
_NAME = "policy_events"
# A longer reason why an answer ended is none that the documents know.
_REASON_AT_MOST = 40

# No model takes more at once; a number without sense must neither use up the budget nor refill it.
_Tokens = Annotated[int, Field(ge=0, le=10**7)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The text of an answer, and the tokens that it took with its question; None where that is not stated."""

    text: str
    tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One vendor's form of asking; `base` is where its own endpoint is."""

    base: str
    path: str
    headers: Callable[[str | None], Mapping[str, str]]
    body: Callable[[str, Question], Mapping[str, Any]]
    reply: Callable[[bytes], Reply]


# ---------------------------------------------------------------- chat completions with structured outputs
# https://platform.openai.com/docs/api-reference/chat/create


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _TotalUsage(BaseModel):
    total_tokens: _Tokens | None = None


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _TotalUsage | None = None


def _openai_headers(key: str | None) -> Mapping[str, str]:
    return {"authorization": f"Bearer {key}"} if key else {}


def _openai_body(model: str, question: Question) -> Mapping[str, Any]:
    form = {"name": _NAME, "strict": True, "schema": question.schema}
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": question.instructions},
            {"role": "user", "content": question.text},
        ],
        "max_completion_tokens": _ANSWER_TOKENS,
        "response_format": {"type": "json_schema", "json_schema": form},
    }


def _openai_reply(body: bytes) -> Reply:
    completion = _read(_Completion, body)
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ParseError("the second reader refused to answer")
    _check_end(choice.finish_reason, "stop")
    tokens = completion.usage.total_tokens if completion.usage else None
    return Reply(text=choice.message.content or "", tokens=tokens)


# ---------------------------------------------------------------- messages with a tool that has to be used
# https://docs.anthropic.com/en/api/messages


class _Block(BaseModel):
    type: str
    input: dict[str, Any] | None = None


class _SplitUsage(BaseModel):
    input_tokens: _Tokens | None = None
    cache_creation_input_tokens: _Tokens | None = None
    cache_read_input_tokens: _Tokens | None = None
    output_tokens: _Tokens | None = None


class _Answered(BaseModel):
    type: Literal["message"]
    content: list[_Block]
    stop_reason: str | None = None
    usage: _SplitUsage | None = None


def _anthropic_headers(key: str | None) -> Mapping[str, str]:
    return {"anthropic-version": "2023-06-01"} | ({"x-api-key": key} if key else {})


def _anthropic_body(model: str, question: Question) -> Mapping[str, Any]:
    tool = {"name": _NAME, "description": "Take down the events of the article.", "input_schema": question.schema}
    return {
        "model": model,
        "max_tokens": _ANSWER_TOKENS,
        "system": question.instructions,
        "messages": [{"role": "user", "content": question.text}],
        "tools": [tool],
        "tool_choice": {"type": "tool", "name": _NAME},
    }


def _anthropic_reply(body: bytes) -> Reply:
    message = _read(_Answered, body)
    _check_end(message.stop_reason, "tool_use")
    used = next((block.input for block in message.content if block.type == "tool_use"), None)
    counts = [count for _, count in message.usage or () if count is not None]
    return Reply(text=to_json(used).decode(), tokens=sum(counts) if counts else None)


# ---------------------------------------------------------------- both

_A = TypeVar("_A", bound=BaseModel)


def _read(form: type[_A], body: bytes) -> _A:
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        raise ParseError("what the second reader sent is not of its API's form") from error


def _check_end(reason: str | None, expected: str) -> None:
    """Refuse an answer that was cut off or withheld; some servers of one's own state no reason."""
    if reason not in {expected, None}:
        raise ParseError(f"the second reader's answer is not whole ({reason[:_REASON_AT_MOST]})")


APIS: Mapping[str, Api] = {
    "openai": Api(
        base="https://api.openai.com/v1",
        path="/chat/completions",
        headers=_openai_headers,
        body=_openai_body,
        reply=_openai_reply,
    ),
    "anthropic": Api(
        base="https://api.anthropic.com/v1",
        path="/messages",
        headers=_anthropic_headers,
        body=_anthropic_body,
        reply=_anthropic_reply,
    ),
}
