"""Pages read in a real browser."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
SIZES = ({"width": 1280, "height": 900}, {"width": 360, "height": 740})

NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is missing (Debian: apt install chromium)"
    ),
]


@dataclass
class Reader:
    """A page, with what its console said and which hosts it asked."""

    page: Page
    console: list[str] = field(default_factory=list)
    hosts: set[str | None] = field(default_factory=set)

    @property
    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
