"""`tracker reconcile`: a notice and the list, from their servers to the table."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Installed
from tests.servers.web import Route, Web, serve

ENTITY_LIST = "Entity List (EL) - Bureau of Industry and Security"
RULE = """<html><head><title>Additions to the Entity List</title></head><body><article>
<h1>Additions of Entities to the Entity List</h1>
<p>In this rule, the Bureau of Industry and Security amends the Export Administration Regulations by adding three entities
to the Entity List, because they act contrary to the national security of the United States.</p>
<p>For the reasons described above, this final rule adds the following three entities to the Entity List:</p>
<p>People's Republic of China</p>
<ul><li>Lantern Microelectronics Co., Ltd., a.k.a., the following alias: Lantern Micro.</li>
<li>Harbour Supercomputing Center; and</li>
<li>Orinoco Photonics Inc.</li></ul>
<p>Shipments of items removed from eligibility for a licence exception that were on dock for loading on the day of
publication may proceed to their destination under the previous eligibility before the end of July.</p>
</article></body></html>"""


def listed(name: str, **fields: object) -> dict[str, object]:
    return {"id": name, "source": ENTITY_LIST, "name": name, "country": "CN", "start_date": "2026-06-20"} | fields


def as_json(value: object) -> Route:
    return Route(body=json.dumps(value).encode(), content_type="application/json")


@pytest.fixture
def government() -> Iterator[Web]:
    """The Federal Register with one rule on inspection, and a screening list that has one of its three names."""
    with serve({}) as web:
        document = {
            "document_number": "2026-10300", "title": "Additions of Entities to the Entity List", "type": "Rule",
            "filed_at": "2026-06-18T08:45:00-04:00", "html_url": web.url("/rule"),
        }  # fmt: skip
        parties = [
            listed("HARBOUR SUPERCOMPUTING CENTER"),
            listed("Meridian Data"),
            listed("Old Co", start_date="2019-05-01"),
        ]
        web.routes |= {
            "/inspection": as_json({"count": 1, "results": [document]}),
            "/rule": Route(body=RULE.encode(), content_type="text/html"),
            "/list": as_json({"total": 3, "results": parties}),
        }
        yield web


def installed(folder: Path, web: Web) -> Installed:
    tracker = Installed(folder)
    tracker.configure(f"""
[collect]
allow_private_hosts = ["{web.host}"]

[[sources]]
name = "Inspection"
kind = "federal_register"
url = "{web.url("/inspection")}"
tier = "primary"
options = {{ public_inspection = true }}

[[sources]]
name = "Screening"
kind = "screening_list"
url = "{web.url("/list")}"
tier = "primary"
""")
    return tracker


def test_names_that_notice_and_list_do_not_share_are_open_with_their_days(tmp_path: Path, government: Web) -> None:
    tracker = installed(tmp_path, government)
    tracker.run("run", "--once")
    rows = json.loads(tracker.run("reconcile", "--since", "2026-06-01", "--format", "json").stdout)
    assert [(row["name"], row["gap"], row["since"]) for row in rows] == [
        ("Lantern Microelectronics Co., Ltd.", "not listed yet", "2026-06-18"),
        ("Orinoco Photonics Inc.", "not listed yet", "2026-06-18"),
        ("Meridian Data", "not announced", "2026-06-20"),
    ]
    assert rows[0]["days"] == rows[2]["days"] + 2
    assert (rows[0]["notice"], rows[2]["list"]) == ("A1", ENTITY_LIST)
    shown = tracker.run("reconcile", "--since", "2026-06-01").stdout
    assert "1 notice since 1 June 2026, of which 1 list parties by name; 3 parties on the list, as of " in " ".join(
        shown.split()
    )
    assert max(map(len, shown.splitlines())) <= 80


def test_the_list_has_to_be_read_and_called_by_its_name(tmp_path: Path, government: Web) -> None:
    tracker = installed(tmp_path, government)
    failed = tracker.run("reconcile", ok=False)
    assert failed.returncode == 2
    assert "no screening list has been read yet" in failed.stderr
    tracker.run("run", "--once")
    failed = tracker.run("reconcile", "--list", "Onion List", ok=False)
    assert failed.returncode == 2
    assert f"no list is called Onion List; expected the start of one of: {ENTITY_LIST}" in failed.stderr
