"""Make entries that every database takes and that have an address; pure."""

import re
from datetime import datetime
from hashlib import sha256

from tracker.types import Entry

# What no database takes: NUL, and halves of surrogate pairs (JSON can spell them).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Indexes have a limit, and a longer address is no address.
_ADDRESS_LIMIT = 2000
# What the columns hold.
_FAMILY_LIMIT = 200
_LANGUAGE_LIMIT = 20


def make_entry(
    *,
    key: str = "",
    address: str = "",
    title: str = "",
    author: str | None = None,
    summary: str = "",
    content: str = "",
    language: str | None = None,
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    family: str | None = None,
    has_page: bool = True,
) -> Entry:
    """Make an entry of what a source says; without an address its key stands for it, else its content."""
    key, address, title, summary, content = (_storable(text) for text in (key, address, title, summary, content))
    found = address.strip() or key.strip()
    if not found or len(found) > _ADDRESS_LIMIT:
        found = content_address(found, title, summary, content)
    return Entry(
        key=key.strip()[:_ADDRESS_LIMIT] or found,
        address=found,
        title=title,
        author=_storable(author) if author else None,
        summary=summary,
        content=content,
        language=language if language and len(language) <= _LANGUAGE_LIMIT else None,
        published_at=published_at,
        updated_at=updated_at,
        family=_storable(family)[:_FAMILY_LIMIT] if family else None,
        has_page=has_page,
    )


def content_address(*parts: str | bytes) -> str:
    """Name a text by its content, so that the same text has the same address everywhere."""
    hashed = sha256()
    for part in parts:
        hashed.update(part.encode() if isinstance(part, str) else part)
        hashed.update(b"\0")
    return f"urn:sha256:{hashed.hexdigest()}"


def _storable(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("\ufffd", text)
    return text.replace("\0", "\ufffd")
