"""How a cell of the access board is told: in words under a row, and as plain values for programs.  Pure."""

from collections.abc import Iterator
from typing import Any

from tracker import words
from tracker.telling import disagreements
from tracker.types import Modality, Witness
from tracker.weighing.access import ABROAD, Basis, Cell, Change, Move

_PENDING = {
    Modality.RUMOUR: "Rumoured",
    Modality.PROPOSAL: "Proposed",
    Modality.INTENT: "Intended",
    Modality.DENIAL: "Denied",
    Modality.ACT: "Announced",
}
_BASES = {
    Basis.FAMILY: "said of {subject}, its family",
    Basis.DEVELOPER: "through the developer: said of {subject}, and of no model",
    Basis.HOME: "spared as the home of who acts",
    Basis.EXPIRY: "the control has expired",
}


CUT = "These are the models and chips that were last in the news.  Ask for a model or chip to see others."


def place(cell: Cell) -> str:
    """Write where a cell holds."""
    return "abroad" if cell.country == ABROAD else cell.country


def whose(cell: Cell) -> str:
    """Write what a cell is about; a company stands for its models."""
    is_maker = cell.subject.entity_id.startswith("company/")
    return f"all models of {cell.subject.name}" if is_maker else cell.subject.name


def remarks(cell: Cell) -> Iterator[str]:
    """Yield what a reader has to know of a cell beside its access: on what it rests, and what was before."""
    if cell.decisive and cell.decisive.basis in _BASES:
        yield _BASES[cell.decisive.basis].format(subject=cell.decisive.move.subject.name)
    for change in cell.history[-2:-1]:
        yield f"before: {change.access} since {words.day(change.day)} (E{change.move.event.id})"
    if cell.is_beyond_recall:
        yield "beyond recall: the weights were open before the control came"


def contested(cell: Cell) -> Iterator[str]:
    """Yield each field on which the sources of the deciding event disagree, with both sides."""
    for field, sides in disagreements(cell.decisive.move.event) if cell.decisive else ():
        yield f"sources disagree: {field.lower()} {sides}"


def pending(move: Move) -> str:
    """Write what is not in effect: "Rumoured: blocked, 9 June 2026"."""
    from_day = f" from {words.day(move.first)}" if move.is_act else f", {words.day(move.said)}"
    return f"{_PENDING[move.event.modality]}: {move.access}{from_day}"


def plain_cell(cell: Cell) -> dict[str, Any]:
    """Return a cell as JSON has it; days are ISO dates, `country` is "*" for all abroad."""
    return {
        "subject": {"id": cell.subject.entity_id, "kind": cell.subject.kind.value, "name": cell.subject.name},
        "country": cell.country,
        "user_class": cell.users.value,
        "access": cell.access.value,
        "since": cell.decisive.day.isoformat() if cell.decisive else None,
        "decided_by": _plain_change(cell.decisive) if cell.decisive else None,
        "history": [_plain_change(change) for change in cell.history],
        "contested": [
            {"field": one.field, "sides": [{"value": s.value, "sources": _sources(s.witnesses)} for s in one.sides]}
            for one in cell.contested
        ],
        "beyond_recall": cell.is_beyond_recall,
        "pending": [
            {"modality": move.event.modality.value, "access": move.access.value, "from": move.first.isoformat()}
            | _evidence(move, move.witnesses[0])
            for move in cell.notes
        ],
    }  # fmt: skip


def _plain_change(change: Change) -> dict[str, Any]:
    told = {"since": change.day.isoformat(), "access": change.access.value, "basis": change.basis.value}
    return told | _evidence(change.move, change.witness)


def _evidence(move: Move, witness: Witness) -> dict[str, Any]:
    return {
        "event": move.event.id, "story": move.event.story_id, "article": witness.article_id, "source": witness.source,
        "tier": witness.tier.value, "url": witness.url, "quote": witness.report.sentence.text,
    }  # fmt: skip


def _sources(witnesses: tuple[Witness, ...]) -> list[str]:
    return list(dict.fromkeys(witness.source for witness in witnesses))
