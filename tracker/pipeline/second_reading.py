"""A second reading of relevant articles by a language model: off unless configured, within a budget, never needed."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import structlog

from tracker.collect.http import Client
from tracker.config import CollectSettings, UnderstandSettings
from tracker.errors import FetchError, ParseError
from tracker.pipeline.job import Job
from tracker.types import Article, Understanding
from tracker.understand import second

log = structlog.get_logger()

_URLS = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com/v1"}
_DAY = timedelta(days=1)
# After a failure nobody is asked for so long: an endpoint that is away must not hold up articles.
_PAUSE = timedelta(minutes=5)
_ANSWER_TOKENS = 4_000
_ANSWER_BYTES = 1_000_000
_NAME = "policy_events"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What a model answered, and how many tokens question and answer took."""

    text: str
    tokens: int


def read_again(job: Job, article: Article, understanding: Understanding) -> Understanding:
    """Add what a second reader reads otherwise; without one, over budget or where it fails, nothing is added."""
    settings = job.settings.file.understand
    if settings.llm is None or not (understanding.relevant and understanding.reports):
        return understanding
    question = second.ask(article.title, article.text, published_at=article.published_at)
    key = sha256(f"{settings.llm} {question.digest}".encode()).hexdigest()
    answered = job.store.second_readings.answer(key)
    if answered is None and _may_ask(job, settings):
        answered = _ask(job, settings, question, key, article)
    answer = second.EMPTY if answered is None else second.parse_answer(answered)
    return second.with_disputes(
        understanding, answer, title=article.title, text=article.text, reader=settings.llm.partition(":")[2]
    )


def _may_ask(job: Job, settings: UnderstandSettings) -> bool:
    """Say whether the budget of the last 24 hours is left, and the last question did not just fail."""
    now = job.clock()
    spent = job.store.second_readings.spent(since=now - _DAY)
    is_away = spent.failed_at is not None and now - spent.failed_at < _PAUSE
    return not is_away and spent.calls < settings.llm_calls_a_day and spent.tokens < settings.llm_tokens_a_day


def _ask(job: Job, settings: UnderstandSettings, question: second.Question, key: str, article: Article) -> str | None:
    """Ask and keep the answer; None where none came that is as asked."""
    reply, answer = _Reply(text="", tokens=0), None
    try:
        reply = _converse(job, settings, question)
        second.parse_answer(reply.text)
        answer = reply.text
    except (FetchError, ParseError) as error:
        log.warning("second reading failed", article=article.id, reader=settings.llm, error=str(error))
    asked_at: datetime = job.clock()
    job.store.second_readings.keep(
        key, reader=settings.llm or "", answer=answer, tokens=reply.tokens, asked_at=asked_at
    )
    return answer


def _converse(job: Job, settings: UnderstandSettings, question: second.Question) -> _Reply:
    vendor, _, model = (settings.llm or "").partition(":")
    base = (settings.llm_url or _URLS[vendor]).rstrip("/")
    secret = job.settings.env.llm_api_key
    key = secret.get_secret_value() if secret else ""
    with Client(_limits(job.settings.file.collect, settings, base)) as client:
        if vendor == "anthropic":
            headers = {"x-api-key": key, "anthropic-version": "2023-06-01"}
            said = _send(client, f"{base}/messages", _for_anthropic(model, question), headers)
            return _from_anthropic(said)
        headers = {"authorization": f"Bearer {key}"} if key else {}
        said = _send(client, f"{base}/chat/completions", _for_openai(model, question), headers)
        return _from_openai(said)


def _limits(collect: CollectSettings, settings: UnderstandSettings, base: str) -> CollectSettings:
    """Return the limits of fetching with the model's own patience; an address that operators name may be private."""
    own = (*collect.allow_private_hosts, urlsplit(base).netloc) if settings.llm_url else collect.allow_private_hosts
    patience = {"timeout": settings.llm_timeout, "first_byte_timeout": settings.llm_timeout}
    return collect.model_copy(update={"allow_private_hosts": own, "body_limit_bytes": _ANSWER_BYTES, **patience})


def _send(client: Client, url: str, asked: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    body = client.send(url, json.dumps(asked).encode(), {"content-type": "application/json", **headers})
    try:
        said = json.loads(body)
    except ValueError as error:
        raise ParseError("the second reader's answer is not JSON") from error
    if not isinstance(said, dict):
        raise ParseError("the second reader's answer is no JSON object")
    return said


# Chat completions with structured outputs: https://platform.openai.com/docs/api-reference/chat/create
def _for_openai(model: str, question: second.Question) -> dict[str, Any]:
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": question.instructions},
            {"role": "user", "content": question.text},
        ],
        "max_completion_tokens": _ANSWER_TOKENS,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": _NAME, "strict": True, "schema": question.schema},
        },
    }


def _from_openai(said: dict[str, Any]) -> _Reply:
    try:
        message, usage = said["choices"][0]["message"], said.get("usage") or {}
        text, tokens = message.get("content") or "", int(usage.get("total_tokens", 0))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ParseError("the second reader's answer is no chat completion") from error
    return _Reply(text=str(text), tokens=tokens)


# Messages with a tool that has to be used: https://docs.anthropic.com/en/api/messages
def _for_anthropic(model: str, question: second.Question) -> dict[str, Any]:
    tool = {"name": _NAME, "description": "Take down the events of the article.", "input_schema": question.schema}
    return {
        "model": model,
        "max_tokens": _ANSWER_TOKENS,
        "system": question.instructions,
        "messages": [{"role": "user", "content": question.text}],
        "tools": [tool],
        "tool_choice": {"type": "tool", "name": _NAME},
    }


def _from_anthropic(said: dict[str, Any]) -> _Reply:
    try:
        used = next((block for block in said["content"] if block["type"] == "tool_use"), {"input": None})
        usage = said.get("usage") or {}
        tokens = int(usage.get("input_tokens", 0)) + int(usage.get("output_tokens", 0))
        text = json.dumps(used["input"])
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ParseError("the second reader's answer is no message") from error
    return _Reply(text=text, tokens=tokens)
