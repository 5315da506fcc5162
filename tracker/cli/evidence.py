"""A report as the terminal shows it: each field with the quote that it rests on."""

from collections.abc import Sequence

from rich.padding import Padding
from rich.text import Text

from tracker import words
from tracker.cli.output import console, printable
from tracker.types import Mention, Quote, Report, Review


def show_fields(report: Report) -> None:
    """Print the fields of a report, a line each."""
    _field("type", report.type.value.replace("_", " "), report.cue)
    for label, mentions in (("by", report.actors), ("against", report.targets), ("also", report.named)):
        for mention in _once(mentions):
            _field(label, mention.name, mention.quote)
    for said in report.dates:
        _field(said.role.value, str(said.date), said.quote)
    if report.user_class:
        _field("affects", words.label(report.user_class.value), report.user_class.quote)
    for instrument in report.instruments:
        _field("under", words.instrument(instrument), instrument.quote)
    for quantity in report.quantities:
        _field("figure", words.quantity(quantity), quantity.quote)
    for dispute in report.disputes:
        _field("disputed", words.dispute(dispute), dispute.quote)


def show_review(review: Review) -> None:
    """Print what a person said of a report, and of what."""
    why = f" ({review.why})" if review.why else ""
    indent(f"{'reviewed':<9} {words.verdict(review.verdict)}{why}, says {review.by}, {review.at:%Y-%m-%d}", 4)
    read, verdict = review.report, review.verdict
    if verdict.type or verdict.modality:
        indent(f"{'read as':<9} {read.type.value.replace('_', ' ')} ({read.modality})", 4)


def indent(line: str, by: int) -> None:
    """Print an outside text, all its lines `by` columns in."""
    console.print(Padding(Text(printable(line)), (0, 0, 0, by)))


def _once(mentions: Sequence[Mention]) -> list[Mention]:
    return list({mention.entity_id: mention for mention in reversed(mentions)}.values())[::-1]


def _field(label: str, value: str, quote: Quote) -> None:
    indent(f"{label:<9} {value}  “{quote.text}”", 4)
