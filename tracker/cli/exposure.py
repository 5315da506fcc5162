"""What current events mean for one's own services."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import times, words
from tracker.cli.output import Format, FormatOption, console, printable, show_list
from tracker.cli.session import open_store, settings
from tracker.errors import InputError
from tracker.telling import gist, status
from tracker.telling.text import wrap
from tracker.types import Entity, EntityKind
from tracker.weighing.alternatives import open_alternatives
from tracker.weighing.exposure import Service
from tracker.weighing.severity import Standpoint, severity
from tracker.weighing.stage import event_stage

if TYPE_CHECKING:
    from tracker.pipeline.exposure import Touching

DaysOption = Annotated[int, typer.Option("--days", min=1, max=3660, help="How far back events count.")]
LicenceOption = Annotated[str, typer.Option("--licence", help="Only alternatives under such a licence: apache, MIT, …")]
CountryOption = Annotated[
    list[str] | None, typer.Option("--developer-country", help="Only alternatives by developers at home there.")
]
AlternativesOption = Annotated[int, typer.Option("--alternatives", min=0, max=100, help="How many alternatives.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(exposure)


def exposure(
    days: DaysOption = 90,
    licence: LicenceOption = "",
    country: CountryOption = None,
    alternatives: AlternativesOption = 8,
    form: FormatOption = Format.TABLE,
) -> None:
    """List your services, the current events that affect them, and open-weight models that could stand in."""
    from tracker.pipeline.ask import named_ids
    from tracker.pipeline.exposure import exposed, standpoint

    with open_store() as store:
        now = times.now()
        seen_from = standpoint(store, settings(), now=now)
        if not seen_from.stack.services:
            raise InputError("no services are declared: name a file with [[services]] under [exposure] path, "
                             "such as docs/examples/exposure.toml")  # fmt: skip
        found = exposed(store.queries, seen_from, since=(now - timedelta(days=days)).date())
    homes = [_code(one) for one in named_ids(EntityKind.COUNTRY, country or (), seen_from.stack.knowledge)]

    def stand_ins(use: Entity) -> list[Entity]:
        open_ones = open_alternatives(
            use, seen_from.stack.knowledge, today=seen_from.today, licence=licence, countries=homes
        )
        return open_ones[:alternatives]

    rows = [_row(service, touching, stand_ins, seen_from) for service, touching in found]
    if form is Format.TABLE:
        for row in rows:
            _show(row, days)
    else:
        show_list([_flat(row) for row in rows], {"service": "SERVICE"}, form, empty="", full=rows)


def _code(found: str) -> str:
    kind, _, code = found.partition("/")
    if kind != EntityKind.COUNTRY:
        raise InputError(f"--developer-country: expected a country such as FR or France (found {found})")
    return code


def _row(service: Service, touching: Sequence["Touching"], stand_ins: Any, seen_from: Standpoint) -> dict[str, Any]:
    models = {use.id: use for _, one in touching for use in one.through if use.kind is EntityKind.MODEL}
    return {
        "service": service.name,
        "uses": [use.name for use in service.uses],
        "countries": list(service.countries),
        "events": [
            {
                "id": f"E{event.id}",
                "date": str(event.date or "") or None,
                "type": event.type.value,
                "status": status(event),
                "stage": event_stage(event, seen_from.today),
                "what": gist(event, None),
                "affects": str(one).removeprefix(f"{service.name}: "),
                "severity": words.parts(severity(event, seen_from)),
            }
            for event, one in touching
        ],
        "alternatives": {use.name: [_as_row(model, seen_from) for model in stand_ins(use)] for use in models.values()},
    }


def _as_row(model: Entity, seen_from: Standpoint) -> dict[str, Any]:
    maker = seen_from.stack.knowledge.entities.get(model.developer or "")
    return {
        "model": model.name,
        "licence": model.licence or "licence not known",
        "developer": maker.name if maker else "developer not known",
        "country": model.country or "",
        "released": model.released,
    }


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "service": row["service"],
        "uses": "; ".join(row["uses"]),
        "countries": "; ".join(row["countries"]),
        "events": "; ".join(f"{event['id']} {event['affects']}" for event in row["events"]),
        "alternatives": "; ".join(one["model"] for models in row["alternatives"].values() for one in models),
    }


def _show(row: dict[str, Any], days: int) -> None:
    people = f"; people in {', '.join(row['countries'])}" if row["countries"] else ""
    _print(f"{row['service']}: uses {', '.join(row['uses'])}{people}", style="bold")
    if not row["events"]:
        _print(f"No event of the last {words.count(days, 'day')} affects it.", by=2)
    for event in row["events"]:
        stage = f" · {words.inner_label(event['stage'])}" if event["stage"] else ""
        _print(f"{event['id']}  {event['status']} · {event['date'] or 'no date stated'}{stage}", by=2)
        _print(event["what"], by=6)
        _print(f"Affects {event['affects']}.  Severity {event['severity']}", by=6)
    for use, models in row["alternatives"].items():
        _show_alternatives(use, models)
    console.print()


def _show_alternatives(use: str, models: Sequence[dict[str, Any]]) -> None:
    _print(f"Open weights that could stand in for {use}{'' if models else ': none that fits'}", by=2)
    ordered = sorted(models, key=lambda model: (model["licence"], model["country"], model["model"]))
    for licence, group in groupby(ordered, key=lambda model: str(model["licence"])):
        listed = ", ".join(f"{one['model']} ({one['developer']}, {one['country']})" for one in group)
        _print(f"{licence}: {listed}", by=6)


def _print(text: str, *, by: int = 0, style: str | None = None) -> None:
    first = " " * by
    console.print(wrap(printable(text), console.width, indent=by, first=first), style=style, markup=False)
