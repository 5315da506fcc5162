"""Archives become history: only what is on topic, told to nobody, and the same whatever interrupts it."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.collect.test_archive import write_gzip, write_plain
from tests.collect.test_file import write_warc
from tests.collect.test_gdelt_dump import gkg_row
from tests.making import NOW
from tests.pipeline.conftest import Desk
from tests.running import TRACKER, Installed
from tracker.jobs import run_stages
from tracker.pipeline.backfill import Done, Wanted, backfill, list_archives
from tracker.pipeline.ingest import ingest
from tracker.store import Store, tables
from tracker.store.backfills import Progress
from tracker.store.queries import EventQuery
from tracker.types import ChannelKind, Collected

ALL = Wanted(source="archive")
ON_TOPIC = "US bars exports of Nvidia H20 chips to China"
TEXT = (
    "The US Commerce Department said on 9 June 2026 it will require a licence for exports of Nvidia H20 chips to China."
)
PAGE = f"<html><head><title>{ON_TOPIC}</title></head><body><article><p>{TEXT}</p></article></body></html>".encode()


def record(number: int, title: str = ON_TOPIC, **fields: str) -> bytes:
    told = {"url": f"https://courier.example/{number}", "title": title, "text": f"{TEXT} ({number})"}
    return json.dumps(told | {"published": "2026-06-10"} | fields).encode() + b"\n"


def run(desk: Desk, path: Path, wanted: Wanted = ALL) -> list[Done]:
    return list(backfill(desk.job(), list_archives([path])[0], wanted, advance=lambda _: None))


def collected(desk: Desk) -> list[Collected]:
    """Take all that waits to be read, and all that waits for its page."""
    articles = desk.store.articles
    return [*articles.claim_unread(now=desk.now, limit=99), *articles.claim_pages(now=desk.now, limit=99)]


def test_only_what_passes_the_gate_is_kept(desk: Desk) -> None:
    lines = [record(1), record(2, "Harbour festival", text="A nice day."), record(3, source="Courier"), b"{\n"]
    (done,) = run(desk, write_plain(desk.folder / "a.jsonl", lines))
    assert done.counts == {"archives": 1, "looked_at": 3, "passed": 2, "new": 2, "bad": 1}
    assert [said.partition(": ")[0] for said in done.problems] == [f"{desk.folder}/a.jsonl:4"]
    assert [one.source.name for one in collected(desk)] == ["archive", "Courier"]


def test_what_was_read_is_not_read_again_until_it_changes(desk: Desk) -> None:
    path = write_plain(desk.folder / "a.jsonl", [record(1), b"{\n"])
    (first,) = run(desk, path)
    (again,) = run(desk, path)
    assert (again.counts, again.problems) == ({"read_before": 1}, first.problems)
    write_plain(path, [record(1), record(2)])
    assert run(desk, path)[0].counts == {"archives": 1, "looked_at": 2, "passed": 2, "new": 1, "bad": 0}
    desk.store.backfills.forget([str(path)])
    assert run(desk, path)[0].counts == {"archives": 1, "looked_at": 2, "passed": 2, "new": 0, "bad": 0}


def test_another_range_of_days_reads_the_archive_again(desk: Desk) -> None:
    path = write_plain(
        desk.folder / "a.jsonl", [record(day, published=f"2026-06-{day:02}T23:00:00Z") for day in range(1, 11)]
    )
    june = Wanted(source="archive", since=date(2026, 6, 3), until=date(2026, 6, 5))
    assert run(desk, path, june)[0].progress.new == 3
    assert run(desk, path)[0].progress.new == 7


def test_the_pages_of_a_dump_without_texts_are_fetched_unless_they_are_not_wanted(desk: Desk) -> None:
    title = f"<PAGE_TITLE>{ON_TOPIC}</PAGE_TITLE>"
    rows = [gkg_row(url="https://a.example/1", extras=title), gkg_row(url="10.1000/doi", collection="5", extras=title)]
    run(desk, write_plain(desk.folder / "a.gkg.csv", rows))
    (wanting,) = desk.store.articles.claim_pages(now=desk.now, limit=9)
    assert (wanting.entry.address, wanting.entry.family) == ("https://a.example/1", None)
    assert wanting.fetched_at == NOW
    desk.store.articles.save_page(wanting.id, None)
    run(desk, write_plain(desk.folder / "b.gkg.csv", rows), Wanted(source="other archive", pages=False))
    assert desk.store.articles.claim_pages(now=desk.now, limit=9) == []


def test_a_row_without_a_title_is_judged_by_its_address(desk: Desk) -> None:
    urls = [
        "https://a.example/2026/us-export-controls-nvidia",
        "https://a.example/cup-final",
        "https://nvidia.example/",
    ]
    path = write_plain(desk.folder / "a.gkg.csv", [gkg_row(url=url, extras="") for url in urls])
    (done,) = run(desk, path)
    assert (done.progress.looked_at, done.progress.passed) == (3, 1)


def test_a_page_of_an_archive_is_dated_by_the_archive(desk: Desk) -> None:
    other = b"<html><head><title>Harbour festival</title></head><body><p>A nice day was had by all.</p></body></html>"
    pages = [
        ("https://p.example/1", "200 OK", "text/html", PAGE),
        ("https://p.example/2", "200 OK", "text/html", other),
    ]
    (done,) = run(desk, write_warc(desk.folder / "a.warc.gz", pages))
    assert (done.progress.looked_at, done.progress.passed) == (2, 1)
    (one,) = collected(desk)
    assert one.page
    assert (one.page.body, one.fetched_at) == (PAGE, datetime(2026, 6, 15, 10, tzinfo=UTC))
    before = Wanted(source="archive", until=date(2026, 6, 14))
    assert run(desk, desk.folder / "a.warc.gz", before)[0].progress.passed == 0


def test_a_page_that_cannot_be_read_is_named_and_the_rest_is_kept(desk: Desk) -> None:
    pages = [
        ("https://p.example/1", "200 OK", "text/html", b"\0"),
        ("https://p.example/2", "200 OK", "text/html", PAGE),
    ]
    (done,) = run(desk, write_warc(desk.folder / "a.warc.gz", pages))
    assert done.problems == [f"{desk.folder}/a.warc.gz:1: https://p.example/1: the page is not HTML"]
    assert done.progress.new == 1


def test_of_many_problems_some_are_named_and_all_are_counted(desk: Desk) -> None:
    (done,) = run(desk, write_plain(desk.folder / "a.jsonl", [b"{\n"] * 1_234))
    assert len(done.problems) == 21
    assert done.problems[-1] == f"{desk.folder}/a.jsonl: 1,214 more that could not be used"


def test_a_file_of_no_use_stops_no_other(desk: Desk) -> None:
    write_plain(desk.folder / "a.jsonl", [b""])
    write_plain(desk.folder / "b.jsonl", [record(1)])
    empty, full = run(desk, desk.folder)
    assert empty.problems == [f"{desk.folder}/a.jsonl: the file is empty"]
    assert full.progress.new == 1


def test_archives_are_listed_once_and_in_order(desk: Desk) -> None:
    for name in ("b.jsonl", "a.jsonl"):
        write_plain(desk.folder / name, [record(1)])
    gone = desk.folder / "empty"
    gone.mkdir()
    archives, problems = list_archives([desk.folder / "b.jsonl", desk.folder, gone])
    assert [path.name for path in archives] == ["b.jsonl", "a.jsonl"]
    assert [said.partition(": ")[2][:16] for said in problems] == ["holds no archive"]


class Stopped(BaseException):
    """What a signal raises, in the middle of anything."""


@pytest.mark.parametrize("pack", [write_plain, write_gzip])
def test_a_stopped_run_goes_on_where_its_last_batch_ended(
    desk: Desk, pack: Callable[[Path, list[bytes]], Path]
) -> None:
    lines = [record(number) for number in range(1_700)]
    path = pack(desk.folder / ("a.jsonl.gz" if pack is write_gzip else "a.jsonl"), lines)
    for stop in (300, 900, 100):  # records into what is left: in the first batch, in the second after it, in the next
        told = iter(range(stop))

        def advance(_: int, told: Iterator[int] = told) -> None:
            if next(told, None) is None:
                raise Stopped

        with pytest.raises(Stopped):
            list(backfill(desk.job(), [path], ALL, advance=advance))
    progress = desk.store.backfills.find(str(path), str(ALL))
    assert progress
    assert (progress.record, progress.looked_at, progress.new) == (500, 500, 500)
    assert run(desk, path)[0].counts == {"archives": 1, "looked_at": 1_700, "passed": 1_700, "new": 1_700, "bad": 0}


def test_history_is_told_to_nobody_until_something_new_tells_it(desk: Desk) -> None:
    desk.store.outbox.subscribe(ChannelKind.SLACK, "C0123", "", now=NOW)
    path = write_plain(desk.folder / "a.jsonl", [record(1)])
    run(desk, path)
    run_stages(desk.job(), after="collect")
    assert len(desk.store.queries.stories(EventQuery())) == 1
    assert desk.printed == []
    ingest(desk.job(), [path], source="Courier", url=None, published_at=None)
    run_stages(desk.job(), after="collect")
    run_stages(desk.job(), after="collect")
    assert len(desk.printed) == 1


# ---------------------------------------------------------------- as its user runs it


def archived(store: Store) -> list[tuple[object, ...]]:
    """List what tells articles apart, without what the later stages add."""
    columns = (tables.articles.c[name] for name in ("address", "key", "published_at", "fetched_at", "is_history"))
    with store.engine.connect() as connection:
        rows = connection.execute(select(tables.sources.c.name, *columns).join(tables.sources).order_by("address"))
        return [tuple(row) for row in rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a short archive and a long one, whose articles stand at its start and its end."""
    found = tmp_path / "archives"
    found.mkdir()
    write_plain(found / "a.jsonl", [record(1)])
    first, last = ([record(number) for number in numbers] for numbers in (range(2, 40), range(40, 80)))
    write_plain(found / "b.jsonl", [*first, b"\n" * 200_000, *last, b"{\n"])
    return found


