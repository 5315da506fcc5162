"""Select parts of an HTML page with CSS selectors that stand in options."""

from typing import Annotated

import soupsieve
from bs4 import BeautifulSoup
from pydantic import AfterValidator

from tracker.collect.http import Fetched


def check_selector(value: str) -> str:
    """Return a CSS selector as it is; raise ValueError where it is none."""
    try:
        soupsieve.compile(value)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"expected a CSS selector: {str(error).splitlines()[0]}") from error
    return value


Selector = Annotated[str, AfterValidator(check_selector)]


def parse_page(fetched: Fetched) -> BeautifulSoup:
    """Parse a page; the charset of the header counts, else what the page says or looks like."""
    _, _, charset = fetched.content_type.lower().partition("charset=")
    return BeautifulSoup(fetched.body, "lxml", from_encoding=charset.strip(" \"';") or None)
