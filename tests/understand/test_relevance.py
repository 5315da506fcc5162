"""The gate, the score, and the weights behind it."""

import tomllib
from pathlib import Path

import pytest

from tracker import knowledge
from tracker.understand import Understander
from tracker.understand.folding import fold
from tracker.understand.phrases import Phrases
from tracker.understand.relevance import Relevance
from tracker.understand.training import fit_relevance


@pytest.fixture(scope="module")
def relevance() -> Relevance:
    return Relevance(knowledge.load())


@pytest.mark.parametrize(
    "text",
    ["He praised the new GPU.", "关税战", "Sanctions bite", "수출통제 강화", "Ausfuhrkontrollen", "about Anthropic"],
)
def test_the_gate_lets_through_whatever_might_matter(relevance: Relevance, text: str) -> None:
    assert relevance.passes_gate(fold(text))


@pytest.mark.parametrize(
    "text", ["", "The bakery opens at nine.", "Captain Aiden said the paint was dry.", "天气很好。"]
)
def test_the_gate_stops_what_cannot(relevance: Relevance, text: str) -> None:
    assert not relevance.passes_gate(fold(text))


def test_a_stopped_article_is_irrelevant_and_names_nothing(understander: Understander) -> None:
    found = understander.understand(title="Bread", text="Good bread.", language="en", published_at=None)
    assert (found.relevant, found.relevance, found.mentions, found.reports) == (False, 0.0, (), ())


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Oslo to license sales of AI chips", "Norway will require a licence for exports of AI chips to China.", True),
        ("欧盟限制AI芯片对华出口", "欧盟宣布对AI芯片实施出口管制。", True),
        ("Norway's salmon exports rise", "Norway sold more salmon to China after tariffs fell.", False),
        ("New model tops charts", "The lab released an open model that writes code well.", False),
    ],
)
def test_relevance_is_about_control_of_ai_over_borders(
    understander: Understander, title: str, text: str, expected: bool
) -> None:
    found = understander.understand(title=title, text=text, language=None, published_at=None)
    assert found.relevant is expected
    assert 0.0 <= found.relevance <= 1.0


def test_a_phrase_stands_on_its_own_and_its_star_takes_letters() -> None:
    phrases = Phrases({"a": ["restrict* export*", "ai", "芯片"]})
    folded = fold("Restricts exports; paid; AI芯片")
    assert [folded.cased[start:end] for start, end, _ in phrases.find(folded)] == ["Restricts exports", "AI", "芯片"]


def test_the_weights_are_those_that_the_training_texts_give(tmp_path: Path) -> None:
    """A richer knowledge base shifts them a little; one that shifts them much calls for a new fit."""
    target = tmp_path / "weights.toml"
    fit_relevance.main(target)
    fitted, kept = tomllib.loads(target.read_text()), tomllib.loads(fit_relevance.TARGET.read_text())
    for name in fitted.keys() | kept.keys():
        assert fitted.get(name, 0.0) == pytest.approx(kept.get(name, 0.0), abs=0.5)
