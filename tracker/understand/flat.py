"""The flat view of an understanding: what `tracker analyze` prints for one document."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from tracker.types import DateRole, EntityKind, EventType, Mention, Precision, Report, Understanding
from tracker.understand.folding import fold

# A model that is released or adopted is what the event is about; nobody is hit by it.
_HITS_NOBODY = {EventType.MODEL_RELEASE, EventType.ADOPTION}


def flatten(understanding: Understanding) -> dict[str, Any]:
    """Return relevance, names by kind, and what the reports say, the main one first.

    A name is the knowledge base's where the text uses that, else the form that the text uses.
    """
    mentions = understanding.mentions
    reports = [report for report in understanding.reports if report.modality.makes_event]
    names = name_entities(mentions)
    main = reports[0] if reports else None
    return {
        "relevant": understanding.relevant,
        "relevance": round(understanding.relevance, 4),
        "event_types": list(dict.fromkeys(report.type.value for report in reports)),
        "main_event_date": _date(main),
        "models": _of_kind(mentions, EntityKind.MODEL, names),
        "companies": _of_kind(mentions, EntityKind.COMPANY, names),
        "countries": _of_kind(mentions, EntityKind.COUNTRY, names),
        "agencies": _of_kind(mentions, EntityKind.AGENCY, names),
        "actors": _all(main.actors if main else (), names),
        "targets": _all(main.targets if main and main.type not in _HITS_NOBODY else (), names),
    }


def name_entities(mentions: Iterable[Mention]) -> dict[str, str]:
    """Name each entity, by id, once for the whole document."""
    forms: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        forms[mention.entity_id].append(mention)
    return {entity_id: _name(found) for entity_id, found in forms.items()}


def _date(report: Report | None) -> str | None:
    """Return the day of the main event; a week or a month settles none."""
    said = report.announced or next((d for d in report.dates if d.role is DateRole.EFFECTIVE), None) if report else None
    return str(said.date) if said and said.date.precision is Precision.DAY else None


def _of_kind(mentions: Iterable[Mention], kind: EntityKind, names: dict[str, str]) -> list[str]:
    return _all((mention for mention in mentions if mention.kind is kind), names)


def _all(mentions: Iterable[Mention], names: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(names.get(mention.entity_id, mention.name) for mention in mentions))


def _name(mentions: list[Mention]) -> str:
    """Choose one name: the knowledge base's where the text uses that, else the form that the text uses.

    Of a model that is its fullest form, of a company its most frequent one.  Of a public body it is an acronym or
    the same words in another order ("Department of Commerce"); else its own name ("the Trump administration" is the
    White House).
    """
    first = mentions[0]
    if first.kind is EntityKind.COUNTRY:
        return first.entity_id.partition("/")[2]
    forms = Counter(form for form in map(_form, mentions) if form.isascii())
    if first.kind is EntityKind.AGENCY:
        acronyms = {form: n for form, n in forms.items() if _ACRONYM.fullmatch(form)}
        forms = Counter(acronyms or {form: n for form, n in forms.items() if _words(form) == _words(first.name)})
    if not forms or any(_same(form, first.name) for form in forms):
        return first.name
    return max(forms, key=lambda form: (len(form) if first.kind is EntityKind.MODEL else forms[form], form))


_ACRONYM = re.compile(r"(?!US$|EU$|UK$|UN$)[A-Z]{2,6}")


def _form(mention: Mention) -> str:
    return " ".join(fold(mention.quote.text).cased.split()).removeprefix("the ").removeprefix("The ")


def _words(text: str) -> set[str]:
    return set(text.casefold().split()) - {"of", "the", "and"}


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
