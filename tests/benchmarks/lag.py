"""How late sources are polled, one in ten of them slow or failing: `python -m tests.benchmarks.lag [SOURCES] [SECONDS]`.

A server in a process of its own answers for as many hosts (127.0.0.0/8) as there are sources.  One in twenty answers
after eight seconds, past the limit of five; one in twenty fails.  The real background poller runs over SQLite for some
minutes of real time.  The lag is from when a source was due to when its server saw the request; every source is due
each minute, so its jitter is six seconds.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import structlog

from tracker import times
from tracker.config import File, Settings, load_settings
from tracker.pipeline.job import Advance, Job
from tracker.pipeline.polling import background_polling
from tracker.store import Store
from tracker.store.sources import Look
from tracker.types import Source

EVERY = timedelta(seconds=60)
# schedule.py spreads polls by up to a tenth of the pause.
JITTER_SECONDS = EVERY.total_seconds() / 10
SLOW_SECONDS = 8.0
KINDS = {0: "slow", 1: "failing"}


def kind_of(number: int) -> str:
    return KINDS.get(number % 20, "well")


def main(sources: int, seconds: float) -> None:
    due_at: dict[str, list[float]] = defaultdict(list)
    with serve_slowly() as (port, read_seen), tempfile.TemporaryDirectory() as folder:
        job = make_job(sources, port, Path(folder))
        started_at = time.time()
        with noting(job, due_at), background_polling(job, lambda: None):
            time.sleep(seconds)
        seen = read_seen()
        job.store.close()
    lags: dict[str, list[float]] = defaultdict(list)
    for number in range(sources):
        arrivals = seen.get(address(number, port), [])
        lags["first look, well"] += [arrivals[0] - started_at] if arrivals and kind_of(number) == "well" else []
        dues = due_at[f"source {number}"]
        lags[kind_of(number)] += [came - due for due, came in zip(dues, arrivals[1:], strict=False)]
    print(f"{sources} sources, {seconds:.0f} s; seconds late         polls     p50     p95     p99     max")
    for kind in ("first look, well", "well", "slow", "failing"):
        print_lags(kind, lags[kind])
    late = sum(lag > JITTER_SECONDS for lag in lags["well"])
    print(f"polls of well sources later than their jitter ({JITTER_SECONDS:.0f} s): {late} of {len(lags['well'])}")


def print_lags(kind: str, lags: list[float]) -> None:
    cuts = quantiles(lags, n=100)
    print(f"{kind:<40} {len(lags):>6} {cuts[49]:>7.2f} {cuts[94]:>7.2f} {cuts[98]:>7.2f} {max(lags):>7.2f}")


def address(number: int, port: int) -> str:
    return f"127.{1 + number // 60_000}.{number // 250 % 250}.{1 + number % 250}:{port}"


def make_job(sources: int, port: int, folder: Path) -> Job:
    hosts = [address(number, port) for number in range(sources)]
    limits = {"allow_private_hosts": hosts, "timeout": "5s", "retry_first": "60s", "retry_limit": "60s"}
    store = Store.open(f"sqlite:///{folder}/lag.db")
    store.sources.sync(
        [
            Source(
                name=f"source {number}", kind="feed", url=f"http://{host}/{kind_of(number)}", family="x", every=EVERY
            )
            for number, host in enumerate(hosts)
        ]
    )
    file = File.model_validate({"collect": limits | {"every_most": "60s"}})
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    settings = Settings(path=None, file=file, env=load_settings().env)
    return Job(store=store, settings=settings, clock=times.now, track=_untracked, console=print)


@contextmanager
def noting(job: Job, due_at: dict[str, list[float]]) -> Iterator[None]:
    """Note for each source when it is due next, as it is kept; job.store.sources is frozen, so its class is wrapped."""
    kind = type(job.store.sources)
    save = kind.save_looks
    names = {health.id: health.source.name for health in job.store.sources.health()}

    def save_and_note(self: object, kept: list[Look]) -> int:
        for one in kept:
            assert one.state.next_due_at
            due_at[names[one.source_id]].append(one.state.next_due_at.timestamp())
        return save(self, kept)  # type: ignore[arg-type]  # self is of that class

    kind.save_looks = save_and_note  # type: ignore[method-assign,assignment]  # put back below
    try:
        yield
    finally:
        kind.save_looks = save  # type: ignore[method-assign]  # as it was


@contextmanager
def _untracked(_stage: str, _total: int) -> Iterator[Advance]:
    yield lambda: None


# ---------------------------------------------------------------- the server, in a process of its own


@contextmanager
def serve_slowly() -> Iterator[tuple[int, Callable[[], dict[str, list[float]]]]]:
    """Run the server until the block ends; yield its port, and what reads (once) who asked when."""
    command = [sys.executable, "-m", "tests.benchmarks.lag", "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        port = int(server.stdout.readline())

        def read_seen() -> dict[str, list[float]]:
            out, _ = server.communicate("stop\n")
            seen: dict[str, list[float]] = defaultdict(list)
            for line in out.splitlines():
                host, came = line.split()
                seen[host].append(float(came))
            return seen

        try:
            yield port, read_seen
        finally:
            server.kill()


async def _serve() -> None:
    seen: list[tuple[str, float]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode("latin-1").splitlines()
            host = next(line[6:] for line in lines if line.lower().startswith("host: "))
            seen.append((host, time.time()))
            kind = lines[0].split(" ")[1].strip("/")
            if kind == "slow":
                await asyncio.sleep(SLOW_SECONDS)
            status = "500 Broken" if kind == "failing" else "304 Not Modified"
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()

    async def patient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()  # the client has gone

    server = await asyncio.start_server(patient, "0.0.0.0", 0, backlog=4000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    sys.stdout.writelines(f"{host} {came:.3f}\n" for host, came in seen)
    sys.stdout.flush()
    os._exit(0)  # whoever still waits for a slow answer is left alone


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(_serve())
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, float(sys.argv[2]) if len(sys.argv) > 2 else 240.0)
