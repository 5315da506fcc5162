"""What each element of a feed's entry says, told as feedparser would tell it; pure."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.entities import name2codepoint
from importlib.resources import files

from lxml import etree

from tracker.collect.fast_address import Base, resolve_link
from tracker.collect.fast_html import clean_html
from tracker.collect.fast_time import read_time
from tracker.collect.fast_xhtml import write_xhtml

_IGNORED = tomllib.loads(files("tracker.collect").joinpath("fast_feed.toml").read_text(encoding="utf-8"))["ignored"]
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# An author as RSS has them, with an address that feedparser's pattern takes whole.
_ADDRESSED = re.compile(r"([a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,4}) \([^()@<>&]+\)", re.ASCII)
_URN = re.compile(r"(?:tag|urn):[^\s\[\]/][^\s\[\]]*")
_CLOSING_TAG = re.compile(r"</\w+>")
_REFERENCE = re.compile(r"&#?(\w+);")
_PLAIN, _HTML, _XHTML = {"text", "plain", "text/plain"}, {"html", "text/html"}, {"xhtml", "application/xhtml+xml"}


class Doubt(Exception):  # noqa: N818 (not an error: feedparser takes over)
    """What feedparser would make of this is not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a feed is to be read: `names` are what feedparser calls its tags ("dc:creator")."""

    is_atom: bool
    base: Base
    names: Mapping[str, str]


@dataclass(slots=True)
class Draft:
    """What an entry has said so far; None is what nothing has stated yet."""

    manner: Manner
    key: str | None = None
    link: str | None = None
    title: str | None = None
    author: str | None = None
    summary: str | None = None
    contents: list[str] = field(default_factory=list)
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    title_may_change: bool = False


def read_entry(entry: etree._Element, manner: Manner) -> Draft:
    """Read an entry's elements in order; raise Doubt where one is not of a known kind."""
    draft = Draft(manner)
    for name, value in entry.items():
        if name == _ABOUT:
            draft.key = value or None
        elif name != _LANG:
            raise Doubt
    names = manner.names
    for child in entry:
        says = _SAYS.get(names[child.tag])
        if says is None:
            raise Doubt
        says(draft, child)
    return draft


def leaf_text(element: etree._Element) -> str:
    """Return the text of an element that has no children; raise Doubt where it has some."""
    if len(element):
        raise Doubt
    text = element.text
    return _repaired(text.strip()) if text else ""


def _wrapped(draft: Draft, wrapper: etree._Element) -> None:
    """Pass over what stands in media:content or media:group: all that it may hold here says nothing of the entry."""
    for child in wrapper:
        name = draft.manner.names[child.tag]
        if name not in _WRAPPERS and name not in _LEAVES and name != "media:title":
            raise Doubt
        _SAYS[name](draft, child)


def _ignore(_draft: Draft, element: etree._Element) -> None:
    if len(element):
        raise Doubt


def _source(draft: Draft, element: etree._Element) -> None:
    """After an RSS source feedparser would take another title."""
    _ignore(draft, element)
    draft.title_may_change = True


def _title(draft: Draft, element: etree._Element) -> None:
    if draft.title is not None:
        raise Doubt
    draft.title = _stated_text(draft, element)


def _further_title(draft: Draft, element: etree._Element) -> None:
    """Pass over a title of another namespace; it counts unless one of the feed's own came before."""
    if not draft.title or draft.title_may_change:
        raise Doubt
    _ignore(draft, element)


def _link(draft: Draft, element: etree._Element) -> None:
    stated = {name.lower(): value for name, value in element.items()}
    href = stated.get("href")
    if href is None and not stated:
        draft.link = _absolute(leaf_text(element), draft.manner.base)
        return
    if href is None or len(element) or "url" in stated or "uri" in stated:
        raise Doubt
    leads_to = stated.get("type", "text/html").lower()
    if stated.get("rel", "alternate").lower() == "alternate":
        if leads_to not in {"text/html", "application/xhtml+xml"}:
            raise Doubt
        draft.link = _absolute(href, draft.manner.base)


def _key(draft: Draft, element: etree._Element) -> None:
    stated = {name.lower(): value for name, value in element.items()}
    key = leaf_text(element)
    if draft.key is not None or not key:
        raise Doubt
    draft.key = key
    if stated.get("ispermalink", "true") == "true":
        draft.key = key if _URN.fullmatch(key) else _absolute(key, draft.manner.base)
        if draft.link is None:
            draft.link = draft.key


def _plain_author(draft: Draft, element: etree._Element) -> None:
    author = leaf_text(element)
    if draft.author and "@" in draft.author:  # the address of the author before stays
        stated = _ADDRESSED.fullmatch(draft.author)
        if stated is None or not author or "@" in author:
            raise Doubt
        author = f"{author} ({stated[1]})"
    draft.author = author


