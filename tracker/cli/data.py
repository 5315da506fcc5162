"""Commands that take documents in: ingest them, or analyze them without a database."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tracker import times
from tracker.cli.operate import print_summary
from tracker.cli.session import open_job, settings, track
from tracker.errors import InputError


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(ingest)
    app.command()(analyze)


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=".txt, .html, .jsonl, .warc or .warc.gz files.")],
    published: Annotated[
        str | None, typer.Option(help="When it was published: 2026-06-18, or a time with its zone.")
    ] = None,
    source: Annotated[str, typer.Option(help="Name of the source that the files come from.")] = "local files",
    url: Annotated[str | None, typer.Option(help="Address of the article (one file of one article).")] = None,
) -> None:
    """Run local files through the pipeline: store, read, understand, relate, notify.

    What was ingested before changes nothing.  Lines and files that cannot be used are named one by one, the
    others are kept, and the exit code is then 2.
    """
    from tracker import jobs
    from tracker.pipeline.ingest import ingest as ingest_files

    with open_job() as job:
        counts, problems = ingest_files(job, paths, source=source, url=url, published_at=_moment(published))
        print_summary({"ingest": counts} | jobs.run_stages(job, after="collect"))
    _refuse(problems)


def analyze(
    path: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="One {id, title, text, published, url, lang} a line.")
    ],
) -> None:
    """Print what each document reports, one JSON line each; touches no database."""
    from tracker.collect.file_entry import FileEntry
    from tracker.pipeline.analyze import analyze as analyze_documents
    from tracker.pipeline.ingest import read_paths

    settings()
    found = list(read_paths([path]))
    documents = [one.entry for one in found if isinstance(one, FileEntry)]
    for result in analyze_documents(documents, now=times.now(), track=track):
        print(json.dumps(result, ensure_ascii=False))
    _refuse([one.words for one in found if not isinstance(one, FileEntry)])


def _moment(published: str | None) -> datetime | None:
    from tracker.collect.file import parse_time

    try:
        return parse_time(published or "")
    except InputError as error:
        raise InputError(f"--published: {error}") from error


def _refuse(problems: list[str]) -> None:
    if problems:
        raise InputError("\n       ".join(problems))
