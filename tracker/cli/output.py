"""How lists look: a table that fits the terminal, JSON, JSON lines or CSV."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

console = Console(highlight=False)
# Above, right, below, left.
_UNDER_A_ROW = (0, 1, 0, 3)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the list.")]


def show_list(
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    form: Format,
    *,
    empty: str,
    full: Sequence[Any] | None = None,
    below: str = "",
) -> None:
    """Print `rows`: as a table of `columns` (key → heading), or whole; `full` is what JSON holds instead of rows.

    `below` is the key of what stands under its row in the table, over the whole width.
    """
    values = rows if full is None else full
    match form:
        case Format.TABLE:
            _show_table(rows, columns, empty, below)
        case Format.JSON:
            print(json.dumps(values, ensure_ascii=False, indent=1))
        case Format.JSONL:
            for value in values:
                print(json.dumps(value, ensure_ascii=False))
        case Format.CSV:
            writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else list(columns))
            writer.writeheader()
            writer.writerows({key: _unformula(value) for key, value in row.items()} for row in rows)


def _show_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], empty: str, below: str) -> None:
    if not rows:
        console.print(empty, markup=False)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for position, heading in enumerate(columns.values()):
        if position == len(columns) - 1 and not below:
            table.add_column(heading, overflow="fold", ratio=1)
        else:
            table.add_column(heading, overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(row[key])) for key in columns))
    console.print(_with_notes(table, [str(row[below]) for row in rows]) if below else table)


def _with_notes(table: Table, notes: Sequence[str]) -> Group:
    """Put each note that says something under its row; every row of the table is one line."""
    lines = [Segments([*line, Segment.line()]) for line in console.render_lines(table, pad=False)]
    first, end = len(lines) - 1 - len(notes), len(lines) - 1
    parts: list[RenderableType] = [*lines[:first]]
    for line, note in zip(lines[first:end], notes, strict=True):
        parts += [line, Padding(Text(printable(note)), _UNDER_A_ROW)] if note else [line]
    return Group(*parts, lines[end])


def printable(value: object) -> str:
    """Return `value` without control characters, which an outside text could use to draw on the terminal."""
    text = "" if value is None else str(value)
    return "".join(c for c in text if c == "\n" or c.isprintable())


def _unformula(value: object) -> object:
    """Keep a spreadsheet from running an outside text as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
