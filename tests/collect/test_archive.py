"""Archives, read from the start or from any later record."""

import gzip
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.collect.test_file import write_warc
from tests.collect.test_gdelt_dump import ARTICLE, gkg_row
from tracker.collect import archive
from tracker.collect.archive import find_archives, read_archive
from tracker.collect.file_entry import BadLine, FileEntry, Place, Record
from tracker.errors import InputError

Writer = Callable[[Path, list[bytes]], Path]


def write_plain(path: Path, lines: list[bytes]) -> Path:
    path.write_bytes(b"".join(lines))
    return path


def write_gzip(path: Path, lines: list[bytes]) -> Path:
    return write_plain(path, [gzip.compress(b"".join(lines))])


def write_zip(path: Path, lines: list[bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("20260618031500.gkg.csv", b"".join(lines))
    return path


def write_pages(path: Path, lines: list[bytes]) -> Path:
    pages = [(f"https://example.org/{n}", "200 OK", "text/html", line) for n, line in enumerate(lines)]
    return write_warc(path, pages)


def write_loose_pages(path: Path, lines: list[bytes]) -> Path:
    return write_plain(path, [gzip.decompress(write_pages(path, lines).read_bytes())])


ROWS = [gkg_row(url=f"https://courier.example/{number}") for number in range(20)]
RECORDS = [json.dumps({"id": number, "title": f"Chips {number}"}).encode() + b"\n" for number in range(20)]
PAGES = [random.Random(number).randbytes(300).hex().encode() for number in range(20)]
KINDS: list[tuple[str, Writer, list[bytes]]] = [
    ("a.jsonl", write_plain, RECORDS),
    ("a.JSONL.gz", write_gzip, RECORDS),
    ("a.gkg.csv", write_plain, ROWS),
    ("a.gkg.csv.gz", write_gzip, ROWS),
    ("a.translation.gkg.csv.zip", write_zip, ROWS),
    ("a.warc.gz", write_pages, PAGES),
    ("a.warc", write_loose_pages, PAGES),
]
each_kind = pytest.mark.parametrize(("name", "write", "lines"), KINDS, ids=[kind[0] for kind in KINDS])


def problems(records: list[Record]) -> list[str]:
    return [one.words for record in records for one in record.found if isinstance(one, BadLine)]


def entries(records: list[Record]) -> list[FileEntry]:
    return [one for record in records for one in record.found if isinstance(one, FileEntry)]


@each_kind
def test_an_archive_is_read_on_from_any_of_its_records(
    tmp_path: Path, name: str, write: Writer, lines: list[bytes]
) -> None:
    path = write(tmp_path / name, lines)
    whole = list(read_archive(path, Place()))
    assert len(entries(whole)) == 20
    for number in (1, 11, 19):
        rest = list(read_archive(path, whole[number].start))
        assert [(r.start, r.found) for r in rest] == [(r.start, r.found) for r in whole[number:]]
    assert [record.start.record for record in whole] == list(range(20))
    assert whole[-1].bytes_read <= path.stat().st_size


@each_kind
def test_a_torn_archive_gives_what_stands_before_the_tear_and_says_where(
    tmp_path: Path, name: str, write: Writer, lines: list[bytes]
) -> None:
    path = write(tmp_path / name, lines)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 5 // 8])
    records = list(read_archive(path, Place()))
    (said,) = problems(records)
    assert said.startswith(f"{path}")
    if "zip" not in name:  # its list of files stands at its end
        assert said.startswith(f"{path}:{len(entries(records)) + 1}: ")


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_an_archive_of_pages_may_end_anywhere(tmp_path: Path, name: str) -> None:
    write = {kind[0]: kind[1] for kind in KINDS}[name]
    path = write(tmp_path / name, PAGES[:2])
    whole = path.read_bytes()
    pages = {found.page for found in entries(list(read_archive(path, Place())))}
    for end in range(1, len(whole)):
        path.write_bytes(whole[:end])
        assert {found.page for found in entries(list(read_archive(path, Place())))} <= pages


def test_bad_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [RECORDS[0], b"\n", b"{\n", b"[]\n", ROWS[0], RECORDS[1].rstrip()]
    path = write_plain(tmp_path / "a.jsonl", lines)
    records = list(read_archive(path, Place()))
    assert [found.entry.title for found in entries(records)] == ["Chips 0", "Chips 1"]
    assert [said.partition(": ")[0] for said in problems(records)] == [f"{path}:{n}" for n in (3, 4, 5)]


def test_a_line_without_end_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_LINE_LIMIT_BYTES", 1_000)
    long = json.dumps({"title": "x" * 3_500}).encode() + b"\n"
    path = write_plain(tmp_path / "a.jsonl", [long, RECORDS[0]])
    records = list(read_archive(path, Place()))
    assert [found.entry.title for found in entries(records)] == ["Chips 0"]
    assert len(problems(records)) == 1
    assert list(read_archive(path, records[1].start)) == records[1:]


def test_answers_of_gdelts_search_are_read_line_by_line_or_as_one(tmp_path: Path) -> None:
    answer = json.dumps({"articles": [ARTICLE, ARTICLE | {"url": "https://b.example/"}]}).encode()
    lines = write_plain(tmp_path / "a.jsonl", [answer + b"\n", json.dumps(ARTICLE).encode()])
    assert len(entries(list(read_archive(lines, Place())))) == 3
    saved = write_plain(tmp_path / "a.json", [answer])
    assert len(entries(list(read_archive(saved, Place())))) == 2
    assert list(read_archive(saved, Place(record=1))) == []


def test_what_gdelt_said_in_place_of_an_answer_is_passed_on(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "a.json", [b"Please limit requests to one every 5 seconds"])
    expected = (
        f"{path}: expected an answer of GDELT's DOC search: GDELT says: Please limit requests to one every 5 seconds"
    )
    assert problems(list(read_archive(path, Place()))) == [expected]


def test_a_zip_of_many_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gkg.csv.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("one", b"")
        packed.writestr("two", b"")
    assert problems(list(read_archive(path, Place()))) == [
        f"{path}:1: broken archive, read up to here: expected one file in it, found 2"
    ]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.jsonl", b"", "the file is empty"),
        ("a.txt", b"x", "unknown kind of archive; expected one of .jsonl, .jsonl.gz, "),
    ],
)
def test_a_file_of_no_use_is_explained(tmp_path: Path, name: str, body: bytes, said: str) -> None:
    path = write_plain(tmp_path / name, [body])
    with pytest.raises(InputError) as caught:
        list(read_archive(path, Place()))
    assert str(caught.value).startswith(f"{path}: {said}")


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.jsonl: cannot be read: No such file or directory"):
        list(read_archive(tmp_path / "gone.jsonl", Place()))


def test_a_folder_is_its_archives_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "b/10.warc.gz", "a/x.gkg.csv.zip", "a/notes.txt", "c.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    expected = [tmp_path / name for name in ("a/x.gkg.csv.zip", "b/10.warc.gz", "b/2.jsonl", "c.json")]
    assert find_archives(tmp_path) == expected


def test_a_folder_without_archives_is_explained(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InputError, match="holds no archive"):
        find_archives(tmp_path)
