"""Snapshots of the Consolidated Screening List from a real server, one after the other."""

import json
import random
import tracemalloc
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.web import Route, Web, gzipped
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.collect.screening_changes import Verb, compare
from tracker.collect.screening_snapshot import Party, read_snapshot, recall, remember
from tracker.errors import ConfigError, ParseError
from tracker.read import canonical_url, is_copy
from tracker.read.plain import to_plain
from tracker.read.similar import sign
from tracker.types import DateRole, Entry, Poll, PollState, Source, StatedDate

ENTITY_LIST = "Entity List (EL) - Bureau of Industry and Security"
SANCTIONS = "Specially Designated Nationals (SDN) - Treasury Department"
MODIFIED = "Thu, 18 Jun 2026 06:00:00 GMT"
Record = dict[str, Any]


class Desk:
    """A source, and what is remembered of it from look to look."""

    def __init__(self, web: Web, client: Client) -> None:
        self.web, self.client, self.state, self.options = web, client, PollState(), dict[str, object]()

    def publish(self, *records: object, headers: dict[str, str] | None = None) -> None:
        self.serve(json.dumps({"total": len(records), "sources_used": [], "results": records}).encode(), headers)

    def serve(self, body: bytes, headers: dict[str, str] | None = None) -> None:
        stated = {"Last-Modified": MODIFIED} if headers is None else headers
        self.web.routes["/list"] = Route(body=body, content_type="application/json", headers=stated)
        self.state = PollState(memory=self.state.memory, body_hash=self.state.body_hash, etag=self.state.etag)

    def look(self) -> Poll:
        found = poll(self.source, self.state, self.client)
        memory = self.state.memory if found.memory is None else found.memory
        self.state = PollState(
            memory=memory, etag=found.etag, last_modified=found.last_modified, body_hash=found.body_hash
        )
        return found

    def told(self, *records: object) -> tuple[Entry, ...]:
        self.publish(*records)
        return self.look().entries

    @property
    def source(self) -> Source:
        return Source(
            name="CSL", kind="screening_list", url=self.web.url("/list"), family="trade", options=self.options
        )


@pytest.fixture
def desk(web: Web, client: Client) -> Desk:
    return Desk(web, client)


def make_record(name: str, **fields: object) -> Record:
    record: Record = {
        "id": f"id of {name}",
        "source": ENTITY_LIST,
        "name": name,
        "type": None,
        "alt_names": [],
        "addresses": [{"address": "12 Harbour Road", "city": "Shenzhen", "postal_code": None, "country": "CN"}],
        "country": "CN",
        "federal_register_notice": "85 FR 1000",
        "start_date": "2020-06-18",
        "end_date": None,
        "license_requirement": "For all items subject to the EAR.",
        "license_policy": "Presumption of denial",
        "programs": None,
        "remarks": None,
        "source_list_url": "https://lists.example/entity-list?lang=en",
        "ids": [{"number": 7}],
    }
    return record | fields


OLD = [make_record(name) for name in ("Alder Ltd.", "Birch & Sons", "Cedar Co.", "Dogwood")]


def test_the_first_look_remembers_and_tells_nothing(desk: Desk) -> None:
    desk.publish(*OLD)
    found = desk.look()
    assert found.entries == ()
    snapshot = recall(found.memory)
    assert snapshot is not None
    assert [party.name for party in snapshot.values()] == ["Alder Ltd.", "Birch & Sons", "Cedar Co.", "Dogwood"]


