"""Subscription lists in OPML: those of feed readers, and our own, which carry all that is known of a source.

Source: opml.org/spec2.opml.  What the specification has no words for stands in attributes of our own namespace.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

import listparser
from lxml import etree

from tracker.errors import ParseError
from tracker.times import write_duration
from tracker.types import Source

_SPACE = "urn:export-control-tracker:source"
# What a feed reader can subscribe to; the addresses of other kinds stand in our namespace only.
_READABLE = {"feed", "google_news"}
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One subscription of a list; `fields` is what else a list of ours says of it, as in config.toml."""

    url: str
    name: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)


def read_opml(body: bytes) -> list[Outline]:
    """Read a list, in its order but for ours before those of others; raise ParseError where nothing is in it.

    An address that stands there twice, in two folders, is read once.
    """
    own = list(_own(body))
    known = {outline.url for outline in own}
    # Bytes, because listparser would fetch what looks like an address.
    others = [
        Outline(url=feed["url"], name=" ".join(feed["title"].split())) for feed in listparser.parse(body)["feeds"]
    ]
    found = [*own, *(outline for outline in others if outline.url not in known)]
    if not found:
        raise ParseError("no subscription is in it; expected an OPML file as feed readers export it")
    return found


def write_opml(sources: Iterable[Source], *, title: str, now: datetime) -> bytes:
    """Write sources as OPML 2.0, as UTF-8."""
    ET.register_namespace("tracker", _SPACE)
    opml = ET.Element("opml", version="2.0")
    head, body = ET.SubElement(opml, "head"), ET.SubElement(opml, "body")
    ET.SubElement(head, "title").text = title
    ET.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    for source in sources:
        ET.SubElement(body, "outline", _attributes(source))
    ET.indent(opml)
    written: bytes = ET.tostring(opml, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _attributes(source: Source) -> dict[str, str]:
    plain = {"text": source.name, "title": source.name}
    if source.kind in _READABLE:
        plain |= {"type": "rss", "xmlUrl": source.url}
    own = {
        "kind": source.kind,
        "url": source.url,
        "language": source.language,
        "country": source.country or "",
        "tier": source.tier.value,
        "family": source.family,
        "every": write_duration(source.every),
        "options": json.dumps(dict(source.options), ensure_ascii=False) if source.options else "",
    }
    said = plain | {f"{{{_SPACE}}}{name}": value for name, value in own.items() if value}
    return {name: _NO_XML.sub("", value) for name, value in said.items()}


def _own(body: bytes) -> Iterator[Outline]:
    """Read the outlines that carry our namespace; a list that is no XML has none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    for outline in root.iter("outline"):
        own = {
            etree.QName(name).localname: value for name, value in outline.items() if name.startswith(f"{{{_SPACE}}}")
        }
        if url := own.pop("url", ""):
            yield Outline(url=url, name=outline.get("text", ""), fields=own | _options(own.get("options", "")))


def _options(said: str) -> dict[str, object]:
    """Read options; what is no JSON is left as it is, for whoever checks the fields to refuse."""
    try:
        return {"options": json.loads(said)} if said else {}
    except (ValueError, RecursionError):
        return {}
