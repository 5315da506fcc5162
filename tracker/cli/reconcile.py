"""Announcement and list side by side."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from tracker import times, words
from tracker.cli.output import Format, FormatOption, console, show_list
from tracker.cli.session import open_store, parse_day
from tracker.relate.reconciling import Finding

ListOption = Annotated[str, typer.Option("--list", help="The list, by the start of its name.")]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="First day of notices and listings, YYYY-MM-DD.  [default: 90 days ago]")
]

_COLUMNS = {"days": "DAYS", "since": "SINCE", "notice": "NOTICE", "gap": "OPEN", "name": "NAME"}


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(reconcile)


def reconcile(named: ListOption = "Entity List", since: SinceOption = None, form: FormatOption = Format.TABLE) -> None:
    """List names of Federal Register notices that are not on the screening list yet, and the reverse."""
    from tracker.pipeline.reconcile import reconcile_lists

    now = times.now()
    first = parse_day("--since", since) or (now - timedelta(days=90)).date()
    with open_store() as store:
        found = reconcile_lists(store, lists=named, since=first, today=now.date())
    looked_at = (
        f"{words.count(found.notices, 'notice')} since {words.day(first)}, "
        f"of which {found.naming:,} list parties by name; "
        f"{words.count(found.parties, 'party', 'parties')} on the list, as of {words.minute(found.listed_at)}."
    )
    empty = "Notices and list agree."
    show_list([_row(finding) for finding in found.findings], _COLUMNS, form, empty=empty)
    if form is Format.TABLE:
        console.print(looked_at, markup=False)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "gap": finding.gap.value,
        "days": finding.days,
        "since": finding.since.isoformat(),
        "notice": f"A{finding.notice.article_id}" if finding.notice else "",
        "title": finding.notice.title if finding.notice else "",
        "list": finding.listed.list_name if finding.listed else "",
    }
