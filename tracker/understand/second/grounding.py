"""What of a second reader's answer rests on the article: a value whose words are not in it does not count."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.types import EventType, Mention, Modality, Part, Quote, ResolvedDate, Said
from tracker.understand.dates import find_dates, one_day
from tracker.understand.folding import Folded, fold
from tracker.understand.roles import once
from tracker.understand.second.answer import Answer, Claim
from tracker.understand.second.question import TEXT_LIMIT

_EVENTS_AT_MOST, _NAMES_AT_MOST = 8, 20
# One letter is anywhere, and a page says nothing of its own.
_QUOTE_AT_LEAST, _QUOTE_AT_MOST = 2, 500
_AROUND = " \t\r\n\"'"
# "US" is not in "Russia"; scripts that write without spaces have no such borders.
_SPACED = re.compile("[a-zà-öø-ÿ0-9]")
_BEFORE, _AFTER = f"(?<!{_SPACED.pattern})", f"(?!{_SPACED.pattern})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """A claim with its words where they stand; names are those that the rules find there too."""

    type: EventType
    modality: Modality
    quote: Quote
    date: Said[ResolvedDate] | None
    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]


class Ground:
    """An article as what a claim has to stand on, as far as it was shown."""

    def __init__(self, *, title: str, text: str, mentions: Sequence[Mention], published_at: datetime | None) -> None:
        self._parts = ((Part.TEXT, fold(text[:TEXT_LIMIT])), (Part.TITLE, fold(title)))
        self._mentions = [mention for mention in mentions if mention.quote.end <= TEXT_LIMIT]
        self._day = published_at.date() if published_at else None

    def claims(self, answer: Answer) -> list[Grounded]:
        """Return the events whose words stand in the article, with what else of them does."""
        return [
            Grounded(
                type=claim.type,
                modality=claim.modality,
                quote=quote,
                date=self._date(claim),
                actors=once(self._named(claim.actors)),
                targets=once(self._named(claim.targets)),
            )
            for claim in answer.events[:_EVENTS_AT_MOST]
            if (quote := self.locate(claim.quote))
        ]

    def locate(self, words: str) -> Quote | None:
        """Find words, whatever their case and their quotation marks look like; None where they stand nowhere."""
        sought = fold(words[: _QUOTE_AT_MOST + 1]).flat.strip(_AROUND)
        if not _QUOTE_AT_LEAST <= len(sought) <= _QUOTE_AT_MOST or not any(map(str.isalnum, sought)):
            return None
        return next((found for part, folded in self._parts if (found := _find(part, folded, sought))), None)

    def _named(self, names: Iterable[str]) -> Iterator[Mention]:
        """Yield the entities that stand where the names do; other names cannot be told apart.

        Of a ministry and the state that is named with it or by the same words, the ministry is meant.
        """
        for quote in map(self.locate, list(names)[:_NAMES_AT_MOST]):
            within = [mention for mention in self._mentions if quote and _is_within(mention.quote, quote)]
            yield from _widest(within)

    def _date(self, claim: Claim) -> Said[ResolvedDate] | None:
        """Return the day where words stand beside it that say some date."""
        day, quote = _day(claim.date), self.locate(claim.date_quote or "")
        if day and quote and self._day and find_dates(quote.text, published=self._day):
            return Said(value=one_day(day), quote=quote)
        return None


def _find(part: Part, folded: Folded, sought: str) -> Quote | None:
    before, after = _BEFORE if _SPACED.match(sought[0]) else "", _AFTER if _SPACED.match(sought[-1]) else ""
    match = re.search(f"{before}{re.escape(sought)}{after}", folded.flat)
    if match is None:
        return None
    start, end = folded.span(match.start(), match.end())
    return Quote(part=part, start=start, end=end, text=folded.original[start:end])


def _widest(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the mentions that stand within no other, the first of those at one place."""
    taken: list[Quote] = []
    for mention in sorted(mentions, key=lambda m: m.quote.start - m.quote.end):
        if not any(_is_within(mention.quote, quote) for quote in taken):
            taken.append(mention.quote)
            yield mention


def _is_within(quote: Quote, other: Quote) -> bool:
    return quote.part is other.part and other.start <= quote.start and quote.end <= other.end


def _day(stated: str | None) -> date | None:
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError:
        return None
