"""How editors sign in: by a key of their own and a signed cookie; every form carries a token of the session."""

from dataclasses import dataclass
from secrets import compare_digest, token_urlsafe
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.middleware.sessions import SessionMiddleware

from tracker.config import Settings
from tracker.errors import ConfigError
from tracker.pipeline.editors import hashed
from tracker.store import Store
from tracker.web.problems import READ
from tracker.web.rendering import page

_SECRET_CHARS = 32
_SIGNED_IN_SECONDS = 12 * 60 * 60
_FORM_LIMIT_BYTES = 64_000
_FIELDS_LIMIT = 1_000
_STALE = "This form is not of your sign-in here, or older than it. Go back, load the page anew, and send it again."

# What a form says: every field with its values, spaces around them gone.
Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks at a page: an editor by name, or None who may sign in; `said` is what to tell of the last form sent."""

    editor: str | None
    token: str
    said: str | None = None


def add_signing_in(app: FastAPI, store: Store, settings: Settings) -> None:
    """Register the cookie, and the addresses of signing in and out."""
    secret = settings.env.tracker_secret_key
    if secret is None or len(secret.get_secret_value()) < _SECRET_CHARS:
        raise ConfigError(f"{settings.path}: web.editors: expected the environment variable TRACKER_SECRET_KEY, "
                          f"{_SECRET_CHARS} characters or more, which signs what keeps editors signed in")  # fmt: skip
    app.add_middleware(
        SessionMiddleware,
        secret_key=secret.get_secret_value(),
        session_cookie="tracker",
        max_age=_SIGNED_IN_SECONDS,
        same_site="strict",
        https_only=settings.public_url.startswith("https://"),
    )

    @app.api_route("/sign-in", methods=READ)
    def ask(request: Request) -> Response:
        request.session.setdefault("token", token_urlsafe())
        return _ask(request, store)

    @app.post("/sign-in")
    def sign_in(request: Request, form: Form) -> Response:
        name, key_hash = _first(form, "name"), hashed(_first(form, "key"))
        editor = store.editors.of_hash(key_hash)
        if editor is None or editor.name != name:
            return _ask(request, store, status=403, name=name, problem="There is no editor of this name with this key.")
        request.session.clear()
        request.session.update(key_hash=key_hash, token=token_urlsafe())
        return RedirectResponse(_local(_first(form, "next")), 303)

    @app.post("/sign-out")
    def sign_out(request: Request, form: Form) -> Response:  # noqa: ARG001 (its token is checked)
        request.session.clear()
        return RedirectResponse("/", 303)


async def read_form(request: Request) -> Fields:
    """Read a form that was sent; one that another site had the browser send is refused."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _FORM_LIMIT_BYTES:
            raise HTTPException(413, "This is more than any form here sends.")
    try:
        given = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_FIELDS_LIMIT)
    except ValueError as error:
        raise HTTPException(400, "This is more than any form here sends.") from error
    form = {name: [_printable(value) for value in values] for name, values in given.items()}
    token = request.session.get("token", "")
    is_ours = request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    if not (token and is_ours and compare_digest(token.encode(), _first(form, "token").encode())):
        raise HTTPException(403, _STALE)
    return form


Form = Annotated[Fields, Depends(read_form)]


def viewer_of(request: Request, store: Store) -> Viewer | None:
    """Return who looks; None where nobody can sign in here.

    Who is no editor any more, or has a new key, is signed out at once.
    """
    if "session" not in request.scope:
        return None
    session: dict[str, Any] = request.session
    key_hash = session.get("key_hash")
    editor = store.editors.of_hash(key_hash) if key_hash else None
    said = session.pop("said") if "said" in session else None
    return Viewer(editor=editor.name if editor else None, token=session.get("token", ""), said=said)


def _ask(request: Request, store: Store, *, status: int = 200, name: str = "", problem: str | None = None) -> Response:
    viewer = viewer_of(request, store)
    onward = _local(request.query_params.get("next", "/"))
    return page("sign_in.html", status=status, viewer=viewer, onward=onward, name=name, problem=problem)


def _local(address: str) -> str:
    """Return an address of ours to go on to; whatever leads elsewhere leads to the first page."""
    is_local = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if is_local else "/"


def _first(form: Fields, name: str) -> str:
    return form.get(name, [""])[0]


def _printable(value: str) -> str:
    return "".join(c for c in value if c.isprintable()).strip()
