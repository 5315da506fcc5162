"""What a command needs before it can do its work: settings, database, logs, progress."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

import structlog

from tracker import times
from tracker.cli.output import console, errors
from tracker.config import Settings, load_settings
from tracker.errors import ConfigError, InputError, TrackerError

if TYPE_CHECKING:
    from tracker.knowledge.edits import Author
    from tracker.pipeline import Job
    from tracker.pipeline.job import Advance
    from tracker.store import Store


@cache
def settings() -> Settings:
    """Load the settings once, and set up logging as they need it."""
    loaded = load_settings()
    _configure_logs()
    return loaded


@contextmanager
def open_store() -> "Iterator[Store]":
    """Open the database of the settings, migrated."""
    from tracker.store import Store

    store = Store.open(settings().env.database_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def open_exposed_store() -> "Iterator[Store]":
    """Open the database for what weighs events; a name in the exposure file that nobody knows is told at once."""
    from tracker.pipeline.exposure import standpoint

    with open_store() as store:
        standpoint(store, settings(), now=times.now())
        yield store


@contextmanager
def open_job() -> "Iterator[Job]":
    """Open the database and make its sources and subscriptions those of config.toml."""
    from tracker.collect.kinds import check_source
    from tracker.notify.filters import parse_filter
    from tracker.pipeline import Job

    file = settings().file
    if settings().lacks_llm_key:
        raise ConfigError(f"{settings().path}: understand.llm: expected the environment variable LLM_API_KEY, "
                          "or understand.llm_url where a server of your own needs no key")  # fmt: skip
    for number, subscription in enumerate(file.subscriptions, 1):
        _explained(f"subscriptions[{number}].filter", partial(parse_filter, subscription.filter))
    for number, source in enumerate(file.sources, 1):
        _explained(f"sources[{number}]", partial(check_source, source.as_source()))
    with open_exposed_store() as store:
        store.sources.sync([source.as_source() for source in file.sources])
        wanted = [(s.channel, s.address, s.filter, s.habits) for s in file.subscriptions]
        store.outbox.sync(wanted, now=times.now())
        yield Job(store=store, settings=settings(), clock=times.now, track=track, console=console.out)


def _explained(key: str, check: Callable[[], object]) -> None:
    """Say of a wrong value in which file and under which key it stands."""
    try:
        check()
    except TrackerError as error:
        raise ConfigError(f"{settings().path}: {key}: {error}") from error


@contextmanager
def track(stage: str, total: int) -> "Iterator[Advance]":
    """Show a progress bar on a terminal; elsewhere the stage's log line has to do."""
    if not errors.is_terminal or total == 0:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task(stage, total=total)
        yield lambda: progress.advance(task)


@contextmanager
def track_bytes(stage: str, total: int) -> "Iterator[Callable[[int], None]]":
    """Show a progress bar by bytes on a terminal; what it yields is told of bytes as they are read."""
    if not errors.is_terminal or total == 0:
        yield lambda _: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task(stage, total=total)
        yield lambda read: progress.advance(task, read)


def author_of(by: str | None, why: str | None = None) -> "Author":
    """Return who is at the keyboard, with the time; InputError where neither option nor login says who."""
    from tracker.knowledge.edits import Author

    try:
        name = by or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise InputError("--by: say who you are; nobody is logged in") from error
    return Author(by=name, at=times.now(), why=why)


def parse_day(option: str, given: str | None) -> date | None:
    """Read the day that an option was given; raise InputError where it is none."""
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise InputError(f"{option} {given}: expected a day such as 2026-06-13") from error


def _configure_logs() -> None:
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if terminal else [_tracebacks()]),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _tracebacks() -> structlog.processors.ExceptionRenderer:
    """Write tracebacks without local variables: those of a connection hold passwords."""
    return structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
