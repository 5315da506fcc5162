"""Which events bear on the access board, and who was hit last, on either database."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event

from tests.making import NOW, make_entry, make_mention, make_read, make_report, make_source, make_understanding
from tracker.pipeline.articles import QUIET_RULES
from tracker.store import Store
from tracker.store.queries import Line
from tracker.types import EntityKind, EventType, Mention, PollState, Report

CONTROLS = (EventType.RESTRICTION, EventType.EASING)
LATER = NOW + timedelta(days=1)


def tell(store: Store, number: int, *targets: Mention, type_: EventType = EventType.RESTRICTION) -> None:
    """Bring in one article of one event."""
    address = f"http://a/{number}"
    source_id = store.sources.ensure(make_source())
    store.sources.save_poll(source_id, PollState(next_due_at=NOW), [(make_entry(address), False)], now=NOW)
    (collected,) = store.articles.claim_unread(now=NOW, limit=10)
    text = " ".join(f"{target.name} {number}" for target in targets)
    read = replace(make_read(address, title=text, text=text), published_at=NOW + timedelta(minutes=number))
    store.articles.save_read(collected.id, read, first_of=lambda _: None)
    (article,) = store.articles.claim_read(now=NOW, limit=10)
    report: Report = replace(make_report(type_, day=None), targets=targets)
    store.articles.save_understood(article.id, make_understanding(report))
    (incoming,) = store.articles.claim_understood(now=NOW, limit=10)
    store.relations.relate(incoming, QUIET_RULES, now=NOW)


def fill(store: Store) -> None:
    tell(store, 1, make_mention("Beacon"))
    tell(store, 2, replace(make_mention("Beacon 9"), known=False))
    tell(store, 3, make_mention("Lantern Labs", EntityKind.COMPANY))
    tell(store, 4, make_mention("H20", EntityKind.CHIP), type_=EventType.EASING)
    tell(store, 5, make_mention("Orrery", EntityKind.MODEL), type_=EventType.ADOPTION)
    tell(store, 6, make_mention("FR", EntityKind.COUNTRY))


def hit(store: Store, *lines: Line) -> set[str]:
    return {
        named.name for event in store.queries.controls(CONTROLS, lines)
        for named in event.entities if named.role == "target"
    }  # fmt: skip


def test_only_controls_of_models_chips_and_companies_bear_on_the_board(store: Store) -> None:
    fill(store)
    assert hit(store) == {"Beacon", "Beacon 9", "Lantern Labs", "H20"}


def test_a_line_has_its_members_known_or_not(store: Store) -> None:
    fill(store)
    assert hit(store, Line(ids=("model/beacon",), head="model/beacon")) == {"Beacon", "Beacon 9"}
    assert hit(store, Line(ids=("model/beacon-9", "company/lantern-labs"), head="model/beacon-9")) == {
        "Beacon 9", "Lantern Labs"
    }  # fmt: skip
    assert hit(store, Line(ids=("model/b%",), head="model/b%")) == set()


def test_who_was_hit_last_comes_first(store: Store) -> None:
    fill(store)
    found = store.queries.controlled(CONTROLS, until=LATER, limit=3)
    assert list(found.items()) == [("chip/h20", "H20"), ("company/lantern-labs", "Lantern Labs"),
                                   ("model/beacon-9", "Beacon 9")]  # fmt: skip
    assert list(store.queries.controlled(CONTROLS, until=NOW + timedelta(seconds=90), limit=3)) == ["model/beacon"]


def test_a_question_for_a_model_reads_no_table_from_end_to_end(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    fill(store)
    asked: list[tuple[str, object]] = []
    event.listen(
        store.engine, "before_cursor_execute", lambda _c, _k, words, given, *_: asked.append((words, given))
    )  # fmt: skip
    store.queries.controls(CONTROLS, [Line(ids=("model/beacon",), head="model/beacon")])
    questions = [(words, given) for words, given in asked if words.startswith("SELECT")]
    with store.engine.connect() as connection:
        plans = [
            row[3] for words, given in questions
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given).all()  # type: ignore[arg-type] # what the driver was given
        ]  # fmt: skip
    store.close()
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
