"""Plain text out of whatever a source calls text; pure."""

import html
import re
import unicodedata

import lxml.html
from lxml.html import HtmlElement

# huge_tree: without it libxml2 drops whatever is nested deeper than 256 elements.
_PARSER = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_UNREAD = {"script", "style", "noscript", "template", "svg", "iframe", "object", "head", "textarea", "select"}
# fmt: off
_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
}
# fmt: on
_BLOCK_TAG = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS))})\b", re.IGNORECASE)
# Control characters, and the halves of surrogate pairs, which no database takes.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
# Any run of blanks but a single space.
_BLANKS = re.compile(r" ?[^\S\n ][^\S\n]*|  [^\S\n]*")
_BLANK_LINES = re.compile(r"\n{3,}")


def to_plain(source_text: str) -> str:
    """Turn HTML or text into plain text; each block of HTML becomes a line."""
    return tidy(_strip_markup(source_text) if _TAG.search(source_text) else html.unescape(source_text))


def to_line(source_text: str) -> str:
    """Turn HTML or text into one line of plain text."""
    return " ".join(to_plain(source_text).split())


def tidy(text: str) -> str:
    """Normalise a plain text: NFC, no control characters, single blanks, at most one empty line in a row."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    return _BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()


def _strip_markup(markup: str) -> str:
    if not _BLOCK_TAG.search(markup):
        markup = markup.replace("\n", "<br>")  # a text with some tags in it: its lines are its own
    # The blocks around it make a fragment a document, and keep an XML declaration from the start.
    tree = lxml.html.document_fromstring(f"<div>{_UNPRINTABLE.sub('', markup)}</div>", parser=_PARSER)
    pieces: list[str] = []
    _collect(tree, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\x1f"))
    return "\n".join(line for line in lines if line)


def _collect(tree: HtmlElement, pieces: list[str]) -> None:
    """Gather text in document order with a separator at the borders of blocks; without recursion."""
    stack: list[tuple[HtmlElement, bool]] = [(tree, False)]
    while stack:
        element, is_left = stack.pop()
        border = "\x1f" if element.tag in _BLOCKS else ""
        if is_left:
            pieces.append(border + (element.tail or ""))
        elif element.tag in _UNREAD:
            pieces.append(element.tail or "")
        else:
            pieces.append(border + (element.text or ""))
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
