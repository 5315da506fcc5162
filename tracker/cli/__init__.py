"""The command line: one thin function a command.

Modules are imported inside the commands, so that `tracker --help` needs neither spaCy nor SQLAlchemy.
"""

import signal
import sys
from types import FrameType

import typer

from tracker.cli import (
    access,
    ask,
    corrections,
    data,
    editors,
    entities,
    evaluate,
    export,
    exposure,
    operate,
    reconcile,
    reprocess,
    responses,
    sources,
    subscribe,
)
from tracker.cli.output import errors
from tracker.errors import TrackerError

app = typer.Typer(
    name="tracker",
    help="Policy-event news tracker for AI export controls: what was cut off, gated or restored, for whom, since when.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for module in (
    operate,
    data,
    evaluate,
    export,
    ask,
    access,
    exposure,
    reconcile,
    corrections,
    reprocess,
    responses,
    editors,
    entities,
    sources,
    subscribe,
):
    module.register(app)


def main() -> None:
    """Run the command line; a failure that a person can mend is one message on stderr and exit code 2."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except TrackerError as error:
        errors.print(f"Error: {error}", markup=False, style="bold red")
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        sys.exit(1)


def _stop(number: int, _frame: FrameType | None) -> None:
    """Leave as Ctrl-C does, so that what is under way is kept and the processes that parse end with this one."""
    sys.exit(128 + number)
