"""The nouns of the tracker as plain frozen values; no I/O, no third-party import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

Day = date
_V = TypeVar("_V")


class Tier(StrEnum):
    """How close a source is to the facts, closest first."""

    PRIMARY = "primary"
    WIRE = "wire"
    PRESS = "press"
    TRADE = "trade"
    BLOG = "blog"


class EntityKind(StrEnum):
    COMPANY = "company"
    MODEL = "model"
    CHIP = "chip"
    AGENCY = "agency"
    COUNTRY = "country"


class Weights(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class EventType(StrEnum):
    """What happened; docs/DESIGN has the definitions.  Declaration order is display order."""

    RESTRICTION = "restriction"
    EASING = "easing"
    LISTING = "listing"
    LEGISLATION = "legislation"
    ENFORCEMENT = "enforcement"
    LITIGATION = "litigation"
    RETALIATION = "retaliation"
    COMPANY_RESPONSE = "company_response"
    MARKET_REACTION = "market_reaction"
    MODEL_RELEASE = "model_release"
    ADOPTION = "adoption"
    ANALYSIS = "analysis"


class Modality(StrEnum):
    """How a report puts its event; only the first five make events (`makes_event`)."""

    ACT = "act"
    PROPOSAL = "proposal"
    INTENT = "intent"
    RUMOUR = "rumour"
    DENIAL = "denial"
    HYPOTHETICAL = "hypothetical"
    BACKGROUND = "background"

    @property
    def makes_event(self) -> bool:
        return self not in {Modality.HYPOTHETICAL, Modality.BACKGROUND}


class Stage(StrEnum):
    """How far a control has come, declared in the order in which it comes and goes."""

    RUMOURED = "rumoured"
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    PARTLY_EASED = "partly_eased"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Access(StrEnum):
    """Whether users may have a model or chip; declared from the freest to the one that nothing is known of."""

    OPEN = "open"
    GATED = "gated"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class DateRole(StrEnum):
    """What a date of an event is: when it happened or was announced, takes effect, and so on."""

    ANNOUNCED = "announced"
    EFFECTIVE = "effective"
    COMMENT = "comment"
    COMPLIANCE = "compliance"
    EXPIRY = "expiry"


class UserClass(StrEnum):
    """Who is hit by a control beyond those it names."""

    EVERYONE = "everyone"
    FOREIGN_NATIONALS = "foreign_nationals"
    FOREIGN_USERS = "foreign_users"
    DOMESTIC_COMPANIES = "domestic_companies"
    US_PERSONS = "us_persons"
    LISTED_ENTITIES = "listed_entities"
    AFFILIATES = "affiliates"
    MILITARY_END_USERS = "military_end_users"
    REGION = "region"
    DATA_CENTRES = "data_centres"
    GOVERNMENT_AGENCIES = "government_agencies"


class InstrumentKind(StrEnum):
    """What a government acts by, or under."""

    EXECUTIVE_ORDER = "executive_order"
    PROPOSED_RULE = "proposed_rule"
    INTERIM_FINAL_RULE = "interim_final_rule"
    FINAL_RULE = "final_rule"
    RULE = "rule"
    FOREIGN_DIRECT_PRODUCT_RULE = "foreign_direct_product_rule"
    ORDER = "order"
    IS_INFORMED_LETTER = "is_informed_letter"
    LIST = "list"
    LICENCE_REQUIREMENT = "licence_requirement"
    LICENCE = "licence"
    GUIDANCE = "guidance"
    BILL = "bill"
    ACT = "act"
    REGULATION = "regulation"
    NOTICE = "notice"
    COURT_ORDER = "court_order"


class Measure(StrEnum):
    """What kind of number a quantity is."""

    PERCENT = "percent"
    MONEY = "money"
    COUNT = "count"
    TIMES = "times"
    COMPUTE = "compute"
    POWER = "power"


class Part(StrEnum):
    """The part of an article that offsets count from."""

    TITLE = "title"
    TEXT = "text"


class ArticleStage(StrEnum):
    """The last stage that an article has passed; the next stage takes it from there."""

    COLLECTED = "collected"
    READ = "read"
    UNDERSTOOD = "understood"
    RELATED = "related"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """`sending` is committed before the network is touched; a row left in it has an unknown outcome.

    What is `withdrawn` was never sent and never will be: it has been said otherwise, or is no longer so.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    AMBIGUOUS = "ambiguous"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ChannelKind(StrEnum):
    SLACK = "slack"
    EMAIL = "email"


