"""Read the well-formed feeds that most sources send, far cheaper than feedparser; pure.

feedparser stays the judge: what is read here is read exactly as it would be, and whatever is doubtful is left to it.
"""

import re
import tomllib
from importlib.resources import files
from io import BytesIO

from lxml import etree

from tracker.collect.entry import make_entry
from tracker.collect.fast_address import Base, base_of
from tracker.collect.fast_entry import Doubt, Draft, Manner, leaf_text, read_entry
from tracker.types import Entry

_RULES = tomllib.loads(files("tracker.collect").joinpath("fast_feed.toml").read_text(encoding="utf-8"))
_NAMESPACES: dict[str, str] = _RULES["namespaces"]
_DOUBTFUL_STARTS = tuple(_RULES["doubtful"]["starts"].split())
_PREFIXES = frozenset(_RULES["doubtful"]["prefixes"].split())
_ATOM, _RSS1 = "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SINGLE_BYTE = {"iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "koi8-r"}
# All of them read ASCII as ASCII; what is UTF-8 beyond that is taken for it, whatever is stated.
_CHARSETS = {"", "utf-8", "utf8", "us-ascii", "ascii"} | _SINGLE_BYTE
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']*)", re.IGNORECASE)
_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml version=([\"'])1\.0\1"
    rb"(?: encoding=([\"'])([-\w]+)\2)?(?: standalone=([\"'])(?:yes|no)\4)?\s*\?>"
)
# Controls that feedparser takes for characters of Windows' own encodings, plain or as references.
_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]"), re.compile(rb"&#(?:0*1[2-5]\d|[xX]0*[89][0-9a-fA-F]);")
_BASE = re.compile(rb"base\s*=")
_STRUCTURE = {"rss", "rdf:rdf", "feed", "channel", "item", "entry"}
_TEXTS = {"title", "description", "subtitle", "tagline", "summary", "content", "rights", "copyright", "info"}


def parse_fast(body: bytes, *, content_type: str, url: str) -> tuple[Entry, ...] | None:
    """Return the entries of a feed as feedparser reads them, or None where it must be asked."""
    plain = _as_utf8(body, content_type)
    if plain is None or not url.startswith(("http://", "https://")):
        return None
    if any(controls.search(plain) for controls in _CONTROLS):
        return None
    events = etree.iterparse(
        BytesIO(plain),
        events=("start-ns",),
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        no_network=True,
    )
    base = Base() if _BASE.search(plain.lower()) else base_of(url)
    try:
        declared = {declaration for _, declaration in events}
        if events.root.getroottree().docinfo.internalDTD is not None:
            return None
        return _Feed(events.root, _Names(declared), base).read()
    except (etree.XMLSyntaxError, Doubt):
        return None


def _as_utf8(body: bytes, content_type: str) -> bytes | None:
    """Return the body in UTF-8, where header, declaration and bytes leave no question of its encoding."""
    charset, declaration = _CHARSET.search(content_type), _DECLARATION.match(body)
    if declaration is None and b"<?xml" in body:
        return None
    in_header = charset[1].lower() if charset else ""
    in_body = (declaration[3] or b"").decode().lower() if declaration else ""
    if not {in_header, in_body} <= _CHARSETS:
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _recoded(body, in_body) if in_body in _SINGLE_BYTE and in_header in {"", in_body} else None
    return body


def _recoded(body: bytes, charset: str) -> bytes | None:
    try:
        return body.decode(charset).encode()
    except UnicodeDecodeError:
        return None