def _author(draft: Draft, element: etree._Element) -> None:
    """Read an author's name and address from children, else from text; the last author counts."""
    if not len(element):
        _plain_author(draft, element)
        return
    said = _people(draft, element)
    name, email = said.get("name"), said.get("email")
    if draft.author and (name is None or "@" in draft.author):
        raise Doubt  # parts of the author before would stay
    draft.author = f"{name} ({email})" if name and email else name or email


def _contributor(draft: Draft, element: etree._Element) -> None:
    _people(draft, element)


def _people(draft: Draft, element: etree._Element) -> dict[str, str]:
    said: dict[str, str] = {}
    for child in element:
        name = draft.manner.names[child.tag]
        if name not in {"name", "email", "uri"} or name in said or len(child):
            raise Doubt
        said[name] = (child.text or "").strip()
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise Doubt
    return said


def _published(draft: Draft, element: etree._Element) -> None:
    draft.published_at = _stated_time(element)


def _updated(draft: Draft, element: etree._Element) -> None:
    draft.updated_at = _stated_time(element)


def _language(draft: Draft, element: etree._Element) -> None:
    draft.language = leaf_text(element)


def _description(draft: Draft, element: etree._Element) -> None:
    if draft.summary is not None and not draft.contents:
        raise Doubt  # a second one would be taken for content
    draft.summary = _stated_text(draft, element, default="html")


def _summary(draft: Draft, element: etree._Element) -> None:
    if draft.summary is not None and not draft.contents:
        _content(draft, element)  # a second summary counts as content
    else:
        draft.summary = _stated_text(draft, element)


def _content(draft: Draft, element: etree._Element) -> None:
    _add_content(draft, _stated_text(draft, element))


def _encoded(draft: Draft, element: etree._Element) -> None:
    _add_content(draft, _stated_text(draft, element, default="html"))


def _add_content(draft: Draft, content: str) -> None:
    draft.contents.append(content)
    if draft.summary is None:
        draft.summary = content


def _stated_text(draft: Draft, element: etree._Element, *, default: str = "text") -> str:
    """Return text as it stands or cleaned HTML, by the type that is stated or guessed."""
    kind = default
    for name, value in element.items():
        if name == "type":
            kind = value.lower()
        elif name != _LANG:
            raise Doubt
    if kind in _XHTML and draft.manner.is_atom:
        return _cleaned(write_xhtml(element), draft.manner.base)
    if len(element):
        raise Doubt
    text = (element.text or "").strip()
    if kind in _HTML or (kind in _PLAIN and not draft.manner.is_atom and _looks_like_html(text)):
        return _cleaned(text, draft.manner.base)
    if kind not in _PLAIN:
        raise Doubt
    return _repaired(text)


def _cleaned(html: str | None, base: Base) -> str:
    cleaned = None if html is None else clean_html(html.strip(), base)
    if cleaned is None:
        raise Doubt
    return _repaired(cleaned)


def _looks_like_html(text: str) -> bool:
    """Say whether feedparser takes for HTML what calls itself plain; raise Doubt where that turns on details."""
    if "&" not in text and "<" not in text:
        return False
    references = _REFERENCE.findall(text)
    if not references and not _CLOSING_TAG.search(text):
        return False
    if "<" in text or not all(name in name2codepoint or name.isdecimal() for name in references):
        raise Doubt
    return True


def _absolute(address: str, base: Base) -> str:
    found = None if ";" in address else resolve_link(address, base)
    if found is None:
        raise Doubt
    return found


def _stated_time(element: etree._Element) -> datetime:
    found = read_time(leaf_text(element))
    if found is None:
        raise Doubt
    return found


def _repaired(text: str) -> str:
    """Undo what feedparser undoes: UTF-8 that was read as Latin-1."""
    if text.isascii():
        return text
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text


_LEAVES, _WRAPPERS = (frozenset(_IGNORED[name].split()) for name in ("leaves", "wrappers"))
_SAYS: dict[str, Callable[[Draft, etree._Element], None]] = {
    "*": _ignore,
    **dict.fromkeys(_LEAVES, _ignore),
    **dict.fromkeys(_WRAPPERS, _wrapped),
    "author": _author,
    "contributor": _contributor,
    "source": _source,
    "title": _title,
    "dc:title": _further_title,
    "media:title": _further_title,
    "link": _link,
    "guid": _key,
    "id": _key,
    "dc:creator": _plain_author,
    "itunes:author": _plain_author,
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms:issued"), _published),
    **dict.fromkeys(("updated", "modified", "dc:date", "dcterms:modified"), _updated),
    **dict.fromkeys(("language", "dc:language"), _language),
    "description": _description,
    "summary": _summary,
    "itunes:summary": _summary,
    "content": _content,
    "content:encoded": _encoded,
}
