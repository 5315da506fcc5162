"""Values for tests, each with defaults that hold together."""

from datetime import UTC, date, datetime

from tracker.types import (
    Article,
    DateRole,
    EntityKind,
    Entry,
    EventType,
    Incoming,
    Mention,
    Modality,
    Part,
    Precision,
    Quote,
    ReadText,
    Report,
    ReportDate,
    ResolvedDate,
    Source,
    Tier,
    Understanding,
)

NOW = datetime(2026, 6, 18, 12, tzinfo=UTC)


def make_source(name: str = "press", *, tier: Tier = Tier.PRESS, family: str | None = None) -> Source:
    return Source(name=name, kind="feed", url=f"http://127.0.0.1/{name}", tier=tier, family=family or name)


def make_entry(address: str, *, title: str = "US blocks Fable 5", content: str = "text") -> Entry:
    return Entry(key=address, address=address, title=title, content=content, published_at=NOW)


def make_read(url: str, *, title: str = "US blocks Fable 5", text: str = "The US blocked Fable 5.") -> ReadText:
    return ReadText(
        url=url,
        title=title,
        text=text,
        language="en",
        published_at=NOW,
        content_hash=url,
        signature=url.encode(),
        bands=("band-1", url[:40]),
    )


def make_quote(text: str, *, within: str | None = None) -> Quote:
    start = within.index(text) if within else 0
    return Quote(part=Part.TEXT, start=start, end=start + len(text), text=text)


def make_mention(name: str, kind: EntityKind = EntityKind.MODEL) -> Mention:
    slug = name if kind is EntityKind.COUNTRY else name.lower().replace(" ", "-")
    return Mention(entity_id=f"{kind}/{slug}", kind=kind, name=name, quote=make_quote(name))


def make_date(day: date) -> ReportDate:
    resolved = ResolvedDate(first=day, last=day, precision=Precision.DAY)
    return ReportDate(role=DateRole.ANNOUNCED, date=resolved, quote=make_quote("on Saturday"))


def make_report(
    type_: EventType = EventType.RESTRICTION,
    *,
    modality: Modality = Modality.ACT,
    day: date | None = date(2026, 6, 13),
    targets: tuple[str, ...] = ("Fable 5",),
    sentence: str = "The US blocked Fable 5 on Saturday.",
) -> Report:
    return Report(
        type=type_,
        modality=modality,
        cue=make_quote("blocked"),
        sentence=make_quote(sentence),
        actors=(make_mention("US", EntityKind.COUNTRY),),
        targets=tuple(make_mention(name) for name in targets),
        dates=(make_date(day),) if day else (),
    )


def make_understanding(*reports: Report, relevant: bool = True) -> Understanding:
    mentions = tuple(mention for report in reports for mention in (*report.actors, *report.targets))
    return Understanding(relevant=relevant, relevance=0.9 if relevant else 0.1, mentions=mentions, reports=reports)


def make_article(number: int, *, title: str, text: str, published_at: datetime = NOW) -> Article:
    return Article(
        id=number,
        source=make_source(),
        address=f"http://127.0.0.1/{number}",
        url=f"http://127.0.0.1/{number}",
        title=title,
        text=text,
        language="en",
        published_at=published_at,
        fetched_at=published_at,
    )


def make_incoming(article: Article, *reports: Report) -> Incoming:
    mentions = tuple(mention for report in reports for mention in (*report.actors, *report.targets))
    return Incoming(article=article, mentions=mentions, reports=tuple(enumerate(reports, 100 * article.id)))
