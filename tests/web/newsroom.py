"""Fill a real database through the store's own doors, as the pipeline would."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from tracker.pipeline.articles import QUIET_RULES
from tracker.relate.grouping import group
from tracker.store import Store
from tracker.types import (
    DateRole,
    EntityKind,
    Entry,
    EventType,
    Group,
    Incoming,
    Mention,
    Modality,
    Part,
    PollState,
    Precision,
    Quote,
    ReadText,
    Report,
    ReportDate,
    ResolvedDate,
    Ruling,
    Sequel,
    Source,
    Tier,
    Understanding,
    Witness,
)

NOW = datetime(2026, 6, 20, 12, 0, tzinfo=UTC)

GAZETTE = Source(
    name="Government Gazette", kind="feed", url="https://gazette.example/feed", family="Commerce", tier=Tier.PRIMARY
)
WIRE = Source(name="Northern Wire", kind="feed", url="https://wire.example/feed", family="Northern", tier=Tier.WIRE)
DAILY = Source(name="Harbour Daily", kind="feed", url="https://daily.example/feed", family="Harbour")
CHINESE = Source(
    name="科技日报网", kind="feed", url="https://keji.example/feed", family="Keji", language="zh", tier=Tier.TRADE
)
ARABIC = Source(name="صحيفة الميناء", kind="feed", url="https://mina.example/feed", family="Mina", language="ar")
SOURCES = (GAZETTE, WIRE, DAILY, CHINESE, ARABIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One report of a text below, by the phrases it rests on; `event` names the event it belongs to."""

    event: str
    type: EventType
    cue: str
    sentence: str
    modality: Modality = Modality.ACT
    actors: tuple[tuple[str, str], ...] = ()
    targets: tuple[tuple[str, str], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[DateRole, str, str], ...] = ()


class Newsroom:
    """Publishes articles into `store`; those of one `story` and reports of one `event` are put together."""

    def __init__(self, store: Store, sources: Sequence[Source] = SOURCES) -> None:
        self.store = store
        self._stories: dict[str, int] = {}
        self._events: dict[str, int] = {}
        self._told: dict[int, str] = {}
        self._firsts: dict[str, int] = {}
        store.sources.sync(sources)
        self.ids = {h.source.name: h.id for h in store.sources.health()}

    def publish(
        self,
        source: Source,
        title: str,
        text: str,
        tellings: Sequence[Telling] = (),
        *,
        story: str,
        published_at: datetime | None = NOW,
        url: str | None = None,
        copy_of: int | None = None,
    ) -> int:
        """Take one article through every stage; return its id."""
        url = url or f"{source.url}/{sha256((title + text).encode()).hexdigest()[:8]}"
        entry = Entry(key=url, address=url, title=title, content=text, published_at=published_at)
        self.store.sources.save_poll(self.ids[source.name], polled(NOW), [(entry, False)], now=NOW)
        (collected,) = self.store.articles.claim_unread(now=NOW, limit=1)
        read = ReadText(
            url=url, title=title, text=text, language=source.language, published_at=published_at,
            content_hash=sha256(text.encode()).hexdigest(), signature=b"", bands=(),
        )  # fmt: skip
        self.store.articles.save_read(collected.id, read, first_of=lambda _: copy_of)
        if copy_of is None:
            self._understand_and_relate(title, text, tellings, story)
        return collected.id

    def _understand_and_relate(self, title: str, text: str, tellings: Sequence[Telling], story: str) -> None:
        (article,) = self.store.articles.claim_read(now=NOW, limit=1)
        reports = tuple(report_of(telling, title, text) for telling in tellings)
        self.store.articles.save_understood(
            article.id,
            Understanding(
                relevant=True,
                relevance=0.9,
                mentions=tuple(m for r in reports for m in (*r.actors, *r.targets, *r.named)),
                reports=reports,
            ),
        )
        (incoming,) = self.store.articles.claim_understood(now=NOW, limit=1)
        self._relate(incoming, tellings, story)

    def _relate(self, incoming: Incoming, tellings: Sequence[Telling], story: str) -> None:
        told = zip(tellings, incoming.reports, strict=True)
        self._told |= {report_id: telling.event for telling, (report_id, _) in told}
        first = self._firsts.setdefault(story, incoming.article.id)
        sequel = Sequel(follows=None if first == incoming.article.id else first, likeness=1.0, followers={})
        rules = replace(QUIET_RULES, keys=lambda _: {}, follow=lambda *_: sequel, tell=self._tell)
        related = self.store.relations.relate(incoming, rules, now=NOW)
        self._stories[story] = related.story_id
        self._remember_events(related.story_id, incoming, tellings)

    def _tell(self, told: Sequence[tuple[int | None, Witness]], _rulings: Sequence[Ruling]) -> tuple[Group, ...]:
        members = [witness.report_id for _, witness in told]
        by_event: dict[str, int] = {}
        edges = [(1.0, one, by_event.setdefault(self._told[one], one)) for one in members]
        return group(members, edges, (), {witness.report_id: home for home, witness in told})

    def _remember_events(self, story_id: int, incoming: Incoming, tellings: Sequence[Telling]) -> None:
        story = self.store.queries.story(story_id)
        assert story is not None
        event_of = {witness.report_id: event.id for event in story.events for witness in event.witnesses}
        for telling, (report_id, _) in zip(tellings, incoming.reports, strict=True):
            self._events[telling.event] = event_of[report_id]

    def story_id(self, story: str) -> int:
        """Return the id that a story of ours got."""
        return self._stories[story]

    def event_id(self, event: str) -> int:
        """Return the id that an event of ours got."""
        return self._events[event]


