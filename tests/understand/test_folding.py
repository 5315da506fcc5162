"""Look-alike characters become one."""

import pytest

from tracker.understand.folding import fold


@pytest.mark.parametrize(
    ("text", "cased"),
    [
        ("it’s “A‑1”\u3000ｘ\u00a0\ty", 'it\'s "A-1" x  y'),
        ("出口管制 für été\n– été", "出口管制 für été\n- été"),
        ("出口管制 für été\r\nplain", "出口管制 für été\r\nplain"),
        ("Fa\u00adble ‘5’", "Fable '5'"),
        ("№ ﬁ ½", "№ ﬁ ½"),
    ],
)
def test_each_character_becomes_its_plain_form(text: str, cased: str) -> None:
    assert fold(text).cased == cased


def test_hyphens_and_line_ends_are_flat() -> None:
    assert fold("A‑1\r\n出口-\tX").flat == "a 1  出口  x"