def test_parties_that_one_notice_added_are_one_entry(desk: Desk) -> None:
    desk.told(*OLD)
    new = {"federal_register_notice": "91 FR 30101", "start_date": "2026-06-15"}
    added = [
        make_record("Elm <Chips> Ltd.", alt_names=["Yu", "榆"], remarks="Part of Fir & Co.", **new),
        make_record("Hazel", country=None, addresses=[{"city": "Hong Kong", "country": "HK"}], **new),
    ]
    (entry,) = desk.told(*added, *OLD, make_record("Ivy", id=None, **new))
    assert entry.title == "Entity List: 3 parties added (China and Hong Kong): Elm <Chips> Ltd., Hazel and Ivy"
    assert (entry.author, entry.language, entry.has_page) == ("Bureau of Industry and Security", "en", False)
    assert entry.published_at == datetime(2026, 6, 18, 6, tzinfo=UTC)
    assert entry.dates == (StatedDate(role=DateRole.EFFECTIVE, on=date(2026, 6, 15), quote="start_date: 2026-06-15"),)
    assert to_plain(entry.content) == (
        "The Bureau of Industry and Security added 3 parties in China and Hong Kong to the Entity List: "
        "Elm <Chips> Ltd., Hazel and Ivy. "
        "The Federal Register notice is 91 FR 30101. The addition is effective June 15, 2026.\n"
        "Elm <Chips> Ltd. (China). Other names: Yu; 榆. Addresses: 12 Harbour Road, Shenzhen, CN. "
        "Licence requirement: For all items subject to the EAR. Licence policy: Presumption of denial. "
        "Listed from: June 15, 2026. Federal Register notice: 91 FR 30101. Remarks: Part of Fir & Co.\n"
        "Hazel. Addresses: Hong Kong, HK. "
        "Licence requirement: For all items subject to the EAR. Licence policy: Presumption of denial. "
        "Listed from: June 15, 2026. Federal Register notice: 91 FR 30101.\n"
        "Ivy (China). Addresses: 12 Harbour Road, Shenzhen, CN. "
        "Licence requirement: For all items subject to the EAR. Licence policy: Presumption of denial. "
        "Listed from: June 15, 2026. Federal Register notice: 91 FR 30101."
    )


def test_each_change_has_an_address_that_stays_its_own(desk: Desk) -> None:
    desk.told(*OLD)
    first = desk.told(*OLD, make_record("Elm", federal_register_notice="91 FR 1"), make_record("Fir"))
    desk.told(*OLD)
    second = desk.told(*OLD, make_record("Elm", federal_register_notice="91 FR 1"), make_record("Fir"))
    addresses = {canonical_url(entry.address) for entry in (*first, *second)}
    assert len(addresses) == 4
    assert all(address.startswith("https://lists.example/entity-list?lang=en&change=") for address in addresses)


def test_a_party_without_a_lists_address_leads_to_the_snapshot(desk: Desk) -> None:
    desk.told(*OLD)
    (entry,) = desk.told(*OLD, make_record("Elm", source_list_url="javascript:alert(1)"))
    assert entry.address.startswith(desk.web.url("/list?change="))


def test_a_change_is_told_from_what_to_what(desk: Desk) -> None:
    desk.told(*OLD)
    changed = OLD[1] | {
        "license_policy": "Case-by-case review",
        "remarks": "See § 744.23",
        "start_date": None,
        "alt_names": ["Betula"],
        "addresses": [*OLD[1]["addresses"], {"address": "1 Quay", "country": "AE"}],
        "federal_register_notice": "85 FR 1000, 6/18/2020; 91 F.R. 30,200",
    }
    (entry,) = desk.told(OLD[0], changed, *OLD[2:])
    assert entry.title == "Entity List: 1 party changed (China): Birch & Sons"
    assert to_plain(entry.content) == (
        "The Bureau of Industry and Security changed the entry of 1 party in China on the Entity List: Birch & Sons. "
        "The Federal Register notice is 91 FR 30200.\n"
        "Birch & Sons (China): Federal Register notice changed from “85 FR 1000” to “85 FR 1000, 6/18/2020; 91 F.R. "
        "30,200”; other names: “Betula” added; addresses: “1 Quay, AE” added; licence policy changed from “Presumption "
        "of denial” to “Case-by-case review”; listed from “2020-06-18” removed; remarks “See § 744.23” added."
    )
    assert entry.dates == ()


def test_removals_are_told(desk: Desk) -> None:
    desk.told(*OLD)
    (entry,) = desk.told(*OLD[2:])
    assert entry.title == "Entity List: 2 parties removed (China): Alder Ltd. and Birch & Sons"
    assert to_plain(entry.content).startswith(
        "The Bureau of Industry and Security removed 2 parties in China from the Entity List: Alder Ltd. and Birch & Sons."
    )


