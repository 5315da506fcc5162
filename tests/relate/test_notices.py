"""Whom a rule of the Federal Register names, as such rules are written."""

import pytest

from tracker.relate.notices import NoticeName, Verb, citations, names_in_notice

BULLETS = """In this rule, the Bureau of Industry and Security (BIS) amends the Export Administration Regulations.

For the reasons described above, this final rule adds the following four entities to the Entity List and includes, where appropriate, aliases:

People's Republic of China

• Lantern Microelectronics (Suzhou) Co., Ltd., a.k.a., the following two aliases:
—Lantern Micro; and
—Suzhou Lantern.
• Harbour Supercomputing Center;
• Orinoco Photonics Inc., f.k.a. Delta Photonics; and

United Arab Emirates

• Gulf Lantern Trading FZE.

This final rule also removes the following entity from the Entity List:

Singapore

• Meridian Data Pte. Ltd.

Savings Clause

For the changes being made in this final rule, shipments of items removed from eligibility for a License Exception may proceed.
• This bullet stands behind the end of the list and names nobody at all;
"""
PREAMBLE = (
    "The ERC determined to add Lantern Microelectronics; Harbour Supercomputing Center; and Orinoco Photonics Inc., under the "
    "destination of China, to the Entity List. The ERC determined to remove Meridian Data, from the Entity List."
)


def names(text: str, verb: Verb) -> list[str]:
    return [found.name for found in names_in_notice(text) if found.verb is verb]


def test_the_items_behind_a_lead_are_names_without_what_stands_behind_them() -> None:
    assert names(BULLETS, Verb.ADDS) == [
        "Lantern Microelectronics (Suzhou) Co., Ltd.",
        "Harbour Supercomputing Center",
        "Orinoco Photonics Inc.",
        "Gulf Lantern Trading FZE",
    ]
    assert names(BULLETS, Verb.REMOVES) == ["Meridian Data Pte. Ltd."]


def test_a_preamble_names_them_in_a_sentence() -> None:
    assert names(PREAMBLE, Verb.ADDS) == [
        "Lantern Microelectronics",
        "Harbour Supercomputing Center",
        "Orinoco Photonics Inc.",
    ]
    assert names(PREAMBLE, Verb.REMOVES) == ["Meridian Data"]


def test_a_name_that_is_told_twice_counts_once() -> None:
    assert len(names_in_notice(PREAMBLE + "\n" + PREAMBLE)) == 4
    assert NoticeName(Verb.ADDS, "Lantern Microelectronics") in names_in_notice(PREAMBLE)


@pytest.mark.parametrize(
    "text", ["", "BIS adds new licence requirements for the following reasons: cost.", "a: b;\n" * 9]
)
def test_other_texts_name_nobody(text: str) -> None:
    assert names_in_notice(text) == ()


def test_pages_are_written_one_way() -> None:
    text = "See 91 FR 30,101 and 90 Fed. Reg. 4544 (Jan. 16, 2025); 15 CFR 744."
    assert citations(text) == {"91 FR 30101", "90 FR 4544"}
