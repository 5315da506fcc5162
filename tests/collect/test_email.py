"""Newsletters from a real IMAP server and from maildirs."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.servers import imap as imap_server
from tests.servers.imap import Imap
from tracker.collect.email import give_own_addresses
from tracker.collect.email_message import as_entry
from tracker.collect.http import Client
from tracker.collect.kinds import check_source, poll
from tracker.config import CollectSettings
from tracker.errors import ConfigError, FetchError
from tracker.read import wants_page
from tracker.times import now
from tracker.types import Entry, PollState, Source

PAGE = "https://letters.example/view?id=7&k=9"
HTML = f"""<html><head><style>p {{}}</style></head><body><a href="{PAGE}">View <b>in your browser</b></a>
<p onclick="x()">The licence for caf&eacute; chips ends on Monday.</p><script>track()</script>
<img src="https://letters.example/opened.gif"></body></html>"""


def letter(
    number: int = 1,
    *,
    sender: str = "Chip Letter <news@letters.example>",
    html: str | None = HTML,
    text: str = "The licence for chips ends on Monday.",
    **headers: str,
) -> bytes:
    message = EmailMessage()
    stated = {
        "From": sender,
        "Subject": f"出口管制 weekly, no. {number}",
        "Message-ID": f"<letter.{number}@letters.example>",
        "Date": "Mon, 15 Jun 2026 10:00:00 +0200",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in stated.items():
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def entry_of(raw: bytes) -> Entry:
    entry = as_entry(raw)
    assert entry is not None
    return entry


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server.serve() as running:
        yield running


@pytest.fixture
def client(imap: Imap) -> Iterator[Client]:
    with make_client(imap) as client:
        yield client


def make_client(imap: Imap, **limits: object) -> Client:
    return Client(CollectSettings.model_validate({"allow_private_hosts": (imap.host,), "timeout": "10s"} | limits))


@pytest.fixture
def make_source(imap: Imap, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Source]:
    monkeypatch.setenv("NEWSLETTER_PASSWORD", imap.password)

    def make(url: str = f"imap://reader%40example.org@{imap.host}", **options: object) -> Source:
        return Source(
            name="Letters",
            kind="email",
            url=url.format(host=imap.host),
            family="letters",
            options={"password_env": "NEWSLETTER_PASSWORD"} | options,
        )

    return make


def deliver(imap: Imap, *messages: bytes, folder: str = "INBOX", age: timedelta = timedelta(0)) -> None:
    for raw in messages:
        imap.folders.setdefault(folder, imap_server.Folder()).add(raw, (now() - age).date())


def titles(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.title.rpartition(" ")[2] for entry in entries]


# ---------------------------------------------------------------- what a message becomes


def test_a_message_is_an_entry() -> None:
    entry = entry_of(letter())
    assert (entry.key, entry.title, entry.author) == (
        "letter.1@letters.example",
        "出口管制 weekly, no. 1",
        "Chip Letter",
    )
    assert entry.published_at == datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
    assert entry.address == PAGE


def test_its_html_is_cleaned_and_tells_nobody_that_it_was_opened() -> None:
    content = entry_of(letter()).content
    assert "<p>The licence for café chips ends on Monday.</p>" in content
    assert not any(word in content for word in ("track", "onclick", "opened.gif", "style"))


@pytest.mark.parametrize("html", [None, "<img src='https://letters.example/a.gif'>", " "])
def test_its_text_stands_in_where_the_html_says_nothing(html: str | None) -> None:
    assert entry_of(letter(html=html)).content.strip() == "The licence for chips ends on Monday."


def test_its_page_is_not_fetched() -> None:
    source = Source(name="Letters", kind="email", url="maildir:///x", family="letters")
    assert not wants_page(source, entry_of(letter(html=f"<a href='{PAGE}'>View online</a>")))


@pytest.mark.parametrize(
    "words",
    [
        "View this email in your browser",
        "Read online",
        "Bekijk deze e-mail in je browser",
        "Im Browser ansehen",
        "Voir dans le navigateur",
        "Ver en el navegador",
        "ブラウザで見る",
        "在浏览器中查看",
        "브라우저에서 보기",
    ],
)
def test_its_address_is_where_it_can_be_read_in_a_browser(words: str) -> None:
    html = f"<p><a href='https://letters.example/'>Home</a> <a href='{PAGE}'>{words}</a></p>"
    assert entry_of(letter(html=html)).address == PAGE


@pytest.mark.parametrize("text", [f"View this post on the web at {PAGE}\nHi", f"View in browser:\n<{PAGE}>\nHi"])
def test_a_text_offers_its_page_too(text: str) -> None:
    assert entry_of(letter(html=None, text=text)).address == PAGE


def test_the_archive_of_a_list_keeps_each_message_at_its_own_address() -> None:
    raw = letter(Archived_At="<https://lists.example/chips/7.html>", List_Archive="<https://lists.example/chips/>")
    assert entry_of(raw).address == "https://lists.example/chips/7.html"
    raw = letter(html=None, List_Archive="<https://lists.example/chips/>")
    assert entry_of(raw).address == "mid:letter.1@letters.example"


def test_a_sentence_with_a_link_is_no_offer() -> None:
    text = f"The ministry's web version of the rule, which we read in full last week, is at {PAGE} as from today."
    assert entry_of(letter(html=None, text=f"{text}\n{'x' * 100}")).address == "mid:letter.1@letters.example"


def test_a_message_without_an_id_is_named_by_its_content() -> None:
    raw = b"Subject: x\r\n\r\nhello\r\n"
    entry = entry_of(raw)
    assert entry.key == entry.address == entry_of(raw).key
    assert entry.key.startswith("urn:sha256:")
    assert (entry.author, entry.published_at, entry.family) == (None, None, None)


@pytest.mark.parametrize(
    ("stated", "hour"),
    [("Mon, 15 Jun 2026 10:00:00 -0000", 10), ("15 Jun 2026 10:00 +0530", 4), ("soon", None), ("", None)],
)
def test_a_date_is_read_as_it_is_stated(stated: str, hour: int | None) -> None:
    published_at = entry_of(b"Date: " + stated.encode() + b"\n\nhello").published_at
    assert (published_at.hour if published_at else None) == hour


def test_a_page_that_shows_whatever_came_last_is_the_address_of_one_message_only() -> None:
    letters = [entry_of(letter(number)) for number in (1, 2)]
    entries, pages = give_own_addresses(letters, {})
    assert [entry.address for entry in entries] == [PAGE, "mid:letter.2@letters.example"]
    assert give_own_addresses(letters, pages)[0] == entries


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: =?utf-8?b?a?=\n\nx",
        b"Content-Type: text/html; charset=punycode\n\n\xff",
        b"Content-Type: text/plain; charset=nonsense\n\n\xff",
        b"From: " + b"(" * 5000 + b"\n\nx",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 5000,
        b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
        b"Content-Type: text/html\n\n\0<p>x",
        b"",
    ],
)
def test_no_hostile_message_breaks_the_mailbox(raw: bytes) -> None:
    assert entry_of(raw).key


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(head=st.lists(st.tuples(st.sampled_from(["Subject", "From", "Date", "Message-ID"]), st.binary(max_size=40))))
def test_no_header_does(head: list[tuple[str, bytes]]) -> None:
    lines = [name.encode() + b": " + value.replace(b"\n", b" ") for name, value in head]
    entry = entry_of(b"\n".join([*lines, b"", b"<p>x"]))
    assert all("\0" not in part and part.encode() is not None for part in (entry.title, entry.key, entry.address))


# ---------------------------------------------------------------- over IMAP


def test_each_message_is_brought_once(imap: Imap, client: Client, make_source: Callable[..., Source]) -> None:
    deliver(imap, letter(1), letter(2))
    first = poll(make_source(), PollState(), client)
    assert (titles(first.entries), first.unchanged) == (["1", "2"], False)
    again = poll(make_source(), PollState(memory=first.memory), client)
    assert (again.entries, again.unchanged) == ((), True)
    deliver(imap, letter(3))
    assert titles(poll(make_source(), PollState(memory=again.memory), client).entries) == ["3"]


def test_nothing_in_the_mailbox_is_changed(imap: Imap, client: Client, make_source: Callable[..., Source]) -> None:
    deliver(imap, letter())
    poll(make_source(), PollState(), client)
    assert not imap.folders["INBOX"].messages[0].seen
    asked = " ".join(imap.commands)
    assert "EXAMINE" in asked
    assert "BODY.PEEK[]" in asked
    assert not any(word in asked for word in ("SELECT", "STORE", "EXPUNGE", "COPY", "MOVE"))
    assert imap.commands[-1] == "LOGOUT"


def test_uids_that_start_anew_are_read_anew(imap: Imap, client: Client, make_source: Callable[..., Source]) -> None:
    deliver(imap, letter(1), letter(2))
    first = poll(make_source(), PollState(), client)
    imap.folders["INBOX"] = imap_server.Folder(validity=2)
    deliver(imap, letter(3))
    assert titles(poll(make_source(), PollState(memory=first.memory), client).entries) == ["3"]


def test_only_the_senders_asked_for_are_read(imap: Imap, client: Client, make_source: Callable[..., Source]) -> None:
    deliver(
        imap, letter(1), letter(2, sender="x@spam.example"), letter(3, sender='"news@letters.example" <y@spam.example>')
    )
    (entry,) = poll(make_source(**{"from": ["News@Letters.example"]}), PollState(), client).entries
    assert (entry.title.endswith("1"), entry.family) == (True, None)
    both = poll(make_source(**{"from": ["@letters.example", "x@spam.example"]}), PollState(), client).entries
    assert [entry.family for entry in both] == ["letters.example", "spam.example"]


@pytest.mark.parametrize(
    ("path", "options"), [("/News/Chips%20%26%20rules", {}), ("", {"folder": "News/Chips & rules"})]
)
def test_a_folder_is_named_by_the_address_or_an_option(
    imap: Imap, client: Client, make_source: Callable[..., Source], path: str, options: dict[str, object]
) -> None:
    deliver(imap, letter(4), folder="News/Chips &- rules")  # as it travels (RFC 3501, 5.1.3)
    source = make_source(f"imap://reader%40example.org@{imap.host}{path}", **options)
    assert titles(poll(source, PollState(), client).entries) == ["4"]


def test_old_messages_are_left_alone(imap: Imap, client: Client, make_source: Callable[..., Source]) -> None:
    deliver(imap, letter(1), age=timedelta(days=40))
    deliver(imap, letter(2), age=timedelta(days=20))
    assert titles(poll(make_source(), PollState(), client).entries) == ["2"]
    assert poll(make_source(timespan="7d"), PollState(), client).entries == ()


def test_a_long_backlog_takes_several_looks(imap: Imap, make_source: Callable[..., Source]) -> None:
    deliver(imap, *(letter(number, text="word " * 40_000) for number in range(1, 6)))
    state, brought = PollState(), []
    with make_client(imap, body_limit_bytes=1000) as client:
        for _ in range(5):
            found = poll(make_source(), state, client)
            brought.append(titles(found.entries))
            state = PollState(memory=found.memory)
    assert brought[0] == ["1", "2", "3"]
    assert [number for look in brought for number in look] == ["1", "2", "3", "4", "5"]


def test_of_a_huge_message_the_start_is_read(imap: Imap, client: Client, make_source: Callable[..., Source]) -> None:
    deliver(imap, letter(1, html=None, text="chips\n" + "word " * 600_000), letter(2))
    first, second = poll(make_source(), PollState(), client).entries
    assert first.content.startswith("chips")
    assert len(first.content) <= 1_000_000
    assert second.title.endswith("2")


def test_letters_of_any_script_may_stand_in_a_password(
    monkeypatch: pytest.MonkeyPatch, make_source: Callable[..., Source]
) -> None:
    with imap_server.serve(password="Sésame 開けゴマ") as imap, make_client(imap) as client:
        monkeypatch.setenv("NEWSLETTER_PASSWORD", imap.password)
        deliver(imap, letter(1))
        source = make_source(f"imap://reader%40example.org@{imap.host}")
        assert titles(poll(source, PollState(), client).entries) == ["1"]


def test_a_refused_login_says_so_without_the_password(
    monkeypatch: pytest.MonkeyPatch, client: Client, make_source: Callable[..., Source]
) -> None:
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "wrong-secret")
    with pytest.raises(FetchError) as caught:
        poll(make_source(), PollState(), client)
    assert str(caught.value) == (
        "the mail server refuses the login of reader@example.org: [AUTHENTICATIONFAILED] wrong name or password"
    )


@pytest.mark.parametrize(
    ("url", "options", "said"),
    [
        ("imap://reader%40example.org@{host}/Nowhere", {}, "the mailbox has no folder 'Nowhere': no such folder"),
        ("imap://{host}", {}, "expected an address such as imaps://name@mail.example.org/INBOX or maildir:///path"),
        ("imap://me:secret@{host}", {}, "a password must not stand in an address"),
        ("imap://me@{host}", {"password_env": None}, "options.password_env"),
        ("imap://me@{host}", {"password_env": "NO_SUCH"}, "set the environment variable NO_SUCH to the password"),
        ("imap://me@127.0.0.1:no", {}, "expected an address such as"),
        ("pop3://me@{host}", {}, "expected an address such as"),
    ],
)
def test_what_is_missing_is_said(
    client: Client, make_source: Callable[..., Source], url: str, options: dict[str, object], said: str
) -> None:
    with pytest.raises(FetchError) as caught:
        poll(make_source(url, **options), PollState(), client)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_private_mail_server_is_not_connected_to_unless_allowed(
    imap: Imap, make_source: Callable[..., Source]
) -> None:
    with (
        make_client(imap, allow_private_hosts=()) as client,
        pytest.raises(FetchError, match=r"address 127\.0\.0\.1 is private"),
    ):
        poll(make_source(), PollState(), client)
    assert imap.commands == []


@pytest.mark.parametrize(
    ("command", "answer", "said"),
    [
        ("", b"* BYE too busy\r\n", "the mail server failed"),
        ("", b"HTTP/1.1 400 Bad Request\r\n\r\n", "the mail server failed"),
        ("CAPABILITY", b"* CAPABILITY \xff\r\n{tag} OK done\r\n", "the mail server's answer is not IMAP"),
        ("UID SEARCH", b"* SEARCH one two\r\n{tag} OK done\r\n", "the mail server's answer is not IMAP"),
        ("UID SEARCH", b"{tag} NO not today\r\n", "the mail server refuses: not today"),
        ("UID FETCH", b"{tag} NO not this one\r\n", "the mail server refuses message 1: not this one"),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n", "the mail server announces 99,999,999,999 bytes"),
        ("UID FETCH", b"* 1 FETCH (FLAGS (" + b"x" * 2_500_000, "more than 2 MB received"),
    ],
)
def test_a_failing_mail_server_is_named(
    imap: Imap, make_source: Callable[..., Source], command: str, answer: bytes, said: str
) -> None:
    deliver(imap, letter())
    imap.answers[command] = answer
    with make_client(imap, body_limit_bytes=1_000_000) as client, pytest.raises(FetchError, match=said):
        poll(make_source(), PollState(), client)


def test_a_rude_good_bye_loses_nothing(imap: Imap, client: Client, make_source: Callable[..., Source]) -> None:
    deliver(imap, letter(1))
    imap.answers["LOGOUT"] = b"{tag} BAD go away\r\n"
    assert titles(poll(make_source(), PollState(), client).entries) == ["1"]


@pytest.mark.parametrize("command", ["", "EXAMINE", "UID FETCH"])
def test_a_silent_mail_server_is_given_up(imap: Imap, make_source: Callable[..., Source], command: str) -> None:
    deliver(imap, letter())
    imap.answers[command] = b""
    with make_client(imap, timeout="1s") as client, pytest.raises(FetchError, match="no complete answer within 1 s"):
        poll(make_source(), PollState(), client)


def test_a_message_that_went_away_is_passed_over(
    imap: Imap, client: Client, make_source: Callable[..., Source]
) -> None:
    deliver(imap, letter())
    imap.answers["UID FETCH"] = b"{tag} OK nothing\r\n"
    first = poll(make_source(), PollState(), client)
    del imap.answers["UID FETCH"]
    assert first.entries == poll(make_source(), PollState(memory=first.memory), client).entries == ()


def test_over_tls_the_certificate_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_source: Callable[..., Source]
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with imap_server.serve(context=context) as imap, make_client(imap) as client:
        deliver(imap, letter(1))
        source = make_source(f"imaps://reader%40example.org@{imap.host}")
        with pytest.raises(FetchError, match="the TLS certificate is not valid"):
            poll(source, PollState(), client)
        assert imap.commands == []
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert titles(poll(source, PollState(), client).entries) == ["1"]


# ---------------------------------------------------------------- from a maildir


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    return tmp_path / "mail"


def put(maildir: Path, number: int, raw: bytes, *, age: timedelta = timedelta(0), part: str = "new") -> Path:
    delivered = int((now() - age).timestamp()) + number
    path = maildir / part / f"{delivered}.M{number}P1.host{':2,S' if part == 'cur' else ''}"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("form", ["maildir://{path}", "{path}"])
def test_a_maildir_is_read_and_left_as_it_is(
    maildir: Path, client: Client, make_source: Callable[..., Source], form: str
) -> None:
    put(maildir, 1, letter(1), part="cur")
    put(maildir, 2, letter(2))
    before = sorted((path, path.stat().st_mtime_ns) for path in maildir.rglob("*"))
    source = make_source(form.format(path=maildir))
    first = poll(source, PollState(), client)
    assert titles(first.entries) == ["1", "2"]
    assert sorted((path, path.stat().st_mtime_ns) for path in maildir.rglob("*")) == before
    again = poll(source, PollState(memory=first.memory), client)
    assert (again.entries, again.unchanged) == ((), True)
    put(maildir, 3, letter(3))
    assert titles(poll(source, PollState(memory=again.memory), client).entries) == ["3"]


def test_a_message_that_its_reader_moves_is_the_same_message(
    maildir: Path, client: Client, make_source: Callable[..., Source]
) -> None:
    path = put(maildir, 1, letter(1))
    first = poll(make_source(str(maildir)), PollState(), client)
    path.rename(maildir / "cur" / f"{path.name}:2,S")
    assert poll(make_source(str(maildir)), PollState(memory=first.memory), client).entries == ()


def test_old_messages_of_a_maildir_are_left_alone(
    maildir: Path, client: Client, make_source: Callable[..., Source]
) -> None:
    put(maildir, 1, letter(1), age=timedelta(days=31))
    (maildir / "new" / "unnumbered").write_bytes(letter(2))
    assert titles(poll(make_source(str(maildir)), PollState(), client).entries) == ["2"]


def test_a_long_backlog_of_a_maildir_takes_several_looks(
    maildir: Path, client: Client, make_source: Callable[..., Source]
) -> None:
    for number in range(1, 9):
        put(maildir, number, letter(number, html=None, text="word " * 300_000))
    first = poll(make_source(str(maildir)), PollState(), client)
    second = poll(make_source(str(maildir)), PollState(memory=first.memory), client)
    assert titles(first.entries) + titles(second.entries) == [str(number) for number in range(1, 9)]
    assert all(len(entry.content) <= 1_000_000 for entry in first.entries)


def test_a_maildir_has_folders_and_senders(maildir: Path, client: Client, make_source: Callable[..., Source]) -> None:
    for part in ("cur", "new", "tmp"):
        (maildir / ".News" / part).mkdir(parents=True)
    put(maildir / ".News", 1, letter(1))
    put(maildir / ".News", 2, letter(2, sender="x@spam.example"))
    source = make_source(str(maildir), folder="News", **{"from": ["news@letters.example"]})
    assert titles(poll(source, PollState(), client).entries) == ["1"]
    with pytest.raises(FetchError, match="has no folder 'Chips'"):
        poll(make_source(str(maildir), folder="Chips"), PollState(), client)


def test_what_is_no_maildir_is_named(tmp_path: Path, client: Client, make_source: Callable[..., Source]) -> None:
    with pytest.raises(FetchError, match=r"is not a maildir: it has no folders cur and new"):
        poll(make_source(str(tmp_path)), PollState(), client)


def test_a_memory_of_another_kind_is_a_fresh_start(
    maildir: Path, client: Client, make_source: Callable[..., Source]
) -> None:
    put(maildir, 1, letter(1))
    found = poll(make_source(str(maildir)), PollState(memory=b"20260618031500"), client)
    assert titles(found.entries) == ["1"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"from": ["Chip Letter"]}, r"options\.from\.0"),
        ({"from": ['a"b@c@d']}, r"options\.from\.0"),
        ({"password": "secret"}, r"options\.password"),
    ],
)
def test_wrong_options_are_named(options: dict[str, object], said: str) -> None:
    source = Source(name="Letters", kind="email", url="maildir:///x", family="letters", options=options)
    with pytest.raises(ConfigError, match=said):
        check_source(source)
