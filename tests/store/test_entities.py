"""What people teach is kept, and all that was said of the entity before follows it, on either database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.making import NOW, make_entry, make_mention, make_read, make_report, make_source
from tracker import relate
from tracker.knowledge.edits import Action, Author, EntityEdit
from tracker.pipeline.articles import QUIET_RULES
from tracker.store import Store
from tracker.store.queries import EventQuery
from tracker.store.relinking import Link
from tracker.types import EntityKind, Mention, PollState, Report, Understanding, Weights

DAY = timedelta(days=1)
MIRA = Author(by="mira", at=NOW, why="named in a rule")


def unseen(name: str, *, confidence: float = 0.9, kind: EntityKind = EntityKind.COMPANY) -> Mention:
    return replace(make_mention(name, kind), known=False, confidence=confidence)


ORINOCO, ORINOCO_LTD = unseen("Orinoco Labs", confidence=0.7), unseen("Orinoco Ltd")


def tell(store: Store, address: str, *mentions: Mention, source: str = "press", at: timedelta = DAY) -> None:
    """Have one source tell of an event that these entities are hit by."""
    source_id = store.sources.ensure(make_source(source))
    store.sources.save_poll(source_id, PollState(next_due_at=NOW), [(make_entry(address), False)], now=NOW)
    for collected in store.articles.claim_unread(now=NOW, limit=10):
        text = replace(make_read(address), published_at=NOW + at)
        store.articles.save_read(collected.id, text, first_of=lambda _: None)
    report: Report = replace(make_report(), targets=mentions, named=(mentions[0],))
    found = Understanding(relevant=True, relevance=0.9, mentions=(*report.actors, *mentions), reports=(report,))
    for article in store.articles.claim_read(now=NOW, limit=10):
        store.articles.save_understood(article.id, found)
    for incoming in store.articles.claim_understood(now=NOW, limit=10):
        store.relations.relate(incoming, QUIET_RULES, now=NOW)


def edit(action: Action, mention: Mention, **fields: Any) -> EntityEdit:
    return EntityEdit(action=action, entity_id=mention.entity_id, name=mention.name, author=MIRA, **fields)


def link(name: str, *ids: str, names: Sequence[str] = ()) -> Link:
    slug = name.lower().replace(" ", "-")
    return Link(
        entity_id=f"company/{slug}", kind=EntityKind.COMPANY, name=name, ids=frozenset(ids), names=frozenset(names)
    )


def targets(store: Store) -> list[list[str]]:
    events = store.queries.events(EventQuery())
    return [[named.entity_id for named in event.entities if named.role == "target"] for event in events]


def test_what_was_taught_comes_back_as_it_was_said(store: Store) -> None:
    said = [
        edit(Action.ADD, ORINOCO, aliases=("Orinoco",), country="KR", developer="company/nvidia", weights=Weights.OPEN),
        edit(Action.MERGE, ORINOCO_LTD, into="company/nvidia"),
    ]
    versions = [store.entities.version()]
    for one in said:
        store.entities.keep(one, None, QUIET_RULES)
        versions.append(store.entities.version())
    assert store.entities.edits() == said
    assert versions == sorted(set(versions))
    assert versions[0] == 0


def test_an_unseen_name_is_listed_with_what_speaks_for_it(store: Store) -> None:
    tell(store, "http://a/1", ORINOCO, source="a", at=2 * DAY)
    tell(store, "http://a/2", replace(ORINOCO, confidence=0.95), source="a")
    tell(store, "http://b/1", ORINOCO, make_mention("Nvidia", EntityKind.COMPANY), source="b", at=3 * DAY)
    (one,) = store.entities.unseen()
    assert (one.name, one.articles, one.publishers, one.confidence) == ("Orinoco Labs", 3, 2, 0.95)
    assert one.first_seen_at == NOW + DAY
    first, second = store.entities.seen(one.entity_id, limit=2)
    assert (first.quote, first.said) == (ORINOCO.quote, "The US blocked Fable 5.")
    assert first.article_id != second.article_id


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 2),
        ({"kind": EntityKind.MODEL}, 1),
        ({"named": "ORINOCO LABS"}, 1),
        ({"named": "model/velar-3"}, 1),
        ({"named": "Orinoco"}, 0),
        ({"least_articles": 2}, 1),
    ],
)
def test_unseen_names_are_asked_for(store: Store, asked: dict[str, Any], found: int) -> None:
    tell(store, "http://a/1", ORINOCO)
    tell(store, "http://a/2", ORINOCO, unseen("Velar 3", kind=EntityKind.MODEL))
    assert len(store.entities.unseen(**asked)) == found


def test_an_added_name_is_known_wherever_it_was_found(store: Store) -> None:
    tell(store, "http://a/1", ORINOCO, ORINOCO_LTD)
    said = link("Orinoco Labs", ORINOCO.entity_id)
    assert store.entities.keep(edit(Action.ADD, ORINOCO), said, QUIET_RULES) == 1
    assert [one.name for one in store.entities.unseen()] == ["Orinoco Ltd"]
    (event,) = store.queries.events(EventQuery())
    assert [(m.name, m.known) for m in event.witnesses[0].report.targets] == [
        ("Orinoco Labs", True),
        ("Orinoco Ltd", False),
    ]


def test_a_name_is_found_under_whatever_id_it_went(store: Store) -> None:
    odd = replace(ORINOCO, entity_id="company/kr-orinoco")
    tell(store, "http://a/1", odd)
    said = link("Orinoco Labs", ORINOCO.entity_id, names=["ORINOCO LABS"])
    assert store.entities.keep(edit(Action.ADD, ORINOCO), said, QUIET_RULES) == 1
    assert targets(store) == [["company/orinoco-labs"]]


def test_a_merged_name_is_one_with_the_other_in_events_and_in_the_next_telling(store: Store) -> None:
    tell(store, "http://a/1", ORINOCO, ORINOCO_LTD)
    assert targets(store) == [["company/orinoco-labs", "company/orinoco-ltd"]]
    merged = edit(Action.MERGE, ORINOCO_LTD, into=ORINOCO.entity_id)
    assert store.entities.keep(merged, link("Orinoco Labs", ORINOCO_LTD.entity_id), QUIET_RULES) == 1
    assert targets(store) == [["company/orinoco-labs"]]
    tell(store, "http://b/1", replace(ORINOCO, known=True), source="b")
    assert targets(store) == [["company/orinoco-labs"]]
    (story,) = store.queries.stories(EventQuery(companies=("company/orinoco-labs",)))
    assert story.corroboration.reports == 2


def test_the_story_is_looked_up_by_what_the_name_became(store: Store) -> None:
    tell(store, "http://a/1", ORINOCO_LTD)
    merged = edit(Action.MERGE, ORINOCO_LTD, into="company/velar")
    store.entities.keep(merged, link("Velar", ORINOCO_LTD.entity_id), QUIET_RULES)
    lone = replace(make_report(), targets=(make_mention("Velar", EntityKind.COMPANY),), actors=())
    found: list[int] = []

    def follow(profile: Any, order: Any, neighbours: Any) -> Any:
        found.extend(one.strand.story_id for one in neighbours)
        return relate.follow(profile, order, neighbours)

    source_id = store.sources.ensure(make_source("c"))
    store.sources.save_poll(source_id, PollState(next_due_at=NOW), [(make_entry("http://c/1"), False)], now=NOW)
    for collected in store.articles.claim_unread(now=NOW, limit=10):
        store.articles.save_read(collected.id, make_read("http://c/1"), first_of=lambda _: None)
    (article,) = store.articles.claim_read(now=NOW, limit=10)
    store.articles.save_understood(
        article.id, Understanding(relevant=True, relevance=0.9, mentions=lone.targets, reports=(lone,))
    )
    (incoming,) = store.articles.claim_understood(now=NOW, limit=10)
    rules = replace(QUIET_RULES, keys=lambda _: {"e:company/velar": 1.0}, follow=follow)
    store.relations.relate(incoming, rules, now=NOW)
    assert len(found) == 1


def test_a_rejected_name_is_listed_no_more_and_its_addition_is_taken_back(store: Store) -> None:
    tell(store, "http://a/1", ORINOCO)
    store.entities.keep(edit(Action.ADD, ORINOCO), link("Orinoco Labs", ORINOCO.entity_id), QUIET_RULES)
    assert store.entities.keep(edit(Action.REJECT, ORINOCO), None, QUIET_RULES) == 1
    assert store.entities.unseen() == []
    (row,) = store.queries.entities(name="orinoco")
    assert not row.known


def test_an_edit_that_cannot_be_relinked_is_not_kept(store: Store) -> None:
    def break_down(_witnesses: object) -> Any:
        raise RuntimeError("killed while events are told anew")

    tell(store, "http://a/1", ORINOCO)
    with pytest.raises(RuntimeError):
        store.entities.keep(
            edit(Action.ADD, ORINOCO), link("Orinoco Labs", ORINOCO.entity_id), replace(QUIET_RULES, fold=break_down)
        )
    assert store.entities.version() == 0
    assert [one.name for one in store.entities.unseen()] == ["Orinoco Labs"]
