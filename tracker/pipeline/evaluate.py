"""`tracker evaluate`: how well documents that people have labelled are read, and how fast."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tracker.collect.entry import make_entry
from tracker.collect.file import parse_time
from tracker.errors import InputError
from tracker.pipeline.analyze import analyze
from tracker.pipeline.job import Track
from tracker.types import Entry
from tracker.understand import load_understander, scoring
from tracker.understand.scoring import Gold, Scored, Tally

_GOLD = TypeAdapter(Gold)
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Scored documents, and what reading them took; loading is not counted."""

    scored: tuple[Scored, ...]
    size_bytes: int
    cpu_seconds: float


def evaluate(paths: Sequence[Path], *, now: datetime, track: Track) -> tuple[Evaluation, list[str]]:
    """Analyze the gold documents and score them; return also, in words, each line that could not be used."""
    golds, documents, problems = _read(paths)
    _warm_up(now)
    start = time.process_time()
    found = {result["id"]: result for result in analyze(documents, now=now, track=track)}
    cpu_seconds = time.process_time() - start
    size = sum(len(f"{document.title}\n{document.content}".encode()) for document in documents)
    scored = tuple(scoring.score(golds, found))
    return Evaluation(scored=scored, size_bytes=size, cpu_seconds=cpu_seconds), problems


def summarize(evaluation: Evaluation, *, errors: int) -> dict[str, Any]:
    """Return everything that is measured, ready for JSON, with the `errors` documents that most is wrong with."""
    rows, seconds = evaluation.scored, max(evaluation.cpu_seconds, 1e-9)
    return {
        "documents": len(rows),
        "relevant": sum(row.gold.relevant for row in rows),
        "cpu_seconds": round(evaluation.cpu_seconds, 3),
        "documents_per_cpu_second": round(len(rows) / seconds, 1),
        "megabytes_per_cpu_second": round(evaluation.size_bytes / _MEGABYTE / seconds, 3),
        "measures": _measures(rows),
        "types": {name: _figures(tally) for name, tally in scoring.total_by_type(rows).items()},
        "languages": _languages(rows),
        "worst": [
            {"id": row.gold.id, "title": row.gold.title, "errors": list(row.errors)} for row in _worst(rows)[:errors]
        ],
    }


def _warm_up(now: datetime) -> None:
    """Load everything: spaCy waits for the first text that may matter."""
    said = "The Commerce Department told the chip maker Acme Semiconductor to stop exports of AI chips to China."
    load_understander().understand(title=said, text=said, language="en", published_at=now)


def _read(paths: Sequence[Path]) -> tuple[list[Gold], list[Entry], list[str]]:
    golds: dict[str, Gold] = {}
    documents: list[Entry] = []
    problems: list[str] = []
    for place, line in _lines(paths):
        try:
            gold = _GOLD.validate_json(line)
            if gold.id in golds:
                raise InputError(f"id {gold.id!r} stands twice")
            documents.append(_as_entry(gold))
            golds[gold.id] = gold
        except InputError as error:
            problems.append(f"{place}: {error}")
        except ValidationError as error:
            first = error.errors()[0]
            problems.append(f"{place}: {'.'.join(map(str, first['loc']))}: {first['msg']}".replace(": :", ":"))
    if not golds:
        raise InputError("\n       ".join(problems) or f"{', '.join(map(str, paths))}: no documents")
    return list(golds.values()), documents, problems


def _lines(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for path in chain.from_iterable(_files(path) for path in paths):
        try:
            with path.open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        yield f"{path}:{number}", line
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _files(path: Path) -> Sequence[Path]:
    """Return the files of labelled documents in a folder; anything else is one itself."""
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise InputError(f"{path}: has no .jsonl file")
    return files


def _as_entry(gold: Gold) -> Entry:
    return make_entry(
        key=gold.id,
        address=gold.url or "",
        title=gold.title.strip(),
        content=gold.text.strip(),
        language=gold.lang,
        published_at=parse_time(gold.published or ""),
    )


def _measures(rows: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    measured = {}
    for name, tally in scoring.total(rows).items():
        low, high = scoring.interval(rows, name) or (0.0, 0.0)
        taking_part = sum(name in row.tallies for row in rows)
        accuracy = {"accuracy": round(tally.recall, 4)} if name in scoring.ACCURACIES else {}
        bounds = {"low": round(low, 4), "high": round(high, 4), "documents": taking_part}
        measured[name] = _figures(tally) | accuracy | bounds
    return measured


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
        "true": round(tally.true),
    }


def _languages(rows: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    languages = sorted({row.gold.lang or "und" for row in rows})
    grouped = {language: [row for row in rows if (row.gold.lang or "und") == language] for language in languages}
    return {
        language: {"documents": len(inside)}
        | {
            name: round(tally.figure(name), 4) if tally.true or tally.said else None
            for name, tally in scoring.total(inside).items()
        }
        for language, inside in grouped.items()
    }


def _worst(rows: Sequence[Scored]) -> list[Scored]:
    wrong = [row for row in rows if row.errors]
    return sorted(wrong, key=lambda row: (-len(row.errors), row.gold.id))
