"""Commands that put right what was taken for one, or for two."""

from typing import Annotated

import typer

from tracker.cli.output import console
from tracker.cli.session import author_of, open_store, parse_id
from tracker.types import Event, Story

IdsArgument = Annotated[list[str], typer.Argument(metavar="ID…", help="Stories (S3 S9), or events of a story (E1 E4).")]
WholeArgument = Annotated[str, typer.Argument(metavar="ID", help="S3 a story, E12 an event.")]
PartArgument = Annotated[list[str], typer.Argument(metavar="ARTICLE…", help="The articles to take out: A4 A7.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so.  [default: who is logged in]")]
WhyOption = Annotated[str | None, typer.Option("--why", help="Why; kept with it.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(merge)
    app.command()(split)


def merge(ids: IdsArgument, by: ByOption = None, why: WhyOption = None) -> None:
    """Make stories one, or events of a story.

    It is kept with who, when and why, holds when history is reprocessed, and lasts until a later split.  Messages
    that were sent are mended; nobody is alerted.
    """
    from tracker.pipeline import regrouping

    with open_store() as store:
        made = regrouping.merge(store, [parse_id(one, "SE") for one in ids], author_of(by, why))
    console.print(f"{_name(made)} now holds them all.", markup=False)


def split(whole: WholeArgument, articles: PartArgument, by: ByOption = None, why: WhyOption = None) -> None:
    """Take articles out of a story, or out of an event, into one of their own.

    It is kept with who, when and why, holds when history is reprocessed, and lasts until a later merge.  Messages
    that were sent are mended; nobody is alerted.
    """
    from tracker.pipeline import regrouping

    with open_store() as store:
        numbers = [parse_id(one, "A")[1] for one in articles]
        made = regrouping.split(store, parse_id(whole, "SE"), numbers, author_of(by, why))
    what = ", ".join(one.upper() for one in articles)
    console.print(f"{what} now {'makes' if len(articles) == 1 else 'make'} {_name(made)}.", markup=False)


def _name(made: Story | Event) -> str:
    return f"S{made.id}" if isinstance(made, Story) else f"E{made.id} of S{made.story_id}"
