"""What a kind of source is: one function that looks at it, and the options that it takes."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.collect.http import Client
from tracker.errors import ConfigError
from tracker.types import Poll, PollState, Source


class Options(BaseModel):
    """The options of a kind, as they stand under `options` in config.toml; a kind with none takes this."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`look` raises FetchError or ParseError with the reason in words; `options` has been checked by then."""

    look: Callable[[Source, PollState, Client], Poll]
    options: type[Options] = Options

    def check(self, source: Source) -> None:
        """Raise a ConfigError that names each option that is missing, unknown or wrong."""
        try:
            self.options.model_validate(dict(source.options))
        except ValidationError as error:
            told = "; ".join(f"options.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise ConfigError(told) from error
