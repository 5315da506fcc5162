"""Slack over HTTP: what it calls where Socket Mode is not used, in the process that serves the pages."""

import re
from collections.abc import Mapping

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response

from tracker.config import Settings
from tracker.slack_app import build_app
from tracker.store import Store

PATH = "/slack/events"
# Slack's largest calls are submitted views, of at most 250 kB each way.
_LIMIT_BYTES = 1_000_000
_SHAPES = {"x-slack-request-timestamp": r"\d{1,12}", "x-slack-signature": r"v0=[0-9a-f]{64}"}


def add_slack(web: FastAPI, store: Store, settings: Settings) -> bool:
    """Have `web` answer Slack where a bot token and a signing secret are set; return whether it does.

    Bolt compares the signature in constant time and refuses a call that is older than five minutes.
    """
    if not (settings.env.slack_bot_token and settings.env.slack_signing_secret):
        return False
    app = build_app(store, settings, try_token=False)  # pages are served though Slack be down

    @web.post(PATH)
    async def hear(request: Request) -> Response:
        if not _may_be_signed(request.headers):
            raise HTTPException(401, "The signature is missing or wrong.")
        return await run_in_threadpool(_dispatch, app, request, await _read(request))

    return True


def _may_be_signed(headers: Mapping[str, str]) -> bool:
    """Say whether there is a signature to look at: Bolt expects a number and ASCII, and breaks on others."""
    return all(re.fullmatch(shape, headers.get(name, ""), re.ASCII) for name, shape in _SHAPES.items())


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LIMIT_BYTES:
            raise HTTPException(413, f"A call may carry {_LIMIT_BYTES // 1_000_000} MB.")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, "A call is UTF-8.") from error
    return bytes(body)


def _dispatch(app: App, request: Request, body: bytes) -> Response:
    return to_starlette_response(app.dispatch(to_bolt_request(request, body)))
