"""The pages: stories, events and sources, each value with the quote that it rests on."""

from importlib.resources import files

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from tracker.config import Settings
from tracker.store import Store
from tracker.web.access import add_access
from tracker.web.editing import add_editing
from tracker.web.pages import add_pages
from tracker.web.problems import add_problems
from tracker.web.security import SecurityHeaders
from tracker.web.signing_in import add_signing_in
from tracker.web.websub import add_websub

__all__ = ["create_app"]


def create_app(store: Store, settings: Settings) -> FastAPI:
    """Build the application that serves `store`; the caller opens and closes it."""
    # FastAPI's own documentation pages load scripts from elsewhere, which our policy forbids.
    app = FastAPI(title="Export control tracker", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(SecurityHeaders)
    app.mount("/static", StaticFiles(directory=str(files("tracker.web") / "static")))
    add_problems(app)
    if settings.file.web.editors:
        add_signing_in(app, store, settings)
        add_editing(app, store)
    add_pages(app, store, settings)
    add_access(app, store)
    add_websub(app, store)
    return app
