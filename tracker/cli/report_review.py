"""`tracker events --review`: a walk through what articles report, report by report, then each article as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import times, words
from tracker.cli.answers import ask_each
from tracker.cli.evidence import indent, show_fields
from tracker.cli.output import console, printable
from tracker.telling.text import clean, cut
from tracker.telling.typed import Answer
from tracker.types import Article, Event, Labels, Report

if TYPE_CHECKING:
    from tracker.knowledge.edits import Author
    from tracker.store import Store
    from tracker.store.reviews import Reviewed

_OF_REPORT = """\
right                     Everything is as it should be.
no event                  The passage tells of no event at all.
type easing               What was read wrong, and what it should be:
modality proposal         several at once after semicolons.
date 2026-06-13           The day of the event, or none.
actors BIS, country/US    Who acts, by any name or id, or none.
targets none              Who is hit.
read                      Print the article.
skip (or Enter), quit     What was answered is kept.
Why may follow:           type easing; targets Nvidia  # it is a licence"""
_OF_WHOLE = """\
right                     A careful reader finds just this.
companies +AMD, -Huawei   What is missing or too much ...
types listing, adoption   ... or the whole list as it should be, or none.
                          So with models, countries, agencies, actors, targets.
date 2026-06-13           The day of the main event, or none.
relevant no               It is not about the subject.
read                      Print the article.
skip (or Enter), quit     What was answered is kept.
Several at once after semicolons; why may follow after a #."""
_NOTHING = "Nothing is left to review here; --again asks once more."
_NO_EVENTS = "No events match.  Loosen the filter."
_SENTENCE = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked of an article: of the report at `position`, or of it as a whole."""

    reviewed: "Reviewed"
    position: int | None
    labels: Labels | None = None


def review(store: "Store", events: Sequence[Event], by: "Author", *, again: bool) -> None:
    """Ask of each report of these events' articles whether it is right; every answer is kept at once."""

    def settle(question: _Question, answer: Answer) -> bool:
        return _settle(store, question, answer, replace(by, at=times.now(), why=answer.why))

    waiting = [
        article_id for article_id in _articles(events) if again or not store.reviews.of_article(article_id).labels
    ]
    if not waiting:
        console.print(_NOTHING if events else _NO_EVENTS)
        return
    console.print("Is each report right?  right, no event, or what was wrong as it should be:")
    console.print("type, modality, date, actors, targets.  read, skip, quit; help says more.")
    ask_each(_open(store, waiting, again=again), settle, guide=_guide)


def _articles(events: Sequence[Event]) -> list[int]:
    return list(dict.fromkeys(witness.article_id for event in events for witness in event.witnesses))


def _guide(question: _Question) -> str:
    return _OF_WHOLE if question.position is None else _OF_REPORT


def _open(store: "Store", article_ids: Sequence[int], *, again: bool) -> Iterator[_Question]:
    """Show and yield what is not answered yet, an article after the other."""
    from tracker.pipeline.labelling import draft_labels

    for article_id in article_ids:
        reviewed = store.reviews.of_article(article_id)
        _show_article(reviewed)
        for position, report in reviewed.reports.items():
            if again or position not in reviewed.reviews:
                _show_report(report, f"{position + 1} of {len(reviewed.reports)}")
                yield _Question(reviewed=reviewed, position=position)
        reviewed = store.reviews.of_article(article_id)
        if reviewed.is_judged:
            labels = reviewed.labels or draft_labels(reviewed)
            _show_labels(reviewed.article, labels)
            yield _Question(reviewed=reviewed, position=None, labels=labels)


def _settle(store: "Store", question: _Question, answer: Answer, author: "Author") -> bool:
    from tracker.pipeline.knowing import known
    from tracker.pipeline.labelling import read_labels
    from tracker.pipeline.reviewing import judge, label, read_verdict

    reviewed, kb = question.reviewed, known(store.entities)
    if answer.parts == (("read", ""),):
        console.print(Text(printable(f"{reviewed.article.title}\n\n{reviewed.article.text}")))
        return False
    if question.position is not None:
        judge(store.reviews, reviewed, question.position, read_verdict(answer.parts, reviewed, kb), author)
    elif question.labels is not None:
        label(store.reviews, reviewed, read_labels(answer.parts, question.labels, reviewed, kb), author)
    return True


def _show_article(reviewed: "Reviewed") -> None:
    article = reviewed.article
    when = f"{article.published_at:%Y-%m-%d}" if article.published_at else "undated"
    console.print()
    console.print(Text(printable(f"A{article.id}  {article.title}"), style="bold"))
    indent(f"{article.source.name}, {when}, {words.count(len(reviewed.reports), 'report')}", 2)


def _show_report(report: Report, place: str) -> None:
    console.print()
    modality = f"{report.modality}" if report.modality.makes_event else f"{report.modality}: makes no event"
    console.print(Text(f"{place}  {report.type.value.replace('_', ' ')} ({modality})", style="bold"))
    indent(f"“{cut(clean(report.sentence.text), _SENTENCE)}”", 2)
    show_fields(report)


def _show_labels(article: Article, labels: Labels) -> None:
    console.print()
    console.print(Text(f"A{article.id} as a whole", style="bold"))
    rows = {
        "types": [one.replace("_", " ") for one in labels.event_types],
        "date": [labels.main_event_date] if labels.main_event_date else [],
        "actors": labels.actors,
        "targets": labels.targets,
        "models": labels.models,
        "companies": labels.companies,
        "countries": labels.countries,
        "agencies": labels.agencies,
    }
    for field, names in rows.items():
        indent(f"{field:<10} {', '.join(names) or 'none'}", 2)
