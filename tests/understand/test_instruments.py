"""Legal instruments, and the authority that they rest on."""

from datetime import UTC, datetime

import pytest

from tracker.types import EventType, InstrumentKind, Part, Quote
from tracker.understand import Understander
from tracker.understand.details.finding import find_details

PUBLISHED = datetime(2026, 6, 18, tzinfo=UTC)

SAID = [
    ("en", "He signed Executive Order 14110 on Monday.", InstrumentKind.EXECUTIVE_ORDER, "Executive Order 14110"),
    ("en", "BIS issued an interim final rule.", InstrumentKind.INTERIM_FINAL_RULE, "interim final rule"),
    ("en", "The final rule takes effect in July.", InstrumentKind.FINAL_RULE, "final rule"),
    ("en", "A proposed rule would cover clouds.", InstrumentKind.PROPOSED_RULE, "proposed rule"),
    ("en", "The affiliates rule was suspended.", InstrumentKind.RULE, "affiliates rule"),
    ("en", "The “Framework for Artificial Intelligence Diffusion” is gone.", InstrumentKind.RULE, "Framework for Artificial Intelligence Diffusion"),
    ("en", "It is caught by the foreign direct product rule.", InstrumentKind.FOREIGN_DIRECT_PRODUCT_RULE, "foreign direct product rule"),
    ("en", "AMD got an “is informed” letter.", InstrumentKind.IS_INFORMED_LETTER, "“is informed” letter"),
    ("en", "It joined the Entity List.", InstrumentKind.LIST, "Entity List"),
    ("en", "Beijing's unreliable entity list grew.", InstrumentKind.LIST, "unreliable entity list"),
    ("en", "There is a new licence requirement.", InstrumentKind.LICENCE_REQUIREMENT, "new licence requirement"),
    ("en", "Sellers must obtain a license first.", InstrumentKind.LICENCE_REQUIREMENT, "must obtain a license"),
    ("en", "It holds a Temporary General License.", InstrumentKind.LICENCE, "Temporary General License"),
    ("en", "BIS issued guidance on Ascend chips.", InstrumentKind.GUIDANCE, "guidance"),
    ("en", "H.R. 1234 passed the House.", InstrumentKind.BILL, "H.R. 1234"),
    ("en", "The Senate took up the text (S. 1705).", InstrumentKind.BILL, "S. 1705"),
    ("en", "The Chip Security Act is back.", InstrumentKind.ACT, "Chip Security Act"),
    ("en", "It rests on the Export Control Reform Act of 2018 (ECRA).", InstrumentKind.ACT, "Export Control Reform Act of 2018 (ECRA)"),
    ("en", "It invoked IEEPA.", InstrumentKind.ACT, "IEEPA"),
    ("en", "Tariffs under Section 232 of the Trade Expansion Act of 1962.", InstrumentKind.ACT, "Section 232 of the Trade Expansion Act of 1962"),
    ("en", "See EAR § 744.23 for details.", InstrumentKind.REGULATION, "EAR § 744.23"),
    ("en", "See 15 CFR 744.23(a) for details.", InstrumentKind.REGULATION, "15 CFR 744.23(a)"),
    ("en", "Under Regulation (EU) 2021/821 it is dual-use.", InstrumentKind.REGULATION, "Regulation (EU) 2021/821"),
    ("en", "MOFCOM Announcement No. 61 of 2025 covers it.", InstrumentKind.NOTICE, "MOFCOM Announcement No. 61 of 2025"),
    ("en", "Announcements No. 55, 56 and 61 of 2025 bind.", InstrumentKind.NOTICE, "Announcements No. 55, 56 and 61 of 2025"),
    ("en", "A judge granted a preliminary injunction.", InstrumentKind.COURT_ORDER, "preliminary injunction"),
    ("en", "Washington's order that cut off users stands.", InstrumentKind.ORDER, "order"),
    ("zh", "商务部公告2025年第61号自即日起实施。", InstrumentKind.NOTICE, "商务部公告2025年第61号"),
    ("zh", "五家企业被列入不可靠实体清单。", InstrumentKind.LIST, "不可靠实体清单"),
    ("zh", "依据《国际紧急经济权力法》签署。", InstrumentKind.ACT, "《国际紧急经济权力法》"),
    ("zh", "特朗普签署行政命令。", InstrumentKind.EXECUTIVE_ORDER, "行政命令"),
    ("zh", "发布临时最终规则。", InstrumentKind.INTERIM_FINAL_RULE, "临时最终规则"),
    ("ja", "外為法に基づく省令を改正した。", InstrumentKind.ACT, "外為法"),
    ("ja", "輸出を許可制にする。", InstrumentKind.LICENCE_REQUIREMENT, "許可制"),
    ("ja", "大統領令に署名した。", InstrumentKind.EXECUTIVE_ORDER, "大統領令"),
    ("ko", "행정명령 제14110호에 서명했다.", InstrumentKind.EXECUTIVE_ORDER, "행정명령 제14110호"),
    ("ko", "해외직접생산품규칙(FDPR)을 적용한다.", InstrumentKind.FOREIGN_DIRECT_PRODUCT_RULE, "해외직접생산품규칙(FDPR)"),
    ("ko", "수출 허가를 받도록 했다.", InstrumentKind.LICENCE_REQUIREMENT, "수출 허가를 받도록"),
    ("nl", "Het kabinet stelt een vergunning verplicht.", InstrumentKind.LICENCE_REQUIREMENT, "een vergunning verplicht"),
    ("nl", "De ministeriële regeling geldt vanaf april.", InstrumentKind.REGULATION, "ministeriële regeling"),
    ("de", "Die Verordnung (EU) 2021/821 gilt.", InstrumentKind.REGULATION, "Verordnung (EU) 2021/821"),
    ("de", "Es gilt eine Genehmigungspflicht.", InstrumentKind.LICENCE_REQUIREMENT, "Genehmigungspflicht"),
    ("fr", "Le règlement (UE) 2021/821 s'applique.", InstrumentKind.REGULATION, "règlement (UE) 2021/821"),
    ("fr", "Le projet de loi est déposé.", InstrumentKind.BILL, "projet de loi"),
]  # fmt: skip

