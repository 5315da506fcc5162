"""Clean HTML as feedparser would, fast; only where every tag and reference is of the plain kind; pure."""

import re
import tomllib
from functools import lru_cache
from html.entities import name2codepoint
from importlib.resources import files

from tracker.collect.fast_address import LINK_PATTERN, Base, resolve_link

_RULES = tomllib.loads(files("tracker.collect").joinpath("fast_html.toml").read_text(encoding="utf-8"))
_ELEMENTS, _VOID, _DROPPED = (frozenset(_RULES["elements"][name].split()) for name in ("kept", "void", "dropped"))
_ATTRIBUTES, _ADDRESSES, _RELATIVE, _DROPPED_ATTRIBUTES = (
    frozenset(_RULES["attributes"][name].split()) for name in ("kept", "addresses", "relative", "dropped")
)
_STYLES, _STYLE_FAMILIES, _STYLE_KEYWORDS = (
    frozenset(_RULES["styles"][name].split()) for name in ("kept", "families", "keywords")
)

# What comes out as it went in; most texts are no more than this.
_NAMES_OF_ELEMENTS = "|".join(sorted(_ELEMENTS))
_UNCHANGED = re.compile(
    rf"(?:[^<&\r]++|</?(?:{_NAMES_OF_ELEMENTS})>|<(?:{_NAMES_OF_ELEMENTS}) class=\"[-\w ]+\">|<[bh]r />"
    rf"|&(?:amp|lt|gt|quot|nbsp|#[1-9]\d{{3,4}});"
    rf'|<a href="{LINK_PATTERN}"(?: rel="[a-z ]+")?(?: target="_blank")?(?: title="[\w .,:-]+")?>)*+'
)
_TOKEN = re.compile(r"<[^<>]{1,4000}>|&#?\w{1,32};")
_SILENT_STARTS = ("<s", "<S")
# What nobody is to see; it is left out with its text.
_SILENT = re.compile(r"<(script|style)(?:\s+[a-z-]+(?:=\"[^\"<>]*\")?)*\s*>[^<&\r]*</\1>", re.IGNORECASE)
_START = re.compile(r"<([a-zA-Z][a-zA-Z0-9:]*)((?:\s+[a-zA-Z][-a-zA-Z0-9:]*\s?=\s?(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_END = re.compile(r"</([a-zA-Z][a-zA-Z0-9:]*)\s*>")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z][-a-zA-Z0-9:]*)\s?=\s?([\"'])(.*?)\2", re.DOTALL)
_COMMENT = re.compile(r"<!--(?:[^-<>]|-(?=[^-<>]))*-->")
_REFERENCE = re.compile(r"&(#?\w+);", re.ASCII)
_NAMES = frozenset(name2codepoint) | {"apos"}
_NUMBER = re.compile(r"#(\d{1,7}|x[0-9a-f]{1,6})", re.ASCII)
# These numbers are taken for Windows' characters.
_WINDOWS = range(128, 160)
_ODD_IN_VALUES = re.compile(r"[\"'<>\x00-\x1f\x7f-\x9f]")
_STYLE = re.compile(r"(?:[:,;#%. a-zA-Z0-9!]|[a-zA-Z0-9]-[a-zA-Z0-9])*")
_DECLARATION = re.compile(r"\s*([-\w]+)\s*:\s*([^:;]*);?", re.ASCII)
_STYLE_VALUE = re.compile(r"#[0-9a-f]+|\d{0,2}\.?\d{0,2}(?:cm|em|ex|in|mm|pc|pt|px|%|,)?", re.ASCII)


