"""The access board as a page, and as JSON for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tracker import times
from tracker.errors import InputError
from tracker.pipeline.access import AccessQuery, Answer, ask_board
from tracker.store import Store
from tracker.telling.access import CUT, plain_cell, whose
from tracker.types import EntityKind, UserClass
from tracker.web.problems import READ, problem, wants_json
from tracker.web.rendering import page
from tracker.web.signing_in import viewer_of

_NAMING = ("model", "chip", "country")
_PARAMETERS = (*_NAMING, "user_class", "as_of", "known_at")
_VALUE_LIMIT_CHARS = 200
_VALUES_LIMIT = 12
_OFFERED_NAMES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks of the board; `values` holds each parameter as given, `problems` what cannot be read."""

    query: AccessQuery
    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return any(self.values.values())


def add_access(app: FastAPI, store: Store) -> None:
    """Register the page of the board and its JSON."""

    @app.api_route("/access", methods=READ)
    def access(request: Request) -> Response:
        asked = parse_access(request.query_params.multi_items(), today=times.now().date())
        answer = _ask(store, asked)
        if asked.problems and wants_json(request):
            return problem(request, 400, _told(asked.problems))
        return page(
            "access.html",
            viewer=viewer_of(request, store),
            status=400 if asked.problems else 200,
            asked=asked,
            groups=[(name, list(group)) for name, group in groupby(answer.cells, key=whose)],
            cut=CUT if answer.is_cut else None,
            users=list(UserClass),
            names={kind: _names(store, EntityKind(kind)) for kind in _NAMING},
        )

    @app.api_route("/api/v1/access", methods=READ)
    def access_json(request: Request) -> Response:
        given = request.query_params.multi_items()
        if strange := sorted({name for name, _ in given} - set(_PARAMETERS)):
            raise InputError(f"{strange[0]}: there is no such parameter; expected one of {', '.join(_PARAMETERS)}")
        asked = parse_access(given, today=times.now().date())
        answer = _ask(store, asked)
        if asked.problems:
            raise InputError(_told(asked.problems))
        cells = [plain_cell(cell) for cell in answer.cells]
        return JSONResponse(_plain(asked.query) | {"is_cut": answer.is_cut, "cells": cells})


def parse_access(given: Sequence[tuple[str, str]], *, today: date) -> Asked:
    """Read the parameters of a question to the board; whatever cannot be read is named, never guessed."""
    problems: dict[str, str] = {}
    values = {name: ", ".join(_printable(v) for n, v in given if n == name and v.strip()) for name in _PARAMETERS}
    names = {name: _names_in(name, values[name], problems) for name in _NAMING}
    query = AccessQuery(
        models=names["model"],
        chips=names["chip"],
        countries=names["country"],
        users=_users(values["user_class"], problems),
        as_of=_day("as_of", values["as_of"], problems) or today,
        known_at=_day("known_at", values["known_at"], problems),
    )
    return Asked(query=query, values=values, problems=problems)


def _ask(store: Store, asked: Asked) -> Answer:
    """Ask the board; a name that nobody knows is a problem of the question."""
    if asked.problems:
        return Answer(cells=[])
    try:
        return ask_board(store, asked.query)
    except InputError as error:
        asked.problems["name"] = str(error)
        return Answer(cells=[])


def _names_in(name: str, value: str, problems: dict[str, str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(filter(None, (part.strip() for part in value.split(",")))))
    if len(names) > _VALUES_LIMIT:
        problems[name] = f"{len(names)} values given: at most {_VALUES_LIMIT} can be asked for at once"
    if any(len(one) > _VALUE_LIMIT_CHARS for one in names):
        problems[name] = f"longer than {_VALUE_LIMIT_CHARS} characters: use a shorter one"
    return names


def _users(value: str, problems: dict[str, str]) -> tuple[UserClass, ...]:
    given = [part.strip().casefold().replace(" ", "_") for part in value.split(",") if part.strip()]
    if unknown := [one for one in given if one not in set(UserClass)]:
        problems["user_class"] = f"“{unknown[0]}” is no class of users: choose among {', '.join(UserClass)}"
        return ()
    return tuple(map(UserClass, given))


def _day(name: str, value: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        problems[name] = f"“{value[:_VALUE_LIMIT_CHARS]}” is no day: write it as 2026-06-13"
        return None


def _printable(value: str) -> str:
    return "".join(c for c in value if c.isprintable()).strip()


def _told(problems: dict[str, str]) -> str:
    return "; ".join(what if name == "name" else f"{name}: {what}" for name, what in problems.items())


def _plain(query: AccessQuery) -> dict[str, Any]:
    return {
        "as_of": query.as_of.isoformat(),
        "known_at": query.known_at.isoformat() if query.known_at else None,
    }


def _names(store: Store, kind: EntityKind) -> list[str]:
    return [row.name for row in store.queries.entities(kind=kind, limit=_OFFERED_NAMES)]
