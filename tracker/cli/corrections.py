"""Commands that put right what was read wrong, or taken for one, or for two."""

from typing import Annotated

import typer

from tracker import words
from tracker.cli.output import console
from tracker.cli.session import author_of, open_store
from tracker.telling import gist
from tracker.telling.typed import read_answer, read_id
from tracker.types import Event, Story

IdsArgument = Annotated[list[str], typer.Argument(metavar="ID…", help="Stories (S3 S9), or events of a story (E1 E4).")]
WholeArgument = Annotated[str, typer.Argument(metavar="ID", help="S3 a story, E12 an event.")]
PartArgument = Annotated[list[str], typer.Argument(metavar="ARTICLE…", help="The articles to take out: A4 A7.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so.  [default: who is logged in]")]
WhatArgument = Annotated[str, typer.Argument(metavar="WHAT", help="Right, no event, or fields as they should be.")]
WhyOption = Annotated[str | None, typer.Option("--why", help="Why; kept with it.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(correct)
    app.command()(merge)
    app.command()(split)


def correct(
    whole: Annotated[str, typer.Argument(metavar="ID", help="E12 an event, A7 all that an article reports.")],
    what: WhatArgument,
    by: ByOption = None,
    why: WhyOption = None,
) -> None:
    """Correct an event: what it is, when, by whom and against whom.

    WHAT is "right", "no event", or fields with what they should be: "type easing; date 2026-06-13; targets Nvidia".
    It is kept with who, when and why, as a review of each report of the event (see tracker events --review), shows
    at once, holds while the reports stand, and goes into tracker export --gold.  Messages that were sent are mended.
    """
    from tracker.pipeline import correcting

    said = read_answer(what)
    author = author_of(by, why or said.why)
    with open_store() as store:
        events = correcting.correct(store, read_id(whole, "EA"), said.parts, author)
    for event in events:
        day = event.date or "no date given"
        console.print(f"E{event.id}  {words.label(event.type)}  {day}  {gist(event, None)}", markup=False)
    if not events:
        console.print("That is no event any more.")


def merge(ids: IdsArgument, by: ByOption = None, why: WhyOption = None) -> None:
    """Make stories one, or events of a story.

    It is kept with who, when and why, holds when history is reprocessed, and lasts until a later split.  Messages
    that were sent are mended; nobody is alerted.
    """
    from tracker.pipeline import regrouping

    with open_store() as store:
        made = regrouping.merge(store, [read_id(one, "SE") for one in ids], author_of(by, why))
    console.print(f"{_name(made)} now holds them all.", markup=False)


def split(whole: WholeArgument, articles: PartArgument, by: ByOption = None, why: WhyOption = None) -> None:
    """Take articles out of a story, or out of an event, into one of their own.

    It is kept with who, when and why, holds when history is reprocessed, and lasts until a later merge.  Messages
    that were sent are mended; nobody is alerted.
    """
    from tracker.pipeline import regrouping

    with open_store() as store:
        numbers = [read_id(one, "A")[1] for one in articles]
        made = regrouping.split(store, read_id(whole, "SE"), numbers, author_of(by, why))
    what = ", ".join(one.upper() for one in articles)
    console.print(f"{what} now {'makes' if len(articles) == 1 else 'make'} {_name(made)}.", markup=False)


def _name(made: Story | Event) -> str:
    return f"S{made.id}" if isinstance(made, Story) else f"E{made.id} of S{made.story_id}"
