"""What people teach is laid over the shipped knowledge base, and changes nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tracker.knowledge import KnowledgeBase, load
from tracker.knowledge.base import SharedRule
from tracker.knowledge.check import alias_problems, entity_problems
from tracker.knowledge.edits import Action, Author, EntityEdit, apply_edits
from tracker.types import Weights

MIRA = Author(by="mira", at=datetime(2026, 6, 18, tzinfo=UTC))


def edit(action: Action, entity_id: str, name: str, **fields: Any) -> EntityEdit:
    return EntityEdit(action=action, entity_id=entity_id, name=name, author=MIRA, **fields)


def taught(*edits: EntityEdit) -> KnowledgeBase:
    base = apply_edits(load(), edits)
    assert [*entity_problems(base), *alias_problems(base)] == []
    return base


def bearers(base: KnowledgeBase, text: str) -> set[str]:
    return {alias.entity_id for alias in base.aliases if alias.text == text}


ORINOCO = edit(Action.ADD, "company/orinoco-labs", "Orinoco Labs", aliases=("Orinoco",), country="KR")


def test_without_edits_nothing_changes() -> None:
    assert apply_edits(load(), ()) == load()


def test_an_added_company_goes_by_all_its_names() -> None:
    base = taught(ORINOCO)
    added = base.entities["company/orinoco-labs"]
    assert (added.name, added.country, added.aliases) == ("Orinoco Labs", "KR", {"*": ("Orinoco",)})
    assert bearers(base, "Orinoco") == bearers(base, "Orinoco Labs") == {added.id}
    assert [len(alias.text) for alias in base.aliases] == sorted((len(a.text) for a in base.aliases), reverse=True)


def test_an_added_model_is_at_home_with_its_developer_and_makes_what_its_family_makes() -> None:
    family = load().families["model/qwen"]
    base = taught(
        ORINOCO,
        edit(
            Action.ADD,
            "model/orinoco-9",
            "Orinoco 9",
            developer="company/orinoco-labs",
            family=family.entity_id,
            weights=Weights.OPEN,
        ),
    )
    model = base.entities["model/orinoco-9"]
    assert (model.country, model.developer, model.family, model.weights) == (
        "KR",
        "company/orinoco-labs",
        family.entity_id,
        Weights.OPEN,
    )
    assert base.makes[model.id] == family.makes


def test_a_company_and_its_model_share_a_name() -> None:
    base = taught(
        edit(Action.ADD, "company/kestrel", "Kestrel", country="NL"),
        edit(Action.ADD, "model/kestrel", "Kestrel", developer="company/kestrel"),
    )
    assert base.shared["Kestrel"].rule is SharedRule.VERSION
    assert base.shared["Kestrel"].entity_ids == ("company/kestrel", "model/kestrel")


def test_a_name_that_the_shipped_data_gives_to_another_is_not_taken() -> None:
    base = taught(edit(Action.ALIAS, "company/amd", "AMD", aliases=("NVIDIA", "Red Team")))
    assert bearers(base, "Red Team") == {"company/amd"}
    assert "company/amd" not in bearers(base, "NVIDIA")


def test_a_merged_company_leaves_its_names_and_its_models_to_the_other() -> None:
    maker = load().families["model/qwen"].developer
    forms = {alias.text for alias in load().aliases if alias.entity_id == maker}
    base = taught(ORINOCO, edit(Action.MERGE, maker, load().entities[maker].name, into="company/orinoco-labs"))
    assert maker not in base.entities
    assert forms <= {alias.text for alias in base.aliases if alias.entity_id == "company/orinoco-labs"}
    assert base.families["model/qwen"].developer == "company/orinoco-labs"
    assert not [one for one in base.entities.values() if one.developer == maker]
    assert not [rule for rule in base.shared.values() if maker in rule.entity_ids]


def test_merges_follow_each_other() -> None:
    base = taught(
        ORINOCO,
        edit(Action.ADD, "company/amazonas", "Amazonas AI"),
        edit(Action.ADD, "model/ama-2", "Ama 2", developer="company/amazonas"),
        edit(Action.MERGE, "company/amazonas", "Amazonas AI", into="company/orinoco-labs"),
        edit(Action.MERGE, "company/orinoco-labs", "Orinoco Labs", into="company/nvidia"),
    )
    assert base.entities["model/ama-2"].developer == "company/nvidia"
    assert bearers(base, "Amazonas AI") == bearers(base, "Orinoco") == {"company/nvidia"}


def test_an_unseen_name_merges_as_an_alias() -> None:
    base = taught(edit(Action.MERGE, "company/nvidia-singapore", "Nvidia Singapore", into="company/nvidia"))
    assert bearers(base, "Nvidia Singapore") == {"company/nvidia"}


def test_a_rejected_name_is_hidden_and_an_addition_is_taken_back() -> None:
    base = taught(ORINOCO, edit(Action.REJECT, "company/orinoco-labs", "Orinoco Labs"))
    assert "company/orinoco-labs" not in base.entities
    assert bearers(base, "Orinoco") == set()
    assert base.lookalikes.rejected == {"Orinoco Labs"}


def test_a_name_that_a_known_entity_has_is_never_hidden() -> None:
    assert taught(edit(Action.REJECT, "model/nvidia", "Nvidia")) == load()


def test_a_rejected_name_may_be_added_after_all() -> None:
    base = taught(edit(Action.REJECT, "model/orinoco-labs", "ORINOCO LABS"), ORINOCO)
    assert base.lookalikes.rejected == frozenset()
    assert bearers(base, "Orinoco Labs") == {"company/orinoco-labs"}


@pytest.mark.parametrize(
    "one",
    [
        edit(Action.ALIAS, "company/gone", "Gone", aliases=("Lost",)),
        edit(Action.MERGE, "company/nvidia", "Nvidia", into="company/gone"),
        edit(Action.REJECT, "company/nvidia", "Nvidia"),
    ],
    ids=lambda one: one.action.value,
)
def test_an_edit_that_no_longer_fits_changes_nothing(one: EntityEdit) -> None:
    assert taught(one) == load()
