"""Find the names that the knowledge base holds, one automaton over all of them."""

import re
from collections import defaultdict
from collections.abc import Iterator

import ahocorasick

from tracker.knowledge.base import Alias, Case, KnowledgeBase, SharedRule
from tracker.understand.folding import Folded, fold
from tracker.understand.spans import Span
from tracker.understand.words import word_table

_HANGUL = re.compile(r"[가-힣]")
_KATAKANA = re.compile(r"[ァ-ヺー]")
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff가-힣]")
_KOREAN_WORD_REST = re.compile(r"[가-힣]+")
_JOINT = re.compile(r"(?<=[a-z])[ ](?=\d)|(?<=[a-z])(?=\d)")
_WORD_BEFORE = re.compile(r"([^\W_]+)[^\w]*$")
_WORD_AFTER = re.compile(r"[^\w]*([^\W_]+)")
_VERSION_NEXT = re.compile(r" ?v?\d")
_MODEL_WORDS = word_table("models")
_MODEL_AFTER = re.compile(_MODEL_WORDS["after"])
_MODEL_BEFORE = re.compile(_MODEL_WORDS["before"])
# Languages in Latin script whose forms could be ordinary words elsewhere ("Inde", "Chine").
_OWN_LANGUAGE_ONLY = frozenset({"nl", "fr", "de", "it", "es"})


