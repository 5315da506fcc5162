"""Slack's building blocks, each within Slack's documented limits by construction, none able to ping anybody.

Limits: https://docs.slack.dev/reference/block-kit/blocks and …/methods/chat.postMessage.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]

TEXT_LIMIT = 40_000
BLOCKS_LIMIT = 50
_HEADER_LIMIT = 150
_SECTION_LIMIT = 3000
_FIELD_LIMIT = 2000
_FIELDS_LIMIT = 10
_BUTTON_LIMIT = 75
_URL_LIMIT = 3000
# What could turn the direction of the text around it, and other characters that show nothing.
_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def clean(text: str) -> str:
    """Return an outside text without characters that show nothing or turn the direction of others."""
    return " ".join(_INVISIBLE.sub("", text).split())


def cut(text: str, limit: int) -> str:
    """Shorten at a word, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    whole = head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head
    return f"{whole.rstrip(' ,;:')}…"


def escape(text: str) -> str:
    """Escape what Slack reads as mark-up in `text` fields: with & < > gone, nothing can mention or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(text: str) -> Block:
    """Return a headline."""
    return {"type": "header", "text": _plain(text or "…", _HEADER_LIMIT)}


def fields(pairs: Iterable[tuple[str, str]]) -> Block | None:
    """Return labelled values side by side, ten at most; None where there is nothing to show."""
    shown = [_plain(f"{label}: {value}", _FIELD_LIMIT) for label, value in pairs if value][:_FIELDS_LIMIT]
    return {"type": "section", "fields": shown} if shown else None


def line(text: str) -> Block:
    """Return a paragraph of plain text."""
    return {"type": "section", "text": _plain(text or "…", _SECTION_LIMIT)}


def quotation(text: str, source: str, url: str | None) -> Block:
    """Return a verbatim quote with the source it stands in, linked where the address is one of the web."""
    cited: Block = {"type": "text", "text": cut(source, _SECTION_LIMIT)}
    if url and is_web(url):
        cited = {"type": "link", "url": url, "text": cut(source, _SECTION_LIMIT)}
    quoted = {"type": "rich_text_quote", "elements": [{"type": "text", "text": cut(text or "…", _SECTION_LIMIT)}]}
    return {"type": "rich_text", "elements": [quoted, {"type": "rich_text_section", "elements": [cited]}]}


def bullets(lines: Sequence[str]) -> Block:
    """Return a list."""
    rows = [{"type": "rich_text_section", "elements": [{"type": "text", "text": cut(one, 500)}]} for one in lines]
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": rows}]}


def small(lines: Sequence[str]) -> Block:
    """Return remarks in small print."""
    return {"type": "context", "elements": [_plain(one, _FIELD_LIMIT) for one in lines if one]}


def link_button(text: str, url: str) -> Block:
    """Return a button that opens a page."""
    button = {"type": "button", "text": _plain(text, _BUTTON_LIMIT), "url": url[:_URL_LIMIT], "action_id": "open"}
    return {"type": "actions", "elements": [button]}


def is_web(url: str) -> bool:
    """Say whether Slack can link to `url`."""
    return url.startswith(("https://", "http://")) and len(url) <= _URL_LIMIT and not re.search(r"[\s<>|]", url)


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}