def polled(moment: datetime) -> PollState:
    """Return the state of a source that answered at `moment`."""
    return PollState(
        polled_at=moment,
        succeeded_at=moment,
        newest_entry_at=moment - timedelta(hours=2),
        next_due_at=moment + timedelta(minutes=15),
    )


def report_of(telling: Telling, title: str, text: str) -> Report:
    """Find each phrase of `telling` in the title or the text."""

    def quote(phrase: str) -> Quote:
        part, body = (Part.TITLE, title) if phrase in title and phrase not in text else (Part.TEXT, text)
        start = body.index(phrase)
        return Quote(part=part, start=start, end=start + len(phrase), text=phrase)

    def mentions(given: tuple[tuple[str, str], ...]) -> tuple[Mention, ...]:
        return tuple(mention(entity_id, phrase) for entity_id, phrase in given)

    def mention(entity_id: str, phrase: str) -> Mention:
        name = NAMES.get(entity_id, phrase)
        kind = EntityKind(entity_id.partition("/")[0])
        return Mention(entity_id=entity_id, kind=kind, name=name, quote=quote(phrase))

    return Report(
        type=telling.type,
        modality=telling.modality,
        cue=quote(telling.cue),
        sentence=quote(telling.sentence),
        actors=mentions(telling.actors),
        targets=mentions(telling.targets),
        named=mentions(telling.named),
        dates=tuple(ReportDate(role=r, date=resolve(d), quote=quote(q)) for r, d, q in telling.dates),
    )


def resolve(written: str) -> ResolvedDate:
    """Read 2026-06-13 or 2026-06."""
    if written.count("-") == 1:
        first = date.fromisoformat(f"{written}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return ResolvedDate(first=first, last=last, precision=Precision.MONTH)
    day = date.fromisoformat(written)
    return ResolvedDate(first=day, last=day, precision=Precision.DAY)


NAMES = {
    "country/US": "United States",
    "country/CN": "China",
    "country/AE": "United Arab Emirates",
    "agency/us-commerce": "US Department of Commerce",
    "agency/bis": "Bureau of Industry and Security",
    "company/lantern-labs": "Lantern Labs",
    "company/quanhe": "Quanhe Intelligence",
    "company/orrery-cloud": "Orrery Cloud",
    "model/beacon-3": "Beacon 3",
    "model/beacon-3-mini": "Beacon 3 Mini",
    "model/qh-moe-2": "QH-MoE 2",
}