def test_lists_notices_and_kinds_of_change_are_told_apart(desk: Desk) -> None:
    desk.told(*OLD)
    titles = [
        entry.title
        for entry in desk.told(
            *OLD[1:],
            make_record("Elm", federal_register_notice="91 FR 1"),
            make_record("Fir", federal_register_notice="91 FR 2"),
            make_record("Gum", federal_register_notice=None),
            make_record("Holly", source=SANCTIONS, federal_register_notice=None, country="IR", programs=["NPWMD"]),
            make_record("Iris", source="Tree List", federal_register_notice=None, country="", addresses=[]),
        )
    ]
    assert titles == [
        "Entity List: 1 party added (China): Elm",
        "Entity List: 1 party added (China): Fir",
        "Entity List: 1 party added (China): Gum",
        "Specially Designated Nationals: 1 party added (Iran): Holly",
        "Tree List: 1 party added: Iris",
        "Entity List: 1 party removed (China): Alder Ltd.",
    ]


def test_a_list_without_a_keeper_reads_well(desk: Desk) -> None:
    desk.told(*OLD)
    bare: Record = {"source": "Tree List", "country": None, "addresses": [], "federal_register_notice": ""}
    (entry,) = desk.told(*OLD, make_record("Iris", **bare), make_record("Jute", start_date="2021-01-01", **bare))
    lead = to_plain(entry.content).splitlines()[0]
    assert lead == "2 parties were added to the Tree List: Iris and Jute."
    assert (entry.author, entry.dates) == (None, ())


def test_many_parties_are_counted_and_the_first_named(desk: Desk) -> None:
    desk.told(*OLD)
    codes = ["CN", "RU", "IR", "AE"]
    (entry,) = desk.told(*OLD, *(make_record(f"Tree {n}", country=codes[n % 4]) for n in range(1200)))
    assert entry.title == "Entity List: 1,200 parties added (4 countries): Tree 0, Tree 1, Tree 2 and 1,197 more"
    text = to_plain(entry.content)
    assert "added 1,200 parties in 4 countries to the Entity List: Tree 0, " in text
    assert text.endswith("\nAnd 1,100 more.")


def test_ids_that_change_with_what_they_name_bring_no_news(desk: Desk) -> None:
    desk.told(*OLD)
    assert desk.told(*({**record, "id": f"new {record['id']}"} for record in reversed(OLD))) == ()
    changed = OLD[0] | {"id": "newer", "license_policy": "Case by case"}
    (entry,) = desk.told(changed, *OLD[1:])
    assert entry.title == "Entity List: 1 party changed (China): Alder Ltd."


def test_absent_and_repeated_ids_lose_no_party(desk: Desk) -> None:
    records = [record | {"id": None} for record in OLD] + [make_record(f"Elm {n}", id="same") for n in range(3)]
    desk.told(*records, records[0])
    snapshot = recall(desk.state.memory)
    assert snapshot is not None
    assert len(snapshot) == 7
    (entry,) = desk.told(*reversed(records[1:]))
    assert entry.title == "Entity List: 1 party removed (China): Alder Ltd."


def test_the_order_of_lists_and_fields_nobody_is_told_of_bring_no_news(desk: Desk) -> None:
    record = make_record("Elm", alt_names=["A", "B"])
    desk.told(*OLD, record)
    found = desk.told(record | {"alt_names": ["B", "A "], "ids": [], "source_list_url": "https://new.example/"}, *OLD)
    assert found == ()


def test_a_rebuilt_snapshot_that_says_the_same_keeps_the_memory(desk: Desk) -> None:
    desk.told(*OLD)
    desk.publish(*reversed(OLD))
    found = desk.look()
    assert (found.entries, found.unchanged, found.memory) == ((), False, None)


def test_an_unchanged_snapshot_is_not_read(desk: Desk) -> None:
    desk.publish(*OLD, headers={"ETag": '"1"'})
    desk.look()
    found = desk.look()
    assert (found.unchanged, found.memory) == (True, None)
    assert desk.web.requests[-1].headers["if-none-match"] == '"1"'


def test_what_was_seen_before_but_is_not_remembered_is_read(desk: Desk) -> None:
    desk.publish(*OLD, headers={"ETag": '"1"'})
    first = desk.look()
    desk.state = PollState(etag=first.etag, body_hash=first.body_hash, memory=b"from another version")
    found = desk.look()
    assert (found.entries, found.memory) == ((), first.memory)


