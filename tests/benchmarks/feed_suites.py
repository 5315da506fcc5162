"""Hold our reading of feeds against feedparser's, over feedparser's own suites of well-formed and broken feeds.

    python tests/benchmarks/feed_suites.py PATH

PATH is a folder or a .tar.gz of feeds, such as feedparser's `tests` folder.  Every .xml file is parsed twice, as its
suite would have it served: with the Content-type and the Content-Location that its own `Header:` comments state.
Prints per suite how many files agree on every entry's title and link, in order, and names each that does not;
exit code 1 where one disagrees or crashes.

"Link" is what an Entry documents: feedparser's link, else its id, and where an entry has neither, or one too long for
a database, an address made of the content.  "Agree" also counts what has no entries to feedparser and is refused here
as "not a feed" or "empty": a source's row then says why, which is how a body without news is handled.  A crash is
any other exception.
"""

import io
import re
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import feedparser

from tracker.collect.fast_feed import parse_fast
from tracker.collect.feed import parse_feed
from tracker.errors import ParseError

# Where the suite's own server would stand: some of its files expect this address.
_SERVER = "http://127.0.0.1:8097/"
_HEADER = re.compile(rb"^\s*Header:\s*([\w-]+):[ \t]*([^\r\n]*)", re.MULTILINE)
_LINK_LIMIT = 2000
_MADE = "urn:sha256:"

Read = list[tuple[str, str]]


def main(path: Path) -> int:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    disagreements = []
    for name, body in _files(path):
        outcome, says = _compare(name, body)
        counts[_suite(name)][outcome] += 1
        if says:
            disagreements.append(f"{name}: {outcome}: {says}")
    for line in disagreements:
        print(line)
    print(f"{'suite':<24} {'files':>5}  " + "  ".join(f"{outcome:>8}" for outcome in _OUTCOMES))
    for suite, found in [*sorted(counts.items()), ("all", sum(counts.values(), Counter[str]()))]:
        print(f"{suite:<24} {found.total():>5}  " + "  ".join(f"{found[outcome]:>8}" for outcome in _OUTCOMES))
    return 1 if disagreements else 0


_OUTCOMES = ("fast", "apart", "refused", "disagree", "crash")


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the feeds in the order of their names."""
    if path.is_dir():
        for file in sorted(path.rglob("*.xml")):
            yield file.relative_to(path).as_posix(), file.read_bytes()
        return
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda one: one.name):
            file_in = archive.extractfile(member) if member.name.endswith(".xml") else None
            if file_in is not None:
                yield member.name, file_in.read()


def _suite(name: str) -> str:
    """Return the folder under which a file belongs: wellformed, illformed, ..."""
    folders = name.split("/")[:-1]
    return folders[1] if len(folders) > 1 and folders[0] == "tests" else folders[0] if folders else "."


def _compare(name: str, body: bytes) -> tuple[str, str]:
    """Return how a file was read, and in words what is wrong with that, "" where nothing is."""
    headers = {key.decode().lower(): value.decode("latin-1").strip() for key, value in _HEADER.findall(body[:2000])}
    content_type = headers.get("content-type") or "application/xml"
    url = urljoin(_SERVER + name, headers.get("content-location", ""))
    url = url if url.startswith("http") else _SERVER + name
    expected = _judge(body, content_type, url)
    try:
        found = [(entry.title, entry.address) for entry in parse_feed(body, content_type=content_type, url=url)]
    except ParseError as error:
        refused = not expected and str(error).startswith("not a feed")
        return ("refused", "") if refused else ("disagree", f"{error}; feedparser has {expected}")
    except Exception as error:  # noqa: BLE001 (what this looks for)
        return "crash", repr(error)
    if not _agree(found, expected):
        return "disagree", f"{found}; feedparser has {expected}"
    is_fast = parse_fast(body, content_type=content_type, url=url) is not None
    return "fast" if is_fast else "apart", ""


def _judge(body: bytes, content_type: str, url: str) -> Read:
    headers = {"content-type": content_type, "content-location": url}
    entries = feedparser.parse(io.BytesIO(body), response_headers=headers).entries
    return [(entry.get("title", ""), (entry.get("link", "") or entry.get("id", "")).strip()) for entry in entries]


def _agree(found: Read, expected: Read) -> bool:
    return len(found) == len(expected) and all(
        title == stated and (address.startswith(_MADE) if not link or len(link) > _LINK_LIMIT else address == link)
        for (title, address), (stated, link) in zip(found, expected, strict=True)
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
