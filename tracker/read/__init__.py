"""From what was collected to plain text: title, language, date, address, and what tells copies; pure."""

import re
from dataclasses import dataclass
from hashlib import sha256

from tracker.errors import ParseError
from tracker.read.credits import credited_family
from tracker.read.language import detect_language
from tracker.read.page import PageText, read_page
from tracker.read.plain import to_line, to_plain
from tracker.read.similar import band, is_copy, sign
from tracker.read.urls import canonical_url
from tracker.types import Collected, Entry, ReadText, Source

__all__ = ["canonical_url", "is_copy", "read", "wants_page"]

# A feed that carries this much carries the article.
_WHOLE_TEXT_CHARACTERS = 1200
# Below this a text is often a phrase that many articles share, and the title must agree too.
_OWN_TEXT_CHARACTERS = 300
_TEXT_LIMIT_CHARACTERS = 200_000
_ANY_TAG = re.compile(r"<[^>]*>")
_WALLS = {
    "paywall": "the page is cut by a paywall",
    "blocked": "the page shows a wall (cookies, robot check) instead of the article",
}


def read(collected: Collected) -> ReadText:
    """Turn a collected article into plain text; the fullest of page and entry is taken, and `note` says which."""
    entry, page, notes = collected.entry, PageText(), [collected.note]
    if collected.page:
        try:
            page = read_page(collected.page, fetched_at=collected.fetched_at)
        except ParseError as error:
            notes.append(str(error))
    title = to_line(entry.title) or page.title
    chosen = _choose(page, _feed_text(entry), title, has_page=collected.page is not None)
    body = f"{title}\n{chosen.text}"
    signature = sign(chosen.text)
    return ReadText(
        url=canonical_url(collected.page.url if collected.page else entry.address, stated=page.link),
        title=title,
        text=chosen.text,
        language=detect_language(body, entry.language or collected.source.language),
        published_at=entry.published_at or page.published_at or entry.updated_at,
        content_hash=_hash(chosen.text if len(chosen.text) >= _OWN_TEXT_CHARACTERS else body),
        signature=signature,
        bands=band(signature),
        note="; ".join(filter(None, [*notes, *chosen.notes])) or None,
        credit=credited_family(chosen.text, entry.author),
    )


def wants_page(source: Source, entry: Entry) -> bool:
    """Say whether the article's page must be fetched: it has one, and the entry does not carry the text itself."""
    if source.kind == "file" or not entry.has_page or not entry.address.lower().startswith(("http://", "https://")):
        return False
    fullest = max(entry.content, entry.summary, key=len)
    return len(_ANY_TAG.sub("", fullest)) < _WHOLE_TEXT_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    text: str
    notes: tuple[str, ...]


def _choose(page: PageText, feed_text: str, title: str, *, has_page: bool) -> _Chosen:
    """Take the page's text unless the entry says more, or the page is no article."""
    is_page = page.wall != "blocked" and len(page.text) >= max(len(feed_text), 1)
    text = _without_title(page.text if is_page else feed_text, title)
    notes = []
    if page.wall:
        notes.append(_WALLS[page.wall])
    if has_page and not is_page and feed_text:
        notes.append("text from the source's own entry")
    if is_page and not page.is_decoded:
        notes.append("the page's encoding could not be recognised; some characters may be wrong")
    if not text:
        notes.append("no text beyond the title")
    if len(text) > _TEXT_LIMIT_CHARACTERS:
        notes.append(f"cut after {_TEXT_LIMIT_CHARACTERS:,} characters")
    return _Chosen(text=text[:_TEXT_LIMIT_CHARACTERS].rstrip(), notes=tuple(notes))


def _without_title(text: str, title: str) -> str:
    """Drop a first line that repeats the title: what it says would count twice."""
    first, _, rest = text.partition("\n")
    return rest.lstrip() if title and to_line(first).casefold() == title.casefold() else text


def _feed_text(entry: Entry) -> str:
    return max(to_plain(entry.content), to_plain(entry.summary), key=len)


def _hash(text: str) -> str:
    """Hash what is said, whatever the blanks and capitals; "" for nothing."""
    words = text.casefold().split()
    return sha256(" ".join(words).encode()).hexdigest() if words else ""
