"""Events and stories, who says so, and what people say of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.types.kinds import EntityKind, EventType, Modality, Tier
from tracker.types.reports import Report, ResolvedDate

Day = date


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entity as an event or story carries it: enough to filter on and to show."""

    entity_id: str
    kind: EntityKind
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One article as a voice: whose (a publisher family), how close to the facts, and which article it copies."""

    article_id: int
    family: str
    tier: Tier
    language: str = "und"
    copy_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """Who says so.

    `reports` counts articles; among them `copies` are near-duplicates and `translations` what a family says again in
    another language.  `families` are the independent voices; `tiers` how many articles that are no copies stand how
    close to the facts.
    """

    reports: int = 0
    copies: int = 0
    translations: int = 0
    families: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tiers: Mapping[Tier, int] = field(default_factory=dict, hash=False)

    @property
    def primaries(self) -> int:
        return self.tiers.get(Tier.PRIMARY, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person says of a report; a field that is None was read right.

    `is_event` is False where the passage tells of none at all.  `date` is empty where it gives no day, `actors` and
    `targets` where it names nobody.
    """

    is_event: bool = True
    type: EventType | None = None
    modality: Modality | None = None
    date: tuple[Day, ...] | None = None
    actors: tuple[Named, ...] | None = None
    targets: tuple[Named, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A verdict, who gave it when and why, and the report as it was read then."""

    article_id: int
    position: int
    report: Report
    verdict: Verdict
    by: str
    at: datetime
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a careful reader finds in an article: types (the main one first), and names as text.

    Countries are codes (ISO 3166-1 alpha-2, EU); `main_event_date` is a day, `actors` and `targets` are those of the
    main event; `aliases` are other forms of a name that the article uses.
    """

    relevant: bool
    event_types: tuple[str, ...] = ()
    main_event_date: str | None = None
    models: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One report as evidence of an event: what the article said, where, and who published it.

    `copies` are the near-duplicates of the article, no reports of their own.  `position` is the report's place among
    those of the article.  `review` is what a person said of it;
    `report` has the corrections that a display may show.
    """

    report_id: int
    article_id: int
    title: str
    url: str
    source: str
    family: str
    tier: Tier
    published_at: datetime | None
    fetched_at: datetime
    report: Report
    language: str = "und"
    copies: tuple[Voice, ...] = ()
    position: int = 0
    review: Review | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A named part of a score."""

    name: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A number that is the sum of its parts, and never stands without them."""

    shares: tuple[Share, ...]

    @property
    def value(self) -> float:
        return round(sum(share.points for share in self.shares), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One real-world policy event.  `headline` is the decisive sentence, quoted from its first witness."""

    id: int
    story_id: int
    type: EventType
    modality: Modality
    headline: str
    date: ResolvedDate | None
    entities: tuple[Named, ...]
    first_reported_at: datetime
    last_reported_at: datetime
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Events and articles that belong together."""

    id: int
    title: str
    first_reported_at: datetime
    last_reported_at: datetime
    corroboration: Corroboration
    events: tuple[Event, ...] = ()