def clean_html(html: str, base: Base) -> str | None:
    """Return what feedparser's resolving and sanitising would; None where that cannot be foreseen."""
    if "&#3" in html:
        html = html.replace("&#39;", "'").replace("&#34;", '"')
    pieces, position = [], 0
    while position < len(html):
        unchanged = _UNCHANGED.match(html, position)
        assert unchanged  # it may be empty
        pieces.append(unchanged[0])
        position = unchanged.end()
        if html.startswith(_SILENT_STARTS, position) and (silent := _SILENT.match(html, position)):
            position = silent.end()
        elif token := _TOKEN.match(html, position):
            cleaned = _clean_token(token[0], base)
            if cleaned is None:
                return None
            pieces.append(cleaned)
            position = token.end()
        elif position < len(html):
            return None
    return "".join(pieces).strip()


@lru_cache(maxsize=4096)
def _clean_token(token: str, base: Base) -> str | None:
    """Return a tag, a comment or a reference as feedparser writes it; "" where it leaves it out."""
    if token[0] == "&":
        return _clean_reference(token)
    if match := _START.fullmatch(token):
        return _clean_start(match[1].lower(), match[2], base, is_closed=bool(match[3]))
    if match := _END.fullmatch(token):
        name = match[1].lower()
        if name in _ELEMENTS:
            return f"</{name}>"
        return "" if name in _VOID or name in _DROPPED else None
    return token if _COMMENT.fullmatch(token) else None


def _clean_reference(reference: str) -> str | None:
    if reference.startswith("&#"):
        reference = reference.lower()
    return reference if _has_plain_references(reference) else None


def _clean_start(name: str, stated: str, base: Base, *, is_closed: bool) -> str | None:
    is_void = name in _VOID
    if not is_void and (is_closed or name not in _ELEMENTS):
        # A closed <p/> becomes a pair of tags, but <p class="x"/> only a start.
        return "" if name in _DROPPED else None
    found = sorted((key.lower(), value) for key, _, value in _ATTRIBUTE.findall(stated))
    if len(dict(found)) < len(found):
        return None
    written = [_write_attribute(name, key, value, base) for key, value in found]
    return None if None in written else f"<{name}{''.join(written)}{' />' if is_void else '>'}"  # type: ignore[arg-type]  # no None is left


def _write_attribute(name: str, key: str, value: str, base: Base) -> str | None:
    """Return the attribute with a blank before it, "" where it is left out, None where that is not known."""
    if key not in _ADDRESSES:
        return _write_other(key, value)
    address = resolve_link(value, base, is_html=True)
    return f' {key}="{address}"' if address and (address == value or f"{name}:{key}" in _RELATIVE) else None


@lru_cache(maxsize=4096)
def _write_other(key: str, value: str) -> str | None:
    if key in _DROPPED_ATTRIBUTES or key.startswith(("data-", "aria-")):
        return ""
    if key == "style":
        style = _clean_style(value)
        return f' style="{style}"' if style else style
    if key not in _ATTRIBUTES or _ODD_IN_VALUES.search(value) or ("&" in value and not _has_plain_references(value)):
        return None
    return f' {key}="{value.lower() if key in {"rel", "type"} else value}"'


def _clean_style(style: str) -> str | None:
    if not _STYLE.fullmatch(style) or _DECLARATION.sub("", style).strip():
        return None
    declarations = [(name, value) for name, value in _DECLARATION.findall(style) if value]
    return " ".join(f"{name}: {value};" for name, value in declarations if _is_kept(name.lower(), value))


def _is_kept(name: str, value: str) -> bool:
    is_plain = all(word in _STYLE_KEYWORDS or _STYLE_VALUE.fullmatch(word) for word in value.split())
    return name in _STYLES or (name.split("-", maxsplit=1)[0] in _STYLE_FAMILIES and is_plain)


def _has_plain_references(text: str) -> bool:
    found = _REFERENCE.findall(text)
    return len(found) == text.count("&") and all(name in _NAMES or _is_plain_number(name) for name in found)


def _is_plain_number(reference: str) -> bool:
    match = _NUMBER.fullmatch(reference)
    if match is None:
        return False
    return int(match[1].removeprefix("x"), 16 if match[1][0] == "x" else 10) not in _WINDOWS
