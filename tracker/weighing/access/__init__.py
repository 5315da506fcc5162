"""Who may have which model or chip: the access board, and what it is folded from."""

from tracker.weighing.access.board import Board, fold_board
from tracker.weighing.access.cell import Basis, Cell, Change
from tracker.weighing.access.moves import ABROAD, Move
from tracker.weighing.access.wording import MOVING

__all__ = ["ABROAD", "MOVING", "Basis", "Board", "Cell", "Change", "Move", "fold_board"]
