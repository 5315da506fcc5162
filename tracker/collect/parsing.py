"""Parse what may be hostile in a process of its own, which is killed when it takes too long."""

import atexit
import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as TimedOut
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from tracker.errors import ParseError

P = ParamSpec("P")
Parsed = TypeVar("Parsed")

# For who has no settings at hand.
TIMEOUT = timedelta(seconds=10)

_PROCESSES = 2
# A process is replaced after so many, so that what a parser keeps does not add up.
_PARSES_A_PROCESS = 200
# A process ends itself so long after its time where this one was killed, and cannot end it.
_GRACE_SECONDS = 5.0
# Loaded once, before the processes fork.
_PRELOADED = ["tracker.collect.lenient_feed"]

_lock = threading.Lock()
# A ProcessPool; some of its methods have no types.
_pool: Any = None


def parse_apart(parse: Callable[P, Parsed], timeout: timedelta, /, *args: P.args, **named: P.kwargs) -> Parsed:
    """Return what a function of a module returns for these arguments, all of which can be pickled.

    Raise a ParseError where it takes longer than `timeout`, or kills its process.
    """
    seconds = timeout.total_seconds()
    parsing = _started().schedule(_parse_or_die, args=[parse, seconds, *args], kwargs=named, timeout=seconds)
    try:
        parsed: Parsed = parsing.result()
    except TimedOut as error:
        raise ParseError(f"parsing took longer than {seconds:g} s") from error
    except ProcessExpired as error:
        raise ParseError("parsing broke down") from error
    except BrokenProcessPool as error:
        stop_parsing()
        raise ParseError("parsing broke down: no process could be started") from error
    return parsed


def stop_parsing() -> None:
    """End the processes; the next parse starts new ones."""
    global _pool
    with _lock:
        pool, _pool = _pool, None
    if pool is not None:
        pool.stop()
        pool.join()


def _parse_or_die(parse: Callable[P, Parsed], seconds: float, /, *args: P.args, **named: P.kwargs) -> Parsed:
    """Parse in a process whose alarm kills it, even inside one long call that never returns to Python."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)
    try:
        return parse(*args, **named)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _started() -> Any:
    """Start the processes when something is parsed for the first time: most feeds need none."""
    global _pool  # noqa: PLW0603 (see above)
    with _lock:
        if _pool is None:
            # A fork of this process would take its threads' locks along.
            context: Any = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(_PRELOADED)
            _pool = ProcessPool(max_workers=_PROCESSES, max_tasks=_PARSES_A_PROCESS, context=context)
        return _pool


atexit.register(stop_parsing)
