"""Commands that take documents in: ingest files, backfill archives, or analyze without a database."""

import json
from collections import Counter
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import structlog
import typer

from tracker import times, words
from tracker.cli.operate import print_summary
from tracker.cli.output import console, errors
from tracker.cli.session import open_job, parse_day, settings, track, track_bytes
from tracker.errors import InputError
from tracker.types import ArticleStage

log = structlog.get_logger()


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(ingest)
    app.command()(backfill)
    app.command()(analyze)


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=".txt, .html, .jsonl, .warc or .warc.gz files.")],
    published: Annotated[
        str | None, typer.Option(help="When it was published: 2026-06-18, or a time with its zone.")
    ] = None,
    source: Annotated[str, typer.Option(help="Name of the source that the files come from.")] = words.LOCAL_FILES,
    url: Annotated[str | None, typer.Option(help="Address of the article (one file of one article).")] = None,
) -> None:
    """Run local files through the pipeline: store, read, understand, relate, notify.

    What was ingested before changes nothing.  Lines and files that cannot be used are named one by one, the
    others are kept, and the exit code is then 2.
    """
    from tracker import jobs
    from tracker.pipeline.ingest import ingest as ingest_files

    with open_job() as job:
        counts, problems = ingest_files(
            job, paths, source=_source_name(source), url=url, published_at=_moment(published)
        )
        print_summary({"ingest": counts} | jobs.run_stages(job, after="collect"))
    _refuse(problems)


def backfill(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…", help="Archives or folders of them: .warc[.gz], .gkg.csv[.zip|.gz], .jsonl[.gz], .json."
        ),
    ],
    source: Annotated[str, typer.Option(help="Name of the source, where a record names none.")] = words.ARCHIVE,
    since: Annotated[str | None, typer.Option(help="First day that is kept, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day that is kept, YYYY-MM-DD.")] = None,
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="Leave articles without a text at their title; fetch no page.")
    ] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Read from the start what was read before.")] = False,
) -> None:
    """Read archives into the database as history: nobody is alerted to what they hold.

    Takes WARC, GDELT's dumps (GKG 2.1 rows, saved answers of the DOC search) and JSON lines.  Of these only what
    passes the loose gate of relevance is kept.  An interrupted run goes on where it stopped.  What cannot be used is
    named, the rest is kept, and the exit code is then 2.
    """
    from tracker import jobs
    from tracker.pipeline.backfill import Wanted, list_archives
    from tracker.pipeline.backfill import backfill as backfill_archives

    wanted = Wanted(
        source=_source_name(source),
        since=parse_day("--since", since),
        until=parse_day("--until", until),
        pages=not no_pages,
    )
    archives, problems = list_archives(paths)
    with open_job() as job:
        if restart:
            job.store.backfills.forget(map(str, archives))
        counts: Counter[str] = Counter(archives=0, read_before=0)
        with track_bytes("backfill", sum(_size(path) for path in archives)) as advance:
            for done in backfill_archives(job, archives, wanted, advance=advance):
                counts.update(done.counts)
                problems += done.problems
                if done.progress.is_finished and not errors.is_terminal:
                    log.info("archive read", path=done.progress.path, **done.counts)
        stages = {stage: jobs.run_stage(job, stage) for stage in ("read", "understand", "relate")}
        print_summary({"backfill": counts} | stages)
        if waiting := job.store.articles.count_by_stage().get(ArticleStage.COLLECTED):
            waits, it = ("article waits for its", "it") if waiting == 1 else ("articles wait for their", "them")
            console.print(f"{waiting:,} {waits} page; tracker run or tracker collect fetches {it}.")
    _refuse(problems)


def analyze(
    path: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="One {id, title, text, published, url, lang} a line.")
    ],
    second_reader: Annotated[
        bool, typer.Option("--second-reader", help="Ask the model of understand.llm too, within its budget.")
    ] = False,
) -> None:
    """Print what each document reports, one JSON line each; touches no database.

    A second reader does: the database keeps its answers and what they cost.
    """
    from tracker.collect.file_entry import FileEntry
    from tracker.pipeline.analyze import analyze as analyze_documents
    from tracker.pipeline.ingest import read_paths

    if settings().file.understand.llm is None and second_reader:
        raise InputError("--second-reader: there is none; expected understand.llm in the settings file")
    found = list(read_paths([path]))
    documents = [one.entry for one in found if isinstance(one, FileEntry)]
    with open_job() if second_reader else nullcontext() as job:
        for result in analyze_documents(documents, now=times.now(), track=track, second_reader=job):
            print(json.dumps(result, ensure_ascii=False))
    _refuse([one.words for one in found if not isinstance(one, FileEntry)])


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _source_name(stated: str) -> str:
    from tracker.config import NAME, NAME_LIMIT

    if not 0 < len(stated) <= NAME_LIMIT:
        raise InputError(f"--source: expected {NAME}")
    return stated


def _moment(published: str | None) -> datetime | None:
    from tracker.collect.file import parse_time

    try:
        return parse_time(published or "")
    except InputError as error:
        raise InputError(f"--published: {error}") from error


def _refuse(problems: list[str]) -> None:
    if problems:
        raise InputError("\n       ".join(problems))
