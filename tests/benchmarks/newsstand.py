"""Feeds as publishers write them, the same every time: six house styles, fifty entries, about 65 kB each."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

_NEWEST = datetime(2026, 6, 15, 12, tzinfo=UTC)
_VOCABULARY = (
    "the ministry said on Monday that exports of advanced accelerators would need a licence from July onwards while "
    "several laboratories asked for more time to comply with rules which they called unclear and costly for small "
    "firms analysts expect prices to rise Exportkontrollen für Rechenzentren gelten künftig auch für Gewichte großer "
    "Modelle le gouvernement étudie une réponse européenne à ces mesures 出口管制 新规 将于 下月 生效 экспортный контроль "
    "усилен spokespeople declined to comment and shares fell before recovering late in the session after a court "
    "paused part of the order pending appeal"
)
_WORDS = _VOCABULARY.split()
_MARKS = (
    "&#8217;s",
    "&#8211;",
    "&amp; Co.",
    "&#8220;as soon as possible&#8221;",
    "&nbsp;",
    "R&amp;D",
    "&#8230;",
    "&lt;5nm",
)
_WRAPPERS = (
    "<p>{}</p>",
    "<p>{}</p>",
    "<p>{}</p>",
    "<p><strong>{}</strong></p>",
    "<blockquote><p>{}</p></blockquote>",
    "<ul><li>{}</li></ul>",
    "<h2>{}</h2>",
    '<p class="has-medium-font-size">{}<br />– <em>the desk</em></p>',
)
_FIGURE = (
    '<figure class="wp-block-image size-large"><img alt="{alt}" class="wp-image-{n}" height="{h}" '
    'src="https://cdn.example.net/{n}/photo.jpg?w={w}&amp;ssl=1" width="{w}" /></figure>'
)
_RESPONSIVE = (
    '<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="{w}" height="{h}" '
    'src="https://cdn.example.net/{n}/photo.jpg" alt="{alt}" class="wp-image-{n}" '
    'srcset="https://cdn.example.net/{n}/photo.jpg 1024w, https://cdn.example.net/{n}/small.jpg 300w" '
    'sizes="auto, (max-width: 1024px) 100vw, 1024px" /></figure>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    number: int
    site: str
    title: str
    author: str
    at: datetime
    lead: str
    content: str

    @property
    def link(self) -> str:
        slug = "-".join(word for word in self.title.lower().split() if word.isascii())[:20]
        return f"{self.site}/2026/06/{slug}-{self.number}/?utm_source=rss&m={self.number}"


def make_feed(number: int, *, entries: int = 50) -> Feed:
    """Write feed `number`: of a hundred, 40 are a blog engine's RSS, 20 plain RSS, 30 Atom, 5 RDF, 4 careless.

    One is Atom with its content as XHTML.  Of two hundred one is a podcast's.  All are well-formed.
    """
    chance = random.Random(number)
    site = f"https://news{number}.example.org"
    items = [_make_item(chance, site, position) for position in range(entries)]
    if number % 100 == 99:
        return _atom(site, items, is_xhtml=True)
    if number % 200 == 151:
        return _plain_rss(site, items, is_podcast=True)
    style = number % 20
    if style < 8:
        return _blog(site, items)
    if style < 12:
        return _plain_rss(site, items)
    if style < 18:
        return _atom(site, items)
    return _rdf(site, items) if style == 18 else _careless(site, items)


def _make_item(chance: random.Random, site: str, position: int) -> _Item:
    lead = _sentence(chance, 16)
    blocks = [
        chance.choice(_WRAPPERS).format(_prose(chance, site, chance.randint(8, 22)))
        for _ in range(chance.randint(1, 3))
    ]
    if chance.random() < 0.4:
        figure = _RESPONSIVE if chance.random() < 0.5 else _FIGURE
        blocks.insert(1, figure.format(n=position + 100, w=1024, h=683, alt=_sentence(chance, 3)))
    return _Item(
        number=position,
        site=site,
        title=_sentence(chance, 9),
        author=chance.choice(("Ina Vermeer", "J. Okafor", "María Núñez", "Staff", "王芳")),
        at=_NEWEST - timedelta(minutes=97 * position + chance.randint(0, 50)),
        lead=lead,
        content="\n".join(blocks),
    )


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


def _prose(chance: random.Random, site: str, words: int) -> str:
    said = chance.choices(_WORDS, k=words)
    said.insert(words // 3, chance.choice(_MARKS))
    if chance.random() < 0.6:
        extra = chance.choice(("", ' target="_blank" rel="noopener"', ' rel="nofollow"', ' title="Read on"'))
        said.insert(words // 2, f'<a href="{site}/topic/{chance.randint(1, 99)}?a=1&amp;b=2"{extra}>{said[0]}</a>')
    return " ".join(said)


def _blog(site: str, items: list[_Item]) -> Feed:
    entries = "".join(
        f"""
  <item>
    <title>{escape(item.title)}</title>
    <link>{escape(item.link)}</link>
    <comments>{escape(item.link)}#respond</comments>
    <dc:creator><![CDATA[{item.author}]]></dc:creator>
    <pubDate>{format_datetime(item.at)}</pubDate>
    <category><![CDATA[Policy]]></category>
    <category><![CDATA[Chips & AI]]></category>
    <guid isPermaLink="false">{site}/?p={item.number}</guid>
    <description><![CDATA[<p>{item.lead}</p>
<p>The post <a href="{escape(item.link)}">{item.title}</a> appeared first on <a href="{site}">News</a>.</p>
]]></description>
    <content:encoded><![CDATA[
{item.content}
]]></content:encoded>
    <wfw:commentRss>{escape(item.link)}feed/</wfw:commentRss>
    <slash:comments>{item.number}</slash:comments>
  </item>"""
        for item in items
    )
    body = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
  xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel>
  <title>News &amp; more</title>
  <atom:link href="{site}/feed/" rel="self" type="application/rss+xml" />
  <link>{site}</link>
  <description>All the news</description>
  <lastBuildDate>{format_datetime(items[0].at)}</lastBuildDate>
  <language>en-US</language>
  <sy:updatePeriod>hourly</sy:updatePeriod>
  <sy:updateFrequency>1</sy:updateFrequency>
  <generator>https://wordpress.org/?v=6.8</generator>
  <image><url>{site}/icon.png</url><title>News</title><link>{site}</link><width>32</width><height>32</height></image>{entries}
</channel>
</rss>
"""
    return Feed(body=body.encode(), content_type="application/rss+xml; charset=UTF-8")


