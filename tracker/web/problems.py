"""Errors as a reader or a program can use them: a page that helps, or problem details (RFC 9457)."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from tracker.errors import TrackerError
from tracker.web.rendering import page
from tracker.web.security import SECURITY_HEADERS

READ = ["GET", "HEAD"]

_ADVICE = {
    404: "There is no page at this address.",
    405: "This address can only be read.",
}


def add_problems(app: FastAPI) -> None:
    """Register what is answered when something is wrong."""
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(TrackerError, _answer_tracker)
    app.add_exception_handler(Exception, _answer_failure)


def problem(request: Request, status: int, detail: str) -> Response:
    """Answer with what is wrong, in the form that the client asks for."""
    title = HTTPStatus(status).phrase
    if not wants_json(request):
        return page("problem.html", status=status, title=title.capitalize(), detail=detail)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.url.path}
    return JSONResponse(body, status, media_type="application/problem+json")


def wants_json(request: Request) -> bool:
    """Tell whether the client is a program."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accepted and "text/html" not in accepted)


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    generic = error.detail == HTTPStatus(error.status_code).phrase
    detail = _ADVICE.get(error.status_code, error.detail) if generic else error.detail
    answer = problem(request, error.status_code, detail)
    answer.headers.update(error.headers or {})
    return answer


async def _answer_tracker(request: Request, error: Exception) -> Response:
    return problem(request, HTTPStatus.BAD_REQUEST, str(error))


async def _answer_failure(request: Request, _error: Exception) -> Response:
    """Answer for a defect of ours; the server logs it, and the reader learns no internals."""
    if request.url.path == "/healthz":
        answer: Response = JSONResponse(
            {"status": "failing", "database": "unreachable"}, HTTPStatus.SERVICE_UNAVAILABLE
        )  # fmt: skip
    else:
        answer = problem(
            request,
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "The page could not be made. The failure is in the server's log; nothing is lost.",
        )
    # This handler stands outside all middleware.
    answer.headers.update(SECURITY_HEADERS)
    return answer
