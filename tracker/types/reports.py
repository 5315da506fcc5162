"""What an article says: entities, mentions, dates, reports."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from tracker.types.kinds import (
    DateRole,
    EntityKind,
    EventType,
    InstrumentKind,
    Measure,
    Modality,
    Part,
    Precision,
    UserClass,
    Weights,
)

_V = TypeVar("_V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A company, AI model, chip, agency or country of the knowledge base.

    `id` is "<kind>/<slug>" ("company/anthropic", "model/claude-fable-5", "country/US").  `aliases` maps a
    language ("*" for all) to surface forms.  `country` is the ISO 3166-1 alpha-2 code (or EU) of a company's
    home, an agency's state, a developer's home.  `developer` and `family` are entity ids.
    """

    id: str
    kind: EntityKind
    name: str
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    country: str | None = None
    developer: str | None = None
    family: str | None = None
    weights: Weights = Weights.UNKNOWN
    licence: str | None = None
    released: str | None = None
    tickers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Verbatim evidence: `text` equals the article's `part`[start:end] to the character."""

    part: Part
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An entity named in an article.

    `known` is False for one that the knowledge base does not hold yet; `confidence` (0 to 1) orders such names by
    how much form and context say for them.
    """

    entity_id: str
    kind: EntityKind
    name: str
    quote: Quote
    known: bool = True
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedDate:
    """A calendar span a phrase settles: `first` to `last`, both included; one day where precision is day."""

    first: date
    last: date
    precision: Precision

    def __str__(self) -> str:
        match self.precision:
            case Precision.DAY:
                return self.first.isoformat()
            case Precision.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year}-W{week:02d}"
            case Precision.MONTH:
                return f"{self.first:%Y-%m}"
            case Precision.QUARTER:
                return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
            case Precision.YEAR:
                return f"{self.first.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDate:
    role: DateRole
    date: ResolvedDate
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Generic[_V]):
    """A value and the words that say so."""

    value: _V
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A legal instrument, or the authority it rests on; `name` is as written ("Executive Order 14110")."""

    kind: InstrumentKind
    name: str
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that a report gives; `high` is the upper end of a range.

    `value` is signed where it is a change ("fell 6%" is -6).  `unit` is what is counted, in English ("%", "chips",
    "FLOP"), for money the ISO 4217 code; `of` is what is measured ("shares", "revenue"), where the passage says.
    """

    measure: Measure
    value: Decimal
    unit: str
    of: str | None = None
    high: Decimal | None = None
    is_change: bool = False
    quote: Quote

    @property
    def currency(self) -> str | None:
        return self.unit if self.measure is Measure.MONEY else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A value of a report that a second reader reads otherwise, with the words that this rests on.

    `field` is "type", "modality", "announced", "by" or "against"; or "event" for an event that no report tells of.
    """

    field: str
    value: str
    reader: str
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one article says about one event.

    `cue` is the phrase that the type rests on, `sentence` the sentence (or headline) around it.  `actors` take
    the action, `targets` are hit by it, `named` is everything else that the passage names.  Of `instruments` and
    `quantities` the one closest to the cue is first.
    """

    type: EventType
    modality: Modality
    cue: Quote
    sentence: Quote
    actors: tuple[Mention, ...] = ()
    targets: tuple[Mention, ...] = ()
    named: tuple[Mention, ...] = ()
    dates: tuple[ReportDate, ...] = ()
    user_class: Said[UserClass] | None = None
    instruments: tuple[Instrument, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    confidence: float = 1.0

    @property
    def announced(self) -> ReportDate | None:
        return next((d for d in self.dates if d.role is DateRole.ANNOUNCED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """Everything that the NLP stage found in one article; `reports` has the main one first.

    `relevance` is 0 to 1; `relevant` is the decision.  `mentions` holds every mention in text order.  `disputes` are
    events that only a second reader sees, where no report makes an event.
    """

    relevant: bool
    relevance: float
    mentions: tuple[Mention, ...] = ()
    reports: tuple[Report, ...] = ()
    disputes: tuple[Dispute, ...] = ()
