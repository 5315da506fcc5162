"""Make an entry of an e-mail message; pure."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.utils import parsedate_to_datetime
from itertools import zip_longest
from urllib.parse import quote

import lxml.html
import nh3
from imap_tools.message import MailMessage

from tracker.collect.entry import content_address, make_entry
from tracker.types import Entry

# No images: they tell the sender that and where the message was opened.
_TAGS = nh3.ALLOWED_TAGS - {"img"}
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_FIRST_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
# How newsletters offer themselves as a page, in the words of several languages.
_IN_BROWSER = re.compile(
    r"""view\b.{0,40}\b(?:browser|online|on\ the\ web) | (?:read|view)\ online | web\ version
    | (?:bekijk|lees|open)\b.{0,40}\b(?:browser|online) | webversie
    | im\ browser | online-?(?:ansicht|version) | web-?(?:ansicht|version)
    | (?:voir|afficher|lire|ouvrir)\b.{0,40}\b(?:navigateur|en\ ligne) | version\ (?:en\ ligne|web)
    | (?:ver|abrir|leer)\b.{0,40}\b(?:navegador|en\ línea)
    | ブラウザー?で | [wｗ]eb[版で] | ウェブ[版で] | 浏览器 | 瀏覽器 | 网页版 | 網頁版 | 브라우저에서 | 웹에서""",
    re.IGNORECASE | re.VERBOSE,
)
# A longer line is a sentence that happens to hold the words.
_OFFER_CHARACTERS = 80


def as_entry(raw: bytes, *, senders: Collection[str] = ()) -> Entry | None:
    """Make an entry of a message as it travelled; None where it is from none of the `senders` that are asked for.

    Its address is where it says that it can be read in a browser, else its id.  It has no page to fetch: that
    address is often made for one reader, and shows what the message holds already.  Its publisher is the domain
    that it is from, unless only one sender is asked for.
    """
    message = _parse(raw)
    address = _read(message, "from_").lower()
    domain = address.rpartition("@")[2]
    if senders and not {address, f"@{domain}"}.intersection(senders):
        return None
    key = _header(message, "Message-ID").strip("<> ") or content_address(raw)
    content, text = _clean(_read(message, "html")), _read(message, "text")
    return make_entry(
        key=key,
        address=_page_address(message, text, content) or message_address(key),
        title=" ".join(_read(message, "subject").split()),
        author=message.from_values.name or address if address and message.from_values else None,
        content=content if _has_words(content) else text,
        published_at=_date(message),
        family=None if len(senders) == 1 else domain or None,
        has_page=False,
    )


def message_address(key: str) -> str:
    """Name a message by its id (RFC 2392); one without an id is named by its content already."""
    return key if key.startswith("urn:") else f"mid:{quote(key, safe='@')}"


def _parse(raw: bytes) -> MailMessage:
    try:
        return MailMessage([(b"", raw)])
    except RecursionError:  # parts within parts: nobody's newsletter; its own headers still say what it is
        return MailMessage([(b"", _FIRST_EMPTY_LINE.split(raw, maxsplit=1)[0])])


def _clean(html: str) -> str:
    """Sanitise HTML; libxml2 first cuts off what is nested deeper than 256 elements, which takes nh3 minutes."""
    tree = lxml.html.document_fromstring(f"<div>{html.replace(chr(0), '')}</div>")
    return nh3.clean(lxml.html.tostring(tree, encoding="unicode"), tags=_TAGS)


def _has_words(markup: str) -> bool:
    return bool(nh3.clean(markup, tags=set()).strip())


def _header(message: MailMessage, name: str) -> str:
    return " ".join(str(message.obj.get(name, "")).split())


def _read(message: MailMessage, part: str) -> str:
    """Read a part of a message; "" where it is written in a way that nobody can read."""
    try:
        return str(getattr(message, part) or "")
    except (UnicodeError, MessageError, RecursionError):
        return ""


def _date(message: MailMessage) -> datetime | None:
    """Read the Date header; a zone that is not stated is UTC (RFC 5322: "-0000")."""
    try:
        stated = parsedate_to_datetime(message.date_str)
        return stated.replace(tzinfo=stated.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _page_address(message: MailMessage, text: str, content: str) -> str | None:
    """Return where this one message is archived (RFC 5064), else its first offer to be read in a browser."""
    archived = _LINK.search(_header(message, "Archived-At"))
    return archived[0] if archived else next(_offers(text, content), None)


def _offers(text: str, content: str) -> Iterator[str]:
    for link in lxml.html.document_fromstring(f"<div>{content}</div>").iter("a"):
        words, address = " ".join(link.text_content().split()), link.get("href", "")
        if _LINK.match(address) and len(words) <= _OFFER_CHARACTERS and _IN_BROWSER.search(words):
            yield address
    lines = text.splitlines()
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        words = _LINK.sub("", line)
        link = _LINK.search(line) or _LINK.match(following.strip(" <("))
        if link and len(words) <= _OFFER_CHARACTERS and _IN_BROWSER.search(words):
            yield link[0]