def test_a_killed_process_loses_nothing_and_reads_nothing_twice(
    database_url: str, folder: Path, desk: Desk, tmp_path: Path
) -> None:
    list(backfill(desk.job(), list_archives([folder])[0], ALL, advance=lambda _: None))
    (tmp_path / "user").mkdir()
    installed = Installed(tmp_path / "user", {"DATABASE_URL": database_url.replace("/tracker.db", "/killed.db")})
    installed.configure("")
    with closing(Store.open(installed.environment["DATABASE_URL"])) as store:
        killed = kill_in_the_middle(installed, store, folder)
        assert not killed.is_finished
        done = installed.run("backfill", str(folder), ok=False)
        assert done.returncode == 2
        assert "b.jsonl:200079: broken JSON" in done.stderr
        said = "backfill    archives 1, read before 1, looked at 78, passed 78, new 78, bad 1"
        assert done.stdout.splitlines()[0] == said
        assert archived(store) == archived(desk.store)


def kill_in_the_middle(installed: Installed, store: Store, folder: Path) -> Progress:
    """Start a backfill and kill it when it has kept a part of the second archive."""
    command = [str(TRACKER), "backfill", str(folder)]
    with subprocess.Popen(command, cwd=installed.folder, env=installed.variables(), stderr=subprocess.PIPE) as process:
        assert process.stderr
        assert b"a.jsonl" in process.stderr.readline()
        while not (progress := store.backfills.find(str(folder / "b.jsonl"), str(ALL))):
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return progress


