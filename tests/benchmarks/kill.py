"""How many alerts are lost, doubled or out of order while their sender is killed again and again.

`python -m tests.benchmarks.kill`: 1,000 stories, each with a later event that belongs into its thread, go out by a
process that is killed with SIGKILL at 200 random points.  Slack drops connections before and after it has stored a
message, and is gone for a while.  Each figure has to be 0.
"""

import argparse
import logging
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

import structlog

from tests.making import make_entry, make_read, make_report, make_source, make_understanding
from tests.pipeline.conftest import untracked
from tests.servers.slack import Fault, SlackServer
from tracker import times
from tracker.config import load_settings
from tracker.notify import outbox
from tracker.pipeline.articles import QUIET_RULES
from tracker.pipeline.job import Job
from tracker.pipeline.notify import notify
from tracker.store import Store
from tracker.types import ChannelKind, DeliveryState, EventType, PollState, Story, Subscription

CHANNELS = 50
# No connection hangs here: what is uncertain need not wait for time-outs.
GRACE = timedelta(seconds=3)
LIMIT_SECONDS = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """How many senders were killed, and after how many a delivery was left of which nobody knew whether it arrived."""

    senders: int = 0
    while_sending: int = 0

    def __add__(self, other: "Killed") -> "Killed":
        return Killed(senders=self.senders + other.senders, while_sending=self.while_sending + other.while_sending)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="sqlite:///… or postgresql://…, empty; by default a SQLite file")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, SlackServer(messages_per_second=1) as slack:
        url = given.database or f"sqlite:///{folder}/tracker.db"
        os.environ |= {"DATABASE_URL": url, "SLACK_BOT_TOKEN": slack.token, "SLACK_API_URL": slack.url}
        os.chdir(folder)
        sys.exit(_measure(Store.open(url), slack, given.stories, given.kills, random.Random(given.seed)))


def _measure(store: Store, slack: SlackServer, stories: int, kills: int, chance: random.Random) -> int:
    started = time.monotonic()
    for number in range(CHANNELS):
        store.outbox.subscribe(ChannelKind.SLACK, f"C{number}", "", now=times.now())
    _publish(store, stories, easing=False)
    killed = _send_all(store, slack, kills // 2, chance)
    _publish(store, stories, easing=True)
    killed += _send_all(store, slack, kills - kills // 2, chance)
    wrong = _judge(store, slack, stories)
    took = time.monotonic() - started
    print(f"stories {stories}, messages {len(slack.messages)}, took {took:.0f} s")
    print(f"senders killed {killed.senders}, with a delivery under way {killed.while_sending}")
    print(", ".join(f"{name} {wrong[name]}" for name in ("lost", "duplicated", "out of order")))
    print("deliveries: " + ", ".join(f"{state} {n}" for state, n in store.outbox.count_by_state().items() if n))
    return int(any(wrong.values()))


def _publish(store: Store, stories: int, *, easing: bool) -> None:
    """Have an article tell of each story: its order, or later its easing."""
    rules = replace(QUIET_RULES, owed=_to_one_channel)
    source_id = store.sources.ensure(make_source())
    now = times.now()
    for number in range(1, stories + 1):
        address = f"http://press.example/{number}/{'easing' if easing else 'order'}"
        entry = make_entry(address, title=_title(number))
        store.sources.save_poll(source_id, PollState(next_due_at=now), [(entry, False)], now=now)
        (collected,) = store.articles.claim_unread(now=now, limit=1)
        store.articles.save_read(collected.id, make_read(address, title=_title(number)), first_of=lambda _: None)
        (article,) = store.articles.claim_read(now=now, limit=1)
        type_ = EventType.EASING if easing else EventType.RESTRICTION
        report = make_report(type_, targets=(f"Model {_word(number)}",), sentence=f"{_title(number)}.")
        store.articles.save_understood(article.id, make_understanding(report))
        (incoming,) = store.articles.claim_understood(now=now, limit=1)
        store.relations.relate(incoming, rules, now=now)


def _word(number: int) -> str:
    """Write a number in letters, so that each story has words of its own."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")


def _title(number: int) -> str:
    return " ".join(f"{part}{_word(number)}" for part in ("ban", "model", "order", "export", "agency"))


def _to_one_channel(story: Story, subscriptions: Sequence[Subscription]) -> list[tuple[int, str]]:
    return [(subscriptions[story.id % CHANNELS].id, f"story:{story.id}")]


def _send_all(store: Store, slack: SlackServer, kills: int, chance: random.Random) -> Killed:
    """Let senders work until nothing is open, killing `kills` of them; Slack is gone for a tenth of these."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    killed = Killed()
    for number in range(kills):
        if number == kills // 2:
            slack.__exit__(None, None, None)
        if number == kills // 2 + kills // 10:
            slack.port = int(os.environ["SLACK_API_URL"].split(":")[2].split("/")[0])
            slack.__enter__()
        _break(slack, chance)
        ready = processes.Event()
        sender = processes.Process(target=_work, args=(ready,))
        sender.start()
        ready.wait()
        time.sleep(chance.uniform(0, 0.25))
        _kill(sender)
        killed += Killed(senders=1, while_sending=int(store.outbox.count_by_state()[DeliveryState.SENDING] > 0))
    ready = processes.Event()
    last = processes.Process(target=_work, args=(ready,))
    last.start()
    _wait_until_done(store, time.monotonic())
    _kill(last)
    return killed


def _kill(process: BaseProcess) -> None:
    process.kill()
    process.join()


def _break(slack: SlackServer, chance: random.Random) -> None:
    """Now and then have the next message fail."""
    if chance.random() < 0.3:
        fault = chance.choice(
            [
                Fault(drop=True, stored=True),
                Fault(drop=True),
                Fault(error="internal_error", stored=True),
                Fault(status=429, error="ratelimited", retry_after=1),
                Fault(method="chat.update", drop=True),
                Fault(method="conversations.history", error="internal_error"),
            ]
        )
        slack.faults.append(fault)


def _wait_until_done(store: Store, began: float) -> None:
    open_states = (DeliveryState.PENDING, DeliveryState.SENDING)
    while any(store.outbox.count_by_state()[state] for state in open_states):
        if time.monotonic() - began > LIMIT_SECONDS:
            return
        time.sleep(0.5)


def _work(ready: Event) -> None:
    """Send what is owed, until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    setattr(outbox, "GRACE", GRACE)  # noqa: B010 (a constant, but for a benchmark)
    store = Store.unmigrated(os.environ["DATABASE_URL"])
    job = Job(store=store, settings=load_settings(), clock=times.now, track=untracked, console=print)
    ready.set()
    while True:
        notify(job)
        time.sleep(0.1)


def _judge(store: Store, slack: SlackServer, stories: int) -> Counter[str]:
    """Count what is wrong with what stands in the channels."""
    wrong: Counter[str] = Counter()
    place = {posted.ts: at for at, posted in enumerate(slack.messages)}
    marks = Counter(str(posted.metadata["event_payload"]["delivery"]) for posted in slack.messages)
    wrong["duplicated"] = sum(count - 1 for count in marks.values())
    owed = [one for one in store.outbox.deliveries(limit=10 * stories) if not one.key.endswith(":edit")]
    wrong["lost"] = 2 * stories - len(owed) + sum(str(one.id) not in marks for one in owed)
    for at, posted in enumerate(slack.messages):
        if posted.thread_ts and place.get(posted.thread_ts, at) >= at:
            wrong["out of order"] += 1
    return wrong


if __name__ == "__main__":
    main()
