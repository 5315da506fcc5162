"""Find the names that the knowledge base holds, one automaton over all of them."""

import re
from collections import defaultdict
from collections.abc import Iterator

import ahocorasick

from tracker.knowledge.base import Alias, Case, Guard, KnowledgeBase, SharedRule
from tracker.types import EntityKind
from tracker.understand.entities.guards import Surroundings, spelt, stands_free
from tracker.understand.entities.spans import Span
from tracker.understand.folding import Folded, fold
from tracker.understand.words import word_table

_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff가-힣]")
_JOINT = re.compile(r"(?<=[a-z])[ ](?=\d)|(?<=[a-z])(?=\d)")
_SHORTEST_JOINED = 9


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
        for head in _heads(kb):
            self._aliases[fold(head.text).flat].append(head)
        looks = kb.lookalikes
        outlets = frozenset(word_table("organisations")["outlets"])
        hiding = (
            outlets | looks.products | looks.software | looks.hardware | looks.places | looks.rejected | kb.benchmarks
        )
        self._hiding = {fold(text).flat: fold(text).cased for text in hiding}
        self._automaton = ahocorasick.Automaton()
        for key in sorted(self._aliases.keys() | self._hiding.keys()):
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()

    def find(self, folded: Folded, *, language: str) -> list[Span]:
        """Return every name that stands in the text with all that its guard asks for; they may overlap."""
        around = Surroundings(folded, language)
        found: list[Span] = []
        waiting: list[tuple[Span, Guard]] = []
        for start, end, key in self._hits(folded):
            if key in self._hiding and spelt(folded.cased[start:end], self._hiding[key], Case.NAME):
                found.append(Span(start=start, end=end, kind=None, entity_id="", name=self._hiding[key]))
            borne = self._borne(around, key, start, end)
            sure = dict.fromkeys(entity_id for entity_id, guard in borne.items() if around.suffice(guard, end))
            is_model = key in self._shared and around.speak_of_lab_model(start, end)
            chosen = self._settle(key, list(borne), list(sure), is_model=is_model)
            found += (self._span(start, end, entity_id, key) for entity_id in chosen)
            waiting += ((self._span(start, end, i, key), guard) for i, guard in borne.items() if not chosen)
        return found + self._models_by_context(around, found, waiting)

    def _borne(self, around: Surroundings, key: str, start: int, end: int) -> dict[str, Guard]:
        """Return the entities that bear the name in this spelling, each with its guard."""
        aliases = [alias for alias in self._aliases.get(key, ()) if around.spell(alias, start, end)]
        return {alias.entity_id: alias.guard for alias in reversed(aliases) if around.allow(alias.guard, start, end)}

    def _hits(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        for last, key in self._automaton.iter(folded.flat):
            if stands_free(folded.flat, last + 1 - len(key), last + 1):
                yield last + 1 - len(key), last + 1, key

    def _span(self, start: int, end: int, entity_id: str, key: str) -> Span:
        entity = self._entities[entity_id]
        keeps = entity.kind is EntityKind.COUNTRY or (entity.kind is EntityKind.COMPANY and key not in self._shared)
        return Span(start=start, end=end, kind=entity.kind, entity_id=entity.id, name=entity.name, keeps=keeps)

    def _settle(self, key: str, borne: list[str], sure: list[str], *, is_model: bool) -> list[str]:
        """Choose among the entities that bear one name; `sure` are those whose guard holds."""
        if (rule := self._shared.get(key)) is None:
            return sure[:1]
        if rule.rule is SharedRule.VERSION:
            ordered = [entity_id for entity_id in rule.entity_ids if entity_id in borne]
            return ordered[-1:] if is_model else ordered[:1]
        ordered = [entity_id for entity_id in rule.entity_ids if entity_id in sure]
        return ordered if rule.rule is SharedRule.ALL else ordered[:1]

    def _models_by_context(
        self, around: Surroundings, found: list[Span], waiting: list[tuple[Span, Guard]]
    ) -> list[Span]:
        """Return models that miss what their guard wants but that the text calls models or gives to their maker.

        Where one of them is a model, so is another name of the same maker that lacks only a word near it.
        """
        owners = {span.end: span.entity_id for span in found if span.kind is EntityKind.COMPANY}
        models = [(span, guard) for span, guard in waiting if span.kind is EntityKind.MODEL]
        called = [
            span for span, _ in models if around.speak_of_model(span.start, span.end) or self._is_owned(span, owners)
        ]
        makers = {self._entities[s.entity_id].developer for s in [*found, *called] if s.kind is EntityKind.MODEL}
        kin = [s for s, guard in models if not guard.needs_version and self._entities[s.entity_id].developer in makers]
        return list(dict.fromkeys([*called, *kin, *self._listed(around, [*found, *called], models)]))

    def _listed(self, around: Surroundings, found: list[Span], models: list[tuple[Span, Guard]]) -> Iterator[Span]:
        """Yield what stands in a list with a model ("Claude, Gemini and Grok")."""
        starts = {span.start for span in found if span.kind is EntityKind.MODEL}
        ends = {span.end for span in found if span.kind is EntityKind.MODEL}
        for span, guard in [*models, *reversed(models)]:
            if not guard.needs_version and around.is_listed(span.start, span.end, starts, ends):
                starts.add(span.start)
                ends.add(span.end)
                yield span

    def _is_owned(self, span: Span, owners: dict[int, str]) -> bool:
        """Say whether the maker's name stands directly before it ("Nvidia Parakeet", "Nvidia's Parakeet")."""
        developer = self._entities[span.entity_id].developer
        return any(owners.get(span.start - gap) == developer for gap in (1, 3))


def _heads(kb: KnowledgeBase) -> Iterator[Alias]:
    """Yield the words by which a line inside a wider family goes ("Opus"), where that family or its maker is named."""
    texts = {alias.text for alias in kb.aliases}
    for family in kb.families.values():
        parent, maker = kb.families.get(family.parent or ""), kb.entities.get(family.developer)
        if parent and maker and family.stands_alone:
            guard = Guard(case=Case.EXACT, near=(parent.name.lower(), maker.name.lower()))
            yield from (Alias(head, family.entity_id, "*", guard) for head in family.heads if head not in texts)


def _spellings(flat: str) -> set[str]:
    """Return `flat` with the ways in which outlets join it: "glm 5.2", "glm5.2"; "hugging face", "huggingface"."""
    if not flat.isascii():
        return {flat}
    ways = {flat, _JOINT.sub("", flat), _JOINT.sub(" ", flat)}
    joined = flat.replace(" ", "")
    return ways | ({joined} if flat.count(" ") == 1 and len(flat) >= _SHORTEST_JOINED and joined.isalpha() else set())
