"""Commands that run the tracker: the main job, single stages, the processes of the Procfile, the database."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import console, printable
from tracker.cli.session import open_exposed_store, open_job, settings
from tracker.errors import InputError, TrackerError

if TYPE_CHECKING:
    from tracker.store import Store

database = typer.Typer(no_args_is_help=True, help="Bring the database schema up, down, or check it.")

# What a line of a summary begins with is this wide.
_COLUMN = 12

_STAGES = {
    "collect": "Poll the sources that are due and fetch the pages of new articles.",
    "read": "Turn collected pages into text and join copies to the article they copy.",
    "understand": "Find the entities and policy events that each article reports.",
    "relate": "Merge reports into events and stories, and write what is owed to subscribers.",
    "notify": "Send what the outbox owes.",
}


slack = typer.Typer(invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(run)
    for stage, does in _STAGES.items():
        app.command(stage, help=f"{does} One stage, once, over what waits for it; prints counts.")(_stage(stage))
    app.command()(serve)
    app.command()(scheduler)
    app.command()(worker)
    app.add_typer(slack, name="slack")
    app.add_typer(database, name="db")


def run(once: Annotated[bool, typer.Option("--once", help="Do one cycle, print a summary, and stop.")] = False) -> None:
    """Run the main job in one process: collect, read, understand, relate, notify, and serve the web page."""
    from tracker import jobs

    with open_job() as job:
        if once:
            print_summary(jobs.run_cycle(job))
            _print_sources(job.store)
            return
        with jobs.running_clock(job):
            _serve(job.store)


def serve() -> None:
    """Serve the web pages and the API."""
    with open_exposed_store() as store:
        _serve(store)


def scheduler() -> None:
    """Put the stages on the job queue as they come due (PostgreSQL)."""
    from tracker import jobs

    with open_job() as job:
        jobs.run_scheduler(job)


def worker() -> None:
    """Take stages from the job queue and run them (PostgreSQL); start as many as you like."""
    from tracker import jobs

    with open_job() as job:
        jobs.run_worker(job)


@slack.callback()
def answer(context: typer.Context) -> None:
    """Answer Slack: commands and buttons, over Socket Mode (needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN)."""
    if context.invoked_subcommand:
        return
    from tracker import slack_app

    with open_exposed_store() as store:
        slack_app.run(store, settings())


@slack.command()
def manifest(
    http: Annotated[bool, typer.Option("--http", help="For calls to web.public_url, in place of Socket Mode.")] = False,
) -> None:
    """Print the app manifest, to be pasted where Slack asks for one (Create New App, From a manifest)."""
    import json

    from tracker.slack_app.http import PATH
    from tracker.slack_app.manifest import manifest as said

    if http and not settings().public_url.startswith("https://"):
        raise InputError(
            "web.public_url: Slack calls https addresses only; expected one such as https://tracker.example.org"
        )
    console.out(json.dumps(said(request_url=f"{settings().public_url}{PATH}" if http else None), indent=2))


@database.command()
def upgrade(revision: Annotated[str, typer.Argument(help="Where to go.")] = "head") -> None:
    """Bring the schema up to date."""
    from tracker.store import Store, migrate

    store = Store.unmigrated(settings().env.database_url)
    migrate.upgrade(store.engine, revision)
    console.print(f"The schema is at {revision}.")


@database.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help='Where to go: a revision, "-1", or "base" for an empty database.')],
) -> None:
    """Take the schema back; what the newer tables held is gone."""
    from tracker.store import Store, migrate

    store = Store.unmigrated(settings().env.database_url)
    migrate.downgrade(store.engine, revision)
    console.print(f"The schema is at {revision}.")


@database.command()
def check() -> None:
    """Say whether the schema in the database is the one this program needs; exit code 2 where it is not."""
    from tracker.store import Store, migrate

    store = Store.unmigrated(settings().env.database_url)
    if differences := migrate.differences(store.engine):
        raise TrackerError("\n".join(differences))
    console.print("The schema is up to date.")


def _stage(name: str) -> Callable[[], None]:
    def command() -> None:
        from tracker import jobs

        with open_job() as job:
            print_summary({name: jobs.run_stage(job, name)})

    return command


def _serve(store: "Store") -> None:
    import uvicorn

    from tracker.slack_app.http import PATH, add_slack
    from tracker.web import create_app

    web, pages = settings().file.web, create_app(store, settings())
    if add_slack(pages, store, settings()):
        console.print(f"Slack's calls are answered at {settings().public_url}{PATH}", highlight=False)
    console.print(f"Serving http://{web.host}:{settings().env.port} (stop with Ctrl-C)", highlight=False)
    uvicorn.run(pages, host=web.host, port=settings().env.port, log_level="warning")


def print_summary(counts: Mapping[str, Mapping[str, int]]) -> None:
    """Print what each stage counted, a line each."""
    for stage, counted in counts.items():
        told = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counted.items() if count)
        console.print(stage.ljust(_COLUMN) + (told or "nothing to do"))


def _print_sources(store: "Store") -> None:
    """Print how many sources are well, and of each that is not what is amiss and when it is looked at next."""
    from tracker import times, words
    from tracker.collect.health import Condition, judge
    from tracker.telling.text import wrap

    now, known = times.now(), store.sources.health()
    judged = [(health, judge(health.source, health.state, now=now)) for health in known]
    well = sum(found.state is Condition.OK for _, found in judged)
    console.print("sources".ljust(_COLUMN) + (f"{well} of {len(judged)} well" if judged else "none configured"))
    for health, found in judged:
        if found.state.is_bad:
            due = health.state.next_due_at
            following = f"next look in {words.span(due - now)}" if due and due > now else "next look now"
            said = printable(f"{health.source.name}: {found.words}; {following}")
            line = wrap(said, console.width, indent=_COLUMN, first=found.state.ljust(_COLUMN))
            console.print(line, markup=False, soft_wrap=True)
