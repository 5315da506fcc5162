"""The figures of `tracker evaluate` as Markdown, for a page of documentation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


def as_markdown(summary: Mapping[str, Any]) -> str:
    """Return three tables (by measure, by event type, by language) and the speed; the worst documents are left out."""
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: Mapping[str, Any]) -> Iterator[str]:
    yield f"{summary['documents']} documents, {summary['relevant']} of them relevant."
    yield from ("", "## By measure", "")
    headings = ("measure", "precision", "recall", "F1 or accuracy", "95 % interval", "documents")
    yield from _table(headings, (_measure(name, figures) for name, figures in summary["measures"].items()))
    yield from ("", "## By event type", "")
    types = ((_plain(name), *_prf(figures), figures["true"]) for name, figures in summary["types"].items())
    yield from _table(("type", "precision", "recall", "F1", "in gold"), types)
    yield from ("", "## By language", "", "F1, or accuracy for the main type and its date.", "")
    languages = summary["languages"]
    yield from _table(("measure", *languages), _by_language(summary["measures"], languages))
    yield from ("", "## Speed", "")
    yield f"{summary['documents_per_cpu_second']:.0f} of these documents a CPU second, loading not counted."


def _measure(name: str, figures: Mapping[str, Any]) -> tuple[Any, ...]:
    if not figures["documents"]:
        return _plain(name), "–", "–", "–", "–", 0
    precision, recall, f1 = _prf(figures)
    known_by = f"{figures['accuracy']:.3f}" if "accuracy" in figures else f1
    bounds = f"{figures['low']:.2f} to {figures['high']:.2f}"
    return _plain(name), precision, recall, known_by, bounds, figures["documents"]


def _prf(figures: Mapping[str, Any]) -> tuple[str, str, str]:
    return f"{figures['precision']:.3f}", f"{figures['recall']:.3f}", f"{figures['f1']:.3f}"


def _by_language(measures: Iterable[str], languages: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    yield "documents", *(inside["documents"] for inside in languages.values())
    for name in measures:
        figures = (inside[name] for inside in languages.values())
        yield _plain(name), *("–" if figure is None else f"{figure:.2f}" for figure in figures)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"
