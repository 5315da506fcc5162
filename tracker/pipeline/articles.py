"""The read, understand and relate stages: one article at a time, its failure on its own row."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import structlog

from tracker import read as reading
from tracker import relate as relating
from tracker.notify.filters import owed
from tracker.pipeline.exposure import standpoint
from tracker.pipeline.job import Counts, Job
from tracker.pipeline.knowing import understander
from tracker.store.articles import LEASE, Earlier
from tracker.store.settling import Rules
from tracker.types import Article, Collected, Incoming, ReadText, Understanding

log = structlog.get_logger()

_BATCH = 100
# As history is relinked by: nobody is told.
QUIET_RULES = Rules(
    profile=relating.profile_article,
    keys=relating.lookup_keys,
    window=relating.WINDOW,
    follow=relating.follow,
    gather=relating.gather,
    tell=relating.tell,
    fold=relating.fold_event,
    owed=lambda _story, _subscriptions: (),
)
_Waiting = TypeVar("_Waiting", Collected, Article, Incoming)


def read(job: Job) -> Counts:
    """Turn collected bodies into text, and join each near-duplicate to the article that it copies."""

    def work(collected: Collected) -> Counts:
        text = reading.read(collected)
        copied = job.store.articles.save_read(collected.id, text, first_of=partial(_first_of, text))
        return Counter(copies=int(copied))

    claim = partial(job.store.articles.claim_unread, limit=_BATCH)
    return _drain(job, "read", claim, work, Counter(copies=0))


def understand(job: Job) -> Counts:
    """Find the entities and reports of each article."""

    def work(article: Article) -> Counts:
        understanding = understand_article(job, article)
        job.store.articles.save_understood(article.id, understanding)
        return Counter(relevant=int(understanding.relevant), reports=len(understanding.reports))

    claim = partial(job.store.articles.claim_read, limit=batch_to_understand(job))
    return _drain(job, "understand", claim, work, Counter(relevant=0, reports=0))


def batch_to_understand(job: Job) -> int:
    """Take no more at once than a lease lasts for, however long a second reader lets each article wait."""
    settings = job.settings.file.understand
    return _BATCH if settings.llm is None else min(_BATCH, int(LEASE / settings.llm_timeout / 2))


def understand_article(job: Job, article: Article) -> Understanding:
    """Find the entities and reports of an article, by what is known and set now."""
    understanding = understander(job.store.entities).understand(
        title=article.title, text=article.text, language=article.language, published_at=article.published_at
    )
    return _read_again(job, article, understanding)


def _read_again(job: Job, article: Article, understanding: Understanding) -> Understanding:
    if job.settings.file.understand.llm is None:
        return understanding
    from tracker.pipeline.second_reading import read_again  # noqa: PLC0415 (loads the NLP stage; few have a second reader)

    return read_again(job, article, understanding)


def relate(job: Job) -> Counts:
    """Merge reports into events and events into stories, and write the deliveries that this causes."""
    rules = relating_rules(job)

    def work(incoming: Incoming) -> Counts:
        if incoming.article.copy_of is not None:
            job.store.relations.tell(incoming.article, rules.owed, now=job.clock())
            return Counter()
        related = job.store.relations.relate(incoming, rules, now=job.clock())
        return Counter(new_stories=int(related.is_new_story), new_events=related.new_events)

    claim = partial(job.store.articles.claim_understood, limit=_BATCH)
    return _drain(job, "relate", claim, work, Counter(new_stories=0, new_events=0))


def relating_rules(job: Job) -> Rules:
    """Return the decisions that relating an article needs, as things stand for this job."""
    seen_from = standpoint(job.store, job.settings, now=job.clock())
    return replace(QUIET_RULES, owed=partial(owed, standpoint=seen_from))


def _drain(
    job: Job,
    stage: str,
    claim: Callable[..., Sequence[_Waiting]],
    work: Callable[[_Waiting], Counts],
    counts: Counts,
) -> Counts:
    """Take batches until none is left.  One article's failure is written to its row and harms no other."""
    counts.update(articles=0, failed=0)
    while batch := claim(now=job.clock()):
        with job.track(stage, len(batch)) as advance:
            for waiting in batch:
                counts["articles"] += 1
                article_id = waiting.article.id if isinstance(waiting, Incoming) else waiting.id
                try:
                    counts.update(work(waiting))
                except Exception as error:
                    job.store.articles.fail(article_id, f"{stage}: {type(error).__name__}: {error}")
                    log.exception("article failed", stage=stage, article=article_id)
                    counts["failed"] += 1
                advance()
    return counts


def _first_of(text: ReadText, earlier: Sequence[Earlier]) -> int | None:
    """Return the id of the first article that `text` copies: same address, same text, or nearly the same text."""
    for one in earlier:
        same = one.url == text.url or (text.content_hash and one.content_hash == text.content_hash)
        if same or reading.is_copy(text.signature, one.signature):
            return one.id
    return None
