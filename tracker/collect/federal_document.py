"""What one record of the Federal Register says, as an entry; pure."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from itertools import groupby

from tracker.collect.entry import make_entry
from tracker.errors import ParseError
from tracker.times import as_utc
from tracker.types import DateRole, Entry, StatedDate

Record = Mapping[str, object]

DOCUMENT_FIELDS = (
    "abstract",
    "action",
    "agencies",
    "cfr_references",
    "citation",
    "comments_close_on",
    "dates",
    "document_number",
    "effective_on",
    "html_url",
    "publication_date",
    "signing_date",
    "title",
    "type",
)
INSPECTION_FIELDS = (
    "agencies",
    "document_number",
    "filed_at",
    "filing_type",
    "html_url",
    "pdf_url",
    "publication_date",
    "title",
    "type",
)


def read_document(found: object) -> Entry:
    """Read a published document; raise ParseError where it lacks what makes it an article."""
    record = _as_record(found)
    published = day_of(record, "publication_date")
    entry = make_entry(
        key=_key(record),
        address=_link(record, "html_url"),
        title=text_of(record, "title"),
        author=_join(_agencies(record)) or None,
        summary=text_of(record, "abstract"),
        content=_paragraphs(text_of(record, "abstract"), _describe_document(record), _tell_dates(record)),
        language="en",
        published_at=datetime(published.year, published.month, published.day, tzinfo=UTC) if published else None,
    )
    # A presidential document is news on the day of its signing, and published days later.
    signed = day_of(record, "signing_date")
    announced = "signing_date" if signed and (published is None or signed <= published) else "publication_date"
    return _with_dates(entry, record, announced)


def read_inspection(found: object) -> Entry:
    """Read a document that is on public inspection, on a day before its publication."""
    record = _as_record(found)
    entry = make_entry(
        key=_key(record),
        address=_link(record, "html_url", "pdf_url"),
        title=text_of(record, "title"),
        author=_join(_agencies(record)) or None,
        content=_paragraphs(_describe_inspection(record)),
        language="en",
        published_at=_filed_at(record),
    )
    return _with_dates(entry, record, "filed_at")


def text_of(record: Record, name: str) -> str:
    """Return a field as one line of text; "" where it is absent or no text."""
    value = record.get(name)
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def day_of(record: Record, name: str) -> date | None:
    """Return the day that a field begins with; None where it is absent or no day of the calendar."""
    with suppress(ValueError):
        return date.fromisoformat(text_of(record, name)[:10])
    return None


def agency_slugs(record: Record) -> set[str]:
    return {text_of(agency, "slug") for agency in _mappings(record, "agencies")}


def _as_record(found: object) -> Record:
    if not isinstance(found, dict):
        raise ParseError("the record is no JSON object")
    missing = [name for name in ("document_number", "title") if not text_of(found, name)]
    if missing:
        raise ParseError(f"the record has no {' and no '.join(missing)}")
    return found


def _key(record: Record) -> str:
    """Name a document by number and day: until 2016 one number was given more than once."""
    return f"{text_of(record, 'document_number')}@{text_of(record, 'publication_date')}"


def _link(record: Record, *names: str) -> str:
    links = (text_of(record, name) for name in names)
    link = next((link for link in links if link.startswith(("https://", "http://"))), None)
    if link is None:
        raise ParseError(f"document {text_of(record, 'document_number')} has no {' or '.join(names)}")
    return link


def _with_dates(entry: Entry, record: Record, announced: str) -> Entry:
    named = (
        (DateRole.ANNOUNCED, announced),
        (DateRole.EFFECTIVE, "effective_on"),
        (DateRole.COMMENT, "comments_close_on"),
    )
    stated = [
        StatedDate(role=role, on=on, quote=f"{name}: {on.isoformat()}")
        for role, name in named
        if (on := day_of(record, name))
    ]
    return replace(entry, dates=tuple(stated))


def _filed_at(record: Record) -> datetime | None:
    with suppress(ValueError, OverflowError):
        return as_utc(datetime.fromisoformat(text_of(record, "filed_at")))
    return None


def _describe_document(record: Record) -> str:
    """Say in a sentence or two what kind of document this is, whose, and what it touches."""
    kind = text_of(record, "action").rstrip(".") or text_of(record, "type") or "Document"
    citation = text_of(record, "citation")
    place = f"published in the Federal Register{_on(record, 'publication_date')}"
    parts = _parts(record)
    said = f"{kind}{_by(record)}, {place}{f' ({citation})' if citation else ''}."
    return f"{said} It concerns {parts}." if parts else said


def _tell_dates(record: Record) -> str:
    """Return what the document itself says of its dates, else what its fields say."""
    if said := text_of(record, "dates"):
        return said
    effective, comments = _on(record, "effective_on"), _on(record, "comments_close_on")
    told = [f"Effective{effective}." if effective else "", f"Comments close{comments}." if comments else ""]
    return " ".join(filter(None, told))


def _describe_inspection(record: Record) -> str:
    kind = text_of(record, "type") or "Document"
    filing = {"special": " by special filing", "regular": " by regular filing"}.get(text_of(record, "filing_type"), "")
    filed, due = _on(record, "filed_at"), _on(record, "publication_date")
    said = f"{kind}{_by(record)}, placed on public inspection at the Federal Register{filed}{filing}."
    return f"{said} Publication is scheduled{due.replace(' on ', ' for ', 1)}." if due else said


def _by(record: Record) -> str:
    agencies = _join(_agencies(record))
    return f" of the {agencies}" if agencies else ""


def _on(record: Record, name: str) -> str:
    """Return " on June 15, 2026" for a field that holds a day, else ""."""
    on = day_of(record, name)
    return f" on {on:%B} {on.day}, {on.year}" if on else ""


def _agencies(record: Record) -> list[str]:
    return [name for one in _mappings(record, "agencies") if (name := text_of(one, "name") or text_of(one, "raw_name"))]


def _parts(record: Record) -> str:
    """Name the parts of the Code of Federal Regulations: "15 CFR parts 744 and 748"."""
    references = [(text_of(one, "title"), text_of(one, "part")) for one in _mappings(record, "cfr_references")]
    named = sorted({(title, part) for title, part in references if title and part}, key=_in_order)
    titles = [(title, [part for _, part in found]) for title, found in groupby(named, key=lambda one: one[0])]
    return _join([f"{title} CFR part{'s' if len(parts) > 1 else ''} {_join(parts)}" for title, parts in titles])


def _in_order(reference: tuple[str, str]) -> tuple[int, str, int, str]:
    title, part = reference
    return (int(title) if title.isdecimal() else 0, title, int(part) if part.isdecimal() else 0, part)


def _mappings(record: Record, name: str) -> list[Record]:
    value = record.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _join(names: list[str]) -> str:
    """Write a list as English does: "a, b and c"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)
