"""Recognise ministries, courts, committees and other public bodies by the form of their names."""

import calendar
import re
from collections.abc import Iterator

from tracker.knowledge.rows import open_slug
from tracker.types import EntityKind
from tracker.understand.entities.runs import Word, trimmed
from tracker.understand.entities.spans import Cover, Span
from tracker.understand.folding import Folded
from tracker.understand.words import word_table

_WORDS = word_table("organisations")
_BODY_OF = frozenset(_WORDS["body_of"])
_OF = frozenset(_WORDS["of"])
_BODY_ON = frozenset(_WORDS["body_on"])
_BODY_END = frozenset(_WORDS["body_end"])
_BODY_END_NEEDS: dict[str, list[str]] = _WORDS["body_end_needs"]
_BODY_LOWER = re.compile(rf"(?:'s?)? {_WORDS['body_lower']}")
_MINISTRY_LOWER = re.compile(_WORDS["ministry_lower"])
_DAYS = frozenset((*calendar.day_name, *calendar.month_name))
_LONGEST_NAME_WORDS = 10
# How sure an unseen body is: of our own labelled texts nine in ten are right.
CONFIDENCE = 0.9


def public_body(folded: Folded, run: list[Word], known: Cover) -> list[Word] | None:
    """Return the words of a public body in a run of capitalised words: "Ministry of …" or "… Committee"."""
    for position, word in enumerate(run[:-1]):
        if word.text in _BODY_OF and _leads_on(word, run[position + 1]) and not _is_dated(run[position + 1 :]):
            return _until_other(run[position:], known)
    for position in range(len(run) - 1, 0, -1):
        if run[position].text in _BODY_END and _ends_name(run, position) and _is_body_end(run, position):
            name = trimmed(_from_last_join(folded, run[: position + 1]))
            return name if 1 < len(name) <= _LONGEST_NAME_WORDS else None
    return None


def ministries(folded: Folded) -> Iterator[Span]:
    """Yield ministries of languages that write "ministry" in lower case."""
    for match in _MINISTRY_LOWER.finditer(folded.cased):
        entity_id = f"agency/{open_slug(match[0])}"
        yield Span(
            start=match.start(),
            end=match.end(),
            kind=EntityKind.AGENCY,
            entity_id=entity_id,
            name=match[0],
            known=False,
            confidence=CONFIDENCE,
        )


def lower_case_bodies(folded: Folded, known: Cover) -> Iterator[Span]:
    """Yield "China's commerce ministry" and the like, country included."""
    for span in known.spans:
        if span.kind is EntityKind.COUNTRY and (found := _BODY_LOWER.match(folded.cased, span.end)):
            country = span.entity_id.partition("/")[2].lower()
            body = folded.cased[span.end : found.end()].removeprefix("'s").removeprefix("'")
            yield Span(
                start=span.start,
                end=found.end(),
                kind=EntityKind.AGENCY,
                entity_id=f"agency/{country}-{open_slug(body)}",
                name=f"{folded.cased[span.start : span.end]}{body}",
                known=False,
                confidence=CONFIDENCE,
            )


def _leads_on(body: Word, small: Word) -> bool:
    return small.text in _OF or (small.text == "on" and body.text in _BODY_ON)


def _is_dated(words: list[Word]) -> bool:
    """Say whether a day or month follows ("the Commerce Department on Saturday")."""
    return next((word.text for word in words if not word.is_small), "") in _DAYS


def _ends_name(run: list[Word], position: int) -> bool:
    """Say whether no capitalised word goes on behind it ("Federal Advisory Committee" Act)."""
    following = run[position + 1 : position + 2]
    return not following or following[0].is_small or following[0].start != run[position].end + 1


def _is_body_end(run: list[Word], position: int) -> bool:
    needs = _BODY_END_NEEDS.get(run[position].text)
    return (needs is None or run[position - 1].text in needs) and not any(w.text == "Secretary" for w in run[:position])


def _until_other(words: list[Word], known: Cover) -> list[Word]:
    """Cut a body's name before "and" where something else begins, and before its closing small words."""
    for position in range(3, len(words)):
        other = known.at(words[position].start, words[position].end) or words[position].text in _BODY_OF
        joint = position
        while words[joint - 1].is_small:
            joint -= 1
        if other and any(word.text == "and" for word in words[joint:position]):
            words = words[:joint]
            break
    words = words[:_LONGEST_NAME_WORDS]
    while words and words[-1].is_small:
        words = words[:-1]
    return words


def _from_last_join(folded: Folded, words: list[Word]) -> list[Word]:
    """Return the words behind the last one that only leads to the name ("Chair of the …", "Province's …").

    An "and" belongs to the name where an article stands before it all ("the Trade and Technology Council").
    """
    has_article = folded.flat[max(0, words[0].start - 4) : words[0].start] == "the "
    for position in range(len(words) - 2, -1, -1):
        word = words[position].text
        if word.endswith("'s") or (words[position].is_small and not (word == "and" and has_article)):
            return words[position + 1 :]
    return words
