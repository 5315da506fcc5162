"""Names of companies, chips, agencies and countries in running text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.types import EntityKind, Mention, Part
from tracker.understand.entities import EntityFinder


def named(mentions: tuple[Mention, ...], kind: EntityKind) -> list[str]:
    return [mention.quote.text for mention in mentions if mention.kind is kind]


def found(
    finder: EntityFinder, text: str, kind: EntityKind, *, language: str = "en", closely: bool = False
) -> list[str]:
    return named(finder.find("", text, language=language, closely=closely), kind)


def codes(finder: EntityFinder, text: str, language: str = "en") -> set[str]:
    mentions = finder.find("", text, language=language)
    return {m.entity_id.removeprefix("country/") for m in mentions if m.kind is EntityKind.COUNTRY}


def test_title_and_text_are_each_quoted_from_their_own_part(finder: EntityFinder) -> None:
    first, second = finder.find("Nvidia falls", "Nvidia fell.", language="en")
    assert (first.quote.part, second.quote.part) == (Part.TITLE, Part.TEXT)
    assert (first.quote.start, second.quote.start) == (0, 0)


def test_a_possessive_is_no_part_of_a_name(finder: EntityFinder) -> None:
    assert found(finder, "Huawei’s revenue and Nvidia's plan", EntityKind.COMPANY) == ["Huawei", "Nvidia"]


def test_a_name_inside_a_longer_word_is_no_mention(finder: EntityFinder) -> None:
    assert found(finder, "metadata, appliances, intelligence, @openai, nvidiaish", EntityKind.COMPANY) == []


def test_the_longest_name_wins(finder: EntityFinder) -> None:
    assert found(finder, "Sales at Bank of America rose.", EntityKind.COUNTRY) == []
    assert found(finder, "Researchers at Google DeepMind met.", EntityKind.COMPANY) == ["Google DeepMind"]


def test_a_country_stays_one_inside_a_body_and_in_no_company(finder: EntityFinder) -> None:
    assert codes(finder, "A spokesman of the U.S. Army spoke.") == {"US"}
    assert codes(finder, "It was bought by China Telecom last year.") == set()


def test_a_maker_stays_a_company_in_front_of_its_chip(finder: EntityFinder) -> None:
    mentions = finder.find("", "They bought the Nvidia H20 from a dealer.", language="en")
    assert named(mentions, EntityKind.COMPANY) == ["Nvidia"]
    assert "H20" in named(mentions, EntityKind.CHIP)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The White House said so.", {"US"}),
        ("Officials at the Commerce Department said so.", {"US"}),
        ("the rule that BIS wrote", set()),
        ("Beijing and The Hague disagree.", {"CN", "NL"}),
        ("A bookshop in Atlanta, Georgia, and Michael Jordan", set()),
    ],
)
def test_metonyms_count_as_their_country(finder: EntityFinder, text: str, expected: set[str]) -> None:
    assert codes(finder, text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "美跨党派议员提案，中方反对", {"US", "CN"}),
        ("zh", "其中方便的做法是集中处理", set()),
        ("zh", "对华出口与英法德的立场", {"CN", "GB", "FR", "DE"}),
        ("ja", "米商務省は対中規制を強化", {"US", "CN"}),
        ("ja", "米粉の価格が上がった", set()),
        ("ko", "美, 추가 제재… 中 반발", {"US", "CN"}),
        ("ko", "미국은 중국에 수출을 막았다", {"US", "CN"}),
        ("ko", "대중의 관심이 커졌다", set()),
    ],
)
def test_countries_in_asian_scripts(finder: EntityFinder, language: str, text: str, expected: set[str]) -> None:
    assert codes(finder, text, language) == expected


def test_names_in_unspaced_text_need_no_border(finder: EntityFinder) -> None:
    assert found(finder, "英伟达向中国出口极少量H200芯片", EntityKind.CHIP, language="zh") == ["H200"]
    assert found(finder, "英伟达向中国出口极少量H200芯片", EntityKind.COMPANY, language="zh") == ["英伟达"]


def test_korean_particles_follow_a_name(finder: EntityFinder) -> None:
    assert found(finder, "삼성전자가 엔비디아의 칩을 샀다", EntityKind.COMPANY, language="ko") == [
        "삼성전자",
        "엔비디아",
    ]


def test_a_katakana_name_is_no_part_of_a_longer_word(finder: EntityFinder) -> None:
    assert codes(finder, "インドネシアのデータセンター", "ja") == {"ID"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Police searched the office of Orchid Lantern Systems on Monday.", ["Orchid Lantern Systems"]),
        ("They named Brightmoor Trading Pte. Ltd. as the buyer.", ["Brightmoor Trading"]),
        ("It was sold by the startup Velloria to two buyers.", ["Velloria"]),
        ("Nvidia, AMD and Quellmark met regulators.", ["Nvidia", "AMD", "Quellmark"]),
        ("Shares of Tessmark fell, and Tessmark's stock was halted.", ["Tessmark", "Tessmark"]),
        ("He said that Cutting-edge AI is made by Pawsight AI in Berlin.", ["Pawsight AI"]),
        ("Artificial Intelligence Systems are Advanced Technology.", []),
    ],
)
def test_unseen_companies_are_known_by_form_and_context(finder: EntityFinder, text: str, expected: list[str]) -> None:
    assert found(finder, text, EntityKind.COMPANY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ministry of Steel and Coal wrote to Nvidia.", ["Ministry of Steel and Coal"]),
        ("It went to the Bolivian Lithium Oversight Committee in May.", ["Bolivian Lithium Oversight Committee"]),
        ("It was said by Norway's fisheries and Norway's trade ministry.", ["Norway's trade ministry"]),
        ("Under the Federal Advisory Committee Act it must meet.", []),
        ("The Lithium Department on Saturday wrote to Nvidia.", []),
        ("The Department on Claude Mythos: all users out.", []),
        (
            "The Ministry of Steel and the Ministry of Coal in June wrote to Nvidia.",
            ["Ministry of Steel", "Ministry of Coal"],
        ),
    ],
)
def test_unseen_bodies_are_known_by_form(finder: EntityFinder, text: str, expected: list[str]) -> None:
    mentions = finder.find("", text, language="en")
    assert [m.quote.text for m in mentions if m.kind is EntityKind.AGENCY] == expected


def test_an_acronym_in_parentheses_names_the_same_body_later(finder: EntityFinder) -> None:
    text = "In the spring the Lunar Cheese Oversight Task Force (LCOTF) met with makers and sellers. Later the LCOTF left them."
    ids = {m.entity_id for m in finder.find("", text, language="en") if m.kind is EntityKind.AGENCY}
    assert ids == {"agency/lunar-cheese-oversight-task-force"}


def test_presidents_stand_for_the_white_house(finder: EntityFinder) -> None:
    mentions = finder.find("", "The Trump administration, unlike the Biden administration, agreed.", language="en")
    assert {m.entity_id for m in mentions if m.kind is EntityKind.AGENCY} == {"agency/us-white-house"}
    assert found(finder, "He lives in Trump Tower.", EntityKind.AGENCY) == []


def test_news_outlets_are_no_companies(finder: EntityFinder) -> None:
    assert found(finder, "Bloomberg and the Financial Times reported it, citing Google News.", EntityKind.COMPANY) == []


def test_an_unseen_entity_says_that_it_is_unknown(finder: EntityFinder) -> None:
    known, unseen = finder.find("", "It was made by Nvidia and by Orchid Lantern Systems.", language="en")
    assert known.known
    assert (unseen.known, unseen.entity_id) == (False, "company/orchid-lantern-systems")


def test_close_reading_finds_a_company_by_what_spacy_proposes(finder: EntityFinder) -> None:
    text = "Executives from Halvorsen met ministers in Oslo. Halvorsen plans to expand there, a person said."
    assert "Halvorsen" in found(finder, text, EntityKind.COMPANY, closely=True)


def test_invisible_characters_inside_a_name_do_not_hide_it(finder: EntityFinder) -> None:
    (mention,) = finder.find("", "by Nvi\u200bdia", language="en")
    assert (mention.entity_id, mention.quote.text) == ("company/nvidia", "Nvi\u200bdia")


def test_width_and_hyphens_do_not_matter(finder: EntityFinder) -> None:
    assert found(finder, "the ＮＶＩＤＩＡ chip", EntityKind.COMPANY) == ["ＮＶＩＤＩＡ"]
    assert found(finder, "released GPT‑5.5 today", EntityKind.MODEL) == ["GPT‑5.5"]


def test_a_shouted_headline_still_names_countries(finder: EntityFinder) -> None:
    assert codes(finder, "CHINA BANS EXPORT OF RARE METALS TO GERMANY") == {"CN", "DE"}


_PIECES = st.sampled_from(
    ["Nvidia", "China's", "U.S.", "GPT-5.5", "“Saga 2”", "Ministry of", "对华", "엔비디아의", "\u200b", "\u202e", "e\u0301", "&amp;",
     "<p>", "Inc.", "(BIS)", "\n", " ", ", ", "A", "7B", "the model", "Foo Bar Systems", "İ", "ﬁ", "\x00", "𝔸", "米商務省", "ー"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(_PIECES | st.text(max_size=5), max_size=30).map("".join), st.text(max_size=40))
def test_every_mention_of_any_text_stands_at_its_offsets(finder: EntityFinder, text: str, title: str) -> None:
    mentions = finder.find(title, text, language="en")
    parts = {Part.TITLE: title, Part.TEXT: text}
    for mention in mentions:
        quote = mention.quote
        assert quote.text
        assert parts[quote.part][quote.start : quote.end] == quote.text
    places = [(m.quote.part is Part.TEXT, m.quote.start) for m in mentions]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "text",
    [
        "Nvidia sold GPT-5 to China via Foo Bar Systems. " * 20_000,
        "word " * 200_000,
        "NVIDIA SAYS CHINA " * 30_000,
        "N\u200bvidia \u202eban\u202c " * 30_000,
        "<div class='x'>&nbsp;" * 40_000,
        "a" + "\u0301\u0323" * 200_000,
        "(((((" * 100_000,
        "A1 B2 C3.4 " * 50_000,
    ],
    ids=["mentions", "no punctuation", "capitals", "invisible", "html", "combining", "brackets", "versions"],
)
def test_huge_and_odd_texts_are_read_to_their_end(finder: EntityFinder, text: str) -> None:
    for mention in finder.find("", text, language="en"):
        assert text[mention.quote.start : mention.quote.end] == mention.quote.text


def test_the_same_text_gives_the_same_mentions(finder: EntityFinder) -> None:
    text = "Nvidia, Orchid Lantern Systems and the Ministry of Steel discussed Saga 2, a 70B model, in Beijing."
    assert finder.find("x", text, language="en") == finder.find("x", text, language="en")


def test_what_is_not_known_comes_with_how_sure_it_is(finder: EntityFinder) -> None:
    text = (
        "Nvidia sold chips to Orinoco Semiconductor Co., Ltd.  Its latest AI model, Velar 3, is open.  Velar is small."
    )
    seen = {m.name: m for m in finder.find("", text, language="en")}
    assert seen["Nvidia"].confidence == 1
    assert seen["Orinoco Semiconductor"].confidence > seen["Velar"].confidence > 0
    assert all(mention.confidence < 1 for mention in seen.values() if not mention.known)