# ---------------------------------------------------------------- where news comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that news comes from; `family` is the publisher that speaks through it.

    `options` is what its kind needs beyond an address (CSS selectors, search terms): JSON values.
    """

    name: str
    kind: str
    url: str
    language: str = "en"
    country: str | None = None
    tier: Tier = Tier.PRESS
    family: str
    every: timedelta = timedelta(minutes=15)
    options: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What is remembered of a source between polls; `error` says in words why the last poll failed.

    `memory` is the kind's own (a snapshot, a cursor) and opaque to everybody else.  `moved_to` is where the
    address redirected for good, `moved_seen` times in a row.  `pause` is the interval that the source's rhythm
    asks for.  `listed` counts the entries of the last changed body; `seen` and `on_topic` are running counts of
    new entries and of those that pass the gate, halved now and then.  `unwell` keeps for how long the source has
    been of no use, and `told` what the operators last heard of it (both are collect/watch.py's own).
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    memory: bytes | None = field(default=None, repr=False)
    moved_to: str | None = None
    moved_seen: int = 0
    retired_at: datetime | None = None
    pause: timedelta | None = None
    listed: int | None = None
    seen: float = 0.0
    on_topic: float = 0.0
    unwell: str | None = None
    told: str | None = None
    next_due_at: datetime | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    newest_entry_at: datetime | None = None
    failures: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDate:
    """A date that a source states as a field of its own (effective_on), not in prose; `quote` is field and value."""

    role: DateRole
    on: date
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as a source lists it, before its page is read.

    `key` is the source's own id of the item (else its address); `summary` and `content` are HTML or text as
    the source gave them; `address` is unique per source and never rewritten.  `family` is the publisher where it
    is another than the source's own (a search finds many); `has_page` is False where the address leads to no
    page worth reading.
    """

    key: str
    address: str
    title: str = ""
    author: str | None = None
    summary: str = ""
    content: str = ""
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    family: str | None = None
    dates: tuple[StatedDate, ...] = ()
    has_page: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one successful look at a source brought: new validators and the entries it listed.

    `unchanged` is True after a 304 or an identical body; `entries` is then empty.  `memory` None keeps the old
    one; `moved_to` is the address behind a permanent redirect; `fresh_for` is what the server's Cache-Control
    allows; `hub` is where the source pushes from (WebSub), `topic` the address that it calls itself.
    """

    entries: tuple[Entry, ...] = ()
    unchanged: bool = False
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    memory: bytes | None = field(default=None, repr=False)
    moved_to: str | None = None
    fresh_for: timedelta | None = None
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """A source's subscription at a WebSub hub: `token` is the secret part of our callback, `secret` signs its calls.

    Calls are expected until `lease_until`; None until the hub has asked back.
    """

    source_id: int
    hub: str
    topic: str
    token: str
    secret: str = field(repr=False)
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The body of an article's own page as fetched; `url` is the address after redirects."""

    url: str
    content_type: str
    body: bytes


