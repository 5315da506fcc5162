"""A second reading of relevant articles by a language model: off unless configured, within a budget, never needed."""

import json
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from tracker.collect.http import Client
from tracker.config import CollectSettings, UnderstandSettings
from tracker.errors import FetchError, ParseError
from tracker.pipeline.job import Job
from tracker.pipeline.knowing import known
from tracker.types import Article, Understanding
from tracker.understand import second

log = structlog.get_logger()

# After a failure nobody is asked for so long: an endpoint that is away must not hold up articles.
_PAUSE, _PAUSE_AT_MOST = timedelta(minutes=5), timedelta(days=1)
_HINTS = {
    400: "the model may not know structured answers, see understand.llm",
    401: "the key is not accepted, see LLM_API_KEY",
    403: "the key is not accepted, see LLM_API_KEY",
    404: "there is no such model or address, see understand.llm and understand.llm_url",
    429: "too many questions, or no credit left",
}
_ANSWER_BYTES = 1_000_000


def read_again(job: Job, article: Article, understanding: Understanding) -> Understanding:
    """Add what a second reader reads otherwise; without one, over budget or where it fails, nothing is added."""
    settings = job.settings.file.understand
    if settings.llm is None or not understanding.relevant:
        return understanding
    question = second.ask(article.title, article.text, published_at=article.published_at)
    key = sha256(f"{settings.llm} {question.digest}".encode()).hexdigest()
    answered = job.store.second_readings.answer(key)
    if answered is None and _may_ask(job, settings):
        answered = _ask(job, settings, question, key, article)
    answer = second.EMPTY if answered is None else second.parse_answer(answered)
    ground = second.Ground(
        title=article.title, text=article.text, mentions=understanding.mentions, published_at=article.published_at
    )
    reader, kb = settings.llm.partition(":")[2], known(job.store.entities)
    return second.with_disputes(understanding, ground.claims(answer), reader=reader, kb=kb)


def _may_ask(job: Job, settings: UnderstandSettings) -> bool:
    """Say whether today's budget (UTC) is left, and no failure says to wait."""
    now = job.clock()
    retry_at = job.store.second_readings.retry_at(since=now - _PAUSE_AT_MOST)
    return (retry_at is None or retry_at <= now) and not _is_spent(job, settings, now)


def _is_spent(job: Job, settings: UnderstandSettings, now: datetime) -> bool:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    spent = job.store.second_readings.spent(since=midnight)
    return spent.calls >= settings.llm_calls_a_day or spent.tokens >= settings.llm_tokens_a_day


def _ask(job: Job, settings: UnderstandSettings, question: second.Question, key: str, article: Article) -> str | None:
    """Ask, and keep the answer or that none came (None).

    Tokens that are not stated are estimated; what came back in another form, or not at all, may have taken as many.
    """
    readings, reader = job.store.second_readings, settings.llm or ""
    try:
        reply = _converse(job, settings, question)
        second.parse_answer(reply.text)
    except (FetchError, ParseError) as error:
        answer, now = None, job.clock()
        retry_at = now + _pause(error)
        tokens = 0 if _status(error) else question.tokens
        readings.keep_failure(key, reader=reader, tokens=tokens, asked_at=now, retry_at=retry_at)
        log.warning(
            "second reading failed",
            article=article.id,
            reader=reader,
            error=_explain(error),
            again_at=retry_at.isoformat(),
        )
    else:
        answer, now = reply.text, job.clock()
        tokens = question.tokens if reply.tokens is None else reply.tokens
        readings.keep(key, reader=reader, answer=answer, tokens=tokens, asked_at=now)
    if _is_spent(job, settings, now):  # the question that used it up says so, and none is asked after it
        log.warning("second reading stops for today: the budget is used up", reader=reader)
    return answer


def _pause(error: FetchError | ParseError) -> timedelta:
    """Return for how long nobody is asked: five minutes, or as long as the endpoint says, but a day at most."""
    asked = error.retry_after if isinstance(error, FetchError) else None
    return min(max(_PAUSE, asked or _PAUSE), _PAUSE_AT_MOST)


def _explain(error: FetchError | ParseError) -> str:
    """Say what failed, and where it helps what to do."""
    hint = _HINTS.get(_status(error) or 0)
    return f"{error}: {hint}" if hint else str(error)


def _status(error: FetchError | ParseError) -> int | None:
    return error.status if isinstance(error, FetchError) else None


def _converse(job: Job, settings: UnderstandSettings, question: second.Question) -> second.Reply:
    vendor, _, model = (settings.llm or "").partition(":")
    api, secret = second.APIS[vendor], job.settings.env.llm_api_key
    base = (settings.llm_url or api.base).rstrip("/")
    headers = {"content-type": "application/json", **api.headers(secret.get_secret_value().strip() if secret else None)}
    with Client(_limits(job.settings.file.collect, settings, base)) as client:
        return api.reply(client.send(base + api.path, json.dumps(api.body(model, question)).encode(), headers))


def _limits(collect: CollectSettings, settings: UnderstandSettings, base: str) -> CollectSettings:
    """Return the limits of fetching with the model's own patience; an address that operators name may be private."""
    own = (
        (*collect.allow_private_hosts, base.lower().split("/")[2]) if settings.llm_url else collect.allow_private_hosts
    )
    patience = {"timeout": settings.llm_timeout, "first_byte_timeout": settings.llm_timeout}
    return collect.model_copy(update={"allow_private_hosts": own, "body_limit_bytes": _ANSWER_BYTES, **patience})
