"""The Slack app: `/tracker` in any conversation, and the buttons of alerts, answered to the person who asked."""

from collections.abc import Callable
from typing import Any

import structlog
from pydantic import SecretStr
from slack_bolt import Ack, App, BoltResponse, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from tracker import times
from tracker.config import Settings
from tracker.errors import ConfigError
from tracker.slack_app.buttons import ACTIONS, View, press
from tracker.slack_app.commands import Caller, run_command
from tracker.store import Store

__all__ = ["build_app", "run"]

COMMAND = "/tracker"
log = structlog.get_logger()


def build_app(store: Store, settings: Settings, *, try_token: bool = True) -> App:
    """Build the Bolt app that answers `/tracker` from `store`; the token is tried at once, or with the first call."""
    token = _needed(settings.env.slack_bot_token, "SLACK_BOT_TOKEN", "the bot token of the Slack app (xoxb-…)")
    secret = settings.env.slack_signing_secret
    try:
        app = App(
            client=WebClient(token=token, base_url=settings.env.slack_api_url),
            # Socket Mode needs none: Slack signs only what it sends over HTTP.
            signing_secret=secret.get_secret_value() if secret else None,
            token_verification_enabled=try_token,
            ssl_check_enabled=False,  # it answers what nobody signed
        )
    except (BoltError, SlackClientError, OSError) as error:
        raise ConfigError(f"SLACK_BOT_TOKEN: Slack at {settings.env.slack_api_url} refused it: {error}") from error
    app.command(COMMAND)(_answer_with(store, settings))
    for action in ACTIONS:
        app.action(action)(_press_with(store, settings))
    app.error(_answer_failure)
    return app


def run(store: Store, settings: Settings) -> None:
    """Answer commands over Socket Mode until the process ends; Slack's connections are renewed by themselves."""
    app_token = _needed(
        settings.env.slack_app_token, "SLACK_APP_TOKEN", "an app-level token with connections:write (xapp-…)"
    )
    handler = SocketModeHandler(build_app(store, settings), app_token)
    try:
        handler.start()  # type: ignore[no-untyped-call]  # Bolt annotates neither of the two
    except (SlackClientError, OSError) as error:
        raise ConfigError(f"SLACK_APP_TOKEN: Slack refused the connection: {error}") from error
    finally:
        handler.close()  # type: ignore[no-untyped-call]  # see above


def _answer_with(store: Store, settings: Settings) -> Callable[..., None]:
    def answer(ack: Ack, command: dict[str, Any]) -> None:
        is_direct = command.get("channel_name") == "directmessage"
        caller = Caller(user=command["user_id"], channel=command["channel_id"], is_direct=is_direct)
        reply = run_command(command.get("text", ""), store=store, settings=settings, caller=caller, now=times.now())
        ack(text=reply.text, blocks=reply.blocks, response_type="ephemeral")

    return answer


def _press_with(store: Store, settings: Settings) -> Callable[..., None]:
    def answer(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, respond: Respond) -> None:
        shown = press(
            action["action_id"],
            action["value"],
            store=store,
            settings=settings,
            user=body["user"]["id"],
            now=times.now(),
        )
        if isinstance(shown, View):
            client.views_open(trigger_id=body["trigger_id"], view=shown.blocks)
        elif shown:
            respond(text=shown.text, blocks=shown.blocks, response_type="ephemeral", replace_original=False)
        ack()  # last, so that Slack warns the person where it failed

    return answer


def _answer_failure(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Tell the person that the answer failed; without this Slack shows only "dispatch_failed".

    A click has no answer that could say so: Slack puts a warning beside its button.
    """
    log.error("slack command failed", command=body.get("command"), error=repr(error))
    if "command" not in body:
        return BoltResponse(status=500)
    text = "The tracker could not answer just now. Nothing was changed; please try again in a minute."
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})


def _needed(secret: SecretStr | None, name: str, what: str) -> str:
    if secret is None:
        raise ConfigError(f"{name}: not set; expected {what} in the environment")
    return secret.get_secret_value()
