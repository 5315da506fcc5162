"""Official rules and notices, told by their formulae: they happen on the day of their publication."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.types import EventType, Quote
from tracker.understand.text import Sentence

_FORMULA = re.compile(
    r"\b(?:(?:[Ii]n )?[Tt]his (?:interim |temporary |direct |proposed )?(?:final )?rule\b(?! of thumb)"
    r"|[Tt]his (?:notice|document|correction|announcement) (?:announces|corrects|provides|extends|adds|amends|sets)"
    r"|(?:BIS|Bureau of Industry and Security(?: \(BIS\))?|Department of [A-Z]\w+(?: \([A-Z]+\))?)(?:, [^.;]{3,60},)? "
    r"(?:is (?:issuing|publishing|amending|revising|adding|making|correcting|extending|clarifying|announcing)"
    r"|hereby|amends|is hosting|will host|announces (?:the following|that|a)))",
)
_TYPES = {
    EventType.RESTRICTION,
    EventType.EASING,
    EventType.LISTING,
    EventType.LEGISLATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """That a text is an official rule or notice, and the words that say so."""

    quote: Quote

    def speaks_of(self, type_: EventType) -> bool:
        """Say whether an event of this type is what such a document does."""
        return type_ in _TYPES


def find_official(sentences: Sequence[Sentence]) -> Official | None:
    """Recognise an official rule or notice by the formulae such documents are written in."""
    for sentence in sentences:
        if match := _FORMULA.search(sentence.text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            return Official(quote=Quote(part=sentence.part, start=start, end=end, text=match[0]))
    return None
