"""What the second reader is asked."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker.understand.second.answer import Answer

# Longer articles are cut: what is news stands at the start, and every token costs.
TEXT_LIMIT = 20_000
# English has about four bytes a token, most other scripts three.
_BYTES_A_TOKEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Instructions, the text they are about, and the JSON schema of the answer."""

    instructions: str
    text: str
    schema: dict[str, Any]

    @property
    def digest(self) -> str:
        """A name for the question: the same one has the same answer."""
        return sha256(json.dumps([self.instructions, self.text, self.schema]).encode()).hexdigest()

    @property
    def tokens(self) -> int:
        """How many tokens the question has at most, roughly."""
        sent = (self.instructions, self.text, json.dumps(self.schema))
        return sum(len(one.encode("utf-8", "replace")) for one in sent) // _BYTES_A_TOKEN


def ask(title: str, text: str, *, published_at: datetime | None) -> Question:
    """Ask for the events of an article; of a long one only the start is read, and the question says so."""
    day = f"Published on {published_at:%Y-%m-%d}." if published_at else "The day of publication is not known."
    is_cut = len(text) > TEXT_LIMIT
    shown = f"{title}\n\n{text[:TEXT_LIMIT]}{' [cut here]' if is_cut else ''}".replace("</article>", "")
    return Question(
        instructions=_instructions(), text=f"{day}\n<article>\n{shown}\n</article>", schema=Answer.model_json_schema()
    )


@cache
def _instructions() -> str:
    return Path(__file__).with_name("question.md").read_text(encoding="utf-8")
