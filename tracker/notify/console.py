"""A Slack message as a terminal shows it, for want of a token.  Pure."""

from collections.abc import Iterator

from tracker.notify.blocks import Block
from tracker.notify.message import Message
from tracker.telling.text import wrap

_INDENT, _TERMINAL_COLUMNS = 4, 78


def as_console(message: Message, address: str) -> str:
    """Write the message as a terminal shows it, for want of a token."""
    told = [f"Not sent to {address}, because SLACK_BOT_TOKEN is not set.  The message would be:"]
    for block in message.blocks:
        told += ["", *_as_lines(block)]
    return "\n".join([*told, ""])


def _as_lines(block: Block) -> Iterator[str]:
    """Write a block as indented lines."""
    match block["type"]:
        case "header":
            yield from _wrapped(block["text"]["text"])
        case "context":
            for part in block["elements"]:
                yield from _wrapped(part["text"])
        case "actions":
            yield from _wrapped(" ".join(f"[{part['text']['text']}]" for part in block["elements"]))
            for url in (part["url"] for part in block["elements"] if "url" in part):
                yield from _wrapped(url)
        case _:
            for part in block["elements"]:
                yield from _rich_lines(part)


def _rich_lines(part: Block, first: str = "") -> Iterator[str]:
    if part["type"] == "rich_text_list":
        for row in part["elements"]:
            yield from _rich_lines(row, "- ")
        return
    for line in "".join(map(_as_text, part["elements"])).split("\n"):
        yield from _wrapped(line, first)


def _as_text(span: Block) -> str:
    return f"{span['text']} <{span['url']}>" if span["type"] == "link" else str(span["text"])


def _wrapped(line: str, first: str = "") -> list[str]:
    start = " " * _INDENT + first
    return wrap(line, _TERMINAL_COLUMNS, indent=len(start), first=start).split("\n")
