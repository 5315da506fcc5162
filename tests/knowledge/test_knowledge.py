"""The knowledge base holds together, and loads fast enough to be loaded everywhere."""

from tracker.knowledge import load
from tracker.knowledge.check import problems
from tracker.types import EntityKind


def test_the_knowledge_base_has_no_problems() -> None:
    assert problems(load()) == []


def test_names_are_the_english_ones() -> None:
    entities = load().entities
    names = {entities[f"country/{code}"].name for code in ("US", "CN", "KR", "TW", "NL", "DE", "JP", "EU")}
    assert names == {
        "United States",
        "China",
        "South Korea",
        "Taiwan",
        "Netherlands",
        "Germany",
        "Japan",
        "European Union",
    }


def test_a_model_knows_its_maker_and_whether_its_weights_are_open() -> None:
    base = load()
    deepseek = next(e for e in base.entities.values() if e.kind is EntityKind.MODEL and e.name == "DeepSeek V3")
    assert deepseek.developer == "company/deepseek"
    assert deepseek.weights == "open"


def test_a_name_in_another_script_leads_to_the_same_entity() -> None:
    bearers = {alias.text: alias.entity_id for alias in load().aliases}
    assert bearers["英伟达"] == bearers["엔비디아"] == bearers["エヌビディア"] == "company/nvidia"
