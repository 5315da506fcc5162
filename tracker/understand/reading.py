"""An article under the eyes of the rules: its sentences, what they mention, and the day that it was published."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.knowledge import KnowledgeBase
from tracker.types import Mention, Part, Quote
from tracker.understand.dates import FoundDate, find_dates
from tracker.understand.text import Sentence

_LEAD_SENTENCES = 3
_OUTLET = re.compile(r"\s[-|–—]\s[^-|–—]{2,30}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every step needs to know of the article."""

    sentences: Sequence[Sentence]
    mentions: Sequence[Mention]
    kb: KnowledgeBase
    day: date | None
    language: str

    def inside(self, sentence: Sentence) -> list[Mention]:
        """Return the mentions of a sentence; in a headline not those of the outlet that aggregators append."""
        end = sentence.end
        if sentence.part is Part.TITLE and (outlet := _OUTLET.search(sentence.text)):
            end = sentence.start + outlet.start()
        return [m for m in self.mentions if is_within(m.quote, sentence) and m.quote.end <= end]

    def dates(self, sentence: Sentence) -> tuple[FoundDate, ...]:
        if self.day is None:
            return ()
        return find_dates(sentence.text, published=self.day)

    def lead(self) -> Sequence[Sentence]:
        """Return the headline and the first sentences of the text, a repeated headline aside."""
        titles = [s for s in self.sentences if s.part is Part.TITLE]
        said = {s.text.strip() for s in titles}
        body = [s for s in self.sentences if s.part is Part.TEXT and s.text.strip() not in said]
        return [*titles, *body[:_LEAD_SENTENCES]]


def quote_of(sentence: Sentence, start: int, end: int) -> Quote:
    text = sentence.text[start:end]
    return Quote(part=sentence.part, start=sentence.start + start, end=sentence.start + end, text=text)


def is_within(quote: Quote, sentence: Sentence | Quote) -> bool:
    return quote.part is sentence.part and sentence.start <= quote.start and quote.end <= sentence.end
