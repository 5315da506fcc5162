"""Numbers with their units, their signs, and what they measure."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from babel.numbers import is_currency
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tracker import knowledge
from tracker.types import EventType, Measure, Modality, Part, Quantity, Quote, Report
from tracker.understand import Understander
from tracker.understand.details import add_details
from tracker.understand.details.finding import find_details
from tracker.understand.details.rules import load_table
from tracker.understand.reading import Reading
from tracker.understand.text import sentences

PUBLISHED = datetime(2026, 6, 18, tzinfo=UTC)
LANGUAGES = ("en", "de", "nl", "fr", "zh", "ja", "ko", "mixed")

# language, text, value, unit, what is measured, quote
SAID = [
    # shares and changes
    ("en", "Shares of Lam Research fell 7% on Tuesday.", "-7", "%", "shares", "Shares of Lam Research fell 7%"),
    ("en", "Exports rose 48 % in May.", "48", "%", "exports", "Exports rose 48 %"),
    ("en", "The stock was down 6.2 percent.", "-6.2", "%", "shares", "stock was down 6.2 percent"),
    ("en", "Sales fell to 5%.", "5", "%", "revenue", "Sales fell to 5%"),
    ("en", "A 12% drop in exports followed.", "-12", "%", "exports", "12% drop in exports"),
    ("en", "They pay 15% of China revenue.", "15", "%", "revenue", "15% of China revenue"),
    ("en", "It takes 5-10% of sales.", "5", "%", "revenue", "5-10% of sales"),
    ("en", "Tariffs of 25% hit chips.", "25", "%", "tariff", "Tariffs of 25%"),
    ("en", "It was up 2 percentage points.", "2", "percentage points", None, "up 2 percentage points"),
    ("en", "It moved +1.5% at noon.", "1.5", "%", None, "+1.5%"),
    ("en", "It moved −1.5% at noon.", "-1.5", "%", None, "−1.5%"),
    ("zh", "中芯国际股价周四下跌6%。", "-6", "%", "shares", "股价周四下跌6%"),
    ("zh", "份额升至四成。", "40", "%", "market share", "份额升至四成"),
    ("zh", "营收同比增长2.8倍。", "2.8", "times", "revenue", "营收同比增长2.8倍"),
    ("ja", "株価は６％下落した。", "-6", "%", "shares", "株価は６％下落"),
    ("ja", "受注は3割減った。", "-30", "%", None, "3割減"),
    ("ko", "주가가 5% 급락했다.", "-5", "%", "shares", "주가가 5% 급락"),
    ("ko", "수출이 12% 늘었다.", "12", "%", "exports", "수출이 12% 늘"),
    ("de", "Die Aktie fiel um 6,2 Prozent.", "-6.2", "%", "shares", "Aktie fiel um 6,2 Prozent"),
    ("nl", "Het aandeel daalde 3 procent.", "-3", "%", "shares", "aandeel daalde 3 procent"),
    ("fr", "L’action a chuté de 3,5 %.", "-3.5", "%", "shares", "action a chuté de 3,5 %"),
    # money
    ("en", "It will take a $5.5 bn charge.", "5500000000", "USD", "charge", "$5.5 bn charge"),
    ("en", "It will cost about 1.2 billion euros.", "1200000000", "EUR", None, "about 1.2 billion euros"),
    ("en", "A fine of US$140m was set.", "140000000", "USD", "fine", "fine of US$140m"),
    ("en", "It lost $200 billion in value.", "-200000000000", "USD", "value", "lost $200 billion in value"),
    ("en", "It raised $2bn from funds.", "2000000000", "USD", None, "$2bn"),
    ("en", "Between them $3-5 billion went.", "3000000000", "USD", None, "$3-5 billion"),
    ("en", "It paid NT$30bn for it.", "30000000000", "TWD", None, "NT$30bn"),
    ("zh", "涉及55亿美元。", "5500000000", "USD", None, "55亿美元"),
    ("zh", "罚款3亿元。", "300000000", "CNY", "fine", "罚款3亿元"),
    ("ja", "約1兆2000億円を投じる。", "1200000000000", "JPY", None, "約1兆2000億円"),
    ("ko", "1조2000억원 규모다.", "1200000000000", "KRW", None, "1조2000억원"),
    ("ko", "1.2조원을 들인다.", "1200000000000", "KRW", None, "1.2조원"),
    ("de", "Es kostet 3 Mio. Euro.", "3000000", "EUR", None, "3 Mio. Euro"),
    ("de", "Es geht um 5 Billionen Dollar.", "5000000000000", "USD", None, "5 Billionen Dollar"),
    ("nl", "De omzet was 1,2 miljard euro.", "1200000000", "EUR", "revenue", "omzet was 1,2 miljard euro"),
    ("fr", "Une amende de 3 millions d’euros.", "3000000", "EUR", "fine", "amende de 3 millions d’euros"),
    ("fr", "Le fonds a deux milliards d’euros.", "2000000000", "EUR", None, "deux milliards d’euros"),
    # counts
    ("en", "It sent 20,000 advanced AI chips.", "20000", "chips", None, "20,000 advanced AI chips"),
    ("en", "It sent 1,200 Nvidia L40S and A100 cards.", "1200", "chips", None, "1,200 Nvidia L40S and A100 cards"),
    ("en", "It can make no more than 200,000 chips.", "200000", "chips", None, "no more than 200,000 chips"),
    ("en", "It buys 500,000 of Nvidia's best chips.", "500000", "chips", None, "500,000 of Nvidia's best chips"),
    ("en", "BIS adds more than 140 entities.", "140", "entities", None, "more than 140 entities"),
    ("en", "It names twenty-eight existing entities.", "28", "entities", None, "twenty-eight existing entities"),
    ("en", "It has 700 million downloads.", "700000000", "downloads", None, "700 million downloads"),
    ("en", "Downloads passed 700 million in May.", "700000000", "downloads", None, "Downloads passed 700 million"),
    ("zh", "20万颗H200芯片获批。", "200000", "chips", None, "20万颗H200芯片"),
    ("zh", "五家美国企业被列入。", "5", "companies", None, "五家美国企业"),
    ("zh", "共100多家公司。", "100", "companies", None, "100多家公司"),
    ("ja", "３品目を加える。", "3", "items", None, "３品目"),
    ("ja", "140社が対象だ。", "140", "companies", None, "140社"),
    ("ko", "140개 기업이 올랐다.", "140", "companies", None, "140개 기업"),
    ("ko", "26만 장의 GPU를 산다.", "260000", "GPUs", None, "26만 장의 GPU"),
    ("de", "Es sind 1.200 Chips.", "1200", "chips", None, "1.200 Chips"),
    ("fr", "Il a livré 20 000 puces.", "20000", "chips", None, "20 000 puces"),
    # tiers of compute
    ("en", "Models above 10^26 FLOP are covered.", str(10**26), "FLOP", None, "10^26 FLOP"),
    ("en", "Models above 10²⁶ floating-point operations.", str(10**26), "FLOP", None, "10²⁶ floating-point operations"),
    ("en", "Models above 1e26 FLOPs are covered.", str(10**26), "FLOP", None, "1e26 FLOPs"),
    ("en", "A total processing performance of 4,800 or more.", "4800", "TPP", None, "total processing performance of 4,800"),
    ("en", "A campus of 5 GW is planned.", "5", "GW", None, "5 GW"),
]  # fmt: skip

SILENT = [
    ("en", "The 70B model and a 1.8T model beat Llama 4.1 and GPT-5.5."),
    ("en", "The Kimi K3 model, a 2.8 trillion parameter AI, is out."),
    ("en", "Version v0.26.0 supports the RTX 5090 GPUs and Ascend 950 chips."),
    ("en", "On June 13, 2026 US companies were told; since October 2022 Nvidia chips are watched."),
    ("en", "In 2025 chips were sold, and by Q3 2026 processors too."),
    ("en", "Section 230 of the Act, Article 5, and Part 744 companies."),
    ("en", "Call +1 202-555-0100 or 1-800-555-1234 by 3:30 pm."),
    ("en", "The Senate passed it 81-15 after 120 days."),
    ("en", "The 50% Affiliates Rule, the 50% rule and the 14nm node, 5G and 6G."),
    ("en", "Two Californians were charged over Nvidia chips."),
    ("en", "The site is 10.0.0.1, ISO 9001, CVE-2024-3094."),
    ("en", "One of the companies said so."),
    ("zh", "2026年6月13日，第61号公告，三人被捕。"),
    ("ko", "제14110호, 2026년 6월 13일."),
    ("ja", "2026年6月13日、第61号。"),
    ("zh-Hant", "金額為15億元。"),
]


def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    sentence = Quote(part=Part.TEXT, start=0, end=len(text), text=text)
    return find_details(sentence, language=language).quantities


@pytest.mark.parametrize(("language", "text", "expected"), [(row[0], row[1], row[2:]) for row in SAID])
def test_a_quantity_is_found_with_its_unit_and_what_it_measures(
    language: str, text: str, expected: tuple[str, str, str | None, str]
) -> None:
    value, unit, of, quote = expected
    (found,) = quantities(text, language)
    assert (found.value, found.unit, found.of, found.quote.text) == (Decimal(value), unit, of, quote)


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_other_numbers_are_no_quantities(language: str, text: str) -> None:
    assert quantities(text, language) == ()


def test_a_change_has_a_sign_and_a_level_has_none() -> None:
    (change,) = quantities("Sales rose 6% in May.", "en")
    (level,) = quantities("Sales rose to 6% in May.", "en")
    assert (change.is_change, level.is_change) == (True, False)


def test_the_next_of_a_row_of_changes_goes_the_same_way() -> None:
    text = "AMD lost 2.7% and TSMC 1.9%, while Hygon rose 11%."
    assert [str(one.value) for one in quantities(text, "en")] == ["-2.7", "-1.9", "11"]


def test_both_ends_of_a_range_are_kept() -> None:
    (found,) = quantities("It will spend $3-5 billion.", "en")
    assert (found.value, found.high) == (Decimal(3 * 10**9), Decimal(5 * 10**9))
    first, second = quantities("It rose from 31% to 46%.", "en")
    assert (first.high, second.high) == (None, None)


def test_a_comma_is_read_as_the_language_has_it() -> None:
    assert quantities("1,200 chips", "en")[0].value == Decimal(1200)
    assert quantities("1,2 Milliarden Euro", "de")[0].value == Decimal(1_200_000_000)
    assert quantities("1.200 Chips", "de")[0].value == Decimal(1200)


def test_a_billion_is_what_the_language_means() -> None:
    assert quantities("2 billion dollars", "en")[0].value == Decimal(2 * 10**9)
    assert quantities("2 Billionen Dollar", "de")[0].value == Decimal(2 * 10**12)


def test_a_number_in_a_name_is_no_quantity() -> None:
    text = "It sells Ascend 950 chips and 300 chips."
    sentence = Quote(part=Part.TEXT, start=0, end=len(text), text=text)
    name = Quote(part=Part.TEXT, start=9, end=19, text="Ascend 950")
    assert [one.value for one in find_details(sentence, language="en", names=[name]).quantities] == [Decimal(300)]


def test_every_currency_has_its_iso_code() -> None:
    table = load_table("quantities")
    assert all(is_currency(code) for section in ("currency_before", "currency_after") for code in table[section])


def test_of_two_reports_in_a_sentence_each_has_the_figure_beside_its_cue(understander: Understander) -> None:
    text = "Nvidia shares fell 4.1% on Tuesday after the Commerce Department added 140 companies to the Entity List."
    found = understander.understand(title="", text=text, language="en", published_at=PUBLISHED)
    said = {report.type: [one.unit for one in report.quantities] for report in found.reports}
    assert said[EventType.MARKET_REACTION] == ["%"]
    assert said[EventType.LISTING] == ["companies"]


def test_a_report_with_details_survives_the_store_and_an_old_row_still_loads(understander: Understander) -> None:
    text = "The Commerce Department barred foreign users of models above 10^26 FLOP by Executive Order 14999 on Monday."
    found = understander.understand(title="", text=text, language="en", published_at=PUBLISHED)
    adapter = TypeAdapter(Report)
    report = found.reports[0]
    assert report.user_class
    assert report.instruments
    assert report.quantities
    row = adapter.dump_python(report, mode="json")
    assert adapter.validate_python(row) == report
    old = {name: value for name, value in row.items() if name not in {"user_class", "instruments", "quantities"}}
    loaded = adapter.validate_python(old)
    assert (loaded.user_class, loaded.instruments, loaded.quantities) == (None, (), ())


PIECES = st.sampled_from(
    ["$", "€", "5", "1,200", "10^", "²⁶", "%", " billion", "bn", "亿", "만", "조", "元", "원", "-", "to ", ".", " ", "fell ", "下跌",
     "chips", "家", "Act", "Section 232 ", "rule", "licence ", "foreign ", "users ", "\u200b", "\u202e", "Ａ５", "１２", "\n", "e99", "^99"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join), st.sampled_from(LANGUAGES))
def test_no_sentence_breaks_it_and_every_quote_stands_where_it_says(text: str, language: str) -> None:
    sentence = Quote(part=Part.TEXT, start=7, end=7 + len(text), text=text)
    found = find_details(sentence, language=language)
    quotes = [one.quote for group in (found.users, found.instruments, found.bills, found.quantities) for one in group]
    for quote in quotes:
        assert quote.text
        assert text[quote.start - 7 : quote.end - 7] == quote.text
    for one in found.quantities:
        assert one.value.is_finite()
        assert isinstance(one.measure, Measure)


@pytest.mark.parametrize(
    "piece",
    [
        "5 ", "5% ", "$5 bn ", "1,", "1.", "fell ", "fell by the ", "shares ", "5 big ", "licence ", "export licence ", "Act ",
        "Senate Chip Security ", "foreign ", "order ", "the order that ", "rule ", "五", "五家", "20万", "1조2000억", "禁止", "被列入",
        "section 744.", "10^", "more than ", "country group D:1, D:2", "unreliable entity ",
    ],
)  # fmt: skip
def test_the_longest_sentence_of_anything_is_read(piece: str) -> None:
    text = (piece * 2000)[:2000]
    for language in ("en", "zh"):
        assert len(quantities(text, language)) <= 12


def test_of_a_paragraph_of_a_megabyte_only_what_stands_around_the_reports_is_read() -> None:
    text = ("the fall of 20,000 chips by 7% under the Chip Act for foreign users and so on " * 13_000)[:1_000_000]
    cut = sentences("US bans chips", text, language="en")
    last = cut[-1]
    quote = Quote(part=last.part, start=last.start, end=last.end, text=last.text)
    report = Report(type=EventType.RESTRICTION, modality=Modality.ACT, cue=quote, sentence=quote)
    reading = Reading(sentences=cut, mentions=(), kb=knowledge.load(), day=PUBLISHED.date(), language="en")
    (detailed,) = add_details(reading, [report])
    assert detailed.user_class
    assert [one.quote.start >= last.start for one in detailed.quantities] == [True] * 8
