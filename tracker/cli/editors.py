"""Who may correct on the pages."""

from typing import Annotated

import typer

from tracker import times, words
from tracker.cli.output import Format, FormatOption, console, show_list
from tracker.cli.session import open_store, settings
from tracker.errors import InputError

editors = typer.Typer(no_args_is_help=True, help="Say who may merge, split and correct on the pages.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Who; it is kept with what they put right.")]

_OFF = "Nobody can sign in yet: set editors = true under [web], and TRACKER_SECRET_KEY (see docs/settings.md)."


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.add_typer(editors, name="editors")


@editors.command()
def add(name: NameArgument) -> None:
    """Make a key by which a person signs in at /sign-in, and print it, once; an earlier key of theirs is void.

    Only a hash of it is kept.
    """
    from tracker.pipeline.editors import let_in

    with open_store() as store:
        key = let_in(store.editors, name, now=times.now())
    console.out(key)
    if not settings().file.web.editors:
        console.print(_OFF, markup=False)


@editors.command()
def remove(name: NameArgument) -> None:
    """Let a person in no longer, from their next click on; what they put right stays."""
    with open_store() as store:
        if not store.editors.remove(name):
            raise InputError(f"there is no editor {name}: see tracker editors list")
    console.print(f"{name} can sign in no longer.", markup=False)


@editors.command("list")
def list_editors(form: FormatOption = Format.TABLE) -> None:
    """List who may sign in, and since when their key holds."""
    with open_store() as store:
        found = store.editors.all()
    rows = [{"name": one.name, "since": words.day(one.made_at)} for one in found]
    full = [{"name": one.name, "since": one.made_at.isoformat()} for one in found]
    empty = "Nobody may sign in.  tracker editors add NAME makes a key."
    show_list(rows, {"name": "NAME", "since": "KEY SINCE"}, form, empty=empty, full=full)
