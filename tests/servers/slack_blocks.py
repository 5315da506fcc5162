"""What Slack accepts in a message, by its documentation.

Limits: https://docs.slack.dev/reference/block-kit/blocks and /reference/methods/chat.postMessage.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Block = Mapping[str, Any]
_TEXTS = ("plain_text", "mrkdwn")
# Undocumented; github.com/slackapi/bolt-js/issues/2509 measured that messages from about this length are refused.
_BLOCKS_CHARS = 13_000
_RICH = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
_INLINE = {"text": "text", "link": "url", "emoji": "name", "user": "user_id", "channel": "channel_id"}


def message_error(request: Mapping[str, Any]) -> str | None:
    """Return Slack's error for a message that it would not take."""
    text, blocks = str(request.get("text") or ""), request.get("blocks") or []
    if not request.get("channel"):
        return "channel_not_found"
    if not text.strip() and not blocks:
        return "no_text"
    if len(text) > 40_000:
        return "msg_too_long"
    if problems(blocks):
        return "invalid_blocks"
    return "msg_blocks_too_long" if len(json.dumps(blocks, ensure_ascii=False)) > _BLOCKS_CHARS else None


def problems(blocks: object) -> list[str]:
    """List what is wrong with the blocks of a message."""
    if not isinstance(blocks, (list, tuple)) or not all(isinstance(block, dict) for block in blocks):
        return ["must be an array of objects"]
    found = [f"no more than 50 items allowed, {len(blocks)} given"] if len(blocks) > 50 else []
    return found + _problems_of_each(blocks)


def _problems_of_each(blocks: Iterable[Block]) -> list[str]:
    blocks, found = list(blocks), []
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) > len(set(ids)) or any(len(one) > 255 for one in ids):
        found.append("block_id: unique and at most 255 characters")
    return found + [f"blocks/{at}: {said}" for at, block in enumerate(blocks) if (said := block_problem(block))]


def view_error(view: object) -> str | None:
    """Return Slack's error for a modal or an App Home that it would not take."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return "invalid_arguments"
    if len(json.dumps(view, ensure_ascii=False).encode()) > 250_000:
        return "view_too_large"
    found = view_problems(view)
    return "invalid_arguments" if found else None


def view_problems(view: Block) -> list[str]:
    """List what is wrong with a view."""
    blocks = view.get("blocks") or []
    found = [f"no more than 100 items allowed, {len(blocks)} given"] if len(blocks) > 100 else []
    names = ("title", "close", "submit") if view["type"] == "modal" else ()
    needed = {"title"} | ({"submit"} if any(block.get("type") == "input" for block in blocks) else set())
    for name in names:
        said = _text(view.get(name), 24, ("plain_text",)) if name in view or name in needed else None
        found += [f"{name}: {said}"] if said else []
    if len(str(view.get("private_metadata", ""))) > 3000 or len(str(view.get("callback_id", ""))) > 255:
        found.append("private_metadata: at most 3000, callback_id: at most 255 characters")
    return found + _problems_of_each(blocks)


def block_problem(block: Block) -> str | None:
    """Say what is wrong with a block."""
    check = _CHECKS.get(str(block.get("type")))
    return check(block) if check else f"unsupported type: {block.get('type')}"


def pings(request: Mapping[str, Any]) -> list[str]:
    """List what in a message would mention somebody: in fallback and mrkdwn texts, and as rich text elements."""
    texts = [str(request.get("text") or ""), *_mrkdwn(request.get("blocks") or [])]
    found = [hit for text in texts for hit in re.findall(r"<[!@#][^>]*>", text)]
    kinds = re.findall(r'"type": "(user|usergroup|broadcast|channel)"', json.dumps(request.get("blocks") or []))
    return found + kinds


def _mrkdwn(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield str(value.get("text"))
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _mrkdwn(one)


def _header(block: Block) -> str | None:
    return _text(block.get("text"), 150, ("plain_text",))


def _section(block: Block) -> str | None:
    text, fields = block.get("text"), block.get("fields")
    if text is None and fields is None:
        return "section: text or fields"
    said = [_text(text, 3000)] if text is not None else []
    if fields is not None:
        said += [None if 1 <= len(fields) <= 10 else "section: 1 to 10 fields", *(_text(one, 2000) for one in fields)]
    return _first(said)


def _context(block: Block) -> str | None:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        return "context: 1 to 10 elements"
    return _first(None if e.get("type") == "image" else _text(e, 3000) for e in elements)


def _actions(block: Block) -> str | None:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        return "actions: 1 to 25 elements"
    return _first(_button(element) for element in elements)


def _button(element: Block) -> str | None:
    if element.get("type") != "button" or not 1 <= len(str(element.get("action_id", ""))) <= 255:
        return "actions: a button with an action_id of at most 255 characters"
    if len(str(element.get("url", ""))) > 3000 or len(str(element.get("value", ""))) > 2000:
        return "button: url at most 3000, value at most 2000 characters"
    return _text(element.get("text"), 75, ("plain_text",))


def _rich(block: Block) -> str | None:
    elements = block.get("elements")
    if not elements:
        return "rich_text: elements"
    return _first(map(_rich_part, elements))


def _rich_part(part: Block) -> str | None:
    kind, elements = part.get("type"), part.get("elements")
    if kind not in _RICH or not isinstance(elements, list) or not elements:
        return f"rich_text: {kind} with elements expected"
    if kind != "rich_text_list":
        return _first(map(_inline, elements))
    if part.get("style") not in {"bullet", "ordered"} or any(e.get("type") != "rich_text_section" for e in elements):
        return "rich_text_list: a style, and sections as elements"
    return _first(map(_rich_part, elements))


def _inline(element: Block) -> str | None:
    needed = _INLINE.get(str(element.get("type")))
    if needed is None or not isinstance(element.get(needed), str) or not element[needed]:
        return f"rich_text: {element.get('type')} without its {needed}"
    if element["type"] == "link" and not re.match(r"(https?://|mailto:)\S+$", element["url"]):
        return "rich_text: invalid url"
    style = element.get("style", {})
    return None if set(style) <= {"bold", "italic", "strike", "code"} else "rich_text: unknown style"


def _text(text: object, limit: int, kinds: tuple[str, ...] = _TEXTS) -> str | None:
    if not isinstance(text, dict) or text.get("type") not in kinds or not isinstance(text.get("text"), str):
        return f"expected a text of {kinds}"
    return None if 1 <= len(text["text"]) <= limit else f"must be more than 0 and less than {limit + 1} characters"


def _first(said: Iterable[str | None]) -> str | None:
    return next((problem for problem in said if problem), None)


_CHECKS: dict[str, Callable[[Block], str | None]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich,
    "divider": lambda _: None,
}
