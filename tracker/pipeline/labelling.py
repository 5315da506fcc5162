"""What an article holds by what was read and what people say: labels, which make it gold for `tracker evaluate`."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter

from tracker.errors import InputError
from tracker.knowledge import KnowledgeBase, teaching
from tracker.pipeline.reviewing import Parts, choose, days, listed
from tracker.store.reviews import Reviewed, Reviews
from tracker.types import EntityKind, EventType, Labels, Mention, Named, Understanding, Verdict
from tracker.understand import flatten, name_entities
from tracker.understand.scoring import Gold
from tracker.weighing.reviewing import judged_reports

LABEL_FIELDS = "types, date, actors, targets, models, companies, countries, agencies, relevant"
_GOLD = TypeAdapter(Gold)
_UNREPORTED = ("models", "companies", "countries", "agencies")
_NAMES = {"types": "event_types"} | {name: name for name in ("actors", "targets", *_UNREPORTED)}


def draft_labels(reviewed: Reviewed) -> Labels:
    """Say what an article holds by what was read and how people corrected it.

    What was said of it as a whole before a report was reviewed anew still counts where no report says so.
    """
    reports = judged_reports(reviewed.reports, reviewed.reviews)
    read = Understanding(
        relevant=True, relevance=reviewed.relevance, mentions=reviewed.mentions, reports=tuple(reports.values())
    )
    flat = flatten(read)
    names = name_entities(reviewed.mentions)
    main = next((place for place, report in reports.items() if report.modality.makes_event), None)
    verdict = Verdict() if main is None else reviewed.reviews[main].verdict
    said: dict[str, Any] = {name: tuple(flat[name]) for name in _NAMES.values()}
    for role, named in (("actors", verdict.actors), ("targets", verdict.targets)):
        if named is not None:
            said[role] = tuple(dict.fromkeys(_label(one, names) for one in named))
    day = flat["main_event_date"] if verdict.date is None else next(map(str, verdict.date), None)
    if reviewed.earlier:
        said |= {name: getattr(reviewed.earlier, name) for name in _UNREPORTED}
    relevant = reviewed.earlier.relevant if reviewed.earlier else True
    return _with_aliases(Labels(relevant=relevant, main_event_date=day, **said), reviewed.mentions)


def read_labels(parts: Parts, labels: Labels, reviewed: Reviewed, kb: KnowledgeBase) -> Labels:
    """Correct the labels of an article as a person says; InputError where the answer is none.

    `right`, or fields with what they should be: a list in place of the one that was found, or changes to it
    (`companies +Nvidia, -Huawei`).
    """
    if [*parts] == [("right", "")]:
        return labels
    for field, value in parts:
        match field:
            case "date":
                labels = replace(labels, main_event_date=next(map(str, days(value)), None))
            case "relevant" if value in {"yes", "no"}:
                labels = replace(labels, relevant=value == "yes")
            case _ if field in _NAMES:
                name = _NAMES[field]
                changed: dict[str, Any] = {name: _changed(getattr(labels, name), field, value, kb)}
                labels = replace(labels, **changed)
            case _:
                raise InputError(f"{field} {value}".strip() + f" is no answer here; expected right, or {LABEL_FIELDS}")
    return _with_aliases(labels, reviewed.mentions)


def gold_lines(reviews: Reviews) -> tuple[list[str], int]:
    """Return the articles that people have labelled as lines for `tracker evaluate`, and how many they only began."""
    reviewed = [reviews.of_article(article_id) for article_id in reviews.started()]
    lines = [_gold_line(one, one.labels) for one in reviewed if one.labels]
    return lines, len(reviewed) - len(lines)


def _gold_line(reviewed: Reviewed, labels: Labels) -> str:
    article = reviewed.article
    gold = Gold(
        id=f"A{article.id}",
        title=article.title,
        text=article.text,
        lang=article.language,
        published=article.published_at.isoformat() if article.published_at else None,
        url=article.url,
        **asdict(labels),
    )
    return _GOLD.dump_json(gold).decode()


def _label(named: Named, names: dict[str, str]) -> str:
    if named.kind is EntityKind.COUNTRY:
        return named.entity_id.partition("/")[2]
    return names.get(named.entity_id, named.name)


def _changed(names: tuple[str, ...], field: str, value: str, kb: KnowledgeBase) -> tuple[str, ...]:
    said = listed(field, value)
    is_change = bool(said) and all(name[0] in "+-" for name in said)
    kept = list(names) if is_change else []
    for one in said:
        name = _written(field, one[1:].strip() if is_change else one, kb)
        others = [other for other in kept if other.casefold() != name.casefold()]
        is_new = len(others) == len(kept)
        if not (is_change and one.startswith("-")):
            kept += [name] if is_new else []
        elif is_new:
            raise InputError(f"{field} {one}: is not among them")
        else:
            kept = others
    return tuple(kept)


def _written(field: str, name: str, kb: KnowledgeBase) -> str:
    """Write a name as labels do: countries by their codes, types in their own spelling, all else as it was said."""
    match field:
        case "types":
            return choose(EventType, field, name).value
        case "countries":
            return teaching.find_country(kb, name)
        case "actors" | "targets":
            countries = teaching.find(kb, name, EntityKind.COUNTRY)
            return countries[0].id.partition("/")[2] if len(countries) == 1 else name
        case _:
            return name


def _with_aliases(labels: Labels, mentions: Sequence[Mention]) -> Labels:
    """Give each name the other forms that the article uses, and the one that the knowledge base has."""
    names = name_entities(mentions)
    said = {name for field in _NAMES.values() if field != "event_types" for name in getattr(labels, field)}
    forms: dict[str, dict[str, None]] = {}
    for mention in mentions:
        name = names[mention.entity_id]
        if name in said and mention.kind is not EntityKind.COUNTRY:
            forms.setdefault(name, {}).update(dict.fromkeys((mention.name, " ".join(mention.quote.text.split()))))
    aliases = {name: tuple(form for form in found if form != name) for name, found in forms.items()}
    return replace(labels, aliases={name: found for name, found in aliases.items() if found})
