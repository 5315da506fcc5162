"""Commands that ask the event database."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from tracker import times, words
from tracker.cli.evidence import indent, show_fields, show_review
from tracker.cli.output import Format, FormatOption, console, printable, show_list
from tracker.cli.report_review import review
from tracker.cli.session import author_of, open_store, parse_day, settings
from tracker.errors import InputError
from tracker.telling import affects, corroboration, disagreements, gist, headline, main_event
from tracker.telling.links import link_line, linked
from tracker.telling.text import clean, cut
from tracker.telling.typed import read_id
from tracker.types import Article, EntityKind, Event, EventType, Modality, Regrouping, Story, Witness
from tracker.weighing.corroboration import corroborate_event
from tracker.weighing.exposure import affected
from tracker.weighing.links import Link, story_links
from tracker.weighing.severity import Standpoint, credibility, importance, severity
from tracker.weighing.stage import story_stage

if TYPE_CHECKING:
    from tracker.store import Store

TypeOption = Annotated[list[EventType] | None, typer.Option("--type", help="Event type; may be repeated.")]
ModalityOption = Annotated[list[Modality] | None, typer.Option("--modality", help="Act, proposal, rumour, …")]
CountryOption = Annotated[list[str] | None, typer.Option("--country", help="Country: CN, China, Korea, EU, …")]
CompanyOption = Annotated[list[str] | None, typer.Option("--company", help="Company, by any name it is known by.")]
ModelOption = Annotated[list[str] | None, typer.Option("--model", help="AI model or family.")]
AgencyOption = Annotated[list[str] | None, typer.Option("--agency", help="Agency, ministry or court.")]
SinceOption = Annotated[str | None, typer.Option("--since", help="First day, YYYY-MM-DD.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Last day, YYYY-MM-DD.")]
TextOption = Annotated[str | None, typer.Option("--text", help="Words that the event's articles hold.")]
SeverityOption = Annotated[
    int, typer.Option("--min-severity", min=0, max=100, help="Only what is at least this severe, 0 to 100.")
]
ReviewOption = Annotated[bool, typer.Option("--review", help="Say of each report whether it is right.")]
AgainOption = Annotated[bool, typer.Option("--again", help="With --review: ask of what was reviewed before, too.")]
ByOption = Annotated[str | None, typer.Option("--by", help="With --review: who says so.  [default: the login]")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(events)
    app.command()(stories)
    app.command()(show)


def events(
    types: TypeOption = None,
    modality: ModalityOption = None,
    country: CountryOption = None,
    company: CompanyOption = None,
    model: ModelOption = None,
    agency: AgencyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    text: TextOption = None,
    min_severity: SeverityOption = 0,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
    is_review: ReviewOption = False,
    again: AgainOption = False,
    by: ByOption = None,
) -> None:
    """List policy events, last reported first.

    --review asks of each report of these events whether it is right, and what each article says as a whole; without
    a terminal it reads the answers line by line.
    """
    from tracker.pipeline.severe import severe_events

    if not is_review and (again or by):
        raise InputError("--again and --by go with --review")
    if is_review and form is not Format.TABLE:
        raise InputError("--review asks questions and prints no list: leave out --format")
    with open_store() as store:
        query = _query(store, types, modality, country, company, model, agency, since, until, text, limit)
        seen_from = _seen_from(store)
        found = severe_events(store.queries, query, min_severity, seen_from)
        if is_review:
            review(store, found, author_of(by), again=again)
            return
    columns = {"id": "ID", "date": "DATE", "kind": "TYPE", "reports": "N", "gist": "WHAT"}
    rows = [_event_row(event) | {"severity": words.parts(severity(event, seen_from))} for event in found]
    full = [_plain(event) | _weights(event, seen_from) for event in found]
    show_list(rows, columns, form, empty=_EMPTY, full=full)


def stories(
    types: TypeOption = None,
    modality: ModalityOption = None,
    country: CountryOption = None,
    company: CompanyOption = None,
    model: ModelOption = None,
    agency: AgencyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    text: TextOption = None,
    min_severity: SeverityOption = 0,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List stories, last reported first."""
    from tracker.pipeline.severe import severe_stories

    with open_store() as store:
        query = _query(store, types, modality, country, company, model, agency, since, until, text, limit)
        seen_from = _seen_from(store)
        found = severe_stories(store.queries, query, min_severity, seen_from)
    stages = [_staged(story, seen_from) for story in found]
    columns = {"id": "ID", "last": "LAST", "articles": "ART.", "voices": "VOICES", "stage": "CONTROL", "title": "STORY"}
    rows = [_story_row(story) | {"stage": stage} for story, stage in zip(found, stages, strict=True)]
    full = [_plain(story) | {"stage": stage} for story, stage in zip(found, stages, strict=True)]
    show_list(rows, columns, form, empty=_EMPTY, full=full)


