"""Write XHTML that stands in a feed as the HTML that feedparser makes of it before cleaning it; pure."""

from xml.sax.saxutils import escape  # writes, and parses nothing

from lxml import etree

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
# feedparser takes these for elements of the feed, or of other languages.
_ODD = {"body", "math", "svg"}
_QUOTE = {'"': "&quot;"}


def write_xhtml(element: etree._Element) -> str | None:
    """Return the content of the one div in `element`; None where there is more, or less, or another language in it."""
    if len(element) != 1 or element[0].tag != f"{_NAMESPACE}div" or _is_text(element.text) or _is_text(element[0].tail):
        return None
    pieces: list[str] = []
    return "".join(pieces) if _write_inside(element[0], pieces) else None


def _write_inside(element: etree._Element, pieces: list[str]) -> bool:
    pieces.append(_escaped(element.text))
    for child in element:
        name = child.tag.removeprefix(_NAMESPACE)
        attributes = child.items()
        if name == child.tag or name in _ODD or any(key[0] == "{" for key, _ in attributes):
            return False
        stated = "".join(f' {key}="{escape(value, _QUOTE)}"' for key, value in attributes)
        pieces.append(f"<{name}{stated}>")
        if not _write_inside(child, pieces):
            return False
        pieces += [f"</{name}>", _escaped(child.tail)]
    return True


def _escaped(text: str | None) -> str:
    return escape(text) if text else ""


def _is_text(text: str | None) -> bool:
    return bool(text and text.strip())
