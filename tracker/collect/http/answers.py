"""What comes of a fetch: an answer, or in words why there is none."""

import http.client
import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from tracker.collect.http.exchange import Answer
from tracker.errors import FetchError
from tracker.times import as_utc, now

_GONE = 410
_SUCCESS = range(200, 300)
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
_PIECE_BYTES = 262_144
# zlib finds out by the first bytes which of gzip and zlib it is; some servers send neither's header.
_ANY_HEADER, _NO_HEADER = 47, -15
_LINK = re.compile(r"<([^>]*)>((?:[^,\"]|\"[^\"]*\")*)")
_RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.IGNORECASE)


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


def read_links(value: str) -> dict[str, str]:
    """Read a Link header (RFC 8288): addresses by their relation."""
    links: dict[str, str] = {}
    for address, parameters in _LINK.findall(value):
        relation = _RELATION.search(parameters)
        for name in (relation[1] or relation[2] or "").lower().split() if relation else ():
            links[name] = address
    return links


def read_body(answer: Answer, limit_bytes: int) -> bytes:
    """Read and unpack the body, up to its limit."""
    encoding = answer.stated.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchError(f"the body is encoded as {encoding}, which was not asked for")
    too_long = FetchError(f"body over {limit_bytes / 1_000_000:g} MB")
    if answer.length and answer.length > limit_bytes:
        raise too_long
    body, unpacked = bytearray(), _Unpacked() if encoding not in {"", "identity"} else None
    while piece := answer.read(_PIECE_BYTES):
        body += unpacked.add(piece, limit_bytes + 1 - len(body)) if unpacked else piece
        if len(body) > limit_bytes:
            raise too_long
    if answer.length:  # what was announced and did not come
        raise FetchError("not valid HTTP: the body is cut short")
    if unpacked and not unpacked.is_whole:
        raise FetchError("the compressed body is broken")
    return bytes(body)


class _Unpacked:
    """Unpacks gzip or deflate piece by piece."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(_ANY_HEADER)
        self._has_begun = False

    @property
    def is_whole(self) -> bool:
        return self._unpacker.eof or not self._has_begun

    def add(self, piece: bytes, limit_bytes: int) -> bytes:
        """Return what `piece` unpacks to, and no more than the limit."""
        try:
            return self._unpack(piece, limit_bytes)
        except zlib.error as error:
            raise FetchError("the compressed body is broken") from error

    def _unpack(self, piece: bytes, limit_bytes: int) -> bytes:
        if self._unpacker.eof:  # some servers send blanks after it
            return b""
        if self._has_begun:
            return self._unpacker.decompress(piece, limit_bytes)
        self._has_begun = True
        try:
            return self._unpacker.decompress(piece, limit_bytes)
        except zlib.error:
            self._unpacker = zlib.decompressobj(_NO_HEADER)
            return self._unpacker.decompress(piece, limit_bytes)


def refusal(status: int, headers: Mapping[str, str]) -> FetchError:
    """Make an error of an answer that is no success."""
    return FetchError(f"HTTP {status}", retry_after=_retry_after(headers), gone=status == _GONE, status=status)


def is_success(status: int) -> bool:
    return status in _SUCCESS


def explain(error: BaseException) -> str:
    """Say in words why a connection failed."""
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)
    return next(filter(None, map(_explain_cause, causes)), f"connection failed: {error}")


def http_date(value: str) -> datetime | None:
    """Read the date of a header; None where it is none."""
    try:
        return as_utc(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None


def _explain_cause(error: BaseException) -> str | None:
    match error:
        case ssl.SSLCertVerificationError():
            said = f"the TLS certificate is not valid: {error.verify_message}"
        case ssl.SSLError():
            said = f"TLS failed: {error.reason or error}"
        case http.client.RemoteDisconnected():
            said = "not valid HTTP: the server closed the connection without an answer"
        case http.client.IncompleteRead():
            said = "not valid HTTP: the body is cut short"
        case http.client.LineTooLong():
            said = "not valid HTTP: a line of the head is too long"
        case http.client.BadStatusLine():
            said = "not valid HTTP: the status line cannot be read"
        case http.client.HTTPException():
            said = f"not valid HTTP: {error}"
        case ConnectionRefusedError():
            said = "connection refused"
        case OSError() if error.strerror:
            said = f"connection failed: {error.strerror}"
        case _:
            return None
    return said


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Read Retry-After in either form; a date counts from the server's own clock where it states one."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return timedelta(seconds=min(int(value), 10**8))
    until = http_date(value)
    return max(until - (http_date(headers.get("date", "")) or now()), timedelta(0)) if until else None
