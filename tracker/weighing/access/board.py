"""The access board: who may have which model or chip where, as it held on one day and was known on another.

A cell is folded from the acts that cover it, by the days from which they hold: a restriction stands until its own
government eases or changes it, or it expires, and of those that stand at once the strictest decides.  Pure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.knowledge import KnowledgeBase
from tracker.types import Access, EntityKind, Event, Named, UserClass
from tracker.weighing.access.cell import Cell, Scope, fold_cell, scope_of
from tracker.weighing.access.moves import ABROAD, Move, as_known, model_makers, moves_of
from tracker.weighing.access.wording import is_general

_KINDS = (EntityKind.MODEL, EntityKind.CHIP, EntityKind.COMPANY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that bears on access as of a day, from which its cells are folded as they are asked for.

    `near` has the moves by everything that their subjects belong to.
    """

    as_of: date
    known_at: date | None
    moves: tuple[Move, ...] = field(repr=False)
    near: Mapping[str, Sequence[Move]] = field(repr=False, compare=False)
    knowledge: KnowledgeBase = field(repr=False, compare=False)

    @property
    def cells(self) -> list[Cell]:
        """List every cell that a source speaks of."""
        return self.look_up()

    def look_up(
        self, subjects: Sequence[Named] = (), countries: Sequence[str] = (), users: Collection[UserClass] = ()
    ) -> list[Cell]:
        """List the cells of subjects, countries and users; where one is empty, those that a source speaks of.

        A subject that is asked for comes with what belongs to it, and with an unknown cell where nothing is known.
        """
        return list(_cells(self, subjects, countries, users))


def fold_board(
    events: Iterable[Event], knowledge: KnowledgeBase, *, as_of: date, known_at: date | None = None
) -> Board:
    """Fold the board from events in any order; `known_at` leaves out what was reported after that day."""
    makers = model_makers(knowledge)
    told = {event.id: one for event in events if (one := as_known(event, known_at))}
    moves = [move for event in told.values() for move in moves_of(event, knowledge, makers) if move.said <= as_of]
    moves.sort(key=lambda move: (move.first, move.event.id, move.subject.entity_id))
    near: defaultdict[str, list[Move]] = defaultdict(list)
    for move in moves:
        for entity_id in move.line:
            near[entity_id].append(move)
    return Board(as_of=as_of, known_at=known_at, moves=tuple(moves), near=dict(near), knowledge=knowledge)


def _cells(
    board: Board, subjects: Sequence[Named], countries: Sequence[str], users: Collection[UserClass]
) -> Iterator[Cell]:
    for subject in subjects:
        below = [one for one in _subjects(board.near.get(subject.entity_id, ())) if one.entity_id != subject.entity_id]
        cells = [cell for one in (subject, *below) for cell in _cells_of(one, board, countries, users)]
        known = [cell for cell in cells if cell.is_known]
        yield from known or cells[:1]
    for subject in () if subjects else _subjects(board.moves):
        yield from (cell for cell in _cells_of(subject, board, countries, users) if cell.is_known)


def _cells_of(
    subject: Named, board: Board, countries: Sequence[str], users: Collection[UserClass]
) -> Iterator[Cell]:  # fmt: skip
    scope = scope_of(subject, board.knowledge)
    bearing = _bearing_on(scope, board)
    covering = [move for move in bearing if scope.basis(move)]
    for country in countries or sorted({place for move in covering for place in move.places}) or [ABROAD]:
        here = [move for move in covering if move.holds_in(country) or move.spares(country)]
        spoken_of = {move.users for move in here if countries or country in move.places}
        for class_ in _classes(users or spoken_of, here, country):
            yield fold_cell(scope, bearing, country, class_, board.as_of)


def _bearing_on(scope: Scope, board: Board) -> list[Move]:
    """List what covers a subject, and what may carry out what is only talked of."""
    wider = (*scope.line, scope.maker) if scope.maker else scope.line
    found = (move for one in wider for move in board.near.get(one, ()))
    return list({(move.event.id, move.subject.entity_id): move for move in found}.values())


def _subjects(moves: Iterable[Move]) -> list[Named]:
    once = {move.subject.entity_id: replace(move.subject, role="target") for move in moves}
    return sorted(once.values(), key=lambda named: (_KINDS.index(named.kind), named.name.casefold(), named.entity_id))


def _classes(wanted: Collection[UserClass | None], here: Sequence[Move], country: str) -> list[UserClass]:
    """List the classes of users, of which everybody goes by the name that is used in a country last."""
    stated = [
        move.users for move in here
        if move.users and is_general(move.users) and move.access is not Access.OPEN and move.holds_in(country)
    ]  # fmt: skip
    parts = sorted(users for users in wanted if users and not is_general(users))
    is_whole = not parts or any(map(is_general, wanted))
    return [*([stated[-1] if stated else UserClass.EVERYONE] if is_whole else []), *parts]
