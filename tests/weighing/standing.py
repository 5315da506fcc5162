"""Standpoints for tests: a few services, declared as a user would."""

from datetime import date

from tracker.knowledge import load
from tracker.weighing.exposure import Service, Stack
from tracker.weighing.severity import Standpoint

TODAY = date(2026, 6, 20)


def service(name: str, *uses: str, countries: tuple[str, ...] = ()) -> Service:
    return Service(name=name, uses=tuple(load().entities[use] for use in uses), countries=countries)


def standpoint(*services: Service, today: date = TODAY) -> Standpoint:
    return Standpoint(today=today, stack=Stack(services=services))
