"""Addresses that every way of joining them to a base writes alike; pure."""

import re
from typing import NamedTuple

# No blanks, no brackets, no parameters: nothing that would be written differently.
_PATH = r"[^\s<>\"'?#&;\[\]\\^`{|}\x00-\x20\x7f-\xa0]"
_QUERY = r"[^\s<>\"'#&\[\]\\^`{|}\x00-\x20\x7f-\xa0]"
_HOST = r"https?://[A-Za-z0-9._-]+(?::\d+)?"


def _pattern(start: str, ampersand: str) -> str:
    query = rf"(?:{_QUERY}|{ampersand})+"
    return rf"{start}(?:/{_PATH}*)?(?:\?{query})?(?:#{query})?"


LINK_PATTERN = rf"(?:{_pattern(_HOST, '&amp;')}|mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9._-]+)"
_LINK = re.compile(LINK_PATTERN)
_ADDRESS = re.compile(_pattern(_HOST, "&"))
_ROOTED_LINK, _ROOTED = (re.compile(_pattern("(?=/(?!/))", ampersand)) for ampersand in ("&amp;", "&"))
_ORIGIN = re.compile(_HOST)
# Joining shortens these.
_STEPS = re.compile(r"//|/\.\.?(?:[/?#]|$)")
_FRAGMENT = re.compile(rf"#{_QUERY}+")


class Base(NamedTuple):
    """What relative addresses are joined to: "" where none may be."""

    origin: str = ""
    page: str = ""


def base_of(url: str) -> Base:
    """Return the base that the address of a feed makes."""
    origin = _ORIGIN.match(url)
    if origin is None or not _ADDRESS.fullmatch(url) or ";" in url:
        return Base()
    page = url.partition("#")[0]
    return Base(origin=origin[0], page="" if "&" in page else page)


def resolve_link(address: str, base: Base, *, is_html: bool = False) -> str | None:
    """Return an address made absolute; None where joining would do more than put the base before it.

    `is_html` takes it as it stands in an attribute, with its ampersands written as references.
    """
    absolute, rooted = (_LINK, _ROOTED_LINK) if is_html else (_ADDRESS, _ROOTED)
    if absolute.fullmatch(address):
        return address
    if base.origin and rooted.fullmatch(address) and not _STEPS.search(address.partition("?")[0].partition("#")[0]):
        return base.origin + address
    return base.page + address if base.page and _FRAGMENT.fullmatch(address) else None
