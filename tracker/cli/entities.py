"""Commands for entities: which the news names, which are new, and what people teach of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from tracker import words
from tracker.cli.output import Format, FormatOption, console, printable, show_list
from tracker.cli.session import author_of, open_store
from tracker.errors import InputError
from tracker.telling.text import around
from tracker.types import EntityKind, Weights

if TYPE_CHECKING:
    from tracker.knowledge.edits import Author, EntityEdit
    from tracker.pipeline.teaching import Taught
    from tracker.store import Store
    from tracker.store.entities import Unseen

entities = typer.Typer()

KindOption = Annotated[EntityKind | None, typer.Option("--kind", help="Only companies, models, …")]
NameOption = Annotated[str | None, typer.Option("--name", help="Part of the name.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so.  [default: who is logged in]")]
WhyOption = Annotated[str | None, typer.Option("--why", help="Why; kept with it.")]
ReviewOption = Annotated[bool, typer.Option("--review", help="Say of each new name what it is.")]
_PASSAGE = 110
NO_CANDIDATES = "No candidates: every name that was found is known or was judged."


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.add_typer(entities, name="entities")


@entities.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    kind: KindOption = None,
    name: NameOption = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
    is_review: ReviewOption = False,
    by: ByOption = None,
) -> None:
    """List the companies, models, chips, agencies and countries that articles name, most named first.

    The commands below say what is new, and teach the program what people know of it.  --review asks of each new name
    what it is, the surest first; without a terminal it reads the answers line by line.
    """
    if context.invoked_subcommand is None and is_review:
        review_candidates(kind, name, limit, author_of(by))
    elif context.invoked_subcommand is None:
        list_entities(kind, name, limit, form)
    elif (kind, name, limit, form, is_review, by) != (None, None, 50, Format.TABLE, False, None):
        raise InputError(f"options belong behind the command: tracker entities {context.invoked_subcommand} …")


@entities.command("list")
def list_entities(
    kind: KindOption = None, name: NameOption = None, limit: LimitOption = 50, form: FormatOption = Format.TABLE
) -> None:
    """List the entities that articles name, most named first; the same as `tracker entities` alone."""
    with open_store() as store:
        found = store.queries.entities(kind=kind, name=name, limit=limit)
    rows = [{**row._mapping, "known": "" if row.known else "new"} for row in found]
    columns = {"kind": "KIND", "name": "NAME", "articles": "ARTICLES", "known": "", "entity_id": "ID"}
    show_list(rows, columns, form, empty="No entities yet: they come with the first articles.")


@entities.command()
def candidates(
    kind: KindOption = None,
    least: Annotated[int, typer.Option("--min-articles", min=1, help="Only what so many articles name.")] = 1,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List names that were found by form and context and that nobody has judged yet, the surest first.

    The score is the best confidence of a mention; each further independent publisher halves what is left to doubt.
    """
    from tracker.pipeline.teaching import ranked

    with open_store() as store:
        found = ranked(store.entities.unseen(kind=kind, least_articles=least))[:limit]
        rows = [_candidate(store, score, unseen) for score, unseen in found]
    if form is Format.TABLE and rows:
        for row in rows:
            show_candidate(row)
        return
    columns = dict.fromkeys(("score", "kind", "name"), "")
    show_list(rows, columns, form, empty=NO_CANDIDATES)


def review_candidates(kind: EntityKind | None, name: str | None, limit: int, by: "Author") -> None:
    """Ask a person what each candidate is, of those whose name holds `name`."""
    from tracker.cli.entity_review import review
    from tracker.pipeline.teaching import ranked

    wanted = (name or "").casefold()
    with open_store() as store:
        found = [
            (score, one) for score, one in ranked(store.entities.unseen(kind=kind)) if wanted in one.name.casefold()
        ]
        if found:
            review(store, found[:limit], by)
        else:
            console.print(NO_CANDIDATES)


@entities.command()
def add(
    kind: Annotated[EntityKind, typer.Argument(help="company, model, chip or agency.")],
    name: Annotated[str, typer.Argument(help="Its usual name in English.")],
    alias: Annotated[list[str] | None, typer.Option(help="Another name, in any language; may be repeated.")] = None,
    country: Annotated[str | None, typer.Option(help="Its home: KR, China, EU.")] = None,
    developer: Annotated[str | None, typer.Option(help="Who makes it: a company's name or id.")] = None,
    weights: Annotated[Weights | None, typer.Option(help="Whether a model's weights are open.")] = None,
    family: Annotated[str | None, typer.Option(help="The family that a model belongs to.")] = None,
    by: ByOption = None,
    why: WhyOption = None,
) -> None:
    """Add an entity to the knowledge base; articles that named it before are linked, the next ones will be."""
    from tracker.knowledge.teaching import Addition
    from tracker.pipeline import teaching

    said = Addition(
        kind=kind,
        name=name,
        aliases=alias or (),
        country=country,
        developer=developer,
        family=family,
        weights=weights or Weights.UNKNOWN,
    )
    with _teaching(by, why) as (store, author):
        taught = teaching.add(store.entities, said, author)
    _say(f"Added {taught.edit.name} as {taught.edit.entity_id}", taught)


