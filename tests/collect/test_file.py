"""Files of `tracker ingest`."""

import gzip
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.collect.file import read_file
from tracker.collect.file_entry import BadLine, FileEntry
from tracker.errors import InputError
from tracker.types import Entry

DAY = datetime(2026, 6, 18, tzinfo=UTC)


def write(path: Path, body: str | bytes) -> Path:
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


def only_entry(path: Path, url: str | None = None) -> Entry:
    (found,) = read_file(path, url=url, published_at=DAY)
    assert isinstance(found, FileEntry)
    return found.entry


def test_a_short_first_line_is_the_title(tmp_path: Path) -> None:
    entry = only_entry(write(tmp_path / "a.txt", "Chips held back\n\nThe ministry said so.\nMore.\n"))
    assert (entry.title, entry.content) == ("Chips held back", "The ministry said so.\nMore.")
    assert entry.published_at == DAY


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One line alone.", "One line alone."),
        ("x" * 151 + "\nrest", "x" * 149),
        ("word " * 40 + "\nrest", "word " * 29 + "word…"),
    ],
)
def test_without_a_short_first_line_the_texts_own_words_are_its_title(tmp_path: Path, text: str, title: str) -> None:
    entry = only_entry(write(tmp_path / "after-the_ban.txt", text))
    assert (entry.title, entry.content) == (title, text)


def test_the_address_is_the_one_given_else_the_content(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one.txt", "same"), write(tmp_path / "two.txt", "same")
    assert only_entry(one, url="https://example.org/1").address == "https://example.org/1"
    assert only_entry(one).address == only_entry(two).address
    assert only_entry(one).address.startswith("urn:sha256:")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1251", "utf-16"])
def test_a_text_in_another_encoding_is_recognised(tmp_path: Path, encoding: str) -> None:
    text = "Министерство торговли объявило о новых правилах экспорта передовых чипов и моделей в понедельник."
    assert only_entry(write(tmp_path / "a.txt", text.encode(encoding))).content == text


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \n\t", "the file holds nothing but blanks"),
        ("a.html", b" \n\t", "the file holds nothing but blanks"),
        ("a.txt", bytes(range(256)) * 20, "not text, or in an encoding that could not be recognised"),
        ("a.docx", b"x", "unknown kind of file; expected one of .txt, .html, .htm, .jsonl, .warc, .warc.gz"),
    ],
)
def test_a_file_of_no_use_is_explained(tmp_path: Path, name: str, body: bytes, said: str) -> None:
    path = write(tmp_path / name, body)
    with pytest.raises(InputError) as caught:
        list(read_file(path))
    assert str(caught.value) == f"{path}: {said}"


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: cannot be read: No such file or directory"):
        list(read_file(tmp_path / "gone.txt"))


def test_html_is_kept_for_the_reader(tmp_path: Path) -> None:
    (found,) = read_file(write(tmp_path / "a.HTML", "<p>x</p>"), url="https://example.org/1", published_at=DAY)
    assert isinstance(found, FileEntry)
    assert found.page is not None
    assert (found.page.body, found.page.url, found.entry.title) == (b"<p>x</p>", "https://example.org/1", "")


def test_each_json_line_is_an_article(tmp_path: Path) -> None:
    record = {"id": "d1", "title": "T", "text": "Text", "published": "2026-06-15", "lang": "nl", "source": "Courier"}
    lines = [record, {"id": 2, "url": "https://example.org/2", "text": "x", "published": "2026-06-15T10:00+02:00"}]
    path = write(tmp_path / "a.jsonl", "\n\n".join(json.dumps(line) for line in lines))
    one, two = read_file(path, published_at=DAY)
    assert isinstance(one, FileEntry)
    assert isinstance(two, FileEntry)
    assert one.source == "Courier"
    assert one.entry == Entry(
        key="d1", address="d1", title="T", content="Text", language="nl", published_at=datetime(2026, 6, 15, tzinfo=UTC)
    )
    assert (two.entry.key, two.entry.address) == ("2", "https://example.org/2")
    assert two.entry.published_at == datetime(2026, 6, 15, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"text": "cut off', "broken JSON: Unterminated string starting at: line 1 column 10"),
        (b"[1, 2]", "expected a JSON object"),
        (b'{"id": "x"}', "expected a title or a text"),
        (b'{"text": ["x"]}', 'text: expected text, found ["x"]'),
        (b'{"text": "x", "published": "last week"}', "expected a date such as 2026-06-18, found 'last week'"),
        (b'{"text": "x", "published": "2026-06-15T10:00"}', "expected a time with its zone"),
        (b'{"text": "\xff"}', "not UTF-8 (byte 11)"),
        (b"[" * 100_000, "broken JSON: maximum recursion depth"),
    ],
)
def test_a_broken_line_harms_no_other(tmp_path: Path, line: bytes, said: str) -> None:
    good = b'{"text": "good"}'
    path = write(tmp_path / "a.jsonl", b"\n".join([*[good] * 6, line, good]))
    found = list(read_file(path))
    bad = found.pop(6)
    assert isinstance(bad, BadLine)
    assert bad.place == f"{path}:7"
    assert said in bad.reason
    assert [entry.entry.content for entry in found if isinstance(entry, FileEntry)] == ["good"] * 7


def test_json_that_no_database_takes_is_mended(tmp_path: Path) -> None:
    entry = only_entry(write(tmp_path / "a.jsonl", '{"title": "a\\ud800b", "text": "c\\u0000d"}'))
    assert (entry.title, entry.content) == ("a\ufffdb", "c\ufffdd")


def write_warc(path: Path, answers: list[tuple[str, str, str, bytes]]) -> Path:
    """Write answers as (address, status, content type, body), each record a gzip member of its own."""
    with path.open("wb") as archive:
        for url, status, content_type, body in answers:
            answer = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n\r\n".encode() + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-06-15T10:00:00Z\r\n"
                f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            )
            archive.write(gzip.compress(head.encode() + answer + b"\r\n\r\n"))
    return path


def test_an_archive_gives_its_html_pages(tmp_path: Path) -> None:
    path = write_warc(
        tmp_path / "a.warc.gz",
        [
            ("https://example.org/1", "200 OK", "text/html; charset=utf-8", b"<p>one</p>"),
            ("https://example.org/2", "404 Not Found", "text/html", b"gone"),
            ("https://example.org/3", "200 OK", "image/png", b"x"),
            ("https://example.org/4", "200 OK", "text/html", b"<p>four</p>" * 9999),
        ],
    )
    found = [one for one in read_file(path) if isinstance(one, FileEntry)]
    assert [(one.entry.address, one.page and one.page.body) for one in found] == [
        ("https://example.org/1", b"<p>one</p>"),
        ("https://example.org/4", b"<p>four</p>" * 9999),
    ]


def test_a_torn_archive_gives_what_stands_before_the_tear(tmp_path: Path) -> None:
    page = ("https://example.org/1", "200 OK", "text/html", random.Random(1).randbytes(5000))
    path = write_warc(tmp_path / "a.warc.gz", [page, page])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\0garbage" * 20)
    first, *rest = read_file(path)
    assert isinstance(first, FileEntry)
    assert [one.place for one in rest if isinstance(one, BadLine)] == [f"{path}:2"]
