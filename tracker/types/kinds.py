"""The fixed lists of words: kinds, types, stages."""

from enum import StrEnum


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

    What is `withdrawn` was never sent and never will be: it has been said otherwise, or is no longer so.  What is
    `gathered` is said by a summary that is on its way, and becomes what that becomes.
    """

    PENDING = "pending"
    GATHERED = "gathered"
    SENDING = "sending"
    SENT = "sent"
    AMBIGUOUS = "ambiguous"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Gathering(StrEnum):
    """Whether alerts go out one by one, or as one message an hour or a day."""

    AT_ONCE = "at once"
    HOURLY = "hourly"
    DAILY = "daily"


class HeldFor(StrEnum):
    """What a message waits for that is held back on purpose."""

    QUIET = "quiet"
    HOUR = "hour"
    DAY = "day"
    BURST = "burst"
    AGE = "age"


class ChannelKind(StrEnum):
    SLACK = "slack"
    EMAIL = "email"
