"""What comes of a fetch: an answer, or in words why there is none."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

from tracker.errors import FetchError
from tracker.times import as_utc, now

_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer with status 200 or 304; `url` is the address after redirects, header names are lower-case.

    `moved_to` is that address too, where every redirect on the way there was a permanent one.  `links` are those
    of the Link header by their relation.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    content_type: str
    body: bytes
    moved_to: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)


def read_body(response: httpx2.Response, limit_bytes: int) -> bytes:
    """Read and unpack the body, up to its limit."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchError(f"the body is encoded as {encoding}, which was not asked for")
    too_long = FetchError(f"body over {limit_bytes / 1_000_000:g} MB")
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit_bytes:
        raise too_long
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > limit_bytes:
            raise too_long
    return bytes(body)


def refusal(response: httpx2.Response) -> FetchError:
    """Make an error of an answer that is no success."""
    status = response.status_code
    return FetchError(
        f"HTTP {status}",
        retry_after=_retry_after(response.headers),
        gone=status == httpx2.codes.GONE,
        status=status,
    )


def explain(error: BaseException) -> str:
    """Say in words why a connection failed."""
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)
    for one in causes:
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"the TLS certificate is not valid: {one.verify_message}"
        if isinstance(one, ssl.SSLError):
            return f"TLS failed: {one.reason or one}"
        if isinstance(one, ConnectionRefusedError):
            return "connection refused"
        if isinstance(one, OSError) and one.strerror:
            return f"connection failed: {one.strerror}"
    return f"not valid HTTP: {error}" if isinstance(error, httpx2.ProtocolError) else f"connection failed: {error}"


def http_date(value: str) -> datetime | None:
    """Read the date of a header; None where it is none."""
    try:
        return as_utc(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None


def _retry_after(headers: httpx2.Headers) -> timedelta | None:
    """Read Retry-After in either form; a date counts from the server's own clock where it states one."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return timedelta(seconds=min(int(value), 10**8))
    until = http_date(value)
    return max(until - (http_date(headers.get("date", "")) or now()), timedelta(0)) if until else None
