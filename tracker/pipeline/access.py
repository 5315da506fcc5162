"""The access board of a database: which events bear on it, and what the names that people ask by stand for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches

from tracker.errors import InputError
from tracker.knowledge import KnowledgeBase
from tracker.knowledge.rows import open_slug
from tracker.pipeline.ask import index_names
from tracker.pipeline.knowing import known
from tracker.store import Store
from tracker.store.queries import Line
from tracker.types import EntityKind, Event, Named, UserClass
from tracker.weighing.access import ABROAD, MOVING, Cell, fold_board
from tracker.weighing.agreeing import lineage, maker

# So many models and chips are shown where none is asked for.
SUBJECTS_LIMIT = 60
_NEWS_LAG = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessQuery:
    """What of the board is asked for, in people's words; empty means all that sources speak of."""

    as_of: date
    known_at: date | None = None
    models: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    users: tuple[UserClass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The cells that were asked for; `is_cut` where there are more models and chips than are shown at once."""

    cells: list[Cell]
    is_cut: bool = False


def ask_board(store: Store, query: AccessQuery) -> Answer:
    """Fold the board of a day, and list the cells that are asked for; a name that nobody knows is an InputError."""
    asked = _Asked(known(store.entities))
    subjects = [one for name in query.models for one in asked.subjects(EntityKind.MODEL, name)]
    subjects += [one for name in query.chips for one in asked.subjects(EntityKind.CHIP, name)]
    countries = [asked.country(name) for name in query.countries]
    latest = [] if subjects else list(_latest(store, query).items())
    names = dict(latest[:SUBJECTS_LIMIT]) or {one.entity_id: one.name for one in subjects}
    events = store.queries.controls(MOVING, [asked.line(*one) for one in names.items()]) if names else []
    asked.check(subjects, events)
    board = fold_board(events, asked.knowledge, as_of=query.as_of, known_at=query.known_at)
    cells = board.look_up(subjects, countries, query.users)
    # Beside the latest, their makers' events bring others in, of which not everything is loaded.
    shown = [cell for cell in cells if subjects or cell.subject.entity_id in names]
    return Answer(cells=shown, is_cut=len(latest) > SUBJECTS_LIMIT)


def _latest(store: Store, query: AccessQuery) -> dict[str, str]:
    # What is reported long after says little of which models and chips mattered then.
    until = datetime.combine(query.as_of, time.min, UTC) + _NEWS_LAG
    return store.queries.controlled(MOVING, until=until, limit=SUBJECTS_LIMIT + 1)


class _Asked:
    """What the names that a question uses stand for."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self._index = index_names(knowledge)

    def subjects(self, kind: EntityKind, name: str) -> Iterator[Named]:
        """Yield who goes by a name; one that is new is taken for what it says."""
        bearers = [self.knowledge.entities[one] for one in self._index.bearers(kind, name)]
        for one in bearers:
            yield Named(entity_id=one.id, kind=kind, name=one.name, role="target")
        if not bearers:
            yield Named(entity_id=f"{kind}/{open_slug(name)}", kind=kind, name=name.strip(), role="target")

    def check(self, subjects: Iterable[Named], events: Iterable[Event]) -> None:
        """Refuse a name that is neither known, nor a new version of a known family, nor named by any event."""
        named = {one.entity_id for event in events for one in event.entities}
        for subject in subjects:
            is_known = subject.entity_id in self.knowledge.entities or subject.entity_id in named
            if not is_known and len(lineage(subject.entity_id, self.knowledge, name=subject.name)) == 1:
                hint = self._hint(subject.kind, subject.name)
                raise InputError(f"{subject.name}: no {subject.kind} of this name is known{hint}")

    def country(self, name: str) -> str:
        """Return the code of a country, or the sign for all abroad."""
        if name == ABROAD:
            return ABROAD
        found = self._index.bearers(EntityKind.COUNTRY, name)
        if not found:
            raise InputError(f"{name}: expected a country such as KR or Korea, or * for all abroad"
                             f"{self._hint(EntityKind.COUNTRY, name)}")  # fmt: skip
        return found[0].partition("/")[2]

    def line(self, entity_id: str, name: str) -> Line:
        """Return what bears on a subject: itself, what belongs to it, what it belongs to, and its maker."""
        above = lineage(entity_id, self.knowledge, name=name)
        below = self._index.ids(EntityKind(entity_id.partition("/")[0]), entity_id)
        return Line(ids=tuple(one for one in (*above, *below, maker(above, self.knowledge)) if one), head=entity_id)

    def _hint(self, kind: EntityKind, name: str) -> str:
        near = get_close_matches(name.casefold(), self._index.names(kind), n=1)
        return f"; did you mean “{near[0]}”?" if near else ""