def show(number: Annotated[str, typer.Argument(metavar="ID", help="E12 an event, S3 a story, A7 an article.")]) -> None:
    """Show one event, story or article with all its evidence."""
    kind, digits = read_id(number, "ESA")
    with open_store() as store:
        seen_from = _seen_from(store)
        find: dict[str, Callable[[int], Event | Story | Article | None]] = {
            "E": store.queries.event,
            "S": store.queries.story,
            "A": store.queries.article,
        }
        found = find[kind](digits)
        regroupings = store.regroupings.of_articles(_articles_of(found))
        story = store.queries.story(found.story_id) if isinstance(found, Event) else found
    links = story_links(story.events, seen_from.stack.knowledge) if isinstance(story, Story) else ()
    match found:
        case None:
            raise InputError(f"there is no {number.upper()}: see tracker events and tracker stories")
        case Event():
            _show_event(found, seen_from, links)
            _show_regroupings(one for one in regroupings if one.is_of_reports)
        case Story():
            _show_story(found, seen_from, links)
            _show_regroupings(regroupings)
        case Article():
            _show_article(found)


def _seen_from(store: "Store") -> Standpoint:
    from tracker.pipeline.exposure import standpoint

    return standpoint(store, settings(), now=times.now())


_GIST_LIMIT = 160
_EMPTY = "Nothing matches.  Loosen the filter, or see tracker sources list for what comes in."


def _query(
    store: "Store",
    types: list[EventType] | None,
    modality: list[Modality] | None,
    country: list[str] | None,
    company: list[str] | None,
    model: list[str] | None,
    agency: list[str] | None,
    since: str | None,
    until: str | None,
    text: str | None,
    limit: int,
) -> Any:
    from tracker.pipeline.ask import named_ids
    from tracker.pipeline.knowing import known
    from tracker.store.queries import EventQuery

    kb = known(store.entities)
    return EventQuery(
        types=tuple(types or ()),
        modalities=tuple(modality or ()),
        countries=named_ids(EntityKind.COUNTRY, country or (), kb),
        companies=named_ids(EntityKind.COMPANY, company or (), kb),
        models=named_ids(EntityKind.MODEL, model or (), kb),
        agencies=named_ids(EntityKind.AGENCY, agency or (), kb),
        since=parse_day("--since", since),
        until=parse_day("--until", until),
        text=text,
        limit=limit,
    )


def _plain(value: Event | Story) -> Any:
    from pydantic import TypeAdapter

    plain = TypeAdapter(type(value)).dump_python(value, mode="json")
    return plain | ({"date": str(value.date or "") or None} if isinstance(value, Event) else {})


def _weights(event: Event, seen_from: Standpoint) -> dict[str, Any]:
    """Return the scores of an event with their parts, and the services that it affects, as JSON has them."""
    scores = {
        "severity": severity(event, seen_from),
        "importance": importance(event, seen_from),
        "credibility": credibility(event),
    }
    plain = {
        name: {"value": one.value, "parts": {s.name: s.points for s in one.shares}} for name, one in scores.items()
    }
    return plain | {"affects": [str(one) for one in affected(event, seen_from.stack)]}


def _event_row(event: Event) -> dict[str, Any]:
    modality = "" if event.modality is Modality.ACT else f" ({event.modality})"
    return {
        "id": f"E{event.id}",
        "story": f"S{event.story_id}",
        "date": str(event.date or ""),
        "kind": f"{event.type}{modality}".replace("_", " "),
        "type": event.type.value,
        "modality": event.modality.value,
        "actors": "; ".join(n.name for n in event.entities if n.role == "actor"),
        "targets": "; ".join(n.name for n in event.entities if n.role == "target"),
        "reports": len(event.witnesses),
        "gist": cut(gist(event, None), _GIST_LIMIT),
        "headline": event.headline,
        "url": event.witnesses[0].url if event.witnesses else "",
    }


