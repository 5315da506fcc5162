"""`tracker entities --review`: a walk through the names that nobody has judged yet."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from tracker import times, words
from tracker.cli.answers import ask_each
from tracker.cli.output import console, printable
from tracker.errors import InputError
from tracker.telling.text import around, unwrap
from tracker.telling.typed import Answer
from tracker.types import EntityKind, Weights

if TYPE_CHECKING:
    from tracker.knowledge.edits import Author
    from tracker.knowledge.teaching import Addition
    from tracker.pipeline.teaching import Taught
    from tracker.store import Store
    from tracker.store.entities import Unseen

_GUIDE = """\
company, model, chip, agency  It is one.  What is known of it may follow:
                              model; developer Orinoco Labs; weights open
                              company; country KR; alias 오리노코
yes                           It is what it was taken for; the same may follow.
alias NAME, merge NAME        It is another name of that known entity.
reject                        It is no entity.
skip (or Enter), quit         What was answered is kept.
Why may follow any answer:    reject  # a slogan"""
_FIELDS = "country NAME, developer NAME, family NAME, weights open or closed, alias NAME"
_WEIGHTS = tuple(Weights)
_KINDS = tuple(kind for kind in EntityKind if kind is not EntityKind.COUNTRY)
_PASSAGES = 3
_PASSAGE = 240


def review(store: "Store", found: "list[tuple[float, Unseen]]", by: "Author") -> None:
    """Ask what each candidate is, the surest first; every answer is kept at once."""
    console.print("What is each name?  company, model, chip, agency, yes, alias NAME, merge NAME,")
    console.print("reject, skip, quit; help says more.")

    def settle(unseen: "Unseen", answer: Answer) -> bool:
        return _settle(store, unseen, answer, replace(by, at=times.now(), why=answer.why))

    ask_each(_open(store, found), settle, guide=lambda _: _GUIDE)


def _open(store: "Store", found: "list[tuple[float, Unseen]]") -> Iterator["Unseen"]:
    """Show and yield each candidate that the answers before have not settled."""
    for position, (score, unseen) in enumerate(found, start=1):
        if store.entities.unseen(named=unseen.entity_id):
            _show(store, unseen, f"{position}/{len(found)}  {unseen.name}  {unseen.kind} {score:.2f}")
            yield unseen


def _show(store: "Store", unseen: "Unseen", title: str) -> None:
    console.print()
    console.print(Text(printable(title), style="bold"))
    voices = f"{words.count(unseen.articles, 'article')}, {words.count(unseen.publishers, 'publisher')}"
    _indent(f"{voices}, since {unseen.first_seen_at:%Y-%m-%d}")
    for seen in store.entities.seen(unseen.entity_id, limit=_PASSAGES):
        passage = around(unwrap(seen.said), seen.quote.start, seen.quote.end, _PASSAGE)
        _indent(f"A{seen.article_id} {seen.source}: “{passage}”")


def _indent(line: str) -> None:
    console.print(Padding(Text(printable(line)), (0, 0, 0, 2)))


def _settle(store: "Store", unseen: "Unseen", answer: Answer, author: "Author") -> bool:
    taught = _teach(store, unseen, answer, author)
    if taught.edit.action == "reject":
        done = f"{unseen.name} is no entity."
    else:
        known_as = taught.edit.into or taught.edit.entity_id
        done = f"{unseen.name} is {known_as}; {words.count(taught.articles, 'article')} linked."
    console.print(Text(printable(done)), soft_wrap=True)
    return True


def _teach(store: "Store", unseen: "Unseen", answer: Answer, author: "Author") -> "Taught":
    from tracker.pipeline import teaching

    (word, rest), *fields = answer.parts
    if word in _KINDS and not rest:
        return teaching.accept(store.entities, unseen, _addition(EntityKind(word), unseen.name, fields), author)
    if word == "yes" and not rest:
        return teaching.accept(store.entities, unseen, _addition(unseen.kind, unseen.name, fields), author)
    if fields:
        raise InputError(f"nothing follows {word} after a semicolon; fields follow company, model, chip and agency")
    if word in {"alias", "merge"} and rest:
        return teaching.merge(store.entities, unseen.entity_id, rest, author)
    if word == "reject" and not rest:
        return teaching.reject(store.entities, unseen.entity_id, author)
    raise InputError(
        f"{f'{word} {rest}'.strip()} is no answer here; expected company, model, chip, agency, yes, alias NAME, "
        "merge NAME, reject, skip, quit or help"
    )


def _addition(kind: EntityKind, name: str, fields: Sequence[tuple[str, str]]) -> "Addition":
    from tracker.knowledge.teaching import Addition

    said: dict[str, Any] = {"weights": Weights.UNKNOWN}
    aliases: list[str] = []
    for field, value in fields:
        match field:
            case "alias" if value:
                aliases.append(value)
            case "weights" if value in _WEIGHTS:
                said[field] = Weights(value)
            case "country" | "developer" | "family" if value:
                said[field] = value
            case _:
                raise InputError(f"{f'{field} {value}'.strip()}: expected {_FIELDS}")
    return Addition(kind=kind, name=name, aliases=aliases, **said)
