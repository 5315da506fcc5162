"""The access board of the affair of June 2026: as it held, and as it was known, on every day of June and July."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from tests.making import NOW
from tests.pipeline.affair import publish_affair, read_affair
from tests.pipeline.conftest import Desk
from tracker.knowledge import load
from tracker.pipeline.access import AccessQuery, ask_board
from tracker.store import Store
from tracker.types import UserClass
from tracker.weighing.access import MOVING, Board, Cell, fold_board

DAYS = [date(2026, 6, 1) + timedelta(days=number) for number in range(61)]
EXPECTED = read_affair("board.toml")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all tests, which only read."""
    folder = tmp_path_factory.mktemp("affair")
    opened = Store.open(f"sqlite:///{folder}/tracker.db")
    publish_affair(Desk(store=opened, folder=folder, now=NOW + timedelta(days=90)).job())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def known(store: Store) -> dict[tuple[date, date], Board]:
    """The boards of every day, as known on every day."""
    events = store.queries.controls(MOVING)
    pairs = product(DAYS, DAYS)
    return {(on, at): fold_board(events, load(), as_of=on, known_at=at) for on, at in pairs}


def ask(store: Store, row: Row, as_of: date) -> Cell:
    query = AccessQuery(as_of=as_of, models=(row["model"],), countries=(row["country"],), users=(users(row),))
    (cell,) = ask_board(store, query).cells
    return cell


def users(row: Row) -> UserClass:
    return UserClass(row.get("users", "foreign_users"))


def on(spans: Sequence[tuple[str, Any]], day: date, start: Any) -> Any:
    """Return what holds on a day by spans that each begin with one."""
    return next((value for first, value in reversed(spans) if date.fromisoformat(first) <= day), start)


def described(rows: Sequence[Row]) -> list[Any]:
    return [pytest.param(row, id=f"{row['model']}, {row['country']}") for row in rows]


@pytest.mark.parametrize("row", described(EXPECTED["cell"]))
def test_the_board_is_right_on_every_day(store: Store, row: Row) -> None:
    found = {day: ask(store, row, day) for day in DAYS}
    assert {day: cell.access.value for day, cell in found.items()} == {
        day: on(row["spans"], day, "unknown") for day in DAYS
    }
    assert {cell.users for cell in found.values() if cell.history} <= {users(row)}


@pytest.mark.parametrize("row", described(EXPECTED["cell"]))
def test_the_board_was_right_by_what_was_known_on_every_day(
    store: Store, known: dict[tuple[date, date], Board], row: Row
) -> None:  # fmt: skip
    subject, changes = ask(store, row, DAYS[-1]).subject, list(row["known"].items())
    for (as_of, known_at), board in known.items():
        (cell,) = board.look_up([subject], [row["country"]], [users(row)])
        assert cell.access.value == on(on(changes, known_at, None), as_of, "unknown"), (as_of, known_at)


@pytest.mark.parametrize("row", described(EXPECTED["pending"]))
def test_what_is_not_in_effect_is_noted_until_it_is(store: Store, row: Row) -> None:
    for day in DAYS:
        noted = {move.event.modality.value for move in ask(store, row, day).notes}
        assert noted == set(on(row["spans"], day, [])), day


@pytest.mark.parametrize("row", described(EXPECTED["contested"]))
def test_where_sources_disagree_both_sides_are_shown(store: Store, row: Row) -> None:
    cell = ask(store, row, date.fromisoformat(row["as_of"]))
    found = {
        one.field: [[side.value, *dict.fromkeys(w.source for w in side.witnesses)] for side in one.sides]
        for one in cell.contested
    }
    assert {name: sorted(map(sorted, sides)) for name, sides in found.items()} == {
        name: sorted(map(sorted, sides)) for name, sides in row["fields"].items()
    }
    assert {name: sides[0][0] for name, sides in found.items()} == {
        name: sides[0][0] for name, sides in row["fields"].items()
    }


def test_behind_every_cell_stands_a_quote_from_its_article(store: Store) -> None:
    for day in DAYS[::10]:
        cells = ask_board(store, AccessQuery(as_of=day)).cells
        events = store.queries.controls(MOVING)
        assert cells == fold_board(events, load(), as_of=day).cells
        for witness in (change.witness for cell in cells for change in cell.history):
            article = store.queries.article(witness.article_id)
            assert article is not None
            quote = witness.report.sentence
            part = article.title if quote.part == "title" else article.text
            assert part[quote.start : quote.end] == quote.text
