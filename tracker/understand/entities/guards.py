"""Settle whether a surface form counts: its spelling, its borders, and what its guard asks of the article."""

import re
from collections.abc import Set as AbstractSet

from tracker.knowledge.base import Alias, Case, Guard
from tracker.understand.folding import Folded, fold
from tracker.understand.words import word_table

_HANGUL = re.compile(r"[가-힣]")
_KATAKANA = re.compile(r"[ァ-ヺー]")
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff가-힣]")
_KOREAN_WORD_REST = re.compile(r"[가-힣]+")
_KOREAN_AFTER = frozenset(word_table("asian")["korean_after"])
_LONG_KOREAN_NAME = 4
_LISTED = re.compile(r"[\"',;/、和と및 ]{1,3}(?:(?:and|or|und|et|en|y|e|vs\.?|versus) )?[\"']?")
_LIST_GAP = 12
_BESIDE = 40
_LONG_ENOUGH_FOR_CAPITALS = 4
_NEARLY_ALL = 0.9
_VERSION_NEXT = re.compile(r" ?v?\d")
_MODELS = word_table("models")
_MODEL_AFTER = re.compile(_MODELS["after"])
_LAB_MODEL_AFTER = re.compile(_MODELS["lab_after"])
_FIRST_OF = re.compile(_MODELS["lab_first_of"])
_MODEL_BEFORE = re.compile(_MODELS["before"])
# Languages in Latin script whose forms could be ordinary words elsewhere ("Inde", "Chine").
_OWN_LANGUAGE_ONLY = frozenset({"nl", "fr", "de", "it", "es"})


class Surroundings:
    """One article while names are sought in it; looks each context word up once."""

    def __init__(self, folded: Folded, language: str) -> None:
        self._folded = folded
        self._language = language
        self._near: dict[str, bool] = {}

    def spell(self, alias: Alias, start: int, end: int) -> bool:
        """Say whether [start:end] is the alias as its language and case allow."""
        if alias.language in _OWN_LANGUAGE_ONLY and alias.language != self._language:
            return False
        found = self._folded.cased[start:end]
        if spelt(found, alias.text, alias.guard.case):
            return True
        capitals = found.isupper() and not alias.text.islower() and end - start >= _LONG_ENOUGH_FOR_CAPITALS
        return capitals and _is_shouted(self._folded.cased, start, end)

    def allow(self, guard: Guard, start: int, end: int) -> bool:
        """Say whether what stands directly beside the form is none of what the guard forbids."""
        if not guard.not_after and not guard.not_before:
            return True
        before = self._folded.cased[max(0, start - _BESIDE) : start].rstrip(" \"'(-")
        after = self._folded.cased[end : end + _BESIDE].lstrip(" \"')-")
        return not any(map(before.endswith, _words(guard.not_after))) and not any(
            after.startswith(word) and not _goes_on(word, after[len(word) :]) for word in guard.not_before
        )

    def suffice(self, guard: Guard, end: int) -> bool:
        """Say whether the article has what the guard wants: a version behind the form, a word near it."""
        if guard.needs_version and not _VERSION_NEXT.match(self._folded.flat, end):
            return False
        return not guard.near or any(map(self._has, guard.near))

    def speak_of_model(self, start: int, end: int) -> bool:
        flat = self._folded.flat
        after = _MODEL_AFTER.match(flat, end, end + 60)
        return after is not None or _MODEL_BEFORE.search(flat[max(0, start - 80) : start]) is not None

    def speak_of_lab_model(self, start: int, end: int) -> bool:
        """Say whether a name that a lab shares with its model is the model ("the DeepSeek model", "models like …")."""
        before = self._folded.flat[max(0, start - 80) : start]
        after = _LAB_MODEL_AFTER.match(self._folded.flat, end, end + 60) and not _FIRST_OF.search(before)
        return bool(after) or _MODEL_BEFORE.search(before) is not None

    def is_listed(self, start: int, end: int, starts: AbstractSet[int], ends: AbstractSet[int]) -> bool:
        return is_listed(self._folded.flat, start, end, starts, ends)

    def _has(self, word: str) -> bool:
        if word not in self._near:
            self._near[word] = _context_pattern(word).search(self._folded.flat) is not None
        return self._near[word]


