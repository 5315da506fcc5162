"""A page's address as a question to the event database, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from tracker.pipeline.ask import named_ids
from tracker.store.queries import EventQuery
from tracker.types import EntityKind, EventType, Modality

PAGE_SIZE = 20
MAX_ID = 2**31 - 1  # an INTEGER column's largest value on PostgreSQL
_VALUE_LIMIT_CHARS = 200
_VALUES_LIMIT = 12
_WORDS_LIMIT = 8
_CURSOR_FORMAT = "%Y%m%dT%H%M%S.%f"

# The parameters that name entities, and what they name.
NAMING = {
    "country": EntityKind.COUNTRY,
    "company": EntityKind.COMPANY,
    "model": EntityKind.MODEL,
    "agency": EntityKind.AGENCY,
}
PARAMETERS = ("type", "modality", *NAMING, "text", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the address of a list asks for.  `problems` says per parameter, in words, what cannot be read.

    `conditions` holds every condition as given (parameter, value), in the order of the form.
    """

    query: EventQuery
    conditions: tuple[tuple[str, str], ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)

    def values(self, parameter: str) -> list[str]:
        """Return what was given for one parameter."""
        return [value for name, value in self.conditions if name == parameter]

    def without(self, parameter: str, value: str) -> str:
        """Return the address of the same list with one condition less."""
        return address([c for c in self.conditions if c != (parameter, value)])

    @property
    def newest(self) -> str:
        """Return the address of the first page."""
        return address(self.conditions)

    def after(self, cursor: tuple[datetime, int]) -> str:
        """Return the address of the page that follows `cursor`."""
        moment, last = cursor
        return address([*self.conditions, ("before", f"{moment.astimezone(UTC).strftime(_CURSOR_FORMAT)}-{last}")])


def address(conditions: Sequence[tuple[str, str]]) -> str:
    """Return the address of the list of stories under `conditions`."""
    return f"/?{urlencode(conditions)}" if conditions else "/"


def filter_address(kind: EntityKind, entity_id: str) -> str | None:
    """Return the address of the stories that name an entity; None for a kind that no filter takes."""
    parameter = next((name for name, named in NAMING.items() if named is kind), None)
    return address([(parameter, entity_id.partition("/")[2])]) if parameter else None


def parse_listing(given: Sequence[tuple[str, str]]) -> Listing:
    """Read the parameters of a list; whatever cannot be read is named in `problems`, never guessed."""
    problems: dict[str, str] = {}
    conditions = tuple(_conditions(given, problems))
    values = {name: tuple(v for n, v in conditions if n == name) for name in PARAMETERS}
    since, until = (_day(name, values[name], problems) for name in ("since", "until"))
    if since and until and since > until:
        problems["until"] = f"{until} is before {since}: choose a last day that is not before the first"
    query = EventQuery(
        types=_types(values["type"], problems),
        modalities=_modalities(values["modality"], problems),
        countries=_entities("country", values["country"]),
        companies=_entities("company", values["company"]),
        models=_entities("model", values["model"]),
        agencies=_entities("agency", values["agency"]),
        since=since,
        until=until,
        text=_text(values["text"], problems),
        limit=PAGE_SIZE + 1,
        before=_cursor([v for n, v in given if n == "before"], problems),
    )
    return Listing(query=query, conditions=conditions, problems=problems)


def alone(parameter: str, value: str) -> EventQuery:
    """Return the query for one condition of a readable list, to see whether it matches anything at all."""
    return replace(parse_listing([(parameter, value)]).query, limit=1)


def _conditions(given: Sequence[tuple[str, str]], problems: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for name in PARAMETERS:
        raw = [value for n, value in given if n == name]
        values = [part for value in raw for part in (value.split(",") if name in NAMING else [value])]
        stripped = list(dict.fromkeys(filter(None, (_printable(value) for value in values))))
        if len(stripped) > _VALUES_LIMIT:
            problems[name] = f"{len(stripped)} values given: at most {_VALUES_LIMIT} can be asked for at once"
        if any(len(value) > _VALUE_LIMIT_CHARS for value in stripped):
            problems[name] = f"longer than {_VALUE_LIMIT_CHARS} characters: use a shorter one"
        found += [(name, value[:_VALUE_LIMIT_CHARS]) for value in stripped[:_VALUES_LIMIT]]
    return found


def _printable(value: str) -> str:
    # PostgreSQL takes no NUL in a text, and no name has a control character.
    return "".join(c for c in value if c.isprintable()).strip()


def _types(values: Sequence[str], problems: dict[str, str]) -> tuple[EventType, ...]:
    known = {t.value for t in EventType}
    folded = [value.casefold().replace(" ", "_") for value in values]
    if unknown := [value for value in folded if value not in known]:
        problems["type"] = f"“{unknown[0]}” is no event type: choose among {', '.join(EventType)}"
    return tuple(EventType(value) for value in folded if value in known)


def _modalities(values: Sequence[str], problems: dict[str, str]) -> tuple[Modality, ...]:
    known = {m.value for m in Modality if m.makes_event}
    if unknown := [value for value in values if value.casefold() not in known]:
        choice = ", ".join(m for m in Modality if m.makes_event)
        problems["modality"] = f"“{unknown[0]}” is no modality of an event: choose among {choice}"
    return tuple(Modality(value.casefold()) for value in values if value.casefold() in known)


def _entities(parameter: str, values: Sequence[str]) -> tuple[str, ...]:
    # An entity that the knowledge base does not hold is found by its name, or by what our own links carry.
    kind = NAMING[parameter]
    return tuple(dict.fromkeys((*named_ids(kind, values), *(f"{kind}/{value}" for value in values))))


def _day(parameter: str, values: Sequence[str], problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(values[-1]) if values else None
    except ValueError:
        problems[parameter] = f"“{values[-1]}” is no day: write it as 2026-06-13"
        return None


def _text(values: Sequence[str], problems: dict[str, str]) -> str | None:
    text = " ".join(values)
    if len(text.split()) > _WORDS_LIMIT:
        problems["text"] = f"{len(text.split())} words given: at most {_WORDS_LIMIT} can be looked for at once"
    return text or None


def _cursor(values: Sequence[str], problems: dict[str, str]) -> tuple[datetime, int] | None:
    if not values:
        return None
    moment, _, last = values[-1].partition("-")
    try:
        cursor = datetime.strptime(moment, _CURSOR_FORMAT).replace(tzinfo=UTC), int(last)
    except ValueError:
        problems["before"] = "this link to a further page is broken: start again at the newest stories"
        return None
    return cursor if cursor[1] <= MAX_ID else (cursor[0], MAX_ID)
