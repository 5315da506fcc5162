"""The form of a second reader's answer."""

from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.errors import ParseError
from tracker.types import EventType, Modality


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Claim(_Strict):
    """An event as the second reader tells it; every quote is claimed to be verbatim."""

    type: EventType
    modality: Modality
    quote: str
    date: str | None
    date_quote: str | None
    actors: list[str]
    targets: list[str]


class Answer(_Strict):
    """The events of one article, the main one first."""

    events: list[Claim]


EMPTY = Answer(events=[])


def parse_answer(text: str) -> Answer:
    """Read an answer; raise a ParseError where it is not of the form that was asked for."""
    try:
        return Answer.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "answer"
        raise ParseError(f"the second reader's answer is not as asked: {where}: {first['msg']}") from error
