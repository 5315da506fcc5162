"""A second reader: what a language model is asked of an article, and what of its answer counts.  Pure."""

from tracker.understand.second.answer import EMPTY, Answer, parse_answer
from tracker.understand.second.apis import APIS, Reply
from tracker.understand.second.disputes import with_disputes
from tracker.understand.second.grounding import Ground
from tracker.understand.second.question import Question, ask

__all__ = ["APIS", "EMPTY", "Answer", "Ground", "Question", "Reply", "ask", "parse_answer", "with_disputes"]
