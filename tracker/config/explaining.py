"""What is wrong with a setting, in words: where it stands, what was expected, and what was found."""

from pathlib import Path
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails


def explain_variable(problem: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is wrong with a variable of the environment."""
    name = str(problem["loc"][0])  # what was found is not shown: it may be a secret
    return f"environment: {name.upper()}: {expected(problem, model)}"


def explain_key(path: Path, problem: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is wrong with a key of a file."""
    key = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in problem["loc"]).lstrip(".")
    # What a whole table holds says less than the message does.
    found = "" if isinstance(problem["input"], dict) else f" (found {_short(problem['input'])})"
    return f"{path}: {key}{': ' if key else ''}{expected(problem, model)}{found}"


def expected(problem: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what was expected."""
    names = [str(part) for part in problem["loc"] if not isinstance(part, int)]
    if problem["type"] == "extra_forbidden":
        return f"there is no such key; expected one of {', '.join(_fields(model, names[:-1]))}"
    if problem["type"] == "missing":
        return "expected this key, it is missing"
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    description = _fields(model, names[:-1])[names[-1]].description if names else None
    return f"expected {description}" if description else problem["msg"].replace("Input should be", "expected", 1)


def explain_option(problem: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is wrong with an option of a command."""
    option = "".join(f"--{name}: " for name in problem["loc"])
    return f"{option}{expected(problem, model)}"


def _fields(model: type[BaseModel], names: list[str]) -> dict[str, FieldInfo]:
    """Return the fields of the table that `names` lead to."""
    for name in names:
        annotation = model.model_fields[name].annotation
        model = next((one for one in (annotation, *get_args(annotation)) if _is_model(one)), model)
    return model.model_fields


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _short(value: object, limit: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