def test_a_snapshot_that_shrinks_by_more_than_half_is_an_error_and_not_remembered(desk: Desk) -> None:
    desk.told(*OLD)
    with pytest.raises(ParseError, match="looks cut off: the snapshot went from 4 to 1 parties; if it is true, give"):
        desk.told(OLD[0])
    assert len(desk.told(*OLD, make_record("Elm"))) == 1


def test_a_list_that_is_lost_within_a_snapshot_is_an_error(desk: Desk) -> None:
    listed = [make_record(f"Tree {n}") for n in range(60)]
    others = [make_record(f"Bush {n}", source=SANCTIONS) for n in range(200)]
    desk.told(*listed, *others)
    with pytest.raises(ParseError, match=r"looks cut off: Entity List .* went from 60 to 0 parties"):
        desk.told(*others)
    desk.options = {"lists": ["specially designated"]}
    assert desk.told(*others) == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "broken JSON after 0 parties"),
        (b"<html>", "broken JSON after 0 parties"),
        (b"{}", "no parties in the answer"),
        (b'{"results": {"name": "x"}}', "no parties in the answer"),
        (json.dumps({"results": OLD}).encode()[:-2], r"broken JSON after 4 parties \(cut off\?\)"),
        (json.dumps({"results": OLD}).encode()[:1500], r"broken JSON after \d parties \(cut off\?\)"),
        (json.dumps({"results": [1, {}, OLD[0]]}).encode(), "2 of 3 records have no name or no list"),
        (b'{"results": [{"name": "\xff\xfe"}]}', "broken JSON after 0 parties"),
    ],
)
def test_what_is_no_whole_snapshot_is_an_error_in_words(desk: Desk, body: bytes, reason: str) -> None:
    desk.serve(body)
    with pytest.raises(ParseError, match=reason):
        desk.look()


def test_an_unreadable_record_loses_no_other(desk: Desk) -> None:
    desk.told(*OLD)
    (entry,) = desk.told(*OLD, None, {"name": "No list"}, {"source": ENTITY_LIST, "name": " "}, make_record("Elm"))
    assert entry.title == "Entity List: 1 party added (China): Elm"


@pytest.mark.parametrize(
    "fields",
    [
        {"start_date": "3033-01-17", "end_date": "0001-01-01"},
        {"start_date": "soon", "end_date": 7},
        {"start_date": ["2026"], "addresses": "12 Road", "alt_names": {"a": 1}, "programs": 3.5},
        {"addresses": [None, 4, {"country": None}], "alt_names": [None, ["x"]], "country": "Xx", "start_date": None},
        {"remarks": "\x00\ud800 odd", "start_date": "2026-02-30"},
    ],
)
def test_absurd_values_break_nothing(desk: Desk, fields: dict[str, object]) -> None:
    desk.told(*OLD)
    (entry,) = desk.told(*OLD, make_record("Elm", **fields))
    assert entry.title.startswith("Entity List: 1 party added")
    assert entry.dates == ()
    assert not {"3033", "0001"} & set(to_plain(entry.content).split("-"))


def test_an_end_is_an_expiry(desk: Desk) -> None:
    desk.told(*OLD)
    (entry,) = desk.told(*OLD, make_record("Elm", end_date="2029-06-15T00:00:00Z"))
    assert [(said.role, said.quote) for said in entry.dates] == [
        (DateRole.EFFECTIVE, "start_date: 2020-06-18"),
        (DateRole.EXPIRY, "end_date: 2029-06-15"),
    ]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["Elm", "Fir"]),
        ({"lists": ["entity list"]}, ["Elm"]),
        ({"countries": ["ir"]}, ["Fir"]),
        ({"lists": ["Entity List"], "countries": ["IR"]}, []),
    ],
)
def test_only_the_lists_and_countries_asked_for_are_told(
    desk: Desk, options: dict[str, object], names: list[str]
) -> None:
    desk.options = options
    desk.told(*OLD)
    iran = {"country": None, "addresses": [{"country": "IR"}]}
    entries = desk.told(*OLD, make_record("Elm"), make_record("Fir", source=SANCTIONS, **iran))
    assert [entry.title.rpartition(": ")[2] for entry in entries] == names


