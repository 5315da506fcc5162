"""What could stand in for a model that is cut off: models with open weights that make the same."""

from collections.abc import Collection, Iterator
from datetime import date

from tracker.knowledge import KnowledgeBase
from tracker.types import Entity, EntityKind, Weights


def open_alternatives(
    gone: Entity, knowledge: KnowledgeBase, *, today: date, licence: str = "", countries: Collection[str] = ()
) -> list[Entity]:
    """List the newest model with open weights of each other maker that makes what `gone` makes, the newest first.

    `licence` is a part of the licence's name; `countries` are where the makers may be at home (none: anywhere).
    A model whose release is not dated comes last.
    """
    makers: dict[str | None, Entity] = {}
    for model in sorted(_candidates(gone, knowledge), key=lambda model: (model.released or "", model.id), reverse=True):
        is_out = (model.released or "") <= today.isoformat()
        is_licensed = licence.casefold() in (model.licence or "").casefold()
        if is_out and is_licensed and (not countries or model.country in countries):
            makers.setdefault(model.developer, model)
    return list(makers.values())


def _candidates(gone: Entity, knowledge: KnowledgeBase) -> Iterator[Entity]:
    makes = knowledge.makes.get(gone.id) or knowledge.makes.get(gone.family or "")
    for model in knowledge.entities.values():
        is_open = model.kind is EntityKind.MODEL and model.weights is Weights.OPEN
        is_one_model = model.id not in knowledge.families
        if is_open and is_one_model and model.developer != gone.developer and knowledge.makes.get(model.id) == makes:
            yield model
