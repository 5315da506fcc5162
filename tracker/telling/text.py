"""Outside text made fit to stand in a message: clean, short, and in columns."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

# What shows nothing, halves of characters, and what could turn the direction of the text around it; the two joiners
# stay, which Persian, Hindi and others are spelt with.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")


def clean(text: str) -> str:
    """Return an outside text on one line, without what shows nothing or turns the direction of other text."""
    return " ".join(_INVISIBLE.sub("", text).split())


def cut(text: str, limit: int) -> str:
    """Shorten at a word, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    whole = head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head
    return f"{whole.rstrip(' ,;:')}…"


def unwrap(text: str) -> str:
    """Return a text with a space for each line break within a paragraph: every character keeps its offset."""
    return _LINE_BREAK.sub(" ", text)


def around(text: str, start: int, end: int, limit: int) -> str:
    """Return text[start:end] with what stands around it in its line, in about `limit` characters and whole words."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line, at = text[first : None if last < 0 else last], start - first
    room = max(limit - (end - start), 0)
    left = max(min(at - room // 2, len(line) - limit), 0)
    left = min(at, line.find(" ", left) + 1 or at) if left else 0
    return f"{'…' if left else ''}{cut(clean(line[left:]), limit)}"


def listed(names: Sequence[str], *, shown: int, limit: int) -> str:
    """Write names one after the other, each once and cut to `limit`, and how many more there are."""
    once = list(dict.fromkeys(cut(clean(name), limit) for name in names))
    more = f" and {len(once) - shown:,} more" if len(once) > shown else ""
    return ", ".join(once[:shown]) + more


def is_web(url: str) -> bool:
    """Say whether `url` is an address of the web that a reader may follow."""
    return url.startswith(("https://", "http://")) and not re.search(r"[\s<>|\"]", url)


def columns(text: str) -> int:
    """Return how wide a terminal shows `text`."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def wrap(text: str, width: int = 78, *, indent: int = 0, first: str = "") -> str:
    """Break a text into lines of at most `width` columns; `first` stands before the first line, within `indent`.

    Addresses are never broken, other words only where they are wider than a line.
    """
    room = width - indent
    lines = [""]
    for word in (piece for whole in text.split() for piece in _pieces(whole, room)):
        if lines[-1] and columns(lines[-1]) + 1 + columns(word) > room:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return first.ljust(indent) + f"\n{' ' * indent}".join(lines)


def _pieces(word: str, room: int) -> Iterator[str]:
    if columns(word) <= room or word.startswith(("http://", "https://")):
        yield word
        return
    piece = ""
    for one in word:
        if columns(piece + one) > room:
            yield piece
            piece = ""
        piece += one
    yield piece