# ---------------------------------------------------------------- articles and what they name


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text at one canonical URL.  `address` is what the source listed; `copy_of` is the id of the first.

    `published_at` is None where neither the source nor the page says; it is never the time of fetching.
    `note` says what a reader should know of how the text was got ("page refused: …, text from the feed").
    `disputes` are events that only a second reader sees in it.
    """

    id: int
    source: Source
    address: str
    url: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    fetched_at: datetime
    content_hash: str = ""
    copy_of: int | None = None
    note: str | None = None
    dates: tuple[StatedDate, ...] = ()
    disputes: "tuple[Dispute, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """An article as collect left it for read: the entry, and its page where one was fetched."""

    id: int
    source: Source
    entry: Entry
    page: Page | None
    fetched_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """What read makes of a collected article.

    `bands` are the LSH keys of `signature` (near-duplicates); `credit` is the family of the wire service that the text
    is signed as.
    """

    url: str
    title: str
    text: str
    language: str
    published_at: datetime | None
    content_hash: str
    signature: bytes
    bands: tuple[str, ...]
    note: str | None = None
    credit: str | None = None


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


# ---------------------------------------------------------------- events, stories, and who is told


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an article is about, as weights; `at` is when it was reported.

    `terms` are of title and lead, `headline` of the title alone; `entities` are named anywhere, `titled` in the title;
    `happenings` are the types of what is reported, each also with who does it.
    """

    terms: dict[str, float]
    entities: dict[str, float]
    at: datetime
    headline: dict[str, float] = field(default_factory=dict)
    titled: dict[str, float] = field(default_factory=dict)
    happenings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """An article in its story: the earlier one that it `follows`, if any, and how alike the two are (0 to 1).

    `order` sorts articles in a way that everybody agrees on, whichever came first: by time, address, id.
    """

    article_id: int
    story_id: int
    order: tuple[datetime, str, int]
    follows: int | None
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An article that another one may follow, or be followed by."""

    strand: Strand
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequel:
    """What an article follows, and which articles follow it from now on, each with how alike they are."""

    follows: int | None
    likeness: float
    followers: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """That a person said of `left` and `right` (ids of articles or reports) that they belong together, or do not."""

    together: bool
    left: frozenset[int]
    right: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person found what they ruled on: an article or, with `type` and `sentence`, one of its reports."""

    article_id: int
    type: EventType | None = None
    sentence: tuple[Part, int, int] | None = None

    @classmethod
    def of(cls, article_id: int, report: Report) -> "Place":
        """Return the place of a report."""
        quote = report.sentence
        return cls(article_id=article_id, type=report.type, sentence=(quote.part, quote.start, quote.end))

    def is_of(self, witness: "Witness") -> bool:
        """Say whether this is the place of a report, however often its article was read anew."""
        is_alike = witness.article_id == self.article_id and witness.report.type is self.type
        return is_alike and self.overlaps(witness.report)

    def overlaps(self, report: Report) -> bool:
        """Say whether a report of the same article rests on the same words, or some of them."""
        if self.sentence is None:
            return False
        part, start, end = self.sentence
        quote = report.sentence
        return quote.part is part and quote.start < end and start < quote.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """That a person merged or split: who said when and why that `left` and `right` are one, or are not."""

    together: bool
    left: tuple[Place, ...]
    right: tuple[Place, ...]
    by: str
    at: datetime
    why: str | None = None

    @property
    def is_of_reports(self) -> bool:
        return any(place.sentence for place in self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Articles that make a story, or reports that make an event.

    `id` is the one that it had, None for a new one; `absorbed` are the ids that went into it.
    """

    id: int | None
    members: tuple[int, ...]
    absorbed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An understood article on its way into the event database.  `reports` pairs each report with its id."""

    article: Article
    mentions: tuple[Mention, ...]
    reports: tuple[tuple[int, Report], ...]

    @property
    def reported_at(self) -> datetime:
        return self.article.published_at or self.article.fetched_at

    @property
    def order(self) -> tuple[datetime, str, int]:
        """Return the place of the article among others, whichever came first."""
        return self.reported_at, self.article.url, self.article.id


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFields:
    """What an event says, folded from its witnesses."""

    type: EventType
    modality: Modality
    headline: str
    date: ResolvedDate | None
    entities: tuple[Named, ...]
    first_reported_at: datetime
    last_reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who wants what, where; an empty filter means every relevant story.

    `trouble` is why nothing can be delivered until a person does something; the subscription is paused then.
    """

    id: int
    channel: ChannelKind
    address: str
    filter: str
    paused: bool = False
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSnapshot:
    """What a message said of an event when it was sent."""

    id: int
    type: EventType
    modality: Modality
    stage: Stage | None
    dates: Mapping[DateRole, ResolvedDate | None]
    actors: tuple[Named, ...]
    targets: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySnapshot:
    """What a message said of a story when it was sent.

    `main` is the event that led; `voices` are the numbers of reports, publishers and primary documents.
    """

    main: int | None
    events: tuple[EventSnapshot, ...]
    voices: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a subscription was told of a story.

    `receipt` is the first message's ("channel:ts"), None where it never arrived.  `shown` is what that message says
    now, `told` what it and the replies in its thread have said last; `updates` counts the replies that were owed.
    """

    receipt: str | None
    shown: StorySnapshot | None
    told: StorySnapshot | None
    updates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message owed to one subscription; `key` is unique and says what for ("digest:2026-W25").

    The keys of a story are "story:12" for its first message, "story:12:update:1" for what is new in the thread, and
    "story:12:edit" for a look at whether the first message is still true.
    """

    id: int
    subscription: Subscription
    key: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    claimed_at: datetime | None = None
    receipt: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disfavour:
    """That a reader found an alert not relevant, and the filter and the clauses that brought it."""

    subscription_id: int
    story_id: int
    by: str
    filter: str
    why: tuple[str, ...]
    at: datetime
