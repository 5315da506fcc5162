"""Collecting against `reader`, in CPU seconds: `python -m tests.benchmarks.collect_speed [FEEDS]`.

Both poll the same feeds of 50 entries from one server process into SQLite, each in a process of its own, feed text
only: once when all is new, once when the server answers 304, once when it sends the same bodies again.  What either
stored is then held against the other, field by field.  What a process loads once (modules, the gate's words) is loaded
before, on both sides.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks.feed_server import serve_feeds

if TYPE_CHECKING:
    from reader import Entry

_FIELDS = ("id", "link", "title", "author", "published", "updated", "summary", "content")
# reader 3.26 brings a copy of feedparser that needs sgmllib, which feedparser itself no longer installs; this is
# reader's own switch to the installed one, the same that the tracker judges by.
_ENVIRONMENT = os.environ | {"READER_NO_VENDORED_FEEDPARSER": "1"}
# The two take turns, because a machine is not equally busy all the time.
_ROUNDS = 3
_TIMES = {"all new": "cold", "answered by 304": "known", "same bodies again": "bare"}


Fields = tuple[object, ...]
Entries = dict[tuple[str, str], Fields]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """CPU seconds by what the server answered, and the entries as (feed, id) → fields."""

    seconds: dict[str, float]
    entries: Entries


def main(feeds: int) -> int:
    """Measure and print; return how many entries differ."""
    runs: dict[str, list[Result]] = {name: [] for name in _RUNS}
    with serve_feeds(feeds) as server:
        for _ in range(_ROUNDS):
            for name, done in runs.items():
                with tempfile.TemporaryDirectory() as folder:
                    done.append(_measure(name, server, feeds, Path(folder)))
    theirs, ours = _best(runs["reader"]), _best(runs["tracker"])
    print(f"{feeds} feeds, CPU seconds   {'reader':>10} {'tracker':>10} {'ratio':>8}")
    for told, key in _TIMES.items():
        a, b = theirs.seconds[key], ours.seconds[key]
        print(f"{told:<24} {a:>12.2f} {b:>10.2f} {a / b:>7.1f}×")
    return _compare(theirs, ours)


def _best(runs: list[Result]) -> Result:
    """Take the least of each figure: whatever else runs on a machine only ever adds to it."""
    seconds = {key: min(run.seconds[key] for run in runs) for key in _TIMES.values()}
    return Result(seconds=seconds, entries=runs[-1].entries)


def _measure(name: str, server: str, feeds: int, folder: Path) -> Result:
    seconds: dict[str, float] = {}
    for way in ("known", "bare"):
        command = [sys.executable, "-m", "tests.benchmarks.collect_speed", name, server, way, str(feeds), str(folder)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=_ENVIRONMENT)
        cold, warm = json.loads(done.stdout)
        seconds |= {way: warm} | ({"cold": cold} if way == "known" else {})
    return Result(seconds=seconds, entries=_READS[name](folder / f"{name}-known.db"))


def _compare(theirs: Result, ours: Result) -> int:
    differing = Counter[str]()
    for key in theirs.entries.keys() | ours.entries.keys():
        if key not in theirs.entries or key not in ours.entries:
            differing["missing"] += 1
            continue
        for field, a, b in zip(_FIELDS, theirs.entries[key], ours.entries[key], strict=True):
            if a != b:
                differing[field] += 1
                if differing[field] == 1:
                    print(f"  {key} {field}:\n    reader  {a!r:.300}\n    tracker {b!r:.300}")
    print(f"{len(ours.entries)} entries held against reader's {len(theirs.entries)}: ", end="")
    print("every field equal" if not differing else f"differing {dict(differing)}")
    return differing.total()


# ---------------------------------------------------------------- in a process of its own


@contextmanager
def _measured(seconds: list[float]) -> Iterator[None]:
    """Add the CPU seconds, user and system, that this process and those that it starts spend in the block."""
    before = _cpu()
    yield
    seconds.append(_cpu() - before)


def _cpu() -> float:
    own = psutil.Process()
    return sum(sum(one.cpu_times()[:4]) for one in (own, *own.children(recursive=True)))


def _run_reader(urls: list[str], path: Path) -> list[float]:
    from reader import make_reader  # noqa: PLC0415 (each process loads one of the two)

    seconds: list[float] = []
    reader = make_reader(str(path))
    for url in urls:
        reader.add_feed(url)
    for _ in range(2):
        with _measured(seconds):
            for result in reader.update_feeds_iter(scheduled=False, workers=10):
                assert not isinstance(result.value, Exception), result
    reader.close()
    return seconds


def _run_tracker(urls: list[str], path: Path) -> list[float]:
    import structlog  # noqa: PLC0415 (each process loads one of the two)

    from tracker.config import load_settings  # noqa: PLC0415 (likewise)
    from tracker.pipeline.gate import passes_gate  # noqa: PLC0415 (likewise)
    from tracker.pipeline.job import Job  # noqa: PLC0415 (likewise)
    from tracker.pipeline.polling import poll_due  # noqa: PLC0415 (likewise)
    from tracker.store import Store  # noqa: PLC0415 (likewise)
    from tracker.types import Entry, Source  # noqa: PLC0415 (likewise)

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    config = path.with_suffix(".toml")
    config.write_text('[collect]\nallow_private_hosts = ["127.0.0.1"]\nhost_concurrency = 64\nhost_spacing = "0s"\n')
    now = datetime(2026, 6, 16, tzinfo=UTC)
    store = Store.open(f"sqlite:///{path}")
    store.sources.sync([Source(name=url, kind="feed", url=url, family=url) for url in urls])
    passes_gate(Entry(key="gate", address="gate", title="Loaded"))
    seconds: list[float] = []
    for cycle in range(2):
        at = now + timedelta(days=cycle)
        job = Job(
            store=store,
            settings=load_settings(config),
            clock=lambda at=at: at,  # type: ignore[misc]  # mypy knows no lambda with a default
            track=_untracked,
            console=print,
        )
        with _measured(seconds):
            counts = poll_due(job)
        assert (counts["sources"], counts["failed"]) == (len(urls), 0), counts
    store.close()
    return seconds


@contextmanager
def _untracked(_stage: str, _total: int) -> Iterator[Callable[[], None]]:
    yield lambda: None


# ---------------------------------------------------------------- what was stored


def _read_reader(path: Path) -> Entries:
    from reader import make_reader  # noqa: PLC0415 (not in the processes that are measured)

    reader = make_reader(str(path))
    found: Entries = {}
    for entry in reader.get_entries():
        content = max((one.value for one in entry.content), key=len, default="")
        said = (entry.title or "", _authors(entry), entry.published, entry.updated, entry.summary or "", content)
        found[entry.feed_url, entry.id] = (entry.id, entry.link, *said)
    reader.close()
    return found


def _authors(entry: "Entry") -> str | None:
    """Write authors as feeds do, "name (address)"; reader keeps the two apart."""
    parts = ([part for part in (one.name, one.email) if part] for one in entry.authors)
    return ", ".join(f"{part[0]} ({part[1]})" if len(part) > 1 else part[0] for part in parts if part) or None


def _read_tracker(path: Path) -> Entries:
    rows = sqlite3.connect(path).execute(
        "SELECT s.url, a.key, a.address, a.title, a.author, a.published_at, a.updated_at, b.summary, b.content "
        "FROM articles a JOIN sources s ON s.id = a.source_id JOIN bodies b ON b.article_id = a.id"
    )
    return {
        (url, key): (key, address, title, author, _time(published), _time(updated), summary, content)
        for url, key, address, title, author, published, updated, summary, content in rows
    }


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if stored else None


_RUNS = {"reader": _run_reader, "tracker": _run_tracker}
_READS = {"reader": _read_reader, "tracker": _read_tracker}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        name, server, way, feeds, folder = sys.argv[1:]
        urls = [f"{server}/{way}/{number}" for number in range(int(feeds))]
        # What a process does once (imports, patterns) is no part of a cycle.
        _RUNS[name](urls[:20], Path(folder) / f"{name}-{way}-before.db")
        print(json.dumps(_RUNS[name](urls, Path(folder) / f"{name}-{way}.db")))
    else:
        sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)))
