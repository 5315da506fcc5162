"""The access board on the terminal."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from tracker import times, words
from tracker.cli.output import Format, FormatOption, console, errors, show_list
from tracker.cli.session import open_store, parse_day
from tracker.telling.access import CUT, contested, pending, place, plain_cell, remarks, whose
from tracker.types import UserClass, Witness
from tracker.weighing.access import Cell, Move

ModelOption = Annotated[list[str] | None, typer.Option("--model", help="AI model or family; may be repeated.")]
ChipOption = Annotated[list[str] | None, typer.Option("--chip", help="Chip or family of chips; may be repeated.")]
CountryOption = Annotated[list[str] | None, typer.Option("--country", help="Country: KR, Korea, …, or * for abroad.")]
UsersOption = Annotated[list[UserClass] | None, typer.Option("--user-class", help="Whose access.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="What held on this day, YYYY-MM-DD.  [default: today]")]
KnownOption = Annotated[str | None, typer.Option("--known-at", help="Only what was reported by the end of this day.")]

_COLUMNS = {"what": "MODEL OR CHIP", "country": "COUNTRY", "users": "USERS", "access": "ACCESS", "since": "SINCE"}


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(access)


def access(
    model: ModelOption = None,
    chip: ChipOption = None,
    country: CountryOption = None,
    user_class: UsersOption = None,
    as_of: AsOfOption = None,
    known_at: KnownOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the access board: which models and chips are open, gated or blocked, where, for whom, since when.

    Under each row stands the quote that decides it.  Where no event says anything, access is unknown.
    """
    from tracker.pipeline.access import AccessQuery, ask_board

    query = AccessQuery(
        models=tuple(model or ()),
        chips=tuple(chip or ()),
        countries=tuple(country or ()),
        users=tuple(user_class or ()),
        as_of=parse_day("--as-of", as_of) or times.now().date(),
        known_at=parse_day("--known-at", known_at),
    )
    with open_store() as store:
        answer = ask_board(store, query)
    if form is Format.TABLE:
        known = f", as known on {words.day(query.known_at)}" if query.known_at else ""
        console.print(f"Access on {words.day(query.as_of)}{known}", style="bold")
    rows = [_row(cell) | {"told": told} for cell, told in zip(answer.cells, _told_once(answer.cells), strict=True)]
    show_list(rows, _COLUMNS, form, empty=_EMPTY, full=[plain_cell(cell) for cell in answer.cells], below="told")
    if answer.is_cut:
        errors.print(CUT)


_EMPTY = "No restriction or easing of a model or chip is known for this.  Loosen the question, or see tracker events."


def _row(cell: Cell) -> dict[str, Any]:
    decisive = cell.decisive
    return {
        "what": whose(cell),
        "country": place(cell),
        "users": words.inner_label(cell.users),
        "access": cell.access.value,
        "since": decisive.day.isoformat() if decisive else "",
        "event": f"E{decisive.move.event.id}" if decisive else "",
        "source": decisive.witness.source if decisive else "",
        "quote": decisive.witness.report.sentence.text if decisive else "",
    }


def _told_once(cells: Iterable[Cell]) -> Iterator[str]:
    """Yield what stands under each row; what sources disagree on is told under the first row that an event decides."""
    told: dict[int, str] = {}
    for cell in cells:
        decisive, lines = cell.decisive, []
        if decisive:
            lines = [_quoted(decisive.move, decisive.witness), *remarks(cell)]
            if cell.contested:
                event_id = decisive.move.event.id
                lines += [f"sources disagree: see {told[event_id]} above"] if event_id in told else contested(cell)
                told.setdefault(event_id, f"{whose(cell)}, {place(cell)}")
        notes = (f"{pending(move)}  {_quoted(move, move.witnesses[0])}" for move in cell.notes)
        yield "\n".join([*lines, *notes])


def _quoted(move: Move, witness: Witness) -> str:
    return f"E{move.event.id}  “{witness.report.sentence.text}” {witness.source}"
