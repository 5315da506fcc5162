"""Who is hit beyond those that are named."""

from datetime import UTC, datetime

import pytest

from tracker.types import Part, Quote, UserClass
from tracker.understand import Understander
from tracker.understand.details.finding import find_details

PUBLISHED = datetime(2026, 6, 18, tzinfo=UTC)

SAID = [
    ("en", "The order cuts off foreign users of the model.", UserClass.FOREIGN_USERS, "foreign users"),
    ("en", "The rule bars customers outside the United States.", UserClass.FOREIGN_USERS, "customers outside the United States"),
    ("en", "It would extend controls to foreign access through the cloud.", UserClass.FOREIGN_USERS, "foreign access"),
    ("en", "No foreign nationals may use it.", UserClass.FOREIGN_NATIONALS, "foreign nationals"),
    ("en", "The licence requirement now applies worldwide, to all destinations.", UserClass.EVERYONE, "all destinations"),
    ("en", "Entity-listed companies can no longer buy them.", UserClass.LISTED_ENTITIES, "Entity-listed companies"),
    ("en", "The rule reaches subsidiaries of listed companies.", UserClass.AFFILIATES, "subsidiaries of listed"),
    ("en", "Exports to military end users need a licence.", UserClass.MILITARY_END_USERS, "military end users"),
    ("en", "Licences for buyers in the Gulf were paused.", UserClass.REGION, "the Gulf"),
    ("en", "Tier-3 countries are cut off.", UserClass.REGION, "Tier-3 countries"),
    ("en", "The rule covers Country Groups D:1, D:4 and D:5.", UserClass.REGION, "Country Groups D:1, D:4 and D:5"),
    ("en", "The bill would bind cloud providers.", UserClass.DATA_CENTRES, "cloud providers"),
    ("en", "Data center operators must report buyers.", UserClass.DATA_CENTRES, "Data center operators"),
    ("en", "The memo bars federal agencies from using it.", UserClass.GOVERNMENT_AGENCIES, "federal agencies"),
    ("en", "Texas banned it from government devices.", UserClass.GOVERNMENT_AGENCIES, "government devices"),
    ("en", "The rule restricts what U.S. persons may support.", UserClass.US_PERSONS, "U.S. persons"),
    ("en", "Beijing told local companies to stop ordering it.", UserClass.DOMESTIC_COMPANIES, "local companies"),
    ("zh", "该公司将停止向境外用户提供服务。", UserClass.FOREIGN_USERS, "境外用户"),
    ("zh", "禁止向军事最终用户出口。", UserClass.MILITARY_END_USERS, "军事最终用户"),
    ("zh", "美国拟限制向中东国家出口芯片。", UserClass.REGION, "中东国家"),
    ("ja", "海外の利用者への提供を停止する。", UserClass.FOREIGN_USERS, "海外の利用者"),
    ("ja", "データセンター事業者に報告を義務付ける。", UserClass.DATA_CENTRES, "データセンター事業者"),
    ("ko", "해외 이용자의 접속을 차단했다.", UserClass.FOREIGN_USERS, "해외 이용자"),
    ("ko", "공공기관의 사용을 금지했다.", UserClass.GOVERNMENT_AGENCIES, "공공기관"),
    ("nl", "Buitenlandse klanten verliezen de toegang.", UserClass.FOREIGN_USERS, "Buitenlandse klanten"),
    ("de", "Ausländische Kunden verlieren den Zugang.", UserClass.FOREIGN_USERS, "Ausländische Kunden"),
    ("fr", "Les entreprises étrangères perdent l’accès.", UserClass.FOREIGN_USERS, "entreprises étrangères"),
]  # fmt: skip

SILENT = [
    "Nvidia fell 7% on Tuesday.",
    "The Gulf of Mexico was renamed.",
    "A government agency said so on Monday.",
    "The tool is open to users of the app.",
    "A foreign national bank opened a branch.",
    "Everyone expects a ruling in June.",
    "他是外国人民的老朋友。",
]


def classes(text: str, language: str) -> list[tuple[UserClass, str]]:
    sentence = Quote(part=Part.TEXT, start=0, end=len(text), text=text)
    return [(said.value, said.quote.text) for said in find_details(sentence, language=language).users]


@pytest.mark.parametrize(("language", "text", "expected", "quote"), SAID)
def test_a_class_of_users_is_found_with_its_words(language: str, text: str, expected: UserClass, quote: str) -> None:
    assert (expected, quote) in classes(text, language)


@pytest.mark.parametrize("text", SILENT)
def test_other_words_name_no_class_of_users(text: str) -> None:
    assert classes(text, "en") == []


def test_a_report_has_the_class_that_stands_closest_to_its_cue(understander: Understander) -> None:
    text = "Washington barred foreign users from Claude Mythos 5, and later told data center operators to count them."
    found = understander.understand(title="", text=text, language="en", published_at=PUBLISHED)
    said = found.reports[0].user_class
    assert said is not None
    assert (said.value, said.quote.text) == (UserClass.FOREIGN_USERS, "foreign users")


def test_the_main_report_has_the_class_that_its_lead_gives(understander: Understander) -> None:
    text = "The Commerce Department said that military end users can no longer buy the chips."
    found = understander.understand(
        title="US bans exports of Nvidia chips to China", text=text, language="en", published_at=PUBLISHED
    )
    said = found.reports[0].user_class
    assert said is not None
    assert said.quote.part is Part.TEXT
    assert said.value is UserClass.MILITARY_END_USERS


def test_the_users_of_a_new_model_are_not_hit(understander: Understander) -> None:
    text = "Alibaba released Qwen 4 on Monday for foreign users cut off by the US access ban."
    found = understander.understand(title="", text=text, language="en", published_at=PUBLISHED)
    releases = [report for report in found.reports if report.type == "model_release"]
    assert releases
    assert all(report.user_class is None for report in releases)
