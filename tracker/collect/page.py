"""Watch one page (a part of the CFR, a policy page) and report the paragraphs that changed."""

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from hashlib import sha256
from html import escape
from itertools import groupby

from bs4 import BeautifulSoup, Tag
from pydantic import field_validator
from w3lib.url import add_or_replace_parameters

from tracker.collect.changed import as_poll, conditional
from tracker.collect.entry import make_entry
from tracker.collect.http import Client, http_date
from tracker.collect.kind import Options
from tracker.collect.schedule import address
from tracker.collect.selecting import Selector, parse_page
from tracker.errors import ParseError
from tracker.types import Entry, Poll, PollState, Source

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_BLOCKS = (
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "pre", "blockquote", "div", "section",
    "article", "main", "body",
)  # fmt: skip
_UNREAD = ("title", "script", "style", "noscript", "template")
# More than this is a new page rather than a changed one, and is summed up.
_TOLD = 200


class PageOptions(Options):
    """`select` is the CSS selector of the part to watch; paragraphs that match one of `ignore` do not count."""

    select: Selector = ":root"
    ignore: tuple[str, ...] = ()

    @field_validator("ignore")
    @classmethod
    def _are_expressions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                re.compile(one)
            except re.error as error:
                raise ValueError(f"expected regular expressions: {one!r}: {error}") from error
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A paragraph as it was and as it is; None stands for one that was not there or is gone."""

    before: str | None
    after: str | None


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at a page: the first look remembers it, each later one reports what changed as one entry."""
    options = PageOptions.model_validate(dict(source.options))
    fetched = client.fetch(address(source, state), headers=conditional(state, _ACCEPT), asks_robots=True)
    found = as_poll(state, fetched)
    if found.unchanged:
        return found
    page = parse_page(fetched)
    title = _title(page) or source.name
    after = read_paragraphs(page, options)
    before = _recall(state.memory)
    changes = compare(before, after) if before is not None else ()
    modified = fetched.headers.get("last-modified", "")
    entries = (tell(changes, url=fetched.url, title=title, modified=modified),) if changes else ()
    return replace(found, entries=entries, memory=_remember(after))


def read_paragraphs(page: BeautifulSoup, options: PageOptions) -> tuple[str, ...]:
    """Return the paragraphs of the watched part; raise ParseError where the selector finds none."""
    for element in page.find_all(_UNREAD):
        element.decompose()
    parts = page.select(options.select)
    texts = (text for part in parts for text in _paragraphs(part))
    # Each once, because what stands twice says no more, and comparing many alike takes long.
    kept = tuple(dict.fromkeys(text for text in texts if not any(re.search(one, text) for one in options.ignore)))
    if not kept:
        raise ParseError(
            f"selector select ({options.select!r}) found {'no text' if parts else 'nothing'}; "
            "the page may have a new design"
        )
    return kept


def compare(before: Sequence[str], after: Sequence[str]) -> tuple[Change, ...]:
    """Return what changed, in the page's order; a paragraph that only moved is no change."""
    moved = set(before) & set(after)
    changes: list[Change] = []
    for verb, i, k, j, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if verb == "equal":
            continue
        gone = [text for text in before[i:k] if text not in moved]
        new = [text for text in after[j:m] if text not in moved]
        paired = min(len(gone), len(new))
        changes += [Change(before=old, after=text) for old, text in zip(gone, new, strict=False)]
        changes += [Change(before=old, after=None) for old in gone[paired:]]
        changes += [Change(before=None, after=text) for text in new[paired:]]
    return tuple(changes)


def tell(changes: Sequence[Change], *, url: str, title: str, modified: str) -> Entry:
    """Make one entry of what changed; its address is the page's, made unique by what the changes say."""
    said = "".join(_paragraph(change) for change in changes[:_TOLD])
    rest = f"<p>And {len(changes) - _TOLD} more.</p>" if len(changes) > _TOLD else ""
    mark = sha256(repr(changes).encode()).hexdigest()[:12]
    return make_entry(
        address=add_or_replace_parameters(url, {"change": mark}),
        title=f"{title}: {_count(changes)}",
        content=said + rest,
        published_at=http_date(modified),
        has_page=False,
    )


def _paragraphs(part: Tag) -> Iterator[str]:
    """Yield the texts of a part; consecutive words of one block are one paragraph."""
    for _, strings in groupby(part.find_all(string=True), key=lambda one: id(one.find_parent(_BLOCKS))):
        if text := " ".join(" ".join(strings).split()):
            yield text


def _title(page: BeautifulSoup) -> str:
    return " ".join(page.title.get_text(" ").split()) if page.title else ""


def _count(changes: Sequence[Change]) -> str:
    kinds = {
        "changed": sum(change.before is not None and change.after is not None for change in changes),
        "added": sum(change.before is None for change in changes),
        "removed": sum(change.after is None for change in changes),
    }
    told = [(number, kind) for kind, number in kinds.items() if number]
    first, rest = told[0], told[1:]
    return ", ".join([f"{first[0]} paragraph{'s' if first[0] > 1 else ''} {first[1]}", *(f"{n} {k}" for n, k in rest)])


def _paragraph(change: Change) -> str:
    if change.before is None:
        return f"<p>Added: {escape(change.after or '')}</p>"
    if change.after is None:
        return f"<p>Removed: {escape(change.before)}</p>"
    return f"<p>Changed to: {escape(change.after)}</p><p>It was: {escape(change.before)}</p>"


def _remember(paragraphs: Sequence[str]) -> bytes:
    return zlib.compress(json.dumps(paragraphs, ensure_ascii=False).encode())


def _recall(memory: bytes | None) -> list[str] | None:
    return json.loads(zlib.decompress(memory)) if memory else None
