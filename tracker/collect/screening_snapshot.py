"""The parties of the Consolidated Screening List at one moment: read as a stream, and remembered; pure."""

import io
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import ijson

from tracker.errors import ParseError

_VERSION = b"parties 1\n"


class Party(NamedTuple):
    """One entry of one list, each field as one line of text ("" where it has none).

    A tuple, because tens of thousands are kept and compared.  What a record says beyond this (dates of birth,
    passports, tonnage of ships) is not compared.
    """

    source: str
    name: str
    country: str = ""
    notice: str = ""
    alt_names: str = ""
    addresses: str = ""
    countries: str = ""
    license_requirement: str = ""
    license_policy: str = ""
    start_date: str = ""
    end_date: str = ""
    programs: str = ""
    remarks: str = ""
    list_url: str = ""


Snapshot = Mapping[str, Party]


def read_snapshot(body: bytes) -> tuple[Snapshot, int]:
    """Read the parties of a snapshot by a key that stays, and count the records that are none.

    Raise ParseError where the body is broken, ends early, or holds fewer parties than other records.
    """
    found: list[tuple[str, Party]] = []
    unreadable = 0
    try:
        for record in ijson.items(io.BytesIO(body.removeprefix(b"\xef\xbb\xbf")), "results.item", use_float=True):
            party = _as_party(record) if isinstance(record, dict) else None
            if party is None:
                unreadable += 1
            else:
                found.append((_line(record.get("id")), party))
    except ijson.JSONError as error:
        raise ParseError(f"broken JSON after {len(found):,} parties (cut off?): {_first_line(error)}") from error
    if not found:
        raise ParseError("no parties in the answer: is this the address of the list's JSON?")
    if unreadable > len(found):
        raise ParseError(f"{unreadable:,} of {unreadable + len(found):,} records have no name or no list")
    return _by_key(found), unreadable


def remember(snapshot: Snapshot) -> bytes:
    """Pack a snapshot as compressed lines of JSON, each a key and its party."""
    packer = zlib.compressobj()
    pieces = [packer.compress(_VERSION)]
    for key, party in snapshot.items():
        pieces.append(packer.compress(json.dumps([key, *party]).encode() + b"\n"))
    return b"".join([*pieces, packer.flush()])


def recall(memory: bytes | None) -> Snapshot | None:
    """Unpack what `remember` packed; None where there is nothing, or nothing of this format."""
    try:
        lines = io.BytesIO(zlib.decompress(memory or b""))
    except zlib.error:
        return None
    if next(lines, b"") != _VERSION:
        return None
    rows = (json.loads(line) for line in lines)
    return {key: Party(*map(sys.intern, fields)) for key, *fields in rows}


def _by_key(found: Iterable[tuple[str, Party]]) -> Snapshot:
    """Key each party by the list's own id, or by what it says where an id is absent or given more than once."""
    distinct = dict.fromkeys(found)
    times = Counter((party.source, own) for own, party in distinct)
    return {_key(own if times[party.source, own] == 1 else "", party): party for own, party in distinct}


def _key(own: str, party: Party) -> str:
    if own:
        return f"{party.source}#{own}"
    said = json.dumps([party.name, party.country, party.addresses, party.alt_names, party.programs, party.remarks])
    return f"{party.source}##{sha256(said.encode()).hexdigest()[:24]}"


def _as_party(record: Mapping[str, Any]) -> Party | None:
    """Read one record; lists are sorted, because their order changes from day to day."""
    source, name = _line(record.get("source")), _line(record.get("name"))
    if not (source and name):
        return None
    listed = record.get("addresses")
    addresses = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    countries = {_line(one.get("country")).upper() for one in (record, *addresses)} - {""}
    return Party(
        source=sys.intern(source),
        name=name,
        country=sys.intern(_line(record.get("country"))),
        notice=sys.intern(_line(record.get("federal_register_notice"))),
        alt_names=_lines(record.get("alt_names")),
        addresses=_lines([_address(one) for one in addresses]),
        countries=sys.intern(" ".join(sorted(countries))),
        license_requirement=sys.intern(_line(record.get("license_requirement"))),
        license_policy=sys.intern(_line(record.get("license_policy"))),
        start_date=sys.intern(_line(record.get("start_date"))),
        end_date=sys.intern(_line(record.get("end_date"))),
        programs=sys.intern(_lines(record.get("programs"))),
        remarks=_line(record.get("remarks")),
        list_url=sys.intern(_line(record.get("source_list_url"))),
    )


def _address(address: Mapping[str, Any]) -> str:
    parts = (_line(address.get(name)) for name in ("address", "city", "state", "postal_code", "country"))
    return ", ".join(filter(None, parts))


def _lines(values: object) -> str:
    found = values if isinstance(values, list) else [values]
    return "; ".join(sorted({line for value in found if (line := _line(value))}))


def _line(value: object) -> str:
    """Write a value as one line; what is neither text nor number counts as nothing."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _first_line(error: ijson.JSONError) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return (text.strip() or "not JSON").splitlines()[0]