class Names:
    """The names of the knowledge base, and the names that hide others ("Bank of America", "Claude Code")."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._entities = kb.entities
        self._shared = {fold(text).flat: rule for text, rule in kb.shared.items()}
        self._aliases: dict[str, list[Alias]] = defaultdict(list)
        for alias in kb.aliases:
            if len(alias.text) == 1 and _ASIAN.match(alias.text):
                continue  # see one_character.py
            for key in _spellings(fold(alias.text).flat):
                self._aliases[key].append(alias)
        looks = kb.lookalikes
        hiding = (
            frozenset(word_table("organisations")["outlets"])
            | looks.products
            | looks.software
            | looks.hardware
            | looks.places
            | kb.benchmarks
        )
        self._hiding = {fold(text).flat: fold(text).cased for text in hiding}
        self._automaton = ahocorasick.Automaton()
        for key in sorted(self._aliases.keys() | self._hiding.keys()):
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()

    def find(self, folded: Folded, *, language: str) -> Iterator[Span]:
        """Yield every name that stands in the text with all that its guard asks for; they may overlap."""
        article = _Article(folded, language)
        for last, key in self._automaton.iter(folded.flat):
            start, end = last + 1 - len(key), last + 1
            if not _stands_free(folded.flat, start, end):
                continue
            if key in self._hiding and _spelt(folded.cased[start:end], self._hiding[key], Case.NAME):
                yield Span(start=start, end=end, kind=None, entity_id="", name=self._hiding[key])
            for entity_id in self._named(article, key, start, end):
                entity = self._entities[entity_id]
                yield Span(start=start, end=end, kind=entity.kind, entity_id=entity.id, name=entity.name)

    def _named(self, article: "_Article", key: str, start: int, end: int) -> list[str]:
        allowed = [a.entity_id for a in self._aliases.get(key, ()) if article.allows(a, start, end)]
        found = list(dict.fromkeys(allowed))
        if (rule := self._shared.get(key)) is None:
            return found[:1]
        ordered = [entity_id for entity_id in rule.entity_ids if entity_id in found]
        match rule.rule:
            case SharedRule.ALL:
                return ordered
            case SharedRule.CONTEXT:
                return ordered[:1]
            case SharedRule.VERSION:
                return ordered[-1:] if article.speaks_of_model(start, end) else ordered[:1]


class _Article:
    """One text while names are sought in it; looks up each context word once."""

    def __init__(self, folded: Folded, language: str) -> None:
        self.folded = folded
        self.language = language
        self._near: dict[str, bool] = {}

    def allows(self, alias: Alias, start: int, end: int) -> bool:
        guard = alias.guard
        if alias.language in _OWN_LANGUAGE_ONLY and alias.language != self.language and alias.text.isascii():
            return False
        if not _spelt(self.folded.cased[start:end], alias.text, guard.case):
            return False
        return guard.is_plain or (
            (not guard.needs_version or _VERSION_NEXT.match(self.folded.flat, end) is not None)
            and (not guard.near or any(map(self._has, guard.near)))
            and _neighbour(_WORD_BEFORE, self.folded.flat[max(0, start - 40) : start]) not in guard.not_after
            and _neighbour(_WORD_AFTER, self.folded.flat[end : end + 40]) not in guard.not_before
        )

    def speaks_of_model(self, start: int, end: int) -> bool:
        flat = self.folded.flat
        after = _MODEL_AFTER.match(flat, end, end + 60)
        return after is not None or _MODEL_BEFORE.search(flat[max(0, start - 80) : start]) is not None

    def _has(self, word: str) -> bool:
        if word not in self._near:
            self._near[word] = _context_pattern(word).search(self.folded.flat) is not None
        return self._near[word]


def _context_pattern(word: str) -> re.Pattern[str]:
    stem = re.escape(fold(word.removesuffix("*")).flat)
    if _ASIAN.search(word):
        return re.compile(stem)
    return re.compile(rf"(?<![a-z0-9_]){stem}" + ("" if word.endswith("*") else r"(?![a-z0-9_])"))


def _neighbour(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text) if pattern is _WORD_BEFORE else pattern.match(text)
    return found[1] if found else ""


def _spellings(flat: str) -> set[str]:
    """Return `flat` with the ways in which outlets join it: "glm 5.2", "glm5.2"; "hugging face", "huggingface"."""
    ways = {flat, _JOINT.sub("", flat), _JOINT.sub(" ", flat)} if flat.isascii() else {flat}
    if flat.isascii() and flat.count(" ") == 1 and len(flat) > 8 and flat.replace(" ", "").isalpha():  # noqa: PLR2004 (shorter ones join into other words)
        ways.add(flat.replace(" ", ""))
    return ways


def _spelt(found: str, alias: str, case: Case) -> bool:
    """Say whether `found` is an allowed spelling: for NAME, each word that starts with a capital must do so."""
    if case is Case.ANY or not alias.isascii():
        return True
    bare, wanted = (re.sub(r"[\s-]", "", text) for text in (found, alias))
    if case is Case.EXACT:
        return bare == wanted
    if bare.isupper() or bare == wanted:
        return True
    starts = [len(re.sub(r"[\s-]", "", alias[: m.start()])) for m in re.finditer(r"(?<![A-Za-z0-9'])[A-Z]", alias)]
    if not starts:
        return bare[1:] == wanted[1:]
    return all(bare[at].isupper() for at in starts if at < len(bare))


def _stands_free(flat: str, start: int, end: int) -> bool:
    """Say whether [start:end] is no part of a longer word, by the script at each of its borders."""
    before, after = flat[start - 1 : start], flat[end : end + 1]
    return _free_before(before, flat[start]) and _free_after(flat, after, flat[end - 1], start, end)


def _free_before(before: str, first: str) -> bool:
    if not before:
        return True
    if _ASIAN.match(first):
        return not (_HANGUL.match(first) and _HANGUL.match(before)) and not (
            _KATAKANA.match(first) and _KATAKANA.match(before)
        )
    return not (before.isalnum() or before in "_@#") or _ASIAN.match(before) is not None


def _free_after(flat: str, after: str, last: str, start: int, end: int) -> bool:
    if not after:
        return True
    if _HANGUL.match(last) and _HANGUL.match(after):
        rest = _KOREAN_WORD_REST.match(flat, end, end + 12)
        return rest is not None and (rest[0] in _korean_after() or end - start > 3)  # noqa: PLR2004 (long names are safe)
    if _KATAKANA.match(last):
        return not _KATAKANA.match(after)
    return _ASIAN.match(last) is not None or not (after.isalnum() or after == "_") or _ASIAN.match(after) is not None


def _korean_after() -> frozenset[str]:
    return frozenset(word_table("asian")["korean_after"])
