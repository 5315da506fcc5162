"""History by the rules of today, and what each such revision changed."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import words
from tracker.cli.output import Format, FormatOption, console, show_list
from tracker.cli.session import open_job, open_store, parse_day
from tracker.errors import InputError

if TYPE_CHECKING:
    from tracker.types import Change, Revision

revisions = typer.Typer()

_CHANGES = {"of": "ID", "what": "WHAT", "was": "WAS", "is_now": "IS NOW"}
_REVISIONS = {
    "number": "N", "started": "WHEN (UTC)", "since": "SINCE", "articles": "ART.", "reread": "REREAD",
    "changes": "CHANGES", "rules": "RULES",
}  # fmt: skip
_NONE = "Nothing changed."
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(reprocess)
    app.add_typer(revisions, name="revisions")


def reprocess(
    since: Annotated[str, typer.Option("--since", help="First day of reports, YYYY-MM-DD.")],
    form: FormatOption = Format.TABLE,
) -> None:
    """Understand and relate history anew, by the rules and the knowledge base of today, and list what this changed.

    Events and stories keep their ids where most of them stays, what people merged, split and corrected holds, and
    nobody is notified.  What changed is kept as a revision (see tracker revisions).  Interrupted, it is finished by
    running it again; run twice, it changes nothing more.
    """
    from tracker.pipeline.reprocess import reprocess as reprocess_history

    first = parse_day("--since", since)
    if first is None:
        raise InputError("--since: expected a day, YYYY-MM-DD")
    with open_job() as job:
        done = reprocess_history(job, first)
    _show_changes(done.changes, form)
    if form is Format.TABLE:
        console.print(_told(done.revision), markup=False)


@revisions.callback(invoke_without_command=True)
def list_revisions(context: typer.Context, limit: LimitOption = 50, form: FormatOption = Format.TABLE) -> None:
    """List what reprocessing did, run by run: by which rules, over what, and how much it changed."""
    if context.invoked_subcommand:
        return
    with open_store() as store:
        found = store.revisions.all(limit=limit)
    rows, full = [_row(one) for one in found], [_plain(one) for one in found]
    show_list(rows, _REVISIONS, form, empty="History was never reprocessed.", full=full)


@revisions.command()
def show(
    number: Annotated[int, typer.Argument(metavar="N", help="The revision's number.")],
    form: FormatOption = Format.TABLE,
) -> None:
    """List what one revision changed: events and stories that came, went, or say otherwise."""
    with open_store() as store:
        found, changes = store.revisions.revision(number), store.revisions.changes(number)
    if found is None:
        raise InputError(f"there is no revision {number}: see tracker revisions")
    _show_changes(changes, form)
    if form is Format.TABLE:
        console.print(_told(found), markup=False)
        console.print(_ruled(found), markup=False)


def _show_changes(changes: "list[Change] | tuple[Change, ...]", form: Format) -> None:
    full = [asdict(change) for change in changes]
    show_list([_change_row(change) for change in changes], _CHANGES, form, empty=_NONE, full=full)


def _change_row(change: "Change") -> dict[str, Any]:
    gone = f"went into {change.into}" if change.into else "gone"
    return {
        "of": change.of,
        "what": change.what,
        "was": "" if change.was is None else change.was,
        "is_now": gone if change.is_now is None else change.is_now,
    }


def _told(revision: "Revision") -> str:
    read = f"Revision {revision.number}: {words.count(revision.articles, 'article')} since {words.day(revision.since)}"
    if revision.finished_at is None:
        return f"{read}, begun {words.minute(revision.started_at)} and not finished; a later one finishes it."
    return f"{read}, of which {revision.reread:,} read otherwise than before."


def _ruled(revision: "Revision") -> str:
    by = revision.rulebook
    taught = f" and {words.count(by.edits, 'edit')} of names" if by.edits else ""
    return f"By version {by.program}, rules {by.rules}, knowledge {by.knowledge}{taught}."


def _row(revision: "Revision") -> dict[str, Any]:
    return {
        "number": revision.number,
        "started": f"{revision.started_at:%Y-%m-%d %H:%M}",
        "since": revision.since.isoformat(),
        "articles": revision.articles,
        "reread": revision.reread,
        "changes": revision.changes if revision.finished_at else f"{revision.changes}, not finished",
        "rules": revision.rulebook.rules,
    }


def _plain(revision: "Revision") -> dict[str, Any]:
    from pydantic import TypeAdapter

    from tracker.types import Revision

    plain: dict[str, Any] = TypeAdapter(Revision).dump_python(revision, mode="json")
    return plain
