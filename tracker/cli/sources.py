"""Commands for the sources: how they are, and which there are."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tracker import times, words
from tracker.cli import source_changes
from tracker.cli.output import Format, FormatOption, console, show_list
from tracker.cli.session import open_job
from tracker.errors import InputError
from tracker.types import Tier

if TYPE_CHECKING:
    from tracker.collect.health import Health
    from tracker.knowledge.source_list import ListedSource, SourceList
    from tracker.pipeline.checkup import Checked
    from tracker.store.sources import SourceHealth
    from tracker.types import PollState, Source

Known = TypeVar("Known", "SourceHealth", "Checked")

sources = typer.Typer(no_args_is_help=True, help="The sources: how they are, and which are polled.")

# What the other columns of a table take; a name has the rest, but never less than is told apart.
_OTHER_COLUMNS, _NAME_LEAST = 40, 16
_WORDS_LIMIT = 150
_NO_SOURCES = "No sources: tracker sources available lists those that are shipped, tracker sources add takes one."
# From here on a length of time is told in days.
_LONG = timedelta(days=2)


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    source_changes.register(sources)
    app.add_typer(sources, name="sources")


@sources.command("list")
def list_sources(form: FormatOption = Format.TABLE) -> None:
    """List the sources that are polled and how each is, those that need a person first."""
    from tracker.collect.health import judge

    with open_job() as job:
        polled = job.store.sources.health()
    now = times.now()
    found = _by_need((judge(known.source, known.state, now=now), known) for known in polled)
    rows = [
        _line(known.source, known.state, health, known.state.error or health.words, now=now)
        if form is Format.TABLE
        else _row(known.source, known.state, health) | _polling(known)
        for health, known in found
    ]
    columns = {"name": "SOURCE", "state": "STATE", "newest": "NEW", "topic": "TOPIC", "next": "NEXT"}
    show_list(rows, columns, form, empty=_NO_SOURCES, below="words")


@sources.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME…", help="Sources, shipped ones too.  [default: all polled]")
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Look at all that are shipped instead.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look at sources now, each as if for the first time, and say how they are; nothing is stored.

    The exit code is 2 where one is bad: it fails, is gone, lists nothing, nothing new, or other subjects.
    """
    from tracker.knowledge import source_list
    from tracker.pipeline.checkup import check_sources

    with open_job() as job:
        wanted = _wanted(names or [], job.store.sources.health(), source_list.load(), shipped=shipped)
        found = _by_need((one.health, one) for one in check_sources(job, wanted))
    now = times.now()
    rows = [
        _line(one.source, one.state, health, one.words, now=now)
        if form is Format.TABLE
        else _row(one.source, one.state, health) | {"words": one.words, "listed": one.state.listed, "error": one.error}
        for health, one in found
    ]
    columns = {"name": "SOURCE", "state": "STATE", "listed": "LISTS", "newest": "NEW", "topic": "TOPIC"}
    show_list(rows, columns, form, empty=_NO_SOURCES, below="words")
    if any(health.state.is_bad for health, _ in found):
        raise typer.Exit(2)


