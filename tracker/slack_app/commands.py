"""What each `/tracker` command does: words in, an answer out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import partial

from tracker.config import Settings
from tracker.errors import InputError
from tracker.notify.filters import match_story, parse_filter
from tracker.pipeline.exposure import standpoint
from tracker.slack_app import answers, correcting
from tracker.slack_app.answers import Answer, Chosen
from tracker.store import Store
from tracker.store.queries import EventQuery
from tracker.types import ChannelKind, Subscription
from tracker.weighing.severity import Standpoint

STORIES_SHOWN = 5
# Enough to fill an answer with a rare filter, little enough to be searched within Slack's three seconds.
_STORIES_SEARCHED = 200
_MAX_ID = 2**31 - 1
# Slack's editor bends quotation marks as people type; filters are written with straight ones.
_STRAIGHT = str.maketrans("“”„", '"""')


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and in which conversation; `is_direct` for one between two people."""

    user: str
    channel: str
    is_direct: bool

    @property
    def address(self) -> str:
        """Where this caller's alerts go: the channel, or the person who asks in a direct message."""
        return self.user if self.is_direct else self.channel


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A command with everything it may need."""

    rest: str
    store: Store
    settings: Settings
    caller: Caller
    now: datetime


def run_command(text: str, *, store: Store, settings: Settings, caller: Caller, now: datetime) -> Answer:
    """Answer one command; input that cannot be read gets an answer that says how to write it."""
    word, _, rest = text.translate(_STRAIGHT).strip().partition(" ")
    name = word.casefold() or "help"
    if name not in _COMMANDS:
        close = get_close_matches(name, _COMMANDS, n=1)
        return answers.unknown(word, close[0] if close else None)
    try:
        return _COMMANDS[name](_Asked(rest=rest.strip(), store=store, settings=settings, caller=caller, now=now))
    except InputError as error:
        return answers.refused(str(error))


def _help(_asked: _Asked) -> Answer:
    return answers.usage()


def _stories(asked: _Asked) -> Answer:
    latest, found = _try_filter(asked)
    if not found:
        return answers.no_stories(asked.rest, searched=latest)
    site, shown = asked.settings.public_url, found[:STORIES_SHOWN]
    return answers.stories(shown, asked.rest, total=len(found), site=site, seen_from=_seen_from(asked))


def _show(asked: _Asked) -> Answer:
    number = _read_id(asked.rest, "show", "the number of a story, as /tracker stories shows it")
    story = asked.store.queries.story(number)
    if story is None:
        raise InputError(f"There is no story {number}. See /tracker stories for the latest.")
    return answers.story(story, site=asked.settings.public_url, seen_from=_seen_from(asked))


def _subscribe(asked: _Asked) -> Answer:
    searched, found = _try_filter(asked)
    number = asked.store.outbox.subscribe(ChannelKind.SLACK, asked.caller.address, asked.rest, now=asked.now)
    return answers.subscribed(number, asked.rest, asked.caller.address, found=len(found), searched=searched)


def _list(asked: _Asked) -> Answer:
    return answers.subscriptions(_own_subscriptions(asked), asked.caller.address)


def _unsubscribe(asked: _Asked) -> Answer:
    number = _read_id(asked.rest, "unsubscribe", "the number of a subscription, as /tracker list shows it")
    # Others' subscriptions are neither removed nor confirmed to exist.
    if number not in {subscription.id for subscription in _own_subscriptions(asked)}:
        raise InputError(f"There is no subscription {number} for this conversation. See /tracker list.")
    asked.store.outbox.unsubscribe(number)
    return answers.unsubscribed(number)


def _edit(asked: _Asked, change: Callable[..., str]) -> Answer:
    user = asked.caller.user
    if user not in asked.settings.file.slack.editors:
        raise InputError(
            f"Only editors may do this: your member id, {user}, is not among [slack] editors in config.toml"
        )
    return answers.done(change(asked.rest, asked.store, by=f"Slack member {user}", now=asked.now))


def _try_filter(asked: _Asked) -> tuple[int, list[Chosen]]:
    """Hold the filter against the latest stories, as alerts do; return how many there were, and what matched."""
    wanted = parse_filter(asked.rest)
    latest = asked.store.queries.stories(EventQuery(limit=_STORIES_SEARCHED))
    seen_from = _seen_from(asked)
    matches = [(story, match_story(wanted, story, seen_from)) for story in latest]
    return len(latest), [Chosen(story=story, event_ids=match.event_ids) for story, match in matches if match]


def _seen_from(asked: _Asked) -> Standpoint:
    return standpoint(asked.store, asked.settings, now=asked.now)


def _own_subscriptions(asked: _Asked) -> list[Subscription]:
    return [
        subscription
        for subscription in asked.store.outbox.subscriptions()
        if subscription.channel is ChannelKind.SLACK and subscription.address == asked.caller.address
    ]


def _read_id(given: str, command: str, what: str) -> int:
    digits = given.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(_MAX_ID)) and int(digits) <= _MAX_ID):
        raise InputError(f"/tracker {command} needs {what}: for example /tracker {command} 12")
    return int(digits)


_COMMANDS: dict[str, Callable[[_Asked], Answer]] = {
    "help": _help,
    "stories": _stories,
    "show": _show,
    "subscribe": _subscribe,
    "list": _list,
    "unsubscribe": _unsubscribe,
    "correct": partial(_edit, change=correcting.correct),
    "merge": partial(_edit, change=correcting.merge),
    "split": partial(_edit, change=correcting.split),
}