def _plain_rss(site: str, items: list[_Item], *, is_podcast: bool = False) -> Feed:
    entries = "\n".join(
        f"""<item><title><![CDATA[{item.title}]]></title><link>{escape(item.link)}</link>
<description>{escape(item.content)}</description><author>desk@example.org ({item.author})</author>
<category>Policy</category><guid isPermaLink="true">{escape(item.link)}</guid>
<pubDate>{item.at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>
<media:content url="{site}/i/{item.number}.jpg" medium="image" width="700" height="400"/>
<enclosure url="{site}/i/{item.number}.jpg" length="0" type="image/jpeg"/>{_spoken(item) if is_podcast else ""}</item>"""
        for item in items
    )
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
><channel><title>Wire</title><link>{site}/</link>
<description>Wire</description><language>en-gb</language><copyright>© Wire</copyright><ttl>15</ttl>
<lastBuildDate>{items[0].at:%a, %d %b %Y %H:%M:%S} GMT</lastBuildDate>
{entries}
</channel></rss>"""
    return Feed(body=body.encode(), content_type="text/xml; charset=utf-8")


def _spoken(item: _Item) -> str:
    return f"<itunes:author>{item.author}</itunes:author><itunes:summary>{escape(item.lead)}</itunes:summary>"


def _atom(site: str, items: list[_Item], *, is_xhtml: bool = False) -> Feed:
    entries = "\n".join(
        f"""  <entry>
    <id>tag:example.org,2026:{item.number}</id>
    <title type="html">{escape(item.title)}</title>
    <link rel="alternate" type="text/html" href="{escape(item.link)}"/>
    <published>{item.at.isoformat()}</published>
    <updated>{(item.at + timedelta(minutes=5)):%Y-%m-%dT%H:%M:%SZ}</updated>
    <author><name>{item.author}</name><uri>{site}/people</uri></author>
    <category term="policy" scheme="{site}" label="Policy"/>
    <summary type="html">{escape(item.lead)}</summary>
    {_xhtml(item) if is_xhtml else f'<content type="html" xml:lang="en">{escape(item.content)}</content>'}
  </entry>"""
        for item in items
    )
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>Desk</title><id>{site}/</id><updated>{items[0].at.isoformat()}</updated>
  <link rel="self" href="{site}/atom.xml"/><link href="{site}/"/>
  <author><name>Desk</name></author><generator uri="https://jekyllrb.com/" version="4.3">Jekyll</generator>
{entries}
</feed>"""
    return Feed(body=body.encode(), content_type="application/atom+xml")


def _xhtml(item: _Item) -> str:
    inner = item.content.replace("&nbsp;", "&#160;")
    return f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{inner}</div></content>'


def _rdf(site: str, items: list[_Item]) -> Feed:
    listed = "".join(f'<rdf:li rdf:resource="{escape(item.link)}"/>' for item in items)
    entries = "\n".join(
        f"""<item rdf:about="{escape(item.link)}"><title>{escape(item.title)}</title>
<link>{escape(item.link)}</link><description>{escape(item.content)}</description>
<dc:creator>{item.author}</dc:creator><dc:date>{item.at.isoformat()}</dc:date></item>"""
        for item in items
    )
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{site}/"><title>Gazette</title><link>{site}/</link>
<description>Gazette</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>
{entries}
</rdf:RDF>"""
    return Feed(body=body.encode(), content_type="application/xml")


def _careless(site: str, items: list[_Item]) -> Feed:
    """Write what asks for patience: relative links, scripts, inline styles, another encoding, a zone by its name."""
    entries = "\n".join(
        f"""<item><title>{escape(item.title)}</title><link>/story/{item.number}</link>
<guid isPermaLink="false">{item.number}</guid><pubDate>{item.at:%a, %d %b %Y %H:%M:%S} EST</pubDate>
<description>{escape(item.content)}&lt;script&gt;track({item.number})&lt;/script&gt;&lt;p style="color: red"
&gt;&lt;a href="/more"&gt;more&lt;/a&gt;&lt;/p&gt;</description></item>"""
        for item in items
    )
    body = f"""<?xml version="1.0" encoding="iso-8859-1"?>
<rss version="2.0"><channel><title>Courier</title><link>{site}/</link><description>Courier</description>
{entries}
</channel></rss>"""
    return Feed(body=body.encode("iso-8859-1", "xmlcharrefreplace"), content_type="text/xml")
