"""Names of AI models: of known families, unseen ones, and what only looks like one."""

import pytest

from tracker.types import EntityKind
from tracker.understand.entities import EntityFinder


def models(finder: EntityFinder, text: str, language: str = "en") -> list[str]:
    mentions = finder.find("", text, language=language)
    return [mention.quote.text for mention in mentions if mention.kind is EntityKind.MODEL]


@pytest.mark.parametrize(
    "name",
    [
        "GLM-5.2",
        "GLM5.2",
        "GLM 5.2",
        "GPT‑5.5",
        "Claude Opus 4.8",
        "Qwen3.6-35B-A3B",
        "o4-mini",
        "Kimi-K2.5",
        "MiniMax M3",
        "Gemma 4 31B",
    ],
)
def test_members_of_known_families_are_found_in_any_spelling(finder: EntityFinder, name: str) -> None:
    assert models(finder, f"They compared {name} with last year's results.") == [name]


def test_a_version_beyond_the_known_ones_belongs_to_its_family(finder: EntityFinder) -> None:
    assert models(finder, "They want Gemini 9.5 Pro and DeepSeek-V9 now.") == ["Gemini 9.5 Pro", "DeepSeek-V9"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Its latest model, "Zephyrine 2", is out.', ["Zephyrine 2"]),
        ("the company's newest model, dubbed Kestrelle, was trained abroad", ["Kestrelle"]),
        ("Orrery 3 is a 70B language model with open weights.", ["Orrery 3"]),
        ("they quantized Bramble-7B-Instruct on a laptop", ["Bramble-7B-Instruct"]),
        ("Anthropic's new Cadenza 2.1 beats others.", ["Cadenza 2.1"]),
        ("It outscored GPT-5.5, Claude Opus 4.6 and Pemberley 4 on code.", ["GPT-5.5", "Claude Opus 4.6", "Pemberley 4"]),
        ("该公司发布大模型Zephyrine 2，性能提升", ["Zephyrine 2"]),
    ],
)  # fmt: skip
def test_unseen_models_are_known_by_form_and_context(finder: EntityFinder, text: str, expected: list[str]) -> None:
    assert models(finder, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The iPhone 19 runs on Windows 12 with CUDA 13 and Python 3.13.",
        "See Section 744, Article 5, Table 2 and Annex 1 of the model rules.",
        "He has a MacBook Pro M4 Max and an RTX 5090 for open models.",
        "On May 5 and June 18 the AI model was at the Boeing 737 plant.",
        "vLLM 0.24.0 and llama.cpp serve open models well.",
        "They use Claude Code and GitHub Copilot.",
        "The model scored 71 on SWE-bench and 40 on MMLU.",
        "Exports rose 45 percent to Tier 2 countries under Phase 1.",
    ],
)
def test_look_alikes_are_no_models(finder: EntityFinder, text: str) -> None:
    assert models(finder, text) == []


def test_a_short_form_names_the_same_model(finder: EntityFinder) -> None:
    mentions = finder.find("", "They released DeepSeek V4 Pro. The V4 Pro costs less.", language="en")
    assert len({m.entity_id for m in mentions if m.kind is EntityKind.MODEL}) == 1
    assert [m.quote.text for m in mentions if m.kind is EntityKind.MODEL] == ["DeepSeek V4 Pro", "V4 Pro"]


def test_the_bare_name_of_an_unseen_model_follows_its_full_one(finder: EntityFinder) -> None:
    assert models(finder, "Their model, Zephyrine 2, is out, and critics say Zephyrine is slow.") == [
        "Zephyrine 2",
        "Zephyrine",
    ]


def test_a_word_behind_the_version_belongs_to_the_name(finder: EntityFinder) -> None:
    assert models(finder, "they said that Llama 9 Pathfinder was trained in the desert last spring") == [
        "Llama 9 Pathfinder"
    ]


def test_the_maker_is_no_part_of_the_name(finder: EntityFinder) -> None:
    assert models(finder, "they said that Google Gemini 9 was slow") == ["Gemini 9"]


def test_a_lab_is_a_company_unless_the_text_speaks_of_a_model(finder: EntityFinder) -> None:
    def kinds(text: str) -> list[EntityKind]:
        return [mention.kind for mention in finder.find("", text, language="en")]

    assert kinds("DeepSeek hired forty people.") == [EntityKind.COMPANY]
    assert kinds("teams that rely on models like DeepSeek today") == [EntityKind.MODEL]


def test_models_in_korean_script_take_their_version(finder: EntityFinder) -> None:
    assert models(finder, "업스테이지가 언어모델 '솔라 프로 3'를 공개했다", "ko") == ["솔라 프로 3"]
