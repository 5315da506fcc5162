"""History by the rules of today."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import words
from tracker.cli.output import Format, FormatOption, console, show_list
from tracker.cli.session import open_job, parse_day
from tracker.errors import InputError

if TYPE_CHECKING:
    from tracker.pipeline.reprocess import Change

_COLUMNS = {"event": "EVENT", "what": "WHAT", "was": "WAS", "is_now": "IS NOW"}


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(reprocess)


def reprocess(
    since: Annotated[str, typer.Option("--since", help="First day of reports, YYYY-MM-DD.")],
    form: FormatOption = Format.TABLE,
) -> None:
    """Understand and relate history anew, by the rules and the knowledge base of today, and list what this changed.

    Events and stories keep their ids where most of them stays, what people merged, split and corrected holds, and
    nobody is notified.  Interrupted, it is finished by running it again; run twice, it changes nothing more.
    """
    from tracker.pipeline.reprocess import reprocess as reprocess_history

    first = parse_day("--since", since)
    if first is None:
        raise InputError("--since: expected a day, YYYY-MM-DD")
    with open_job() as job:
        done = reprocess_history(job, first)
    show_list([_row(change) for change in done.changes], _COLUMNS, form, empty="No event changed.")
    if form is Format.TABLE:
        read = f"{words.count(done.articles, 'article')} since {words.day(first)}"
        console.print(f"{read}, of which {done.reread:,} read otherwise than before.", markup=False)


def _row(change: "Change") -> dict[str, Any]:
    row = asdict(change)
    event_id = row.pop("event_id")
    return {"event": f"E{event_id}"} | {name: "" if value is None else value for name, value in row.items()}
