"""Slack's building blocks, each within Slack's documented limits by construction, none able to ping anybody.

Limits: https://docs.slack.dev/reference/block-kit/blocks and …/methods/chat.postMessage.  Outside text stands in
plain_text and rich_text elements, in which Slack reads no mark-up.
"""

from collections.abc import Sequence
from typing import Any

from tracker.telling import text as texts
from tracker.telling.text import clean, cut

Block = dict[str, Any]
Spans = Sequence[Block]

TEXT_LIMIT = 40_000
BLOCKS_LIMIT = 50
_HEADER_LIMIT = 150
_CONTEXT_LIMIT = 2000
_ELEMENT_LIMIT = 3000
_URL_LIMIT = 3000

__all__ = [
    "BLOCKS_LIMIT",
    "TEXT_LIMIT",
    "Block",
    "Spans",
    "bold",
    "bullets",
    "clean",
    "cut",
    "escape",
    "header",
    "is_web",
    "lines",
    "link",
    "quote",
    "rich",
    "small",
    "text",
]


def escape(text: str) -> str:
    """Escape what Slack reads as mark-up in `text` fields: with & < > gone, nothing can mention or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(text: str) -> Block:
    """Return a headline."""
    return {"type": "header", "text": _plain(text, _HEADER_LIMIT)}


def small(lines: Sequence[str]) -> Block:
    """Return remarks in small print."""
    return {"type": "context", "elements": [_plain(one, _CONTEXT_LIMIT) for one in lines if one]}


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


def _plain(said: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(said or "…", limit), "emoji": False}
