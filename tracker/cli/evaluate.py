"""`tracker evaluate`: how well labelled documents are read."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker import times, words
from tracker.cli.accuracy import as_markdown
from tracker.cli.output import Format, console, printable, show_list
from tracker.cli.session import settings, track
from tracker.errors import InputError


class Form(StrEnum):
    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(evaluate)


def evaluate(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="GOLD.jsonl…", help="Labelled documents, one a line; or a folder of such files."),
    ],
    errors: Annotated[int, typer.Option(min=0, help="How many of the worst documents to list.")] = 5,
    form: Annotated[Form, typer.Option("--format", "-f", help="How to print the figures.")] = Form.TABLE,
) -> None:
    """Measure how well labelled documents are read, and how fast; touches no database.

    Lines are as for `tracker analyze`, with what a careful reader found: relevant, event_types, main_event_date,
    models, companies, countries, agencies, actors, targets, story.  Intervals are 95 % bootstrap intervals over
    documents (1,000 resamples, seeded).
    """
    from tracker.pipeline.evaluate import evaluate as evaluate_documents
    from tracker.pipeline.evaluate import summarize

    settings()
    evaluation, problems = evaluate_documents(paths, now=times.now(), track=track)
    summary = summarize(evaluation, errors=errors)
    match form:
        case Form.JSON:
            print(json.dumps(summary, ensure_ascii=False, indent=1))
        case Form.MARKDOWN:
            print(as_markdown(summary), end="")
        case Form.TABLE:
            _show(summary)
    if problems:
        raise InputError("\n       ".join(problems))


def _show(summary: Mapping[str, Any]) -> None:
    console.print(
        f"{words.count(summary['documents'], 'document')}, {summary['relevant']} of them relevant; "
        f"{summary['documents_per_cpu_second']:.0f} documents "
        f"({summary['megabytes_per_cpu_second']:.2f} MB) per CPU second"
    )
    _table(
        [_measure_row(name, figures) for name, figures in summary["measures"].items()],
        {"name": "MEASURE", "p": "P", "r": "R", "figure": "F1", "interval": "95 %", "documents": "DOCUMENTS"},
    )
    console.print("* the share of documents whose answer is right, in place of F1\n")
    _table(
        [{"name": name.replace("_", " "), "n": f["true"]} | _prf(f) for name, f in summary["types"].items()],
        {"name": "EVENT TYPE", "p": "P", "r": "R", "figure": "F1", "n": "IN GOLD"},
    )
    _table(_language_rows(summary), {"name": "BY LANGUAGE, %"} | {code: code for code in summary["languages"]})
    for one in summary["worst"]:
        console.print(printable(f"{one['id']}  {one['title']}"), markup=False, style="bold")
        for error in one["errors"]:
            console.print(printable(f"  {error}"), markup=False)


def _table(rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
    show_list(rows, columns, Format.TABLE, empty="")


def _measure_row(name: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    if not figures["documents"]:
        return dict.fromkeys(("p", "r", "figure", "interval"), "–") | {"name": name, "documents": 0}
    star = "*" if "accuracy" in figures else ""
    return {
        "name": name.replace("_", " "),
        **_prf(figures),
        "interval": f"{figures['low']:.2f}–{figures['high']:.2f}",
        "documents": figures["documents"],
    } | ({"figure": f"{figures['accuracy']:.3f}{star}"} if star else {})


def _prf(figures: Mapping[str, Any]) -> dict[str, str]:
    return {
        "p": f"{figures['precision']:.3f}",
        "r": f"{figures['recall']:.3f}",
        "figure": f"{figures['f1']:.3f}",
    }


def _language_rows(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    languages = summary["languages"]
    names = ["documents", *summary["measures"]]
    return [
        {"name": name.replace("_", " ")}
        | {
            code: "–" if inside[name] is None else inside[name] if name == "documents" else f"{100 * inside[name]:.0f}"
            for code, inside in languages.items()
        }
        for name in names
    ]