def test_the_command_says_what_it_did_and_restarts_when_told(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    write_plain(tmp_path / "a.jsonl", [record(1)])
    assert installed.run("backfill", "a.jsonl").stdout.startswith(
        "backfill    archives 1, looked at 1, passed 1, new 1\n"
    )
    assert installed.run("backfill", ".").stdout.startswith("backfill    read before 1\n")
    assert installed.run("backfill", ".", "--restart").stdout.startswith(
        "backfill    archives 1, looked at 1, passed 1\n"
    )
    assert len(json.loads(installed.run("stories", "--format", "json").stdout)) == 1


def test_pages_that_are_still_to_come_are_spoken_of(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    installed.configure("")
    write_plain(tmp_path / "a.gkg.csv", [gkg_row(extras=f"<PAGE_TITLE>{ON_TOPIC}</PAGE_TITLE>")])
    said = installed.run("backfill", "a.gkg.csv").stdout.splitlines()[-1]
    assert said == "1 article waits for its page; tracker run or tracker collect fetches it."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.jsonl", "--since", "June"), "Error: --since June: expected a day such as 2026-06-13"),
        (("a.jsonl", "--since", "2026-06-13", "--until", "2026-06-12"), "Error: --since 2026-06-13 is after --until"),
        (("empty",), "Error: empty: holds no archive; expected files of .jsonl, "),
    ],
)
def test_wrong_arguments_are_explained(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "empty").mkdir()
    installed = Installed(tmp_path)
    installed.configure("")
    done = installed.run("backfill", *arguments, ok=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith(said)
