"""Hold our article text against trafilatura's own fast mode, by the public article-extraction-benchmark's evaluation.

    python tests/benchmarks/article_text.py CHECKOUT

CHECKOUT is a copy of that benchmark's repository: ground-truth.json, html/ and evaluate.py, whose `evaluate` does
the scoring.  Prints F1, precision and recall over its pages, and pages per CPU second, side by side in one run.
"""

import gzip
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura

from tracker.read import read
from tracker.read.page import article_text
from tracker.types import Collected, Entry, Page, Source

NOW = datetime(2026, 6, 18, tzinfo=UTC)
SOURCE = Source(name="benchmark", kind="feed", url="https://news.example/feed", family="benchmark")


def ours(body: bytes) -> str:
    return article_text(trafilatura.load_html(body))


def whole_stage(body: bytes) -> str:
    """Do all that the read stage does: title, date, language, canonical address and signature beside the text."""
    address = "https://news.example/article"
    page = Page(url=address, content_type="text/html", body=body)
    entry = Entry(key=address, address=address)
    return read(Collected(id=1, source=SOURCE, entry=entry, page=page, fetched_at=NOW)).text


def fast(body: bytes) -> str:
    return trafilatura.extract(body, fast=True) or ""


def load_evaluate(checkout: Path) -> Callable[..., Mapping[str, Any]]:
    """Load the benchmark's own `evaluate(ground_truth, prediction, n_bootstrap)`."""
    spec = importlib.util.spec_from_file_location("evaluate", checkout / "evaluate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., Mapping[str, Any]] = module.evaluate
    return found


def main(checkout: Path) -> None:
    evaluate = load_evaluate(checkout)
    truth = json.loads((checkout / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {key: gzip.decompress((checkout / "html" / f"{key}.html.gz").read_bytes()) for key in truth}
    print(f"{len(pages)} pages {'F1':>15} {'P':>6} {'R':>6}  pages per CPU second")
    seconds = {name: float("inf") for name in EXTRACTORS}
    found: dict[str, dict[str, dict[str, str]]] = {}
    for _ in range(_ROUNDS):
        for name, extract in EXTRACTORS.items():
            start = time.process_time()
            found[name] = {key: {"articleBody": extract(body)} for key, body in pages.items()}
            seconds[name] = min(seconds[name], time.process_time() - start)
    for name, texts in found.items():
        figures = evaluate(truth, texts, 2)
        shares = "  ".join(f"{figures[key]:.3f}" for key in ("f1", "precision", "recall"))
        print(f"{name:<21} {shares}  {len(pages) / seconds[name]:.0f}")
    print(f"speed, tracker's text to trafilatura's: {seconds['trafilatura fast'] / seconds['tracker']:.2f}")


EXTRACTORS = {"trafilatura fast": fast, "tracker": ours, "tracker, all of read": whole_stage}
# The best of several, taken in turns: other work on the machine slows one as it slows another.
_ROUNDS = 3


if __name__ == "__main__":
    main(Path(sys.argv[1]))
