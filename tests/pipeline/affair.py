"""The affair of June 2026 as test data: made-up articles of made-up outlets, run through the real pipeline."""

import tomllib
from pathlib import Path
from typing import Any

from tracker import jobs
from tracker.pipeline.ingest import ingest
from tracker.pipeline.job import Job
from tracker.types import Source, Tier

AFFAIR = Path(__file__).parent.parent / "data" / "affair"


def publish_affair(job: Job) -> None:
    """Bring the articles of the affair, in the order in which they came out, into the event database."""
    name_outlets(job)
    counts, problems = ingest(job, [AFFAIR / "articles.jsonl"], source="", url=None, published_at=None)
    assert (counts["articles"], problems) == (counts["new"], [])
    jobs.run_stages(job, after="collect")


def name_outlets(job: Job) -> None:
    """Make the outlets of the affair known, with their families and how close they are to the facts."""
    for row in read_affair("sources.toml")["source"]:
        source = Source(name=row["name"], kind="file", url="", family=row["family"], tier=Tier(row["tier"]))
        job.store.sources.ensure(source)


def read_affair(name: str) -> dict[str, Any]:
    return tomllib.loads((AFFAIR / name).read_text(encoding="utf-8"))
