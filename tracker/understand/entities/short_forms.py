"""Find the short names that an article gives to what it has named in full.

"Claude Mythos 5 … Mythos 5 … Mythos", "DeepSeek V4 … V4-Flash", "Forced Labor Enforcement Task Force (FLETF) …
the FLETF", "Zhongxin Wafer … Zhongxin".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.knowledge.rows import open_slug
from tracker.types import EntityKind
from tracker.understand.entities.model_context import TAILS
from tracker.understand.entities.model_names import ModelNames
from tracker.understand.entities.spans import Span
from tracker.understand.folding import Folded
from tracker.understand.words import word_table

_WORDS = word_table("models")
_TAIL_WORDS = frozenset(word.lower() for word in _WORDS["tails"])
_TITLED_TAILS = frozenset(word.title() for word in _WORDS["tails"]) | {word.title() for word in _WORDS["not_left"]}
_START = r"(?<![A-Za-z0-9_.-])"
_TOKEN = re.compile(r"[A-Za-z0-9.]+")
_PARENTHESES = re.compile(r" ?\(\"?(?:the )?\"?([A-Z][A-Za-z&.-]{1,11})\"?\)")
_BARE_WORD = re.compile(r"[A-Z][a-z]{3,}")
_ORGANISATIONS = {EntityKind.COMPANY, EntityKind.AGENCY}
_MOST_FORMS = 200
# How sure a word is that stands for an unseen model.
_BARE = 0.6


def short_forms(folded: Folded, spans: Sequence[Span], models: ModelNames) -> list[Span]:
    """Return spans of short forms of what `spans` name; they may overlap with `spans`."""
    return [*_versions(folded, spans, models), *_families(folded, spans), *_acronyms(folded, spans)]


def one_body(folded: Folded, spans: Sequence[Span]) -> list[Span]:
    """Give a bare body ("商务部") to the state whose body of that name the article names in full ("美国商务部")."""
    full: dict[str, Span] = {}
    named_in_full: set[str] = set()
    bodies = [span for span in spans if span.kind is EntityKind.AGENCY]
    texts = {folded.flat[span.start : span.end]: span for span in bodies}
    for text, span in texts.items():
        for shorter, other in texts.items():
            if text != shorter and text.endswith(shorter) and other.entity_id != span.entity_id:
                full.setdefault(shorter, span)
        named_in_full.update([span.entity_id] if any(text.endswith(t) and t != text for t in texts) else [])
    return [_given(folded, span, full) if span.entity_id not in named_in_full else span for span in spans]


def _given(folded: Folded, span: Span, full: dict[str, Span]) -> Span:
    owner = full.get(folded.flat[span.start : span.end]) if span.kind is EntityKind.AGENCY else None
    return span if owner is None else replace(owner, start=span.start, end=span.end)


def _versions(folded: Folded, spans: Sequence[Span], models: ModelNames) -> Iterator[Span]:
    """Yield what is left of a model's name when its first words are gone, with what may follow ("V4-Flash")."""
    full: dict[str, Span] = {}
    for span in spans:
        if span.kind is EntityKind.MODEL:
            for form in _shortened(folded.cased[span.start : span.end]):
                full.setdefault(form, span)
    for form, span in sorted(full.items(), key=lambda item: item[0])[:_MOST_FORMS]:
        pattern = r"[- ]?".join(map(re.escape, _TOKEN.findall(form)))
        for match in re.finditer(rf"{_START}{pattern}(?P<more>{TAILS}*)(?![A-Za-z0-9_%]|\.\d)", folded.cased):
            start, end = match.span()
            whole = folded.cased[span.start : span.end] + match["more"]
            yield models.span(start, end, whole) if match["more"] else replace(span, start=start, end=end)


def _families(folded: Folded, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the bare first word of a model that the knowledge base does not hold ("Saga" after "Saga 2")."""
    unseen = (folded.cased[span.start : span.end] for span in spans if span.kind is EntityKind.MODEL and not span.known)
    words = {found[0] for text in unseen if (found := _BARE_WORD.match(text))}
    for word in sorted(words - _TITLED_TAILS)[:_MOST_FORMS]:
        for match in re.finditer(rf"{_START}{word}(?![A-Za-z0-9_-])", folded.cased):
            if not folded.is_headline(match.start()):
                yield Span(
                    start=match.start(), end=match.end(), kind=EntityKind.MODEL,
                    entity_id=f"model/{open_slug(word)}", name=word, known=False, confidence=_BARE,
                )  # fmt: skip


def _shortened(text: str) -> Iterator[str]:
    """Yield the ends of a model's name that still say which it is: "Mythos 5", "V4", and "Mythos" itself."""
    tokens = list(_TOKEN.finditer(text))
    for token in tokens[1:]:
        rest = text[token.start() :]
        if re.match(r"[A-Z]", rest) and re.search(r"\d", rest) and token[0].lower() not in _TAIL_WORDS:
            yield rest


def _acronyms(folded: Folded, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield every other place of the acronym that stands in parentheses behind an organisation's name."""
    defined: dict[str, Span] = {}
    for span in spans:
        found = _PARENTHESES.match(folded.cased, span.end) if span.kind in _ORGANISATIONS else None
        if found and _abbreviates(found[1], folded.cased[span.start : span.end]):
            defined.setdefault(found[1], span)
    for acronym, span in sorted(defined.items())[:_MOST_FORMS]:
        for match in re.finditer(rf"(?<![A-Za-z0-9_]){re.escape(acronym)}(?![A-Za-z0-9_])", folded.cased):
            yield replace(span, start=match.start(), end=match.end())


def _abbreviates(acronym: str, name: str) -> bool:
    """Say whether the capitals of `acronym` come in this order in `name`, the first at the start of some word."""
    capitals = [character for character in acronym if character.isupper()]
    for word in re.finditer(rf"(?<![A-Za-z]){acronym[0]}", name):
        letters = iter(name[word.start() :].upper())
        if all(capital in letters for capital in capitals):
            return True
    return False