class _Names(dict[str, str]):
    """What feedparser calls a tag ("dc:creator"); "!" where that is unsure, "*" where it says nothing of an entry."""

    def __init__(self, declared: set[tuple[str, str]]) -> None:
        super().__init__()
        self.addresses = {address for _, address in declared}
        self._prefixes: dict[str, str] = {}
        _check_prefixes(declared)
        for prefix, address in declared:
            if self._prefixes.setdefault(address, prefix) != prefix and address not in _NAMESPACES:
                raise Doubt

    def __missing__(self, tag: str) -> str:
        address, _, local = tag.rpartition("}")
        self[tag] = name = self._name(address[1:], local.lower())
        return name

    def _name(self, address: str, local: str) -> str:
        if not address or address in _NAMESPACES:
            prefix = _NAMESPACES.get(address)
            return f"{prefix}:{local}" if prefix else local
        if address.lower().startswith(_DOUBTFUL_STARTS):
            return "!"
        return "*" if self._prefixes[address] else local


def _check_prefixes(declared: set[tuple[str, str]]) -> None:
    """Raise Doubt where one prefix stands for two namespaces, or for another than feedparser would think."""
    bound: dict[str, str] = {}
    for prefix, address in declared:
        name = prefix.lower()
        if name and bound.setdefault(name, address) != address:
            raise Doubt
        if name in _PREFIXES:
            known = _NAMESPACES.get(address)
            is_own = name == known if known is not None else address.lower().startswith(_DOUBTFUL_STARTS)
            if not is_own or (known is None and name in _NAMESPACES.values()):
                raise Doubt


class _Feed:
    """One parsed body."""

    def __init__(self, root: etree._Element, names: _Names, base: Base) -> None:
        self._root = root
        self._names = names
        self._base = base
        self._language: str | None = None

    def read(self) -> tuple[Entry, ...]:
        is_atom = self._root.tag == f"{{{_ATOM}}}feed"
        manner = Manner(is_atom=is_atom, base=self._base, names=self._names)
        drafts = [read_entry(entry, manner) for entry in self._entries()]
        return tuple(_finish(draft, self._language) for draft in drafts)

    def _entries(self) -> list[etree._Element]:
        """Return the elements of the entries; note the feed's language on the way."""
        root, addresses = self._root, self._names.addresses
        match self._names[root.tag]:
            case "rss" if root.get("version", "").startswith(("2.", "0.9")):
                self._note_language(root)
                return self._children(self._only_channel(root), "item")
            case "rdf:rdf" if _RSS1 in addresses and _ATOM not in addresses:
                self._children(self._only_channel(root), "")
                return self._children(root, "item", besides="channel")
            case "feed" if root.tag == f"{{{_ATOM}}}feed" and _RSS1 not in addresses:
                self._note_language(root)
                return self._children(root, "entry")
        raise Doubt

    def _only_channel(self, root: etree._Element) -> etree._Element:
        channels = [child for child in root if self._names[child.tag] == "channel"]
        others = {self._names[child.tag] for child in root} - {"channel"}
        if len(channels) != 1 or (others and self._names[root.tag] == "rss"):
            raise Doubt
        return channels[0]

    def _children(self, parent: etree._Element, wanted: str, *, besides: str = "") -> list[etree._Element]:
        found = []
        for child in parent:
            name = self._names[child.tag]
            if name == wanted:
                found.append(child)
            elif name in {"language", "dc:language"}:
                self._language = leaf_text(child)
            elif name != besides:
                self._check_aside(name, child)
        return found

    def _check_aside(self, name: str, element: etree._Element) -> None:
        """Raise Doubt where something beside the entries could change what feedparser makes of them."""
        inner = {self._names[one.tag] for one in element.iter()}
        if inner & _STRUCTURE or inner & {"language", "dc:language"} or (name in _TEXTS and len(element)):
            raise Doubt

    def _note_language(self, root: etree._Element) -> None:
        stated = root.get(_LANG, root.get("lang"))
        if stated:
            self._language = stated.replace("_", "-")


def _finish(draft: Draft, feed_language: str | None) -> Entry:
    return make_entry(
        key=draft.key or "",
        address=draft.link or "",
        title=draft.title or "",
        author=draft.author,
        summary=draft.summary or "",
        content=max(draft.contents, key=len, default=""),
        language=draft.language or feed_language or None,
        published_at=draft.published_at,
        updated_at=draft.updated_at,
    )
