"""What people type: ids as they are shown, and answers about what was read."""

from dataclasses import dataclass

from tracker.errors import InputError

_IDS = {"E": "E12 (event)", "S": "S3 (story)", "A": "A7 (article)"}
_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`type easing; date 2026-06-13  # as the order says`: parts of a word and what follows it, and why."""

    parts: tuple[tuple[str, str], ...]
    why: str | None = None

    @property
    def word(self) -> str:
        return self.parts[0][0] if self.parts else ""


def read_answer(line: str) -> Answer:
    """Take a line apart: parts end at a semicolon, and what follows ` #` says why."""
    said, _, why = f" {line}".partition(" #")
    parts = (part.strip().partition(" ") for part in said.split(";") if part.strip())
    return Answer(parts=tuple((word.lower(), rest.strip()) for word, _, rest in parts), why=why.strip() or None)


def read_id(said: str, kinds: str) -> tuple[str, int]:
    """Read an id of one of `kinds` as lists show it: E12 (event), S3 (story), A7 (article)."""
    kind, digits = said[:1].upper(), said[1:]
    if not kind or kind not in kinds or not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS):
        *others, last = [_IDS[one] for one in kinds]
        raise InputError(f"{said}: expected {', '.join(others) + ' or ' if others else ''}{last}")
    return kind, int(digits)
