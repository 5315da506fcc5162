"""The kinds of source, and what is done with a source of any kind."""

from tracker.collect import (
    email,
    federal_register,
    feed,
    gdelt,
    google_news,
    hacker_news,
    listing,
    page,
    screening_list,
    sitemap,
)
from tracker.collect.http import Client
from tracker.collect.kind import Kind
from tracker.errors import ConfigError, FetchError
from tracker.types import Page, Poll, PollState, Source

KINDS: dict[str, Kind] = {
    "email": Kind(look=email.poll, options=email.EmailOptions),
    "federal_register": Kind(look=federal_register.poll, options=federal_register.FederalRegisterOptions),
    "feed": Kind(look=feed.poll),
    "gdelt": Kind(look=gdelt.poll, options=gdelt.GdeltOptions),
    "google_news": Kind(look=google_news.poll),
    "hacker_news": Kind(look=hacker_news.poll, options=hacker_news.HackerNewsOptions),
    "listing": Kind(look=listing.poll, options=listing.ListingOptions),
    "page": Kind(look=page.poll, options=page.PageOptions),
    "screening_list": Kind(look=screening_list.poll, options=screening_list.ScreeningListOptions),
    "sitemap": Kind(look=sitemap.poll, options=sitemap.SitemapOptions),
}

_PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, */*;q=0.1"
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")


def check_source(source: Source) -> None:
    """Raise a ConfigError where no source can be of this kind, or not with these options."""
    if source.kind not in KINDS:
        raise ConfigError(f"kind: expected one of {', '.join(KINDS)} (found {source.kind!r})")
    KINDS[source.kind].check(source)


def poll(source: Source, state: PollState, client: Client) -> Poll:
    """Look at a source once; raise FetchError or ParseError with the reason in words."""
    check_source(source)
    return KINDS[source.kind].look(source, state, client)


def fetch_page(url: str, client: Client) -> Page:
    """Fetch an article's own page where its site's robots.txt allows it; whatever is not text is a FetchError."""
    fetched = client.fetch(url, headers={"accept": _PAGE_ACCEPT}, asks_robots=True)
    kind = fetched.content_type.partition(";")[0].strip().lower()
    if kind and kind not in _PAGE_TYPES:
        raise FetchError(f"the page is {kind}, not text")
    if not fetched.body.strip():
        raise FetchError("the page is empty")
    return Page(url=fetched.url, content_type=fetched.content_type, body=fetched.body)
