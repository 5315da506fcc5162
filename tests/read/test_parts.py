"""Addresses, plain text, encodings, languages and copies on their own."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.read.encoding import decode
from tracker.read.language import detect_language
from tracker.read.plain import to_line, to_plain
from tracker.read.similar import band, is_copy, sign
from tracker.read.urls import canonical_url

WORDS = [f"word{n}" for n in range(3000)]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("HTTPS://Example.ORG:443/a/?utm_source=x&id=3&fbclid=y#top", "https://example.org/a/?id=3"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org/?b=2&a=1&b=3", "https://example.org/?b=2&a=1&b=3"),
        ("https://example.org/%e4%b8%ad%7e?q=a+b%20c", "https://example.org/%E4%B8%AD~?q=a+b%20c"),
        ("https://example.org/中", "https://example.org/%E4%B8%AD"),
        ("https://m.example.co.kr/view/1", "https://www.example.co.kr/view/1"),
        ("https://en.m.wikipedia.org/wiki/Chip", "https://en.wikipedia.org/wiki/Chip"),
        ("https://m.example/view", "https://m.example/view"),
        ("https://amp.example.org/a/amp", "https://www.example.org/a"),
        ("https://example.org/a.amp.html", "https://example.org/a.html"),
        ("https://example.org/amplifiers/", "https://example.org/amplifiers/"),
        ("https://www.google.com/amp/s/www.example.org/a/?amp=1", "https://www.example.org/a/"),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a", "https://www.example.org/a"),
        ("https://www.google.com/search?q=chips", "https://www.google.com/search?q=chips"),
        ("https://www.nytimes.com/a?partner=rss&emc=rss&page=2", "https://www.nytimes.com/a?page=2"),
        ("https://example.org/a?partner=7", "https://example.org/a?partner=7"),
        ("http://127.0.0.1:8099/a?x=1", "http://127.0.0.1:8099/a?x=1"),
        ("http://[::1]:8099/a", "http://[::1]:8099/a"),
        ("urn:sha256:ab", "urn:sha256:ab"),
        ("http://[broken/", "http://[broken/"),
        ("tag:example.org,2026:1", "tag:example.org,2026:1"),
    ],
)
def test_an_address_is_written_one_way(address: str, canonical: str) -> None:
    assert canonical_url(address) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("stated", "canonical"),
    [
        ("/real", "https://news.example.org/real"),
        ("https://www.example.org/real", "https://www.example.org/real"),
        ("https://example.com/real", "https://news.example.org/a"),
        ("https://example.org/", "https://news.example.org/a"),
        ("javascript:void(0)", "https://news.example.org/a"),
        ("http://[broken", "https://news.example.org/a"),
        ("", "https://news.example.org/a"),
    ],
)
def test_a_stated_address_is_believed_within_the_site(stated: str, canonical: str) -> None:
    assert canonical_url("https://news.example.org/a", stated=stated) == canonical


@given(address=st.text(max_size=60), stated=st.text(max_size=60))
def test_any_address_is_taken(address: str, stated: str) -> None:
    found = canonical_url("https://example.org/" + address, stated=stated)
    assert canonical_url(found) == found


@pytest.mark.parametrize(
    ("source_text", "plain"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<ul><li>a</li><li>b <b>c</b>d</li></ul>", "a\nb cd"),
        ("<div>A<script>alert(1)</script><style>p{}</style><!-- x -->B</div>", "AB"),
        ("plain & simple &lt;5 nm\n\n\n\nnext", "plain & simple <5 nm\n\nnext"),
        ("chips <5nm and >3nm", "chips <5nm and >3nm"),
        ("line one\nline <b>two</b>", "line one\nline two"),
        ("<?xml version='1.0' encoding='utf-8'?><p>x</p>", "x"),
        ("a\x00b\ud800c\u00a0\td\r\ne", "abc d\ne"),
        ("<p>unclosed <i>tags", "unclosed tags"),
        ("<div>" * 2000 + "deep" + "</div>" * 2000, "deep"),
        ("", ""),
    ],
)
def test_markup_becomes_plain_text(source_text: str, plain: str) -> None:
    assert to_plain(source_text) == plain


def test_a_title_is_one_line() -> None:
    assert to_line("<b>Chips</b>\n &amp;  rules") == "Chips & rules"


@given(st.text(max_size=200))
def test_plain_text_can_be_stored(source_text: str) -> None:
    assert "\0" not in to_plain(source_text)
    to_plain(source_text).encode()


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "text/html; charset=iso-8859-1", "é"),
        ("é".encode("latin-1"), "text/html; charset=ISO-8859-1", "é"),
        ("“x”".encode("cp1252"), "text/html; charset=iso-8859-1", "“x”"),
        ("\ufeffé".encode("utf-16"), "text/html", "é"),
        ('<meta charset="gb2312">出口管制與'.encode("gb18030"), "text/html", '<meta charset="gb2312">出口管制與'),
        ('<meta charset="euc-kr">똠방각하'.encode("cp949"), "text/html", '<meta charset="euc-kr">똠방각하'),
        (
            "半導体の輸出規制を強化する方針を固めた".encode("shift_jis"),
            "text/html; charset=Shift_JIS",
            "半導体の輸出規制を強化する方針を固めた",
        ),
        (
            "Правительство США ограничило экспорт чипов".encode("cp1251"),
            "text/html",
            "Правительство США ограничило экспорт чипов",
        ),
    ],
)
def test_bytes_are_decoded_as_they_were_meant(body: bytes, content_type: str, text: str) -> None:
    found, is_certain = decode(body, content_type)
    assert (found.lstrip("\ufeff"), is_certain) == (text, True)


def test_a_few_broken_characters_are_marked_and_do_not_change_the_encoding() -> None:
    text, fits = decode("é".encode() * 999 + b"\xff\xfe", "text/html; charset=utf-8")
    assert (text, fits) == ("é" * 999 + "\ufffd\ufffd", False)


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("China bans Nvidia H20", "en", "en"),
        ("黄仁勋：20万颗H200芯片获批在望", "en", "zh"),
        ("米国、AI半導体の輸出規制を強化へ", "en", "ja"),
        ("미국, 반도체 장비 반입 허용 연장", "en", "ko"),
        (
            "De regering beperkt vanaf september de uitvoer van machines waarmee geavanceerde chips voor kunstmatige intelligentie gemaakt kunnen worden.",
            "en",
            "nl",
        ),
        (
            "The ministry said that exporters of advanced chips must ask for a licence before they ship them to China, and that it would decide within a month.",
            "ko",
            "en",
        ),
        ("Chips", "zh-Hant", "zh"),
        ("12345 %", None, "und"),
    ],
)
def test_a_language_is_told_by_script_then_words_then_source(text: str, hint: str | None, language: str) -> None:
    assert detect_language(text, hint) == language


def test_a_lightly_edited_text_is_a_copy() -> None:
    draw = random.Random(1)
    words = draw.choices(WORDS, k=400)
    edited = ["Updated:", *words[:390]]
    for at in draw.sample(range(390), 6):
        edited[at] = "edited"
    one, other = sign(" ".join(words)), sign(" ".join(edited).upper() + "!")
    assert is_copy(one, other)
    assert set(band(one)) & set(band(other))


def test_a_text_half_the_same_is_no_copy() -> None:
    draw = random.Random(2)
    words = draw.choices(WORDS, k=400)
    assert not is_copy(sign(" ".join(words)), sign(" ".join(words[:200] + draw.choices(WORDS, k=200))))


def test_texts_without_blanks_are_compared_by_characters() -> None:
    draw = random.Random(3)
    text = "".join(chr(0x4E00 + draw.randrange(2000)) for _ in range(300))
    assert is_copy(sign(text), sign(text[:280]))
    assert not is_copy(sign(text), sign(text[::-1]))


def test_a_short_text_is_nobodys_copy() -> None:
    assert sign("Read more on our site.") == b""
    assert not is_copy(b"", b"")
    assert band(b"") == ()


def test_a_signature_is_the_same_in_every_process() -> None:
    assert sign(" ".join(WORDS[:100]))[:8].hex() == "7f3df1a4e1bba828"
    assert len(band(sign(" ".join(WORDS[:100])))) == 20


def test_similar_texts_share_a_band_nearly_always() -> None:
    draw, met = random.Random(4), 0
    for _ in range(100):
        words = draw.choices(WORDS, k=300)
        other = [*words[:265], *draw.choices(WORDS, k=10)]
        met += bool(set(band(sign(" ".join(words)))) & set(band(sign(" ".join(other)))))
    assert met >= 98
