"""Commands that change which sources are polled: add, remove, import and export."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import times, words
from tracker.cli.output import console, printable
from tracker.cli.session import open_job, settings
from tracker.errors import InputError, TrackerError
from tracker.types import Source, Tier

if TYPE_CHECKING:
    from tracker.collect.discover import Found
    from tracker.pipeline.adding import Admission

TierOption = Annotated[Tier | None, typer.Option(help="How close to the facts it is.  [default: press]")]
LanguageOption = Annotated[str | None, typer.Option(help="The language it writes in, such as ko.  [default: en]")]


def register(sources: typer.Typer) -> None:
    """Add this module's commands to those for the sources."""
    sources.command()(add)
    sources.command()(remove)
    sources.command("import")(import_list)
    sources.command("export")(export_list)


def add(
    what: Annotated[
        list[str], typer.Argument(metavar="NAME|ADDRESS…", help="Names of shipped sources, or addresses of others.")
    ],
    name: Annotated[str | None, typer.Option(help="What to call it.  [default: its title, else its host]")] = None,
    kind: Annotated[str | None, typer.Option(help="Such as feed, listing or page.  [default: what is found]")] = None,
    tier: TierOption = None,
    family: Annotated[str | None, typer.Option(help="The publisher behind it.  [default: its host]")] = None,
    language: LanguageOption = None,
    country: Annotated[str | None, typer.Option(help="The publisher's country, such as KR, or EU.")] = None,
    every: Annotated[
        str | None, typer.Option(help="How often to poll it at most, such as 30m.  [default: 15m]")
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="An option of its kind; may be repeated.")
    ] = None,
) -> None:
    """Have sources polled: shipped ones by name, others by the address of a feed or of a page that names one.

    What is known of a shipped source is taken from the list; options given here count first.  One that cannot be
    added is named, the others are kept, and the exit code is then 2.
    """
    from tracker.collect.http import Client
    from tracker.knowledge import source_list
    from tracker.pipeline.adding import admit, propose

    if name is not None and len(what) > 1:
        raise InputError("--name: expected one source to call so")
    stated: dict[str, Any] = {"name": name, "kind": kind, "tier": tier, "family": family, "language": language}
    stated |= {"country": country and country.upper(), "every": every}
    given = {key: value for key, value in stated.items() if value is not None}
    given |= {"options": dict(map(_option, option))} if option else {}
    problems: list[str] = []
    with open_job() as job, Client(settings().file.collect, job.robots) as client:
        for asked in what:
            try:
                proposal = propose(asked, given, client, source_list.load())
                (admission,) = admit([proposal.source], job.store.sources, exact=name is not None)
            except InputError as error:
                problems.append(str(error))
                continue
            _print_admission(admission, proposal.found)
    _refuse(problems)


def add_listed(listed: list[Source]) -> None:
    """Add shipped sources, and say how many were new."""
    from tracker.pipeline.adding import admit

    with open_job() as job:
        _print_admissions(list(admit(listed, job.store.sources)), refused=0)


def remove(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="As tracker sources list has them.")],
) -> None:
    """Poll sources no longer that were added here; what they brought stays.

    Those that stand in config.toml are taken out there.
    """
    from tracker.pipeline.adding import closest

    problems: list[str] = []
    with open_job() as job:
        polled = {health.source.name.casefold(): health for health in job.store.sources.health()}
        for name in names:
            health = polled.get(name.casefold())
            if health is None:
                meant = closest(name, (one.source.name for one in polled.values()))
                problems.append(f"no source is called {name}; see tracker sources list.{meant}")
            elif health.from_config:
                problems.append(f"{health.source.name} stands in {settings().path}: take it out there")
            elif job.store.sources.remove(health.id):
                stays = f"; what it brought stays, {words.count(health.articles, 'article')}" if health.articles else ""
                _say(f"Removed {health.source.name}{stays}.")
    _refuse(problems)


def import_list(
    path: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list as feed readers export it.")],
    tier: TierOption = None,
    language: LanguageOption = None,
) -> None:
    """Have the feeds of a subscription list polled (OPML), whatever its folders.

    Options count for what is neither shipped nor exported by this program.  What cannot be used is named with the
    reason, the rest is kept, and the exit code is then 2.
    """
    from tracker.pipeline.adding import admit

    problems: list[str] = []
    proposed = list(_proposed(path, {"tier": tier, "language": language}, problems))
    with open_job() as job:
        outcomes = list(admit(proposed, job.store.sources))
    _print_admissions(outcomes, refused=len(problems))
    _refuse(problems)


def export_list(
    path: Annotated[Path | None, typer.Argument(metavar="FILE.opml", help="Where to.  [default: printed]")] = None,
) -> None:
    """Write the sources that are polled as a subscription list (OPML), which feed readers and the import take."""
    from tracker.collect.opml import write_opml

    with open_job() as job:
        sources = [health.source for health in job.store.sources.health()]
    written = write_opml(sources, title="Sources of the export-control tracker", now=times.now())
    if path is None:
        sys.stdout.buffer.write(written)
        return
    try:
        path.write_bytes(written)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error
    _say(f"{words.count(len(sources), 'source')} written to {path}.")


def _option(stated: str) -> tuple[str, Any]:
    """Read KEY=VALUE; a value that is JSON but no text counts as that (a list, a number, true)."""
    key, is_there, value = stated.partition("=")
    if not is_there or not key.strip():
        raise InputError(f"--option {stated}: expected KEY=VALUE, such as item=li or at_least=3")
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        read = value
    return key.strip(), value if isinstance(read, str) else read


def _proposed(path: Path, stated: dict[str, Any], problems: list[str]) -> Iterator[Source]:
    from tracker.collect.opml import read_opml
    from tracker.knowledge import source_list
    from tracker.pipeline.adding import propose_outline

    given = {key: value for key, value in stated.items() if value is not None}
    try:
        outlines = read_opml(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except TrackerError as error:
        raise InputError(f"{path}: {error}") from error
    for outline in outlines:
        try:
            yield propose_outline(outline, given, source_list.load())
        except InputError as error:
            problems.append(f"{outline.name or outline.url}: {error}")


def _print_admissions(admissions: "list[Admission]", *, refused: int) -> None:
    for admission in admissions:
        _print_admission(admission, None)
    added = sum(admission.present is None for admission in admissions)
    counts = {"added": added, "polled already": len(admissions) - added, "refused": refused}
    _say(", ".join(f"{number:,} {what}" for what, number in counts.items() if number or what == "added") + ".")


def _print_admission(admission: "Admission", found: "Found | None") -> None:
    source = admission.source
    if admission.present is not None:
        called = f", as {admission.present}" if admission.present != source.name else ""
        _say(f"{source.name} is polled already{called}.")
        return
    _say(f"Added {source.name} ({source.kind}, {source.url}), polled every {times.write_duration(source.every)}.")
    if found and found.page:
        others = f"; it names {words.count(len(found.others), 'more feed')}: " if found.others else ""
        _say(f"  Found on {found.page}{others}{', '.join(found.others)}")


def _say(text: str) -> None:
    console.print(printable(text), markup=False, soft_wrap=True)


def _refuse(problems: list[str]) -> None:
    if problems:
        raise InputError("\n       ".join(map(printable, problems)))