def _is_shouted(cased: str, start: int, end: int) -> bool:
    """Say whether the words around are in capitals too, so that capitals say nothing of a name."""
    around = cased[max(0, start - _BESIDE) : start] + cased[end : end + _BESIDE]
    letters = [character for character in around if character.isalpha()]
    return len(letters) > _LONG_ENOUGH_FOR_CAPITALS and sum(map(str.isupper, letters)) > _NEARLY_ALL * len(letters)


def spelt(found: str, alias: str, case: Case) -> bool:
    """Say whether `found` is an allowed spelling: for NAME, each word that starts with a capital must do so."""
    if case is Case.ANY or not alias.isascii() or found == alias:
        return True
    bare, wanted = _joined(found), _joined(alias)
    if bare == wanted:
        return True
    if case is Case.EXACT:
        return False
    if bare.isupper():
        return True
    starts = [len(_joined(alias[: m.start()])) for m in re.finditer(r"(?<![A-Za-z0-9'])[A-Z]", alias)]
    return all(bare[at].isupper() for at in starts if at < len(bare)) if starts else bare[1:] == wanted[1:]


def stands_free(flat: str, start: int, end: int) -> bool:
    """Say whether [start:end] is no part of a longer word, by the script at each of its borders."""
    return _free_before(flat[start - 1 : start], flat[start]) and _free_after(flat, start, end)


def is_listed(flat: str, start: int, end: int, starts: AbstractSet[int], ends: AbstractSet[int]) -> bool:
    """Say whether [start:end] stands in a list directly behind one of `ends` or before one of `starts`."""
    left = any(at in ends and _LISTED.fullmatch(flat, at, start) for at in range(start - _LIST_GAP, start))
    return left or any(at in starts and _LISTED.fullmatch(flat, end, at) for at in range(end + 1, end + _LIST_GAP))


def _free_before(before: str, first: str) -> bool:
    if not before:
        return True
    if _ASIAN.match(first):
        return not any(script.match(first) and script.match(before) for script in (_HANGUL, _KATAKANA))
    return not (before.isalnum() or before in "_@#") or _ASIAN.match(before) is not None


def _free_after(flat: str, start: int, end: int) -> bool:
    last, after = flat[end - 1], flat[end : end + 1]
    if not after:
        return True
    if _HANGUL.match(last) and _HANGUL.match(after):
        rest = _KOREAN_WORD_REST.match(flat, end, end + 12)
        return end - start >= _LONG_KOREAN_NAME or (rest is not None and rest[0] in _KOREAN_AFTER)
    if _KATAKANA.match(last):
        return not _KATAKANA.match(after)
    return _ASIAN.match(last) is not None or not (after.isalnum() or after == "_") or _ASIAN.match(after) is not None


def _joined(text: str) -> str:
    return text.replace(" ", "").replace("-", "").replace("\n", "")


def _words(forbidden: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a text may not end with: a word needs a space before it, an Asian character does not."""
    return tuple(word if _ASIAN.match(word) else f" {word}" for word in forbidden)


def _goes_on(word: str, rest: str) -> bool:
    """Say whether `word` is only the beginning of a longer one."""
    return word[-1:].isascii() and word[-1:].isalnum() and rest[:1].isalnum()


def _context_pattern(word: str) -> re.Pattern[str]:
    stem = re.escape(fold(word.removesuffix("*")).flat)
    if _ASIAN.search(word):
        return re.compile(stem)
    return re.compile(rf"(?<![a-z0-9_]){stem}" + ("" if word.endswith("*") else r"(?![a-z0-9_])"))
