"""What people say of entities becomes an edit, or is refused in words that say what to do."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tracker.errors import InputError
from tracker.knowledge import load
from tracker.knowledge.edits import Action, Author, EntityEdit, apply_edits
from tracker.knowledge.teaching import Addition, add, find_country, find_one, give_aliases, merge, reject
from tracker.types import EntityKind, Weights

MIRA = Author(by="mira", at=datetime(2026, 6, 18, tzinfo=UTC), why="named in a rule")


def addition(kind: EntityKind, name: str, **fields: Any) -> EntityEdit:
    return add(load(), Addition(kind=kind, name=name, **fields), MIRA)


def test_an_added_company_has_its_country_by_code_and_each_name_once() -> None:
    edit = addition(EntityKind.COMPANY, "  Orinoco  Labs ", aliases=["Orinoco", "Orinoco Labs"], country="south korea")
    assert (edit.entity_id, edit.name, edit.aliases, edit.country) == (
        "company/orinoco-labs",
        "Orinoco Labs",
        ("Orinoco",),
        "KR",
    )
    assert edit.author == MIRA


def test_an_added_model_has_its_maker_by_name_or_from_its_family() -> None:
    by_name = addition(EntityKind.MODEL, "Orinoco 9", developer="엔비디아", weights=Weights.OPEN)
    by_family = addition(EntityKind.MODEL, "Qwen Orinoco", family="qwen")
    assert (by_name.developer, by_name.weights) == ("company/nvidia", Weights.OPEN)
    assert (by_family.developer, by_family.family) == (load().families["model/qwen"].developer, "model/qwen")


def test_a_name_in_another_script_gives_an_id_of_its_own() -> None:
    assert addition(EntityKind.COMPANY, "뤼튼 테크").entity_id == "company/뤼튼-테크"


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (lambda: addition(EntityKind.COMPANY, "NVIDIA"), "Nvidia|company/nvidia"),
        (lambda: addition(EntityKind.COMPANY, "Orinoco", aliases=["hugging-face"]), "hugging-face is a"),
        (lambda: addition(EntityKind.COMPANY, "Orinoco", country="Atlantis"), "Atlantis is no country"),
        (lambda: addition(EntityKind.COMPANY, "Orinoco", developer="Nvidia"), "a company has no developer"),
        (lambda: addition(EntityKind.CHIP, "O200", weights=Weights.OPEN), "a chip has no family and no weights"),
        (lambda: addition(EntityKind.MODEL, "Orinoco 9", developer="Nvidiaa"), "Did you mean Nvidia"),
        (lambda: addition(EntityKind.MODEL, "Orinoco 9", family="Nvidia"), "no family of models is called Nvidia"),
        (lambda: addition(EntityKind.COUNTRY, "Atlantis"), "ISO 3166"),
        (lambda: addition(EntityKind.COMPANY, " ? "), "is no name"),
        (lambda: addition(EntityKind.COMPANY, "O" * 121), "is no name"),
        (lambda: addition(EntityKind.COMPANY, "O\x1b[2Jrinoco"), "is no name"),
        (lambda: give_aliases(load(), "Nvidia", ["AMD"], MIRA), "AMD is a name of company/amd"),
        (lambda: give_aliases(load(), "company/gone", ["Gone"], MIRA), "no entity is called company/gone"),
        (lambda: give_aliases(load(), "Nvidia", ["英伟达"], MIRA), "goes by 英伟达 already"),
        (lambda: give_aliases(load(), "Mistral", ["Wind"], MIRA), "is several: company/mistral.*give the id"),
        (
            lambda: merge(load(), ("company/nvidia", "Nvidia"), "nvidia", MIRA),
            "both are names of company/nvidia already",
        ),
        (lambda: merge(load(), ("company/nvidia", "Nvidia"), "Germany", MIRA), "cannot be one"),
        (lambda: merge(load(), ("country/DE", "Germany"), "country/FR", MIRA), "stays one"),
        (lambda: merge(load(), ("model/qwen", "Qwen"), "model/glm", MIRA), "family of models"),
        (lambda: merge(load(), ("model/amd", "AMD"), "company/nvidia", MIRA), "AMD is a name of"),
        (lambda: reject(load(), ("company/nvidia", "Nvidia"), MIRA), "shipped with the program"),
    ],
)
def test_what_does_not_fit_is_refused(refused: Callable[[], EntityEdit], said: str) -> None:
    with pytest.raises(InputError, match=said):
        refused()


def test_a_company_may_share_its_name_with_its_own_model() -> None:
    company = addition(EntityKind.COMPANY, "Kestrel", country="NL")
    base = apply_edits(load(), [company])
    model = add(base, Addition(kind=EntityKind.MODEL, name="Kestrel", developer="Kestrel"), MIRA)
    assert (model.entity_id, model.developer) == ("model/kestrel", "company/kestrel")
    with pytest.raises(InputError, match="Kestrel is a name of company/kestrel"):
        add(base, Addition(kind=EntityKind.MODEL, name="Kestrel", developer="Nvidia"), MIRA)


def test_edits_say_what_is_merged_and_rejected() -> None:
    merged = merge(load(), ("company/nvidia-singapore", "Nvidia Singapore"), "英伟达", MIRA)
    assert (merged.action, merged.into) == (Action.MERGE, "company/nvidia")
    assert reject(load(), ("company/cutting-edge-ai", "Cutting-edge AI"), MIRA).name == "Cutting-edge AI"


def test_a_country_is_found_by_code_and_name() -> None:
    assert [find_country(load(), said) for said in ("kr", "EU", "中国", "South Korea")] == ["KR", "EU", "CN", "KR"]
    assert find_one(load(), "South Korea").id == "country/KR"