@sources.command()
def available(
    country: Annotated[list[str] | None, typer.Option(help="Country code, such as KR; may be repeated.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Language code, such as ko; may be repeated.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Such as feed or listing; may be repeated.")] = None,
    tier: Annotated[list[Tier] | None, typer.Option(help="How close to the facts; may be repeated.")] = None,
    add: Annotated[bool, typer.Option("--add", help="Have those that are listed polled.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the sources that are shipped; `tracker sources add NAME` takes one, --add all that are listed."""
    from tracker.knowledge import source_list

    asked = {"country": country, "language": language, "kind": kind, "tier": tier}
    found = [one for one in source_list.load().sources if _is_asked_for(one.source, asked)]
    if add:
        source_changes.add_listed([one.source for one in found])
        return
    rows = [_shipped(one) for one in found]
    if form is Format.TABLE:
        rows = [row | {"is": f"{row['tier']}, {row['kind']}, {row['status']}"} for row in rows]
    columns = {"name": "SOURCE", "country": "IN", "is": "TIER, KIND, STATUS"}
    show_list(rows, columns, form, empty="No such sources are shipped.")


def _is_asked_for(source: "Source", asked: dict[str, Any]) -> bool:
    return all(
        str(getattr(source, name)).casefold() in {str(one).casefold() for one in values}
        for name, values in asked.items()
        if values
    )


def _wanted(
    names: "Sequence[str]", polled: "Sequence[SourceHealth]", listed: "SourceList", *, shipped: bool
) -> "list[tuple[Source, PollState]]":
    """Return the sources that these names stand for, else all that are polled or shipped."""
    from tracker.pipeline.adding import closest
    from tracker.types import PollState

    all_shipped = [(one.source, PollState()) for one in listed.sources]
    all_polled = [(one.source, one.state) for one in polled]
    if not names:
        return all_shipped if shipped else all_polled
    known = {source.name.casefold(): (source, state) for source, state in [*all_shipped, *all_polled]}
    for name in names:
        if name.casefold() not in known:
            meant = closest(name, (source.name for source, _ in known.values()))
            raise InputError(f"no source is called {name}; see tracker sources list and available.{meant}")
    return [known[name.casefold()] for name in dict.fromkeys(names)]


def _shipped(listed: "ListedSource") -> dict[str, Any]:
    source = listed.source
    return {
        "name": source.name,
        "kind": source.kind,
        "country": source.country,
        "language": source.language,
        "tier": source.tier.value,
        "family": source.family,
        "status": listed.status,
        "note": listed.note,
        "url": source.url,
    }


def _by_need(found: "Iterable[tuple[Health, Known]]") -> "list[tuple[Health, Known]]":
    """Put those first that need a person, then by name."""
    from tracker.collect.health import Condition

    order = list(Condition)
    return sorted(found, key=lambda pair: (order.index(pair[0].state), pair[1].source.name.casefold()))


def _line(source: "Source", state: "PollState", health: "Health", why: str, *, now: datetime) -> dict[str, Any]:
    """Describe a source in one line, and why it is bad in words; what the figures say already is not said again."""
    from tracker.collect.health import topic_share

    share = topic_share(state)
    return {
        "name": words.clip(source.name, max(console.width - _OTHER_COLUMNS, _NAME_LEAST)),
        "state": health.state.value,
        "listed": "–" if state.listed is None else state.listed,
        "newest": _brief(now - state.newest_entry_at) if state.newest_entry_at else "–",
        "topic": "–" if share is None else f"{share:.0%}",
        "next": _brief(state.next_due_at - now) if state.next_due_at else "now",
        "words": words.clip(why, _WORDS_LIMIT) if health.state.is_bad else "",
    }


def _row(source: "Source", state: "PollState", health: "Health") -> dict[str, Any]:
    from tracker.collect.health import topic_share

    share = topic_share(state)
    return {
        "name": source.name,
        "state": health.state.value,
        "words": health.words,
        "newest_item": _iso(state.newest_entry_at),
        "on_topic": None if share is None else round(share, 3),
        "error": state.error,
        "kind": source.kind,
        "url": source.url,
    }


def _polling(known: "SourceHealth") -> dict[str, Any]:
    state = known.state
    return {
        "next_poll": _iso(state.next_due_at),
        "last_poll": _iso(state.polled_at),
        "last_success": _iso(state.succeeded_at),
        "failures": state.failures,
        "articles": known.articles,
        "from_config": known.from_config,
    }


def _brief(length: timedelta) -> str:
    """Write a length of time as shortly as can be: 14m, 3h, 2d."""
    if length >= _LONG:
        return f"{length // timedelta(days=1)}d"
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    return f"{length // hour}h" if length >= hour else f"{max(length // minute, 0)}m"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
