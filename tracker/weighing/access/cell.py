"""One cell of the access board, folded from the moves that cover it.  Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.knowledge import KnowledgeBase
from tracker.types import Access, Modality, Named, UserClass, Weights, Witness
from tracker.weighing.access.moves import Move
from tracker.weighing.access.wording import is_general
from tracker.weighing.agreeing import lineage, maker, users_agree
from tracker.weighing.contested import Contested, contested_fields

_STRICTNESS = (Access.GATED, Access.BLOCKED)
_DAY = timedelta(days=1)


class Basis(StrEnum):
    """How an event comes to decide a cell."""

    NAMED = "named"
    FAMILY = "through the family"
    DEVELOPER = "through the developer"
    HOME = "at home"
    EXPIRY = "expired"


_CLOSENESS = (Basis.DEVELOPER, Basis.FAMILY, Basis.NAMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From which day a cell stands as it does, the move that made it so, and the witness to quote of this country."""

    day: date
    access: Access
    basis: Basis
    move: Move
    witness: Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The access of users in a country ("*": every foreign one) to a model, a chip, or all models of a company.

    `history` has the newest change last, and is empty where nothing is known.  `contested` are the fields on which the
    sources of the deciding event disagree.  `is_beyond_recall` says that the weights were open before the control came.
    `notes` are what is not in effect: proposed, intended, rumoured, denied, or announced for a later day.
    """

    subject: Named
    country: str
    users: UserClass
    history: tuple[Change, ...] = ()
    contested: tuple[Contested, ...] = ()
    is_beyond_recall: bool = False
    notes: tuple[Move, ...] = ()

    @property
    def decisive(self) -> Change | None:
        return self.history[-1] if self.history else None

    @property
    def access(self) -> Access:
        return self.decisive.access if self.decisive else Access.UNKNOWN

    @property
    def is_known(self) -> bool:
        return bool(self.history or self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A subject, with all that it belongs to and its maker: an event that names any of them covers it."""

    subject: Named
    line: tuple[str, ...]
    maker: str | None
    released: str | None

    def basis(self, move: Move) -> Basis | None:
        """Say how a move covers the subject; None where it does not."""
        hit = move.subject.entity_id
        if hit == self.line[0]:
            return Basis.NAMED
        if hit in self.line:
            return Basis.FAMILY
        return Basis.DEVELOPER if hit == self.maker else None

    def order(self, move: Move) -> tuple[date, int, bool, int]:
        """Order moves so that the last one counts: by day, on one day the one that names the subject most closely."""
        basis = self.basis(move)
        closeness = _CLOSENESS.index(basis) if basis else -1
        return move.first, closeness, move.access is Access.OPEN, move.event.id


def scope_of(subject: Named, knowledge: KnowledgeBase) -> Scope:
    """Return what covers a subject; `released` is set only where its weights are open."""
    line = lineage(subject.entity_id, knowledge, name=subject.name)
    known = [knowledge.entities[one] for one in line if one in knowledge.entities]
    is_open = bool(known) and known[0].weights is Weights.OPEN
    return Scope(
        subject=subject, line=line, maker=maker(line, knowledge), released=known[0].released if is_open else None
    )


def fold_cell(scope: Scope, moves: Iterable[Move], country: str, users: UserClass, as_of: date) -> Cell:
    """Fold a cell from the moves that bear on its subject, in any order."""
    bearing = sorted((move for move in moves if _is_for(move, users)), key=scope.order)
    covering = [move for move in bearing if scope.basis(move)]
    history = tuple(_history(scope, covering, country, as_of))
    decisive = history[-1] if history else None
    access = decisive.access if decisive else Access.UNKNOWN
    here = [move for move in bearing if move.holds_in(country)]
    return Cell(
        subject=scope.subject,
        country=country,
        users=users,
        history=history,
        contested=contested_fields(decisive.move.event) if decisive else (),
        is_beyond_recall=bool(decisive and _is_out(scope, decisive)),
        notes=tuple(move for move in here if scope.basis(move) and _is_pending(move, here, access, as_of)),
    )


def _is_for(move: Move, users: UserClass) -> bool:
    """Say whether a move is for a class of users: what holds for everybody holds for each."""
    if is_general(move.users):
        return True
    return move.users is users or (move.users is not None and not is_general(users) and users_agree(move.users, users))


def _is_out(scope: Scope, decisive: Change) -> bool:
    is_closed = decisive.access in _STRICTNESS
    return is_closed and scope.released is not None and scope.released <= decisive.day.isoformat()


def _is_pending(note: Move, others: Iterable[Move], access: Access, as_of: date) -> bool:
    """Say whether a move would change something, and is neither in effect yet nor carried out by another one."""
    if note.access is access and note.event.modality is not Modality.DENIAL:
        return False
    if note.is_act:
        return as_of < note.first
    done = (act for act in others if act.is_act and note.said <= act.said and act.first <= as_of)
    return not any(act.fulfils(note) for act in done)


def _history(scope: Scope, covering: Sequence[Move], country: str, as_of: date) -> Iterator[Change]:
    acts = [move for move in covering if move.is_act and move.holds_in(country)]
    sparing = [move for move in covering if move.is_act and move.spares(country) and move.access is not Access.OPEN]
    days = {move.first for move in (*acts, *sparing)} | {move.last + _DAY for move in acts if move.last}
    last: Change | None = None
    for day in sorted(day for day in days if day <= as_of):
        found = _standing(scope, acts, day) or _without(acts, sparing, day)
        # What the same government says again changes nothing.
        if found and not (last and found[0] is last.access and found[2].can_undo(last.move)):
            access, basis, move = found
            last = Change(day=day, access=access, basis=basis, move=move, witness=move.witness_for(country))
            yield last


def _standing(scope: Scope, acts: Sequence[Move], day: date) -> tuple[Access, Basis, Move] | None:
    """Say how a cell stands on a day by the acts that are live on it."""
    live = [move for move in acts if move.is_live(day)]
    standing: list[Move] = []
    for move in live:
        standing = [other for other in standing if not move.can_undo(other)]
        if move.access is not Access.OPEN:
            standing.append(move)
    if not live:
        return None
    # The first of equals decides: what comes on top of it changes nothing.
    decisive = max(standing, key=lambda move: _STRICTNESS.index(move.access), default=live[-1])
    return decisive.access, scope.basis(decisive) or Basis.NAMED, decisive


def _without(acts: Sequence[Move], sparing: Sequence[Move], day: date) -> tuple[Access, Basis, Move] | None:
    """Say why a cell is open that no live act covers: a control has ended, or spares its own country."""
    if ended := [move for move in acts if move.last and move.last < day and move.access is not Access.OPEN]:
        return Access.OPEN, Basis.EXPIRY, ended[-1]
    spared = next((move for move in sparing if move.is_live(day)), None)
    return (Access.OPEN, Basis.HOME, spared) if spared else None
