"""What a click on an alert's button does: a modal, or a change and an answer to the person who clicked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.config import Settings
from tracker.notify.filters import Match, match_subscription
from tracker.notify.message import EVIDENCE, IRRELEVANT, MUTE, OPEN, WHY
from tracker.notify.views import evidence_view, why_view
from tracker.pipeline.exposure import standpoint
from tracker.slack_app import answers
from tracker.slack_app.answers import UNMUTE, Answer
from tracker.store import Store
from tracker.types import Disfavour, Story, Subscription
from tracker.weighing.severity import Standpoint

_NONE = Match(event_ids=(), why=())


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A modal that a click opens."""

    blocks: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Click:
    """A click with everything it may need."""

    story: Story
    subscription: Subscription
    user: str
    store: Store
    settings: Settings
    now: datetime

    @property
    def seen_from(self) -> Standpoint:
        return standpoint(self.store, self.settings, now=self.now)

    @property
    def match(self) -> Match | None:
        return match_subscription(self.subscription, self.story, self.seen_from)

    @property
    def value(self) -> str:
        return f"{self.subscription.id}:{self.story.id}"


def press(
    action: str, value: str, *, store: Store, settings: Settings, user: str, now: datetime
) -> View | Answer | None:
    """Do what a button says; `value` is "subscription:story".  None where nothing is to be shown."""
    subscription_id, _, story_id = value.partition(":")
    subscription, story = store.outbox.subscription(int(subscription_id)), store.queries.story(int(story_id))
    if story is None:
        return answers.said("That story is no longer in the database.")
    if subscription is None:
        return answers.said("That subscription has ended. /tracker list shows those of this conversation.")
    return ACTIONS[action](
        _Click(story=story, subscription=subscription, user=user, store=store, settings=settings, now=now)
    )


def _evidence(click: _Click) -> View:
    site, seen_from = click.settings.public_url, click.seen_from
    return View(blocks=evidence_view(click.story, click.match or _NONE, public_url=site, standpoint=seen_from))


def _why(click: _Click) -> View:
    site, wanted = click.settings.public_url, click.subscription.filter
    shown = why_view(click.story, click.match, wanted, public_url=site, standpoint=click.seen_from)
    return View(blocks=shown)


def _mute(click: _Click) -> Answer:
    click.store.feedback.mute(click.subscription.id, click.story.id, by=click.user, now=click.now)
    return answers.muted(click.story.id, click.value)


def _unmute(click: _Click) -> Answer:
    click.store.feedback.unmute(click.subscription.id, click.story.id)
    return answers.said(f"Story {click.story.id} is no longer muted.")


def _irrelevant(click: _Click) -> Answer:
    match = click.match or _NONE
    disfavour = Disfavour(
        subscription_id=click.subscription.id,
        story_id=click.story.id,
        by=click.user,
        filter=click.subscription.filter,
        why=match.why,
        at=click.now,
    )
    click.store.feedback.disfavour(disfavour)
    return answers.said("Noted as not relevant, with the filter that brought it. Why me shows what matched.")


def _open(_click: _Click) -> None:
    """Do nothing: Slack has opened the page, and only wants to know that the click arrived."""


ACTIONS: dict[str, Callable[[_Click], View | Answer | None]] = {
    EVIDENCE.action: _evidence,
    WHY.action: _why,
    MUTE.action: _mute,
    UNMUTE: _unmute,
    IRRELEVANT.action: _irrelevant,
    OPEN.action: _open,
}
