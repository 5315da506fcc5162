"""What events and stories are made of: profiles, neighbours, rulings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tracker.types.events import Named, Witness
from tracker.types.kinds import EventType, Modality, Part
from tracker.types.reports import Mention, Report, ResolvedDate
from tracker.types.sources import Article


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
