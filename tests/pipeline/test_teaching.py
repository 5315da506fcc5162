"""What people teach counts for the next article at once, and for those that came before."""

from datetime import timedelta

import pytest

from tests.making import NOW, make_entry, make_source
from tests.pipeline.conftest import Desk
from tracker.errors import InputError
from tracker.knowledge.edits import Author
from tracker.knowledge.teaching import Addition
from tracker.pipeline import STAGES
from tracker.pipeline.knowing import known, understander
from tracker.pipeline.teaching import add, give_aliases, merge, ranked, reject
from tracker.store.entities import Unseen
from tracker.store.queries import EventQuery
from tracker.types import EntityKind, Mention, PollState

MIRA = Author(by="mira", at=NOW)
TEXT = """The U.S. Commerce Department added {0} to the Entity List on Friday for supplying advanced AI chips to China.

The Bureau of Industry and Security said {0} had sold Nvidia chips without an export licence.  {1}
"""
OTHER = """China's commerce ministry protested at once.  Lawyers in Brussels doubt that allies will follow, and analysts
expect the order book of {0} to halve by winter, for most of its buyers build data centres in Shenzhen and Hangzhou."""
LTD = "Orinoco Semiconductor Co., Ltd."
ID = "company/orinoco-semiconductor"


def publish(desk: Desk, number: int, name: str = LTD, more: str = "") -> None:
    source_id = desk.store.sources.ensure(make_source(f"press {number}"))
    entry = make_entry(
        f"urn:x:{number}",
        title=f"US adds {name.removesuffix(' Co., Ltd.')} to Entity List",
        content=TEXT.format(name, more),
    )
    desk.store.sources.save_poll(source_id, PollState(next_due_at=NOW + timedelta(days=1)), [(entry, False)], now=NOW)
    for stage in ("read", "understand", "relate"):
        assert STAGES[stage](desk.job())["failed"] == 0


def mentions(desk: Desk, article: int) -> dict[str, Mention]:
    report = next(
        w.report for e in desk.store.queries.events(EventQuery()) for w in e.witnesses if w.article_id == article
    )
    return {m.entity_id: m for m in (*report.actors, *report.targets, *report.named)}


def test_an_added_company_is_linked_in_old_articles_and_in_the_next_by_its_alias(desk: Desk) -> None:
    publish(desk, 1)
    assert not mentions(desk, 1)[ID].known
    said = Addition(kind=EntityKind.COMPANY, name="Orinoco Semiconductor", aliases=["Velarium"], country="KR")
    assert add(desk.store.entities, said, MIRA).articles == 1
    assert mentions(desk, 1)[ID].known
    publish(desk, 2, "Velarium")
    assert mentions(desk, 2)[ID].name == "Orinoco Semiconductor"


def test_a_merge_joins_the_events_of_both(desk: Desk) -> None:
    publish(desk, 1)
    assert merge(desk.store.entities, "Orinoco Semiconductor", "Nvidia", MIRA).articles == 1
    assert ID not in mentions(desk, 1)
    publish(desk, 2, more=OTHER.format(LTD))
    assert ID not in mentions(desk, 2)
    assert mentions(desk, 2)["company/nvidia"].known


def test_an_alias_takes_its_mentions_along(desk: Desk) -> None:
    publish(desk, 1)
    taught = give_aliases(desk.store.entities, "company/nvidia", ["Orinoco Semiconductor"], MIRA)
    assert taught.articles == 1
    assert desk.store.entities.unseen(named=ID) == []


def test_a_rejected_name_is_found_no_more(desk: Desk) -> None:
    publish(desk, 1)
    reject(desk.store.entities, "orinoco semiconductor", MIRA)
    publish(desk, 2, more=OTHER.format(LTD))
    second = desk.store.queries.article(2)
    assert second is not None
    assert second.copy_of is None
    (row,) = desk.store.queries.entities(name="orinoco")
    assert row.articles == 1


def test_the_knowledge_base_is_built_anew_only_after_an_edit(desk: Desk) -> None:
    entities = desk.store.entities
    shipped = understander(entities)
    publish(desk, 1)
    assert understander(entities) is shipped
    reject(entities, "Orinoco Semiconductor", MIRA)
    taught = understander(entities)
    assert taught is not shipped
    assert taught is understander(entities)
    assert known(entities) is known(entities)


def test_a_name_that_several_have_wants_an_id(desk: Desk) -> None:
    publish(desk, 1, more="Its latest AI model, Orinoco Semiconductor 3, is open.")
    with pytest.raises(InputError, match="nothing is called Amazonas; see tracker entities candidates"):
        reject(desk.store.entities, "Amazonas", MIRA)
    with pytest.raises(InputError, match=r"Mistral is several: company/mistral.*; give the id"):
        merge(desk.store.entities, "Mistral", "Nvidia", MIRA)


def test_each_publisher_halves_the_doubt() -> None:
    def unseen(entity_id: str, *, confidence: float, publishers: int, articles: int = 1) -> Unseen:
        return Unseen(
            entity_id=entity_id, kind=EntityKind.MODEL, name=entity_id, articles=articles, publishers=publishers,
            confidence=confidence, first_seen_at=NOW,
        )  # fmt: skip

    found = [
        unseen("model/sure", confidence=0.9, publishers=1),
        unseen("model/often", confidence=0.5, publishers=1, articles=9),
        unseen("model/twice", confidence=0.9, publishers=2),
        unseen("model/once", confidence=0.5, publishers=1),
    ]
    assert [(round(score, 3), one.name) for score, one in ranked(found)] == [
        (0.95, "model/twice"),
        (0.9, "model/sure"),
        (0.5, "model/often"),
        (0.5, "model/once"),
    ]
