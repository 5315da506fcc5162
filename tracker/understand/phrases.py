"""Find many words and phrases in a text at once, each of a named kind."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import ahocorasick

from tracker.understand.folding import Folded, fold

_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff가-힣]")


class Phrases:
    """Phrases by kind.  A phrase in Latin script stands on its own, and a * in it stands for letters.

    A phrase in Asian script stands anywhere.
    """

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        self._rests: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for kind, phrases in kinds.items():
            for phrase in phrases:
                stem, rest = _split(fold(phrase).flat)
                self._rests[stem][rest].add(kind)
        self._patterns = {rest: re.compile(rest) for rests in self._rests.values() for rest in rests}
        self._automaton = ahocorasick.Automaton()
        for stem in sorted(self._rests):
            self._automaton.add_word(stem, stem)
        self._automaton.make_automaton()

    def find(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, kind) of each phrase in the folded text; phrases may overlap."""
        flat = folded.flat
        for last, stem in self._automaton.iter(flat):
            start = last + 1 - len(stem)
            if start and _continues(flat[start - 1], stem[0]):
                continue
            for rest, kinds in self._rests[stem].items():
                if found := self._patterns[rest].match(flat, last + 1):
                    yield from ((start, found.end(), kind) for kind in kinds)

    def any_in(self, folded: Folded) -> bool:
        return next(self.find(folded), None) is not None


def _split(phrase: str) -> tuple[str, str]:
    """Split a phrase into what the automaton seeks and the pattern that must match behind it."""
    stem, star, rest = phrase.partition("*")
    pattern = re.escape(rest).replace(r"\*", "[^\\W\\d_]*")
    border = (
        "" if _ASIAN.search(phrase) or phrase.endswith("*") else r"(?![^\W_])|(?=[\u3040-\u30ff\u3400-\u9fff가-힣])"
    )
    return stem, ("[^\\W\\d_]*" if star else "") + pattern + (f"(?:{border})" if border else "")


def _continues(before: str, first: str) -> bool:
    """Say whether a phrase that starts with `first` goes on a word that `before` belongs to."""
    return before.isalnum() and not _ASIAN.match(before) and not _ASIAN.match(first)
