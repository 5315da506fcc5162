"""How lists look: a table that fits the terminal, JSON, JSON lines or CSV."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

console = Console(highlight=False)
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
) -> None:
    """Print `rows`: as a table of `columns` (key → heading), or whole; `full` is what JSON holds instead of rows."""
    values = rows if full is None else full
    match form:
        case Format.TABLE:
            _show_table(rows, columns, empty)
        case Format.JSON:
            print(json.dumps(values, ensure_ascii=False, indent=1))
        case Format.JSONL:
            for value in values:
                print(json.dumps(value, ensure_ascii=False))
        case Format.CSV:
            writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else list(columns))
            writer.writeheader()
            writer.writerows({key: _unformula(value) for key, value in row.items()} for row in rows)


def _show_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], empty: str) -> None:
    if not rows:
        console.print(empty, markup=False)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for position, heading in enumerate(columns.values()):
        last = position == len(columns) - 1
        table.add_column(heading, no_wrap=not last, overflow="fold" if last else "ellipsis", ratio=1 if last else None)
    for row in rows:
        table.add_row(*(Text(printable(row[key])) for key in columns))
    console.print(table)


def printable(value: object) -> str:
    """Return `value` without control characters, which an outside text could use to draw on the terminal."""
    text = "" if value is None else str(value)
    return "".join(c for c in text if c == "\n" or c.isprintable())


def _unformula(value: object) -> object:
    """Keep a spreadsheet from running an outside text as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
