"""The figures of `tracker evaluate` as Markdown, for a page of documentation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tracker import words

_WEAK = 0.9


def as_markdown(summary: Mapping[str, Any]) -> str:
    """Return what is measured by measure, event type and language, and what is weak.

    It is the same on every machine: speed is left out.
    """
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: Mapping[str, Any]) -> Iterator[str]:
    yield f"{words.count(summary['documents'], 'document')}, {summary['relevant']} of them relevant."
    yield from ("", "## By measure", "")
    measured = {name: figures for name, figures in summary["measures"].items() if figures["documents"]}
    headings = ("measure", "precision", "recall", "F1 or accuracy", "95 % interval", "documents")
    yield from _table(headings, (_measure(name, figures) for name, figures in measured.items()))
    yield from ("", "## By event type", "")
    types = ((_plain(name), *_prf(figures), figures["true"]) for name, figures in summary["types"].items())
    yield from _table(("type", "precision", "recall", "F1", "in gold"), types)
    yield from ("", "## By language", "", "F1, or accuracy for the main type and its date.", "")
    languages = summary["languages"]
    yield from _table(("measure", *languages), _by_language(measured, languages))
    yield from ("", "## Weakest", "", f"Every figure under {_WEAK:.2f}, the lowest first.", "")
    yield from _weak(summary) or ["- none"]


def _weak(summary: Mapping[str, Any]) -> list[str]:
    """List the low figures, those of the whole before those of an event type and of a language."""
    whole = [
        (figures.get("accuracy", figures["f1"]), _plain(name), f"{figures['low']:.2f} to {figures['high']:.2f}")
        for name, figures in summary["measures"].items()
        if figures["documents"]
    ]
    types = [
        (figures["f1"], f"event type {_plain(name)}", f"{figures['true']} in gold")
        for name, figures in summary["types"].items()
    ]
    by_language = [
        (inside[name], f"{_plain(name)} in {code}", words.count(inside["documents"], "document"))
        for code, inside in summary["languages"].items()
        for name in summary["measures"]
        if inside[name] is not None
    ]
    return [
        f"- {name}: {figure:.2f} ({note})"
        for group in (whole, types, by_language)
        for figure, name, note in sorted(group)
        if round(figure, 2) < _WEAK
    ]


def _measure(name: str, figures: Mapping[str, Any]) -> tuple[Any, ...]:
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
