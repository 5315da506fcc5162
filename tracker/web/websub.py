"""What WebSub hubs call: they ask whether a subscription is meant, and say when a source has something new."""

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response

from tracker import times
from tracker.collect.websub import is_signed, lease
from tracker.store import Store

log = structlog.get_logger()

# A call carries the new entries, which we do not use, but its signature covers them.
_LIMIT_BYTES = 5_000_000
_UNKNOWN = "Nobody here asked for this subscription."


def add_websub(app: FastAPI, store: Store) -> None:
    """Register the callback."""

    @app.get("/websub/{token}")
    def verify(token: str, request: Request) -> Response:
        asked = request.query_params
        if asked.get("hub.mode") == "denied":
            log.warning("hub denied", topic=asked.get("hub.topic"), reason=asked.get("hub.reason"))
            return PlainTextResponse("")
        until = times.now() + lease(asked.get("hub.lease_seconds", ""))
        is_wanted = asked.get("hub.mode") == "subscribe" and store.hubs.confirm(
            token, asked.get("hub.topic", ""), until=until
        )
        if not is_wanted:
            raise HTTPException(404, _UNKNOWN)
        return PlainTextResponse(asked.get("hub.challenge", ""))

    @app.post("/websub/{token}")
    async def hear(token: str, request: Request) -> Response:
        hub = await run_in_threadpool(store.hubs.of_token, token)
        if hub is None:
            raise HTTPException(404, _UNKNOWN)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LIMIT_BYTES:
                raise HTTPException(413, f"A call may carry {_LIMIT_BYTES // 1_000_000} MB.")
        if not is_signed(bytes(body), request.headers.get("x-hub-signature", ""), secret=hub.secret):
            raise HTTPException(403, "The signature is missing or wrong.")
        await run_in_threadpool(store.hubs.hasten, hub.source_id, now=times.now())
        return Response(status_code=202)
