"""The collect stage: poll what is due, fetch the pages that are wanted."""

from collections import Counter

from tracker.pipeline.job import Counts, Job
from tracker.pipeline.pages import fetch_pages
from tracker.pipeline.polling import poll_due


def collect(job: Job) -> Counts:
    """Poll the sources that are due, then fetch the pages of new articles that want theirs."""
    counts: Counts = Counter(sources=0, failed=0, new=0)
    counts.update(poll_due(job))
    counts.update(fetch_pages(job))
    return counts
