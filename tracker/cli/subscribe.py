"""Commands for subscribers: subscriptions and the weekly digest."""

from typing import Annotated

import typer

from tracker import times
from tracker.cli.output import Format, FormatOption, console, show_list
from tracker.cli.session import open_job, open_store, settings
from tracker.config import parse_subscription
from tracker.errors import InputError
from tracker.telling.habits import tell_habits
from tracker.telling.text import wrap
from tracker.types import Gathering, Subscription
from tracker.words import count

digest = typer.Typer(no_args_is_help=True, help="The weekly digest by e-mail.")

NumberArgument = Annotated[int, typer.Argument(help="The id that `tracker subscriptions` shows.")]
WeekOption = Annotated[
    str | None, typer.Option("--week", help="ISO week (2026-W25) or any day in it (2026-06-18).  [default: last week]")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(subscribe)
    app.command()(subscriptions)
    app.command()(pause)
    app.command()(resume)
    app.command()(mute)
    app.command()(unsubscribe)
    app.add_typer(digest, name="digest")


def subscribe(
    slack: Annotated[str | None, typer.Option(help="Slack channel or user id, such as C0123 or U0123.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address that gets the weekly digest.")] = None,
    text: Annotated[
        str, typer.Option("--filter", help='Such as "type:restriction,easing country:CN"; empty: every relevant story.')
    ] = "",
    gather: Annotated[
        Gathering, typer.Option(help="One by one, or as one message an hour, or a day (at 08:00).")
    ] = Gathering.AT_ONCE,
    quiet: Annotated[
        str | None, typer.Option(help="Hold alerts in these hours, then send one message: 22:00-07:00.")
    ] = None,
    zone: Annotated[str, typer.Option(help="The time zone of hours and days, such as Asia/Seoul.")] = "UTC",
    minimum_age: Annotated[str, typer.Option(help="Wait so long for other voices first, such as 30m.")] = "0s",
) -> None:
    """Subscribe a Slack channel to alerts, or an e-mail address to the weekly digest."""
    from tracker.notify.filters import parse_filter

    habits = {"gather": gather, "quiet": quiet, "zone": zone, "minimum_age": minimum_age}
    wanted = parse_subscription(slack=slack, email=email, filter=text, **habits)
    clauses = parse_filter(wanted.filter).clauses
    with open_store() as store:
        number = store.outbox.subscribe(
            wanted.channel, wanted.address, wanted.filter, habits=wanted.habits, now=times.now()
        )
    when = f", {told}" if (told := tell_habits(wanted.habits)) else ""
    console.print(f"Subscription {number}: {wanted.address} gets {text or 'every relevant story'}{when}", markup=False)
    if any(clause.key == "exposure" for clause in clauses) and not settings().exposure.services:
        console.print(
            "No services are declared yet, so nothing affects any: see [exposure] in config.toml", markup=False
        )


def subscriptions(form: FormatOption = Format.TABLE) -> None:
    """List the subscriptions."""
    with open_store() as store:
        rows = [
            {
                "id": s.id,
                "channel": s.channel.value,
                "address": s.address,
                "state": _state(s),
                "filter": s.filter,
                "when": tell_habits(s.habits),
                "trouble": s.trouble,
            }
            for s in store.outbox.subscriptions()
        ]
    columns = {name: name.upper() for name in ("id", "channel", "address", "state", "filter", "when")}
    show_list(rows, columns, form, empty="No subscriptions yet: tracker subscribe --slack C0123")
    if form is Format.TABLE:
        for row in rows:
            if row["trouble"]:
                console.print(
                    wrap(f"{row['id']} is stopped: {row['trouble']}. Then: tracker resume {row['id']}"), markup=False
                )


def pause(number: NumberArgument) -> None:
    """Send a subscription nothing until it is resumed; stories that come up in the meantime are not told later."""
    with open_store() as store:
        if not store.outbox.pause(number):
            raise InputError(_unknown(number))
    console.print(f"Subscription {number} is paused: tracker resume {number}")


def resume(
    number: Annotated[int | None, typer.Argument(help="A subscription.  [default: all that were stopped]")] = None,
) -> None:
    """Send a subscription alerts again, and what it is still owed; without a number all that had to be stopped."""
    with open_store() as store:
        resumed = store.outbox.resume(number)
    if number is not None and not resumed:
        raise InputError(_unknown(number))
    console.print(f"Subscription {number} is resumed." if number else f"{count(resumed, 'subscription')} resumed.")


def mute(
    number: NumberArgument,
    story: Annotated[int, typer.Argument(help="The number of a story, as `tracker stories` shows it.")],
    undo: Annotated[bool, typer.Option("--undo", help="Tell of the story again.")] = False,
) -> None:
    """Tell a subscription nothing more of one story."""
    with open_store() as store:
        if store.outbox.subscription(number) is None:
            raise InputError(_unknown(number))
        if store.queries.story(story) is None:
            raise InputError(f"no story {story}: see tracker stories")
        if undo:
            store.feedback.unmute(number, story)
        else:
            store.feedback.mute(number, story, by="tracker mute", now=times.now())
    console.print(f"Story {story} is {'no longer ' if undo else ''}muted for subscription {number}.")


def unsubscribe(number: NumberArgument) -> None:
    """Remove a subscription and what it is still owed."""
    with open_store() as store:
        if not store.outbox.unsubscribe(number):
            raise InputError(_unknown(number))
    console.print(f"Subscription {number} is removed.")


def _state(subscription: Subscription) -> str:
    if subscription.trouble:
        return "stopped"
    return "paused" if subscription.paused else "active"


def _unknown(number: int) -> str:
    return f"no subscription {number}: see tracker subscriptions"


@digest.command()
def preview(
    week: WeekOption = None,
    text: Annotated[str, typer.Option("--filter", help="What the digest is about.")] = "",
) -> None:
    """Print the digest of a week as its plain-text part; nothing is sent."""
    from tracker.pipeline.notify import preview_digest

    with open_job() as job:
        console.out(preview_digest(job, week=week, text=text), highlight=False)


@digest.command()
def send(week: WeekOption = None) -> None:
    """Send the digest of a week to every e-mail subscription that has not had it."""
    from tracker.pipeline.notify import send_digest

    with open_job() as job:
        counts = send_digest(job, week=week)
    told = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items() if count)
    console.print(told or "Nothing to send: no e-mail subscription waits for this digest.")
