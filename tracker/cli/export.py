"""`tracker export`: what the database holds, as files."""

from pathlib import Path
from typing import Annotated

import typer

from tracker import words
from tracker.cli.output import console
from tracker.cli.session import open_store
from tracker.errors import InputError


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(export)


def export(
    gold: Annotated[
        Path,
        typer.Option("--gold", metavar="FILE.jsonl", help="Write what people have reviewed, as labelled documents."),
    ],
) -> None:
    """Write the articles that people have reviewed to the end, for `tracker evaluate`.

    An article counts when each of its reports is reviewed (tracker events --review) and what it says as a whole.
    """
    from tracker.pipeline.labelling import gold_lines

    with open_store() as store:
        lines, begun = gold_lines(store.reviews)
    try:
        gold.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{gold}: cannot be written: {error.strerror or error}") from error
    written = (
        f"{words.count(len(lines), 'article')} written to {gold}; {begun:,} left out, whose review is not finished."
    )
    console.print(written, markup=False, soft_wrap=True)
