"""Slack's building blocks, each within Slack's documented limits by construction, none able to ping anybody.

Limits: https://docs.slack.dev/reference/block-kit/blocks, …/block-kit/block-elements/button-element,
…/surfaces/modals and …/methods/chat.postMessage.  Outside text stands in plain_text and rich_text elements, in which
Slack reads no mark-up.
"""

import json
from collections.abc import Sequence
from typing import Any

from tracker.telling import text as texts
from tracker.telling.text import clean, cut

Block = dict[str, Any]
Spans = Sequence[Block]

TEXT_LIMIT = 40_000
BLOCKS_LIMIT = 50
VIEW_LIMIT = 100
# Undocumented: github.com/slackapi/bolt-js/issues/2509 measured from where on msg_blocks_too_long comes.
MESSAGE_CHARS = 13_000
# "The provided view is greater than 250kb": …/methods/views.open.  A character takes four bytes at most.
VIEW_CHARS = 60_000
_HEADER_LIMIT = 150
_BUTTON_LIMIT = 75
_VALUE_LIMIT = 2000
_TITLE_LIMIT = 24
_CONTEXT_LIMIT = 2000
_CONTEXT_ELEMENTS = 10
_ELEMENT_LIMIT = 3000
_URL_LIMIT = 3000

__all__ = [
    "BLOCKS_LIMIT",
    "MESSAGE_CHARS",
    "TEXT_LIMIT",
    "VIEW_CHARS",
    "VIEW_LIMIT",
    "Block",
    "Spans",
    "bold",
    "bullets",
    "button",
    "buttons",
    "clean",
    "cut",
    "escape",
    "fallback",
    "fit",
    "fits",
    "header",
    "is_web",
    "lines",
    "link",
    "quote",
    "rich",
    "small",
    "text",
    "view",
]


def escape(text: str) -> str:
    """Escape what Slack reads as mark-up in `text` fields: with & < > gone, nothing can mention or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(text: str) -> Block:
    """Return a headline."""
    return {"type": "header", "text": _plain(text, _HEADER_LIMIT)}


def small(lines: Sequence[str]) -> Block:
    """Return remarks in small print."""
    said = [one for one in lines if one][:_CONTEXT_ELEMENTS]
    return {"type": "context", "elements": [_plain(one, _CONTEXT_LIMIT) for one in said]}


def rich(*parts: Block) -> Block:
    """Return paragraphs, quotes and lists below each other."""
    return {"type": "rich_text", "elements": list(parts)}


def lines(rows: Sequence[Spans]) -> Block:
    """Return a paragraph, a line each."""
    spans = [span for at, row in enumerate(rows) for span in ([text("\n"), *row] if at else row)]
    return {"type": "rich_text_section", "elements": spans or [text("…")]}


def quote(said: str) -> Block:
    """Return a verbatim quote."""
    return {"type": "rich_text_quote", "elements": [text(f"“{said or '…'}”")]}


def bullets(rows: Sequence[Spans]) -> Block:
    """Return a list; there has to be a row."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [lines([row]) for row in rows]}


def text(said: str) -> Block:
    """Return a stretch of plain text."""
    return {"type": "text", "text": cut(said or "…", _ELEMENT_LIMIT)}


def bold(said: str) -> Block:
    """Return a stretch of text in bold."""
    return text(said) | {"style": {"bold": True}}


def link(said: str, url: str) -> Block:
    """Return a link; plain text where Slack cannot link to `url`."""
    return {"type": "link", "url": url, "text": cut(said or url, _ELEMENT_LIMIT)} if is_web(url) else text(said)


def is_web(url: str) -> bool:
    """Say whether Slack can link to `url`."""
    return texts.is_web(url) and len(url) <= _URL_LIMIT


def button(said: str, action: str, *, value: str = "", url: str = "") -> Block:
    """Return a button that tells the app `action` and `value`; one with a `url` opens that too."""
    shown = {"type": "button", "action_id": action, "text": _plain(said, _BUTTON_LIMIT)}
    if len(value) > _VALUE_LIMIT:
        raise ValueError(f"the value of button {action} is longer than {_VALUE_LIMIT} characters")
    return shown | ({"value": value} if value else {}) | ({"url": url} if is_web(url) else {})


def buttons(*shown: Block) -> Block:
    """Return buttons in a row."""
    return {"type": "actions", "elements": list(shown)}


def fallback(said: str) -> str:
    """Return the text that notifications and screen readers get, on one line, with nothing that Slack would read."""
    return escape(cut(clean(said) or "…", TEXT_LIMIT // len("&amp;")))


def fit(
    told: Sequence[Block],
    rest: Block,
    last: Sequence[Block] = (),
    *,
    most: int = BLOCKS_LIMIT,
    chars: int = MESSAGE_CHARS,
) -> tuple[Block, ...]:
    """Return the blocks of a message, then `last`; where that is too much, `rest` stands for the end of `told`."""
    if fits([*told, *last], most=most, chars=chars):
        return (*told, *last)
    kept, room = list(told[: most - len(last) - 1]), chars - _size([rest, *last])
    while kept and _size(kept) > room:
        kept.pop()
    return (*kept, rest, *last)


def fits(told: Sequence[Block], *, most: int = BLOCKS_LIMIT, chars: int = MESSAGE_CHARS) -> bool:
    """Say whether blocks are few and short enough for one message."""
    return len(told) <= most and _size(told) <= chars


def view(title: str, told: Sequence[Block], rest: Block) -> Block:
    """Return a modal; `rest` stands for what is too much for it."""
    shown = fit(told, rest, most=VIEW_LIMIT, chars=VIEW_CHARS)
    return {
        "type": "modal",
        "title": _plain(title, _TITLE_LIMIT),
        "close": _plain("Close", _TITLE_LIMIT),
        "blocks": list(shown),
    }


def _size(told: Sequence[Block]) -> int:
    return len(json.dumps(told, ensure_ascii=False))


def _plain(said: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(said or "…", limit), "emoji": False}
