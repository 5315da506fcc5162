"""Feeds and HTML for property tests, put together from the pieces in feed_pieces.toml."""

import tomllib
from html import escape
from pathlib import Path

from hypothesis import strategies as st

_PIECES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_NAMESPACES: dict[str, str] = _PIECES["namespaces"]
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def pieces(name: str) -> st.SearchStrategy[str]:
    """Draw one of the pieces of that name."""
    return st.sampled_from(_PIECES[name])


def _joined(*parts: st.SearchStrategy[str], at_most: int = 8) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*parts), max_size=at_most).map("".join)


characters = st.text(st.sampled_from("a é中 \t\n<>&;#'\"/=-!?[]x1\x80ſ"), max_size=8)


@st.composite
def tags(draw: st.DrawFn) -> str:
    name = draw(pieces("tags"))
    if draw(st.booleans()):
        return f"</{name}>"
    stated = ""
    for _ in range(draw(st.integers(0, 3))):
        quote = draw(st.sampled_from(['"', '"', '"', "'", ""]))
        value = draw(st.one_of(pieces("addresses"), pieces("words"), pieces("references"), characters))
        stated += f"{draw(st.sampled_from(['', ' ', chr(10)]))} {draw(pieces('attributes'))}={quote}{value}{quote}"
    return f"<{name}{stated}{draw(st.sampled_from(['>', '>', '>', ' />', '/>', ' >']))}"


anchors = pieces("addresses").map(lambda address: f'<a href="{address}">')
plain_html = _joined(pieces("words"), pieces("plain_tags"), anchors, at_most=10)
rough_html = _joined(pieces("words"), tags(), tags(), pieces("references"), pieces("comments"), characters)
html = st.one_of(plain_html, plain_html, rough_html, pieces("words"), st.just(""))


@st.composite
def written(draw: st.DrawFn, said: st.SearchStrategy[str] = html) -> str:
    """Write a text as XML: escaped, in CDATA, between comments, or raw, which may break the feed."""
    text, blank = draw(said), draw(st.sampled_from(["", "", " ", "\n  "]))
    way = draw(st.integers(0, 9))
    if way < 4 and "]]>" not in text:
        return f"{blank}<![CDATA[{text}]]>{blank}"
    if way == 4:
        return text
    return f"<!-- c -->{escape(text)}<?pi x?>" if way == 5 else blank + escape(text)


@st.composite
def _element(draw: st.DrawFn, name: st.SearchStrategy[str], text: st.SearchStrategy[str], stated: str = "") -> str:
    tag = draw(name)
    attributes = draw(pieces(stated)) if stated else ""
    return f"<{tag}{attributes}>{draw(text)}</{tag}>"


_one_of = st.sampled_from
texts = _element(pieces("texts"), written(), "types")
xhtml = st.builds(
    '<{0} type="xhtml">{1}</{0}>'.format,
    _one_of(["content", "content", "summary", "title"]),
    st.builds(str.format, pieces("xhtml_roots"), _joined(pieces("xhtml"), at_most=5)),
)
elements = st.one_of(
    texts,
    texts,
    texts,
    xhtml,
    _element(pieces("dated"), pieces("dates")),
    _element(_one_of(["guid", "guid", "id", "atom:id"]), written(pieces("ids")), "guids"),
    _element(_one_of(["link", "link", "link", "atom:link"]), written(pieces("addresses"))),
    st.builds('<link {} href="{}"/>'.format, pieces("links"), pieces("addresses").map(escape)),
    _element(_one_of(["author", "author", "dc:creator", "itunes:author", "managingEditor"]), written(pieces("people"))),
    _element(
        _one_of(["author", "contributor", "media:content", "media:group", "source", "image"]),
        _joined(pieces("inner"), at_most=3),
    ),
    _element(pieces("others"), written(), "leaf_attributes"),
    _element(pieces("others"), written(), "leaf_attributes"),
)


@st.composite
def _bound(draw: st.DrawFn) -> dict[str, str]:
    """Bind some prefixes; one time in ten one of them to another namespace than its own."""
    prefixes = draw(st.sets(st.sampled_from(sorted(_NAMESPACES)), max_size=4)) | {"dc", "content"}
    bound = {prefix: _NAMESPACES[prefix] for prefix in sorted(prefixes)}
    if draw(st.integers(0, 9)) == 0:
        bound[draw(_one_of(["dc", "x", "media", "slash", "itunes"]))] = draw(_one_of(sorted(_NAMESPACES.values())))
    return bound


@st.composite
def _entry(draw: st.DrawFn, tag: str, about: str, bound: dict[str, str]) -> str:
    said = draw(st.lists(elements, min_size=1, max_size=6))
    if draw(st.integers(0, 3)):  # an undeclared prefix breaks the feed, which is dull in most
        said = [one for one in said if ":" not in (name := one[1:].partition(">")[0]) or name.split(":")[0] in bound]
    return f"<{tag}{draw(pieces('entry_attributes'))}{about}>{''.join(said)}</{tag}>"


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """Write a feed that may be broken in every way that the pieces know."""
    kind = draw(st.sampled_from(["rss", "rss", "rss", "atom", "atom", "rdf"]))
    bound = draw(_bound())
    declared = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in bound.items())
    declared += draw(pieces("root_attributes"))
    head = draw(pieces("heads")) + draw(pieces("languages"))
    about = ' rdf:about="https://example.org/about"' if kind == "rdf" else ""
    entries = "\n".join(draw(st.lists(_entry("entry" if kind == "atom" else "item", about, bound), max_size=2)))
    match kind:
        case "rss":
            version = draw(pieces("rss_versions"))
            body = f'<rss version="{version}"{declared}><channel>{head}{entries}</channel></rss>'
        case "atom":
            body = f'<feed xmlns="{_NAMESPACES["atom"]}"{declared}>{head}{entries}</feed>'
        case _:
            declared += f' xmlns:rdf="{_RDF}" xmlns="http://purl.org/rss/1.0/"'
            body = f"<rdf:RDF{declared}><channel>{head}</channel>{entries}</rdf:RDF>"
    return (draw(pieces("declarations")) + body).encode()
