"""Stories for tests of what is sent."""

from datetime import date

from tests.making import NOW, make_quote
from tracker.types import (
    ChannelKind,
    Corroboration,
    Delivery,
    DeliveryState,
    EntityKind,
    Event,
    EventType,
    Modality,
    Named,
    Precision,
    Report,
    ResolvedDate,
    Story,
    Subscription,
    Tier,
    Witness,
)

JUNE_13 = ResolvedDate(first=date(2026, 6, 13), last=date(2026, 6, 13), precision=Precision.DAY)


def entity_id(name: str, kind: EntityKind) -> str:
    return f"{kind}/{name if kind is EntityKind.COUNTRY else name.lower().replace(' ', '-')}"


def make_witness(
    type_: EventType, sentence: str, *, url: str = "https://press.example/1", source: str = "press"
) -> Witness:
    report = Report(type=type_, modality=Modality.ACT, cue=make_quote(sentence[:5]), sentence=make_quote(sentence))
    return Witness(
        report_id=1,
        article_id=1,
        title=sentence,
        url=url,
        source=source,
        family=source,
        tier=Tier.PRESS,
        published_at=NOW,
        fetched_at=NOW,
        report=report,
    )


def make_event(
    number: int,
    type_: EventType = EventType.RESTRICTION,
    *,
    modality: Modality = Modality.ACT,
    names: tuple[tuple[str, EntityKind, str], ...] = (),
    headline: str = "The US blocked Fable 5 on Saturday.",
    url: str = "https://press.example/1",
    source: str = "press",
) -> Event:
    entities = tuple(
        Named(entity_id=entity_id(name, kind), kind=kind, name=name, role=role) for name, kind, role in names
    )
    return Event(
        id=number,
        story_id=7,
        type=type_,
        modality=modality,
        headline=headline,
        date=JUNE_13,
        entities=entities,
        first_reported_at=NOW,
        last_reported_at=NOW,
        witnesses=(make_witness(type_, headline, url=url, source=source),),
    )


def make_story(*events: Event, title: str = "US blocks Fable 5", articles: int = 14) -> Story:
    return Story(
        id=7,
        title=title,
        first_reported_at=NOW,
        last_reported_at=NOW,
        corroboration=Corroboration(
            reports=articles,
            families=("press", "wire", "government"),
            languages=("en",),
            tiers={Tier.PRESS: articles - 2, Tier.WIRE: 1, Tier.PRIMARY: 1},
        ),
        events=events,
    )


def make_delivery(
    *, channel: ChannelKind = ChannelKind.SLACK, address: str = "C0123", key: str = "story:7", attempts: int = 1
) -> Delivery:
    return Delivery(
        id=5,
        subscription=Subscription(id=3, channel=channel, address=address, filter=""),
        key=key,
        story_id=7,
        state=DeliveryState.SENDING,
        attempts=attempts,
        created_at=NOW,
        due_at=NOW,
        claimed_at=NOW,
    )