SILENT = [
    "Section 230 of the Communications Decency Act shields platforms.",
    "US Lawmakers Act on AI Chips",
    "Regulators must act now.",
    "Nvidia got an order of 20,000 chips in order to meet demand.",
    "Nvidia beat its revenue guidance for the quarter.",
    "As a rule of thumb, it sells.",
    "She showed her driver's licence.",
    "The U.S. 25 percent share fell.",
    "They received the electricity bill.",
    "The year 2021/22 was good.",
]


def instruments(text: str, language: str) -> list[tuple[InstrumentKind, str]]:
    sentence = Quote(part=Part.TEXT, start=0, end=len(text), text=text)
    return [(one.kind, one.name) for one in find_details(sentence, language=language).instruments]


@pytest.mark.parametrize(("language", "text", "kind", "name"), SAID)
def test_an_instrument_is_found_with_its_name_as_written(
    language: str, text: str, kind: InstrumentKind, name: str
) -> None:
    assert (kind, name) in instruments(text, language)


@pytest.mark.parametrize("text", SILENT)
def test_other_words_are_no_instrument(text: str) -> None:
    assert instruments(text, "en") == []


def test_a_verb_in_a_headline_is_no_part_of_an_acts_name() -> None:
    assert instruments("Senate Passes GAIN AI Act in Blow to Nvidia", "en") == [(InstrumentKind.ACT, "GAIN AI Act")]


def test_the_longest_name_is_taken() -> None:
    text = "BIS published the interim final rule “Additional Export Controls” on Friday."
    name = "interim final rule “Additional Export Controls”"
    assert instruments(text, "en") == [(InstrumentKind.INTERIM_FINAL_RULE, name)]


def test_an_act_in_a_report_of_law_making_is_a_bill_and_one_in_force_an_act(understander: Understander) -> None:
    text = "The Senate passed the Chip Security Act on Thursday, which amends the Export Control Reform Act."
    found = understander.understand(title="", text=text, language="en", published_at=PUBLISHED)
    (report,) = [r for r in found.reports if r.type is EventType.LEGISLATION]
    assert {(one.kind, one.name) for one in report.instruments} == {
        (InstrumentKind.BILL, "Chip Security Act"),
        (InstrumentKind.ACT, "Export Control Reform Act"),
    }


def test_the_instrument_closest_to_the_cue_is_first(understander: Understander) -> None:
    text = (
        "The Commerce Department added nine Chinese companies to the Entity List, "
        "citing the Export Administration Regulations (EAR)."
    )
    found = understander.understand(title="", text=text, language="en", published_at=PUBLISHED)
    kinds = [one.kind for one in found.reports[0].instruments]
    assert kinds == [InstrumentKind.LIST, InstrumentKind.REGULATION]


def test_one_instrument_named_twice_is_one(understander: Understander) -> None:
    text = "The United States restricted chip exports to China with a final rule, and the final rule names Nvidia."
    found = understander.understand(title="", text=text, language="en", published_at=PUBLISHED)
    assert [one.name for one in found.reports[0].instruments] == ["final rule"]
