"""The access board: who may have which model or chip where, as it held on one day and was known on another.

A cell is folded from the acts that cover it, by the days from which they hold: a restriction stands until its own
government eases or changes it, or it expires, and of those that stand at once the strictest decides.  Pure.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.knowledge import KnowledgeBase
from tracker.types import Access, EntityKind, Event, Named, UserClass
from tracker.weighing.access.cell import Cell, fold_cell, scope_of
from tracker.weighing.access.moves import ABROAD, Move, as_known, model_makers, moves_of
from tracker.weighing.access.wording import is_general
from tracker.weighing.agreeing import lineage

_KINDS = (EntityKind.MODEL, EntityKind.CHIP, EntityKind.COMPANY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that bears on access as of a day, from which its cells are folded as they are asked for."""

    as_of: date
    known_at: date | None
    moves: tuple[Move, ...] = field(repr=False)
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
    return Board(as_of=as_of, known_at=known_at, moves=tuple(moves), knowledge=knowledge)


def _cells(
    board: Board, subjects: Sequence[Named], countries: Sequence[str], users: Collection[UserClass]
) -> Iterator[Cell]:
    spoken_of = _subjects(board.moves)
    for subject in subjects:
        below = [one for one in spoken_of if one.entity_id != subject.entity_id and _is_below(one, subject, board)]
        cells = [cell for one in (subject, *below) for cell in _cells_of(one, board, countries, users)]
        known = [cell for cell in cells if cell.is_known]
        yield from known or cells[:1]
    for subject in () if subjects else spoken_of:
        yield from (cell for cell in _cells_of(subject, board, countries, users) if cell.is_known)


def _cells_of(
    subject: Named, board: Board, countries: Sequence[str], users: Collection[UserClass]
) -> Iterator[Cell]:  # fmt: skip
    scope = scope_of(subject, board.knowledge)
    covering = [move for move in board.moves if scope.basis(move)]
    for country in countries or sorted({place for move in covering for place in move.places}) or [ABROAD]:
        here = [move for move in covering if move.holds_in(country) or move.spares(country)]
        spoken_of = {move.users for move in here if countries or country in move.places}
        for class_ in _classes(users or spoken_of, here, country):
            yield fold_cell(scope, board.moves, country, class_, board.as_of)


def _is_below(one: Named, subject: Named, board: Board) -> bool:
    return subject.entity_id in lineage(one.entity_id, board.knowledge, name=one.name)


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
