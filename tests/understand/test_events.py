"""What an article reports: types, modality, who, whom and when, each with its quote."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.types import DateRole, EventType, Modality, Part, Report, Understanding
from tracker.understand import load_understander

PUBLISHED = datetime(2026, 6, 18, tzinfo=UTC)
ARTICLE = Path(__file__).parents[1] / "data" / "texts" / "orinoco-cut-off.txt"


def read(text: str, title: str = "", *, language: str | None = None) -> Understanding:
    return load_understander().understand(title=title, text=text, language=language, published_at=PUBLISHED)


def main(text: str, title: str = "") -> Report:
    return read(text, title).reports[0]


def quotes(report: Report) -> list[tuple[Part, int, int, str]]:
    mentions = (*report.actors, *report.targets, *report.named)
    found = [report.cue, report.sentence, *(m.quote for m in mentions), *(said.quote for said in report.dates)]
    return [(quote.part, quote.start, quote.end, quote.text) for quote in found]


@pytest.fixture(scope="module")
def affair() -> tuple[str, str, Understanding]:
    title, _, text = ARTICLE.read_text(encoding="utf-8").partition("\n\n")
    return title, text, read(text, title)


def find(understanding: Understanding, type_: EventType) -> Report:
    return next(r for r in understanding.reports if r.type is type_ and r.modality is Modality.ACT)


def test_an_affair_is_told_apart_into_its_events(affair: tuple[str, str, Understanding]) -> None:
    understanding = affair[2]
    restriction = find(understanding, EventType.RESTRICTION)
    assert understanding.reports[0].type is EventType.RESTRICTION
    assert str(restriction.announced.date if restriction.announced else None) == "2026-06-09"
    assert [actor.name for actor in restriction.actors] == ["Commerce Department"]
    assert "company/openai" in {target.entity_id for target in restriction.targets}
    release = find(understanding, EventType.MODEL_RELEASE)
    assert [target.name for target in release.targets] == ["DeepSeek V5"]
    assert str(release.announced.date if release.announced else None) == "2026-06-11"
    market = find(understanding, EventType.MARKET_REACTION)
    assert [target.name for target in market.targets] == ["MiniMax"]
    assert str(market.announced.date if market.announced else None) == "2026-06-10"
    assert [target.name for target in find(understanding, EventType.ADOPTION).targets] == ["Qwen"]


def test_every_field_of_every_report_is_quoted_to_the_character(affair: tuple[str, str, Understanding]) -> None:
    title, text, understanding = affair
    parts = {Part.TITLE: title, Part.TEXT: text}
    found = [quote for report in understanding.reports for quote in quotes(report)]
    assert len(found) > 20
    for part, start, end, said in found:
        assert parts[part][start:end] == said


@pytest.mark.parametrize(
    ("headline", "type_"),
    [
        ("US bans exports of Nvidia H20 chips to China", EventType.RESTRICTION),
        ("Commerce Department tightens controls on AI chip exports to the Gulf", EventType.RESTRICTION),
        ("US approves sales of Nvidia H20 chips to China", EventType.EASING),
        ("US lifts export curbs on chip design software for China", EventType.EASING),
        ("US adds 12 Chinese AI firms to Entity List", EventType.LISTING),
        ("US removes two UAE companies from Entity List over chips", EventType.LISTING),
        ("Senators introduce bill to track exported Nvidia chips", EventType.LEGISLATION),
        ("Three men charged in Texas with smuggling Nvidia chips to China", EventType.ENFORCEMENT),
        ("Judge blocks Commerce Department rule on AI chip exports", EventType.LITIGATION),
        ("China restricts gallium exports in retaliation for US chip curbs", EventType.RETALIATION),
        ("Nvidia shares fall 6% after US tightens chip export rules", EventType.MARKET_REACTION),
        ("BIS: Nvidia chips below the threshold need no export licence", EventType.EASING),
        ("A licence is required to export Nvidia H20 chips to China, BIS says", EventType.RESTRICTION),
        ("Users of Anthropic's Claude outside the US must be cut off by July 1, says Commerce", EventType.RESTRICTION),
        ("美国批准英伟达H20芯片对华出口", EventType.EASING),
        ("美国禁止向中国出口AI芯片", EventType.RESTRICTION),
        ("美国将三家中国芯片企业列入实体清单", EventType.LISTING),
        ("中国限制镓出口 反制美国芯片管制", EventType.RETALIATION),
        ("미국, 중국에 대한 AI 반도체 수출 규제 강화", EventType.RESTRICTION),
        ("米国、中国向けAI半導体の輸出規制を緩和", EventType.EASING),
        ("Nederland beperkt export van chipmachines van ASML naar China", EventType.RESTRICTION),
        ("USA verschärfen Exportkontrollen für Chips nach China", EventType.RESTRICTION),
        ("Les États-Unis interdisent l'exportation de puces Nvidia vers la Chine", EventType.RESTRICTION),
    ],
)
def test_a_headline_has_its_type(headline: str, type_: EventType) -> None:
    assert main(headline, headline).type is type_


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("The US banned exports of Nvidia chips to China.", Modality.ACT),
        ("The US could ban exports of Nvidia chips to China.", Modality.HYPOTHETICAL),
        ("The US plans to ban exports of Nvidia chips to China.", Modality.INTENT),
        ("The US is considering banning exports of Nvidia chips to China.", Modality.INTENT),
        ("The US has proposed to ban exports of Nvidia chips to China.", Modality.PROPOSAL),
        ("The US denied that it would ban exports of Nvidia chips to China.", Modality.DENIAL),
        ("The US ordered Anthropic to cut off foreign users of Claude.", Modality.ACT),
        ("The US denied on Tuesday that it will block access to Claude in Korea.", Modality.DENIAL),
        ("The US will reportedly ban exports of Nvidia chips to China.", Modality.RUMOUR),
        ("Despite the ban on exports of Nvidia chips to China, US sales rose.", Modality.BACKGROUND),
    ],
)
def test_a_restriction_is_put_as_the_sentence_puts_it(sentence: str, modality: Modality) -> None:
    reports = [r for r in read(sentence).reports if r.type is EventType.RESTRICTION]
    assert modality in {report.modality for report in reports}


def test_what_is_negated_is_not_reported() -> None:
    reports = read("The Commerce Department has not banned exports of Nvidia chips to China.").reports
    assert not [r for r in reports if r.type is EventType.RESTRICTION and r.modality is Modality.ACT]


def test_an_older_order_that_a_market_story_looks_back_on_is_no_news() -> None:
    text = "Shares of Nvidia rose 5 percent on Monday. Last month the US barred exports of H20 chips to China."
    found = {report.type: report.modality for report in read(text, "Nvidia shares jump 5%").reports}
    assert found[EventType.MARKET_REACTION] is Modality.ACT
    assert found[EventType.RESTRICTION] is Modality.BACKGROUND


def test_a_statute_that_is_invoked_is_no_bill() -> None:
    text = "Anthropic sued the Commerce Department. It says the order exceeds the Export Control Reform Act."
    assert EventType.LEGISLATION not in {report.type for report in read(text, "Anthropic sues over Claude").reports}


def test_a_country_that_things_are_sold_to_does_not_act() -> None:
    report = main("US bans exports of Nvidia chips to China", "US bans exports of Nvidia chips to China")
    assert [actor.entity_id for actor in report.actors] == ["country/US"]
    assert "country/CN" in {target.entity_id for target in report.targets}


def test_an_official_rule_happens_on_the_day_it_is_published() -> None:
    text = (
        "In this rule, the Bureau of Industry and Security (BIS) amends the Export Administration Regulations by "
        "adding 14 entities under the destination of China to the Entity List. The entities were found on May 2, 2026."
    )
    report = main(text, "Additions of Entities to the Entity List")
    assert report.type is EventType.LISTING
    assert str(report.announced.date if report.announced else None) == "2026-06-18"


def test_the_outlet_that_an_aggregator_appends_takes_no_part() -> None:
    report = main("China bans exports of helium.", "中国禁止氦气出口 - 美国之音")
    assert "country/US" not in {mention.entity_id for mention in (*report.actors, *report.targets)}


def test_the_same_text_gives_the_same_reports(affair: tuple[str, str, Understanding]) -> None:
    title, text, understanding = affair
    assert read(text, title) == understanding


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=80))
def test_any_text_is_read_without_a_crash(text: str, title: str) -> None:
    spiced = f"US bans exports of Nvidia chips to China {text}"
    for report in read(spiced, title).reports:
        for part, start, end, said in quotes(report):
            assert (title if part is Part.TITLE else spiced)[start:end] == said


def test_a_megabyte_without_punctuation_is_read() -> None:
    assert read("US bans exports of Nvidia chips to China " * 25_000).reports


def test_an_official_rule_gives_every_date_that_it_sets() -> None:
    rule = read(
        "In this interim final rule, BIS amends the Export Administration Regulations to require a licence for exports "
        "of advanced integrated circuits to Macau.\nThis rule is effective July 1, 2026. Comments must be received by "
        "BIS no later than August 15, 2026. The compliance date for § 744.23 is January 1, 2027.",
        "Advanced Computing Rule; Additional Export Controls",
    ).reports[0]
    assert {said.role: str(said.date) for said in rule.dates} == {
        DateRole.ANNOUNCED: "2026-06-18",
        DateRole.EFFECTIVE: "2026-07-01",
        DateRole.COMMENT: "2026-08-15",
        DateRole.COMPLIANCE: "2027-01-01",
    }


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("商务部6月18日宣布，对镓和锗相关物项实施出口管制，措施自7月1日起实施。", "zh"),
        ("経済産業省は18日、半導体製造装置の輸出規制を強化すると発表した。規制は7月1日に施行される。", "ja"),
        ("산업통상자원부는 18일 반도체 장비 수출통제를 강화한다고 밝혔다. 새 규제는 7월 1일부터 시행된다.", "ko"),
        (
            "Nederland scherpt de exportregels voor chipmachines aan. De vergunningplicht geldt vanaf 1 juli 2026.",
            "nl",
        ),
    ],
)
def test_the_day_a_control_starts_is_told_from_its_announcement(text: str, language: str) -> None:
    dates = {said.role: str(said.date) for report in read(text, language=language).reports for said in report.dates}
    assert dates[DateRole.EFFECTIVE] == "2026-07-01"
