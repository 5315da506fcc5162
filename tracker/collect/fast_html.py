"""Clean HTML as feedparser would, fast; only where every tag and reference is of the plain kind; pure."""

import re
import tomllib
from functools import lru_cache
from html.entities import name2codepoint
from importlib.resources import files

_RULES = tomllib.loads(files("tracker.collect").joinpath("fast_html.toml").read_text(encoding="utf-8"))
_ELEMENTS, _VOID, _DROPPED = (frozenset(_RULES["elements"][name].split()) for name in ("kept", "void", "dropped"))
_ATTRIBUTES, _ADDRESSES, _DROPPED_ATTRIBUTES = (
    frozenset(_RULES["attributes"][name].split()) for name in ("kept", "addresses", "dropped")
)

# No blanks, no brackets, no parameters before the query: nothing that joining to a base would write differently.
_PATH = r"[^\s<>\"'?#&;\[\]\\^`{|}\x00-\x20\x7f-\xa0]"
_QUERY = r"[^\s<>\"'#&\[\]\\^`{|}\x00-\x20\x7f-\xa0]"


def _address(ampersand: str) -> str:
    query = rf"(?:{_QUERY}|{ampersand})+"
    return rf"https?://[A-Za-z0-9._-]+(?::\d+)?(?:/{_PATH}*)?(?:\?{query})?(?:#{query})?"


_PLAIN_ADDRESS = re.compile(_address("&"))
_LINK = re.compile(rf"(?:{_address('&amp;')}|mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9._-]+)")
# What comes out as it went in; most texts are no more than this.
_UNCHANGED = re.compile(
    rf"(?:[^<&\r]++|</?(?:{'|'.join(sorted(_ELEMENTS))})>|&(?:amp|lt|gt|quot|nbsp|#[1-9]\d{{3,4}});|<[bh]r />"
    rf'|<a href="{_LINK.pattern}"(?: rel="[a-z ]+")?(?: target="_blank")?(?: title="[\w .,:-]+")?>)*+'
)
_TOKEN = re.compile(r"<[^<>]{1,4000}>|&#?\w{1,32};")
_START = re.compile(r"<([a-zA-Z][a-zA-Z0-9:]*)((?:\s+[a-zA-Z][-a-zA-Z0-9:]*\s?=\s?(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_END = re.compile(r"</([a-zA-Z][a-zA-Z0-9:]*)\s*>")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z][-a-zA-Z0-9:]*)\s?=\s?([\"'])(.*?)\2", re.DOTALL)
_COMMENT = re.compile(r"<!--(?:[^-<>]|-(?=[^-<>]))*-->")
_REFERENCE = re.compile(r"&(#?\w+);")
_NAMES = frozenset(name2codepoint) | {"apos"}
# Numbers from 128 to 159 are taken for Windows' characters.
_NUMBER = re.compile(r"#(?:(?!0|1[2-5]\d$)\d{1,6}|x(?!0|[89][\da-f]$)[0-9a-f]{1,5})", re.ASCII)
_ODD_IN_VALUES = re.compile(r"[\"'<>\x00-\x1f\x7f-\x9f]")


def clean_html(html: str) -> str | None:
    """Return what feedparser's resolving and sanitising would; None where that cannot be foreseen."""
    if "&#3" in html:
        html = html.replace("&#39;", "'").replace("&#34;", '"')
    pieces, position = [], 0
    while position < len(html):
        unchanged = _UNCHANGED.match(html, position)
        assert unchanged  # it may be empty
        pieces.append(unchanged[0])
        position = unchanged.end()
        if token := _TOKEN.match(html, position):
            cleaned = _clean_token(token[0])
            if cleaned is None:
                return None
            pieces.append(cleaned)
            position = token.end()
        elif position < len(html):
            return None
    return "".join(pieces).strip()


def is_plain_address(url: str) -> bool:
    """Say whether joining `url` to any base leaves it as it is."""
    return _PLAIN_ADDRESS.fullmatch(url) is not None


@lru_cache(maxsize=4096)
def _clean_token(token: str) -> str | None:
    """Return a tag, a comment or a reference as feedparser writes it; "" where it leaves it out."""
    if token[0] == "&" or _COMMENT.fullmatch(token):
        return token if token[0] == "<" or _has_plain_references(token) else None
    if match := _START.fullmatch(token):
        return _clean_start(match[1].lower(), match[2], is_closed=bool(match[3]))
    if match := _END.fullmatch(token):
        name = match[1].lower()
        if name in _ELEMENTS:
            return f"</{name}>"
        return "" if name in _VOID or name in _DROPPED else None
    return None


def _clean_start(name: str, stated: str, *, is_closed: bool) -> str | None:
    is_void = name in _VOID
    if not is_void and (is_closed or name not in _ELEMENTS):
        # A closed <p/> becomes a pair of tags, but <p class="x"/> only a start.
        return "" if name in _DROPPED else None
    found = _ATTRIBUTE.findall(stated)
    attributes = {key.lower(): value for key, _, value in found}
    if len(attributes) < len(found):
        return None
    written = [_write_attribute(key, attributes[key]) for key in sorted(attributes)]
    if None in written:
        return None
    return f"<{name}{''.join(filter(None, written))}{' />' if is_void else '>'}"


def _write_attribute(key: str, value: str) -> str | None:
    """Return the attribute with a blank before it, "" where it is left out, None where that is not known."""
    if key in _DROPPED_ATTRIBUTES or key.startswith(("data-", "aria-")):
        return ""
    if key in _ADDRESSES:
        return f' {key}="{value}"' if _LINK.fullmatch(value) else None
    if key not in _ATTRIBUTES or _ODD_IN_VALUES.search(value) or not _has_plain_references(value):
        return None
    return f' {key}="{value.lower() if key in {"rel", "type"} else value}"'


def _has_plain_references(text: str) -> bool:
    found = _REFERENCE.findall(text)
    return len(found) == text.count("&") and all(name in _NAMES or _NUMBER.fullmatch(name) for name in found)