def test_other_options_bring_no_false_news(desk: Desk) -> None:
    desk.options = {"lists": ["Entity List"]}
    desk.told(*OLD, make_record("Fir", source=SANCTIONS))
    desk.options = {}
    assert [entry.title for entry in desk.told(*OLD, make_record("Fir", source=SANCTIONS), make_record("Elm"))] == [
        "Entity List: 1 party added (China): Elm"
    ]


def test_a_party_that_leaves_a_country_asked_for_is_changed_not_removed(desk: Desk) -> None:
    desk.options = {"countries": ["CN"]}
    desk.told(*OLD)
    moved = OLD[0] | {"country": "HK", "addresses": [{"country": "HK"}]}
    (entry,) = desk.told(moved, *OLD[1:])
    assert entry.title == "Entity List: 1 party changed (Hong Kong): Alder Ltd."


def test_options_that_are_unknown_are_named(desk: Desk) -> None:
    desk.options = {"list": "Entity List"}
    with pytest.raises(ConfigError, match=r"options\.list: "):
        check_source(desk.source)


def test_a_body_over_the_limit_of_other_fetches_is_read(desk: Desk) -> None:
    filler = "ten bytes " * 300
    records = [make_record(f"Tree {n}", title=filler) for n in range(4_000)]
    desk.web.routes["/list"] = gzipped(json.dumps({"results": records}).encode(), content_type="application/json")
    found = desk.look()
    assert len(recall(found.memory) or ()) == 4_000


def test_records_are_read_one_at_a_time() -> None:
    filler = [{"number": str(n), "type": "Registration"} for n in range(100)]
    body = json.dumps({"results": [make_record(f"Tree {n}", ids=filler) for n in range(1_000)]}).encode()
    tracemalloc.start()
    read_snapshot(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(body) / 2


def test_two_additions_by_two_notices_are_no_copies_of_each_other(desk: Desk) -> None:
    desk.told(*OLD)
    one, two = desk.told(
        *OLD,
        make_record("Elm Semiconductor Manufacturing", federal_register_notice="91 FR 1"),
        make_record("Fir Quantum Laboratory", federal_register_notice="91 FR 2"),
    )
    assert not is_copy(sign(to_plain(one.content)), sign(to_plain(two.content)))


parties = st.tuples(st.sampled_from("AB"), st.sampled_from("xyX"), st.sampled_from(["", "r", "s"])).map(
    lambda said: Party(source=said[0], name=said[1], remarks=said[2])
)
snapshots = st.lists(st.tuples(st.sampled_from("abcd"), parties), max_size=6).map(
    lambda found: {f"{party.source}#{own}": party for own, party in found}
)


@given(before=snapshots, after=snapshots)
def test_changes_make_of_the_old_what_is_new(before: dict[str, Party], after: dict[str, Party]) -> None:
    """Whatever came, went or changed its id: what is taken away and put in makes the newer snapshot."""
    changes = compare(before, after)
    made = sorted(before.values())
    for change in changes:
        if change.before:
            made.remove(change.before)
        if change.after:
            made.append(change.after)
    assert sorted(made) == sorted(after.values())
    assert compare(after, after) == []
    shuffled = dict(random.sample(sorted(after.items()), len(after)))
    assert compare(after, shuffled) == []


@given(snapshots)
def test_what_is_remembered_is_recalled(snapshot: dict[str, Party]) -> None:
    assert recall(remember(snapshot)) == snapshot


@pytest.mark.parametrize("memory", [None, b"", b"text", remember({})[:5]])
def test_what_is_no_memory_is_none(memory: bytes | None) -> None:
    assert recall(memory) is None


def test_a_renamed_party_is_known_by_its_id() -> None:
    before, _ = read_snapshot(json.dumps({"results": OLD}).encode())
    after, _ = read_snapshot(json.dumps({"results": [OLD[0] | {"name": "Alder Group"}, *OLD[1:]]}).encode())
    (change,) = compare(before, after)
    assert (change.verb, change.fields) == (Verb.CHANGED, [("name", "Alder Ltd.", "Alder Group")])
