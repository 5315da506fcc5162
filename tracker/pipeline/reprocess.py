"""History understood and related anew by the rules of today, as a revision of the record; nobody is told."""

from dataclasses import dataclass
from datetime import date

from tracker.pipeline.articles import QUIET_RULES, understand_article
from tracker.pipeline.job import Job
from tracker.pipeline.rulebook import rulebook
from tracker.relate.changes import changes
from tracker.types import Change, Revision

_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprocessed:
    """A revision, and what it changed."""

    revision: Revision
    changes: tuple[Change, ...]


def reprocess(job: Job, since: date) -> Reprocessed:
    """Run understanding and relating over what was reported since a day; ids stay where most of it stays.

    Each article is kept as it is done, and each change with the revision that made it: what is interrupted is
    finished by running it again, in a revision of its own.
    """
    store, ids = job.store, job.store.rereading.since(since)
    number = store.revisions.begin(since, rulebook(store.entities), articles=len(ids), now=job.clock())
    reread = 0
    with job.track("understand", len(ids)) as advance:
        for start in range(0, len(ids), _AT_ONCE):
            for article in store.rereading.articles(ids[start : start + _AT_ONCE]):
                reread += store.rereading.keep(article, understand_article(job, article), QUIET_RULES)
                advance()
    clusters = store.rereading.follow(ids, QUIET_RULES)
    made: list[Change] = []
    with job.track("relate", len(clusters)) as advance:
        for story_ids in clusters:
            made += store.rereading.settle(story_ids, QUIET_RULES, changes, revision=number)
            advance()
    return Reprocessed(revision=store.revisions.finish(number, reread=reread, now=job.clock()), changes=tuple(made))
