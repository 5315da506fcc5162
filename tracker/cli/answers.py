"""Questions that a person answers one after the other: on a terminal, or line by line from a file or pipe."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from rich.text import Text

from tracker import words
from tracker.cli.output import console, printable
from tracker.errors import InputError
from tracker.telling.typed import Answer, read_answer

_V = TypeVar("_V")
_PROMPT = "> "


def ask_each(questions: Iterable[_V], answer: Callable[[_V, Answer], bool], *, guide: Callable[[_V], str]) -> None:
    """Have each question answered, and say how many were; a question shows itself as it is taken from `questions`.

    `answer` keeps an answer at once and returns whether the question is settled.  What it refuses is asked again on
    a terminal; elsewhere it ends the walk, for the lines that follow were written for other questions.  `guide` says
    which answers a question takes.
    """
    lines, settled, skipped = _Lines(), 0, 0
    for question in questions:
        outcome = lines.settle(question, answer, guide)
        if outcome is None:
            break
        settled += outcome
        skipped += not outcome
    if settled or skipped:
        console.print(f"{words.count(settled, 'answer')} kept, {skipped:,} skipped.")


@dataclass(slots=True)
class _Lines:
    number: int = 0

    def settle(self, question: _V, answer: Callable[[_V, Answer], bool], guide: Callable[[_V], str]) -> bool | None:
        """Read answers until one settles the question (True), skips it (False) or ends it all (None)."""
        while (line := self._next()) is not None:
            said = read_answer(line)
            match said.word:
                case "quit" | "q":
                    return None
                case "skip" | "s" | "":
                    return False
                case "help" | "?":
                    console.print(Text(guide(question)))
                case _:
                    if self._is_settled(question, said, answer):
                        return True
        return None

    def _is_settled(self, question: _V, said: Answer, answer: Callable[[_V, Answer], bool]) -> bool:
        try:
            return answer(question, said)
        except InputError as error:
            if not sys.stdin.isatty():
                raise InputError(f"answer {self.number}: {error}; what was answered before it is kept") from error
            console.print(Text(printable(error)), style="red", soft_wrap=True)
            return False

    def _next(self) -> str | None:
        """Return the next line that was typed or piped in; None at the end."""
        self.number += 1
        if sys.stdin.isatty():
            try:
                return console.input(_PROMPT)
            except EOFError:
                return None
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError as error:
            raise InputError(f"answer {self.number}: is no UTF-8 text") from error
        if line:
            console.print(Text(f"{_PROMPT}{printable(line.rstrip())}"), soft_wrap=True)
        return line or None
