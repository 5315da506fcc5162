"""How long governments take to answer each other, on the terminal."""

from typing import Any

import typer

from tracker import words
from tracker.cli.ask import SinceOption
from tracker.cli.output import Format, FormatOption, show_list
from tracker.cli.session import open_store, parse_day
from tracker.telling import gist
from tracker.types import Event
from tracker.weighing.days import day_of
from tracker.weighing.responses import Responses

_COLUMNS = {"measure_by": "MEASURE BY", "answer_by": "ANSWER BY", "count": "N", "median": "MEDIAN", "range": "RANGE"}
_EMPTY = "No government has hit back at another in what is on record.  See tracker events --type retaliation."


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(responses)


def responses(since: SinceOption = None, form: FormatOption = Format.TABLE) -> None:
    """List how long governments take to answer each other's controls, by the retaliation on record.

    Days are counted from the control to the answer in the same story; the latest answer stands under its row.
    """
    from tracker.pipeline.responses import responses_on_record

    with open_store() as store:
        found = responses_on_record(store, since=parse_day("--since", since))
    show_list(
        [_row(one) for one in found], _COLUMNS, form, empty=_EMPTY, full=[_plain(one) for one in found], below="latest"
    )


def _row(found: Responses) -> dict[str, Any]:
    days, latest = found.days, found.links[-1]
    return {
        "measure_by": found.first,
        "answer_by": found.answering,
        "count": len(days),
        "median": f"{found.median:g} days" if found.median != 1 else "1 day",
        "range": f"{days[0]} to {days[-1]}" if days[0] != days[-1] else str(days[0]),
        "latest": f"E{latest.event.id}  {gist(latest.event, None)}, {words.day(day_of(latest.event))}; "
                  f"answers E{latest.earlier.id}  {gist(latest.earlier, None)}",
    }  # fmt: skip


def _plain(found: Responses) -> dict[str, Any]:
    return {
        "measure_by": found.first,
        "answer_by": found.answering,
        "count": len(found.links),
        "median_days": found.median,
        "least_days": found.days[0],
        "most_days": found.days[-1],
        "answers": [
            {"days": link.days, "measure": _told(link.earlier), "answer": _told(link.event)} for link in found.links
        ],
    }


def _told(event: Event) -> dict[str, Any]:
    return {"event": event.id, "date": day_of(event).isoformat(), "headline": event.headline}
