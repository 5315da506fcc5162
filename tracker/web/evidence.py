"""What an event says, field by field, each value with the quotes that it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit

from tracker import words
from tracker.types import Event, Mention, Modality, Quote, Report, ReportDate, Witness
from tracker.web import listing
from tracker.weighing.contested import contested_fields, rank


class Role(StrEnum):
    """What a passage is evidence of; the names are CSS classes too."""

    CUE = "cue"
    ACTOR = "actor"
    TARGET = "target"
    DATE = "date"
    NAMED = "named"
    USERS = "users"
    INSTRUMENT = "instrument"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One quote, and the witness it is from."""

    quote: Quote
    witness: Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a field; `href` leads to the stories that share it."""

    text: str
    href: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an event; `contested` where its witnesses cannot all be right."""

    name: str
    role: Role
    values: tuple[Value, ...]
    contested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a sentence; `role` is None where nothing rests on it."""

    text: str
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """One value as one witness gives it."""

    text: str
    href: str | None
    evidence: Evidence


def event_fields(event: Event) -> tuple[Field, ...]:
    """List the fields of `event` that any witness states, in the order they are read; the value to display is first."""
    contested = {one.field for one in contested_fields(event)}
    fields = [_types(event), _modalities(event)]
    for name, role in (("By", Role.ACTOR), ("Affects", Role.TARGET), ("Also named", Role.NAMED)):
        fields.append(Field(name=name, role=role, values=_gather(_mentioned(event, role))))
    details = [_detailed(event, name, role) for role, name in _DETAILS.items()]
    stated = (field for field in [*fields, *_dates(event), *details] if field.values)
    return tuple(replace(field, contested=field.name in contested) for field in stated)


def mark_sentence(report: Report) -> tuple[Segment, ...]:
    """Cut the report's sentence at the borders of its evidence; where two overlap, the shorter one shows."""
    sentence = report.sentence
    inside = sorted((quote.end - quote.start, quote.start, role) for role, _, quote in _quotes(report)
                    if _within(quote, sentence))  # fmt: skip
    borders = {sentence.start, sentence.end}
    for length, start, _ in inside:
        borders |= {start, start + length}
    cuts = sorted(borders)
    return tuple(
        Segment(
            text=sentence.text[start - sentence.start : end - sentence.start],
            role=next((role for length, first, role in inside if first <= start and end <= first + length), None),
        )
        for start, end in pairwise(cuts)
    )


def quotes_elsewhere(report: Report) -> tuple[tuple[Role, str, Quote], ...]:
    """List the evidence that stands outside the report's sentence, with what it is evidence of."""
    return tuple(found for found in _quotes(report) if not _within(found[2], report.sentence))


def web_link(url: str) -> str | None:
    """Return `url` where it is one that a reader may safely follow."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else None


def _types(event: Event) -> Field:
    claims = [
        _Claim(
            text=words.label(w.report.type),
            href=listing.address([("type", w.report.type)]),
            evidence=Evidence(quote=w.report.cue, witness=w),
        )
        for w in event.witnesses
    ]
    return Field(name="Type", role=Role.CUE, values=_gather(claims))


def _modalities(event: Event) -> Field:
    if all(witness.report.modality is Modality.ACT for witness in event.witnesses):
        return Field(name="Modality", role=Role.CUE, values=())
    claims = [
        _Claim(
            text=words.label(w.report.modality),
            href=listing.address([("modality", w.report.modality)]),
            evidence=Evidence(quote=w.report.sentence, witness=w),
        )
        for w in event.witnesses
    ]
    return Field(name="Modality", role=Role.CUE, values=_gather(claims))


def _mentioned(event: Event, role: Role) -> list[_Claim]:
    return [
        _Claim(
            text=mention.name,
            href=listing.filter_address(mention.kind, mention.entity_id),
            evidence=Evidence(quote=mention.quote, witness=witness),
        )
        for witness in event.witnesses
        for mention in _in_role(witness.report, role)
    ]


def _dates(event: Event) -> list[Field]:
    by_role: dict[str, list[tuple[ReportDate, Witness]]] = {}
    for witness in event.witnesses:
        for date in witness.report.dates:
            by_role.setdefault(words.date_role(date.role), []).append((date, witness))
    return [_date_field(name, found) for name, found in by_role.items()]


_DETAILS = {Role.USERS: "Users affected", Role.INSTRUMENT: "Legal instrument", Role.QUANTITY: "Figures"}


def _detailed(event: Event, name: str, role: Role) -> Field:
    claims = [
        _Claim(text=text, href=None, evidence=Evidence(quote=quote, witness=witness))
        for witness in event.witnesses
        for found, text, quote in _details(witness.report)
        if found is role
    ]
    return Field(name=name, role=role, values=_gather(claims))


def _date_field(name: str, found: Sequence[tuple[ReportDate, Witness]]) -> Field:
    claims = [
        _Claim(text=words.resolved(d.date), href=None, evidence=Evidence(quote=d.quote, witness=w)) for d, w in found
    ]
    return Field(name=name, role=Role.DATE, values=_gather(claims))


def _gather(claims: Sequence[_Claim]) -> tuple[Value, ...]:
    grouped: dict[tuple[str, str | None], dict[tuple[int, str], Evidence]] = {}
    for claim in claims:
        same_words = (claim.evidence.witness.article_id, claim.evidence.quote.text)
        grouped.setdefault((claim.text, claim.href), {}).setdefault(same_words, claim.evidence)
    ranked = [side.value for side in rank(((claim.text, claim.href), claim.evidence.witness) for claim in claims)]
    return tuple(Value(text=text, href=href, evidence=tuple(grouped[text, href].values())) for text, href in ranked)


def _in_role(report: Report, role: Role) -> tuple[Mention, ...]:
    match role:
        case Role.ACTOR:
            return report.actors
        case Role.TARGET:
            return report.targets
        case _:
            return report.named


def _quotes(report: Report) -> list[tuple[Role, str, Quote]]:
    mentions = [
        (role, mention.name, mention.quote)
        for role in (Role.ACTOR, Role.TARGET, Role.NAMED)
        for mention in _in_role(report, role)
    ]
    dates = [(Role.DATE, f"{words.date_role(d.role)} {words.resolved(d.date)}", d.quote) for d in report.dates]
    return [(Role.CUE, words.label(report.type), report.cue), *mentions, *dates, *_details(report)]


def _details(report: Report) -> list[tuple[Role, str, Quote]]:
    users = [(Role.USERS, words.label(said.value), said.quote) for said in (report.user_class,) if said]
    instruments = [(Role.INSTRUMENT, words.instrument(one), one.quote) for one in report.instruments]
    return [*users, *instruments, *((Role.QUANTITY, words.quantity(one), one.quote) for one in report.quantities)]


def _within(quote: Quote, sentence: Quote) -> bool:
    return quote.part is sentence.part and sentence.start <= quote.start and quote.end <= sentence.end