def _story_row(story: Story) -> dict[str, Any]:
    return {
        "id": f"S{story.id}",
        "last": f"{story.last_reported_at:%Y-%m-%d}",
        "articles": story.corroboration.reports,
        "voices": len(story.corroboration.families),
        "primary": story.corroboration.primaries > 0,
        "events": "; ".join(f"E{event.id}" for event in story.events),
        "title": clean(headline(story, main_event(story))),
    }


def _staged(story: Story, seen_from: Standpoint) -> str:
    stage = story_stage(story.events, seen_from.today, seen_from.stack.knowledge)
    return words.inner_label(stage) if stage else ""


def _show_story(story: Story, seen_from: Standpoint, links: Sequence[Link]) -> None:
    console.print(Text(f"S{story.id}  {printable(_story_row(story)['title'])}", style="bold"))
    console.print(corroboration(story.corroboration))
    if stage := _staged(story, seen_from):
        console.print(f"Control: {stage}")
    for event in story.events:
        console.print()
        _show_event(event, seen_from, links)


def _show_event(event: Event, seen_from: Standpoint, links: Sequence[Link]) -> None:
    row = _event_row(event)
    console.print(Text(f"E{event.id}  {row['kind']}  {row['date'] or 'no date given'}", style="bold"))
    console.print(Padding(Text(printable(event.headline)), (0, 0, 0, 2)))
    indent(corroboration(corroborate_event(event)), 2)
    for name, score in (("Severity", severity(event, seen_from)), ("Importance", importance(event, seen_from)),
                        ("Credibility", credibility(event))):  # fmt: skip
        indent(words.score(name, score), 2)
    for service, how in affects(event, seen_from.stack):
        indent(f"{service}: {how}", 2)
    for field, sides in disagreements(event):
        indent(f"sources disagree: {field.lower()} {sides}", 2)
    for link in linked(event, links):
        indent(link_line(*link), 2)
    for witness in event.witnesses:
        _show_witness(witness)


def _show_witness(witness: Witness) -> None:
    when = witness.published_at
    day = f"{when:%Y-%m-%d}" if when else "undated"
    indent(f"A{witness.article_id}  {witness.source}, {day}{_address(witness.url)}", 2)
    show_fields(witness.report)
    if witness.review:
        show_review(witness.review)


def _articles_of(found: Event | Story | Article | None) -> list[int]:
    events = found.events if isinstance(found, Story) else (found,) if isinstance(found, Event) else ()
    return sorted({witness.article_id for event in events for witness in event.witnesses})


def _show_regroupings(regroupings: Iterable[Regrouping]) -> None:
    """Say what people merged and split."""
    for one in regroupings:
        sides = [
            ", ".join(f"A{number}" for number in dict.fromkeys(place.article_id for place in side))
            for side in (one.left, one.right)
        ]
        what = f" {'with' if one.together else 'from'} ".join(sides)
        verb = ("joined" if one.together else "parted") + (" the reports of" if one.is_of_reports else "")
        indent(f"{one.by} {verb} {what} on {words.day(one.at.date())}" + (f": {one.why}" if one.why else ""), 2)


def _show_article(article: Article) -> None:
    console.print(Text(f"A{article.id}  {printable(article.title)}", style="bold"))
    when = f"{article.published_at:%Y-%m-%d %H:%M} UTC" if article.published_at else "undated"
    indent(f"{article.source.name}, {when}, {article.language}{_address(article.url)}", 2)
    for stated in article.dates:
        indent(f"{stated.role.value} {stated.on} ({stated.quote})", 2)
    if article.copy_of:
        indent(f"a copy of A{article.copy_of}", 2)
    if article.note:
        indent(article.note, 2)
    for dispute in article.disputes:
        indent(f"disputed  {words.dispute(dispute)}  “{dispute.quote.text}”", 2)
    console.print()
    console.print(Text(printable(article.text)))


def _address(url: str) -> str:
    """Return what follows a source's name: where to read on, unless the text has no address of its own."""
    return "" if url.startswith("urn:") else f"  {url}"
