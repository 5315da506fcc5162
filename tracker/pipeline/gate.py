"""Which new entries are worth their page: a loose gate over what a source says of them."""

import gc
import html
import re
from collections.abc import Callable
from functools import cache

from tracker import read as reading
from tracker.types import Entry, Source, Tier

_TAG = re.compile(r"<[^<>]*>")
# What an entry is about stands at its start; mark-up counts too.
_LEAD_CHARACTERS = 4_000


def wants_page(source: Source, entry: Entry, *, passes: bool) -> bool:
    """Say whether the page is fetched: it is missing, and the entry passes the gate or its source is primary.

    What does not pass keeps the source's own text, by which the understand stage judges it once more.
    """
    return (passes or source.tier is Tier.PRIMARY) and reading.wants_page(source, entry)


def passes_gate(entry: Entry) -> bool:
    """Say whether title or summary speak for reading on; an entry that has neither passes, for nothing is known."""
    fullest = max(entry.summary, entry.content, key=len)
    said = html.unescape(_TAG.sub(" ", f"{entry.title}\n{fullest[:_LEAD_CHARACTERS]}"))
    return not said.strip() or _gate()(said)


@cache
def _gate() -> Callable[[str], bool]:
    """Load the gate when the first entry needs it: what it imports takes a second."""
    from tracker import knowledge  # noqa: PLC0415 (see above)
    from tracker.understand.folding import fold  # noqa: PLC0415 (see above)
    from tracker.understand.relevance import Relevance  # noqa: PLC0415 (see above)

    relevance = Relevance(knowledge.load())
    gc.freeze()  # it lives as long as the process; going over it again and again costs a tenth of collecting
    return lambda text: relevance.passes_gate(fold(text))