@entities.command()
def alias(
    entity: Annotated[str, typer.Argument(metavar="ID-OR-NAME", help="A known entity.")],
    aliases: Annotated[list[str], typer.Argument(metavar="ALIAS…", help="Other names of it, in any language.")],
    by: ByOption = None,
    why: WhyOption = None,
) -> None:
    """Give a known entity more names."""
    from tracker.pipeline import teaching

    with _teaching(by, why) as (store, author):
        taught = teaching.give_aliases(store.entities, entity, aliases, author)
    _say(f"{taught.edit.name} ({taught.edit.entity_id}) also goes by {' and '.join(taught.edit.aliases)}", taught)


@entities.command()
def merge(
    gone: Annotated[str, typer.Argument(metavar="FROM", help="A candidate or a known entity, by id or name.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The known entity that it is, by id or name.")],
    by: ByOption = None,
    why: WhyOption = None,
) -> None:
    """Make two entities one: all names of the first become names of the second."""
    from tracker.pipeline import teaching

    with _teaching(by, why) as (store, author):
        taught = teaching.merge(store.entities, gone, into, author)
    _say(f"{taught.edit.name} ({taught.edit.entity_id}) is {taught.edit.into} now", taught)


@entities.command()
def reject(
    name: Annotated[str, typer.Argument(help="A candidate, or an entity that was added here, by name or id.")],
    by: ByOption = None,
    why: WhyOption = None,
) -> None:
    """Say that a name is no entity; it is found no more.  What earlier articles were read to say stays."""
    from tracker.pipeline import teaching

    with _teaching(by, why) as (store, author):
        taught = teaching.reject(store.entities, name, author)
    _say(f"{taught.edit.name} ({taught.edit.entity_id}) is no entity", None)


@entities.command()
def history(form: FormatOption = Format.TABLE) -> None:
    """List what people taught, by whom, when and why, the latest last."""
    with open_store() as store:
        edits = store.entities.edits()
    rows = [_taught(edit) for edit in edits]
    if form is Format.TABLE:
        rows = [row | {"at": row["at"][:10]} for row in rows]
    columns = {"at": "DAY", "by": "BY", "action": "DID", "said": "WHAT"}
    show_list(rows, columns, form, empty="Nobody has taught anything yet: see tracker entities candidates.")


@contextmanager
def _teaching(by: str | None, why: str | None) -> "Iterator[tuple[Store, Author]]":
    author = author_of(by, why)
    with open_store() as store:
        yield store, author


def show_candidate(row: dict[str, Any]) -> None:
    """Print a candidate on a line, and below it what speaks for it."""
    console.print(Text(printable(f"{row['score']:.2f}  {row['kind']:<8} {row['name']}"), style="bold"))
    voices = f"{words.count(row['articles'], 'article')}, {words.count(row['publishers'], 'publisher')}"
    for line in (f"{voices}, since {row['first_seen'][:10]}", f"{row['article']}  “{row['quote']}”"):
        console.print(Padding(Text(printable(line)), (0, 0, 0, 6)))


def _candidate(store: "Store", score: float, unseen: "Unseen") -> dict[str, Any]:
    (first,) = store.entities.seen(unseen.entity_id, limit=1)
    return {
        "score": round(score, 3),
        "kind": unseen.kind.value,
        "name": unseen.name,
        "articles": unseen.articles,
        "publishers": unseen.publishers,
        "confidence": unseen.confidence,
        "first_seen": unseen.first_seen_at.isoformat(),
        "quote": around(first.said, first.quote.start, first.quote.end, _PASSAGE),
        "article": f"A{first.article_id}",
        "entity_id": unseen.entity_id,
    }


def _taught(edit: "EntityEdit") -> dict[str, Any]:
    into = f" into {edit.into}" if edit.into else ""
    also = f", also {', '.join(edit.aliases)}" if edit.aliases else ""
    why = f" ({edit.author.why})" if edit.author.why else ""
    return {
        "at": edit.author.at.isoformat(),
        "by": edit.author.by,
        "action": edit.action.value,
        "entity_id": edit.entity_id,
        "name": edit.name,
        "into": edit.into,
        "aliases": "; ".join(edit.aliases),
        "why": edit.author.why,
        "said": f"{edit.name}, {edit.entity_id}{into}{also}{why}",
    }


def _say(what: str, taught: "Taught | None") -> None:
    linked = f"; {words.count(taught.articles, 'article')} linked" if taught and taught.articles else ""
    console.print(printable(f"{what}{linked}."), markup=False, soft_wrap=True)
