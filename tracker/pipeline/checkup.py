"""Look at sources now, to see how they are; nothing is stored, and what they list is not taken in."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import structlog

from tracker.collect.health import Health, counted, judge
from tracker.collect.http import Client
from tracker.collect.kinds import poll
from tracker.collect.pacing import host_of, in_turns, poll_pace
from tracker.collect.schedule import address, after_failure, after_success
from tracker.errors import FetchError, ParseError
from tracker.pipeline.gate import passes_gate
from tracker.pipeline.job import Job
from tracker.types import Poll, PollState, Source

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How a source was at one look; `state` is what a first poll would have left, `error` why it failed."""

    source: Source
    state: PollState
    health: Health
    error: str | None = None

    @property
    def words(self) -> str:
        if self.error:
            return self.error
        return self.health.words if self.state.listed or self.health.state.is_bad else "answers, lists nothing yet"


def check_sources(job: Job, sources: Sequence[tuple[Source, PollState]]) -> Iterator[Checked]:
    """Look at each source as if for the first time, where it has moved to; they come as they answer."""
    limits = job.settings.file.collect
    asked = [(source, _first_look(state)) for source, state in sources]
    with (
        Client(limits, job.robots) as client,
        ThreadPoolExecutor(limits.workers) as pool,
        job.track("check", len(asked)) as advance,
    ):
        look = partial(_look, client)
        for (source, state), found in in_turns(asked, look, host=_host, pool=pool, pace=poll_pace(limits)):
            yield _judge(job, source, state, found)
            advance()


def _first_look(state: PollState) -> PollState:
    return PollState(moved_to=state.moved_to, moved_seen=state.moved_seen)


def _host(asked: tuple[Source, PollState]) -> str:
    return host_of(address(*asked))


def _look(client: Client, asked: tuple[Source, PollState]) -> Poll:
    return poll(*asked, client)


def _judge(job: Job, source: Source, state: PollState, look: Future[Poll]) -> Checked:
    now, limits = job.clock(), job.settings.file.collect
    try:
        found = look.result()
    except (FetchError, ParseError) as error:
        return _failed(job, source, state, error)
    except Exception as error:
        log.exception("source broke", source=source.name)
        return _failed(job, source, state, ParseError(f"internal error: {type(error).__name__}: {error}"))
    listed, passing = len(found.entries), sum(map(passes_gate, found.entries))
    after = after_success(source, state, found, now=now, settings=limits, jitter=0)
    after = counted(after, listed=listed, new=listed, on_topic=passing)
    return Checked(source=source, state=after, health=judge(source, after, now=now))


def _failed(job: Job, source: Source, state: PollState, error: FetchError | ParseError) -> Checked:
    now, limits = job.clock(), job.settings.file.collect
    after = after_failure(source, state, error, now=now, settings=limits, jitter=0)
    return Checked(source=source, state=after, health=judge(source, after, now=now), error=str(error))
