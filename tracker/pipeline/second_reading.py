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

_DAY = timedelta(days=1)
# After a failure nobody is asked for so long: an endpoint that is away must not hold up articles.
_PAUSE = timedelta(minutes=5)
_ANSWER_BYTES = 1_000_000


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
    ground = second.Ground(
        title=article.title, text=article.text, mentions=understanding.mentions, published_at=article.published_at
    )
    reader, kb = settings.llm.partition(":")[2], known(job.store.entities)
    return second.with_disputes(understanding, ground.claims(answer), reader=reader, kb=kb)


def _may_ask(job: Job, settings: UnderstandSettings) -> bool:
    """Say whether the budget of the last 24 hours is left, and the last question did not just fail."""
    now = job.clock()
    spent = job.store.second_readings.spent(since=now - _DAY)
    is_away = spent.failed_at is not None and now - spent.failed_at < _PAUSE
    return not is_away and spent.calls < settings.llm_calls_a_day and spent.tokens < settings.llm_tokens_a_day


def _ask(job: Job, settings: UnderstandSettings, question: second.Question, key: str, article: Article) -> str | None:
    """Ask and keep the answer; None where none came that is as asked.

    Tokens that are not stated are estimated; an answer that does not come may have taken as many.
    """
    answer, tokens = None, question.tokens
    try:
        reply = _converse(job, settings, question)
        tokens = question.tokens if reply.tokens is None else reply.tokens
        second.parse_answer(reply.text)
        answer = reply.text
    except (FetchError, ParseError) as error:
        log.warning("second reading failed", article=article.id, reader=settings.llm, error=str(error))
        is_refused = isinstance(error, FetchError) and error.status is not None
        tokens = 0 if is_refused else tokens
    asked_at: datetime = job.clock()
    job.store.second_readings.keep(key, reader=settings.llm or "", answer=answer, tokens=tokens, asked_at=asked_at)
    return answer


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
