"""Typed settings from config.toml and the environment.

Secrets come from the environment only.  Whatever is wrong is a ConfigError that names the file, the key and
what was expected.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from tracker.errors import ConfigError, InputError
from tracker.times import DURATION, parse_duration
from tracker.types import ChannelKind, Source, Tier

_SECRETS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "smtp_url", "tracker_secret_key",
            "database_url")  # fmt: skip


# A field's description is what an error says was expected.
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    Field(gt=timedelta(0), description=DURATION),
]
# A duration that may be none at all ("0s").
Pause = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    Field(ge=timedelta(0), description=DURATION),
]
# One plain address; what more the grammar of mail allows, no mailbox needs.
_MAIL_ADDRESS = r"""^[^@\s<>()\[\],;:"\\]+@[^@\s<>()\[\],;:"\\]+$"""
Text = Annotated[str, Field(min_length=1, description="a text that is not empty")]
# As long as the database takes them.
NAME_LIMIT = 200
NAME = f"a text of 1 to {NAME_LIMIT} characters"
Name = Annotated[str, Field(min_length=1, max_length=NAME_LIMIT, description=NAME)]
Kind = Annotated[str, Field(min_length=1, max_length=40, description="a kind of source, see docs/sources.md")]
Language = Annotated[str, Field(min_length=1, max_length=20, description='a language code such as "ko"')]
Host = Annotated[str, Field(pattern=r"^[^/\s]+$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_M = TypeVar("_M", bound=_Section)


def _check_once(what: str, names: list[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"expected every {what} name once; twice: {', '.join(twice)}")


class SourceSettings(_Section):
    """One `[[sources]]` table."""

    name: Name
    kind: Kind = "feed"
    url: Text
    language: Language = "en"
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$", description='a country code such as "US", or "EU"')
    tier: Tier = Tier.PRESS
    family: Name | None = Field(default=None, description=NAME)
    every: Duration = timedelta(minutes=15)
    options: dict[str, Any] = Field(default={}, description="a table of what its kind needs, see docs/sources.md")

    def as_source(self) -> Source:
        fields = self.model_dump()
        return Source(**fields | {"family": self.family or self.name})


def parse_source(fields: Mapping[str, object]) -> Source:
    """Check a source that a person asked for as one in the file is checked; raise an InputError."""
    try:
        return SourceSettings.model_validate(fields).as_source()
    except ValidationError as error:
        told = (f"{problem['loc'][0]}: {_expected(problem, SourceSettings)}" for problem in error.errors())
        raise InputError("; ".join(told)) from error


class SubscriptionSettings(_Section):
    """One `[[subscriptions]]` table: `slack` or `email`, and a filter (empty: every relevant story)."""

    slack: str | None = Field(default=None, min_length=1, description='a channel or user such as "C0123"')
    email: str | None = Field(default=None, pattern=_MAIL_ADDRESS, description='an address such as "name@example.org"')
    filter: str = ""

    @model_validator(mode="after")
    def _one_channel(self) -> Self:
        if (self.slack is None) == (self.email is None):
            raise ValueError('expected exactly one of slack (such as "C0123") and email (such as "name@example.org")')
        return self

    @property
    def channel(self) -> ChannelKind:
        return ChannelKind.SLACK if self.slack else ChannelKind.EMAIL

    @property
    def address(self) -> str:
        return self.slack or self.email or ""


def parse_subscription(*, slack: str | None, email: str | None, filter: str) -> SubscriptionSettings:  # noqa: A002 (the key's name)
    """Check a subscription that a person asked for as one in the file is checked; raise an InputError."""
    try:
        return SubscriptionSettings(slack=slack, email=email, filter=filter)
    except ValidationError as error:
        raise InputError("; ".join(_expected_option(problem) for problem in error.errors())) from error


class CollectSettings(_Section):
    """`[collect]`: the limits of fetching."""

    allow_private_hosts: tuple[Host, ...] = Field(
        default=(), description='a list of hosts such as ["127.0.0.1:8099", "intranet.example"]'
    )
    user_agent: Text = "export-control-tracker/0.1 (+https://example.org/about-this-robot)"
    workers: int = Field(default=8, ge=1, le=64, description="a number from 1 to 64")
    body_limit_bytes: int = Field(default=10_000_000, ge=1000, description="a number of bytes, at least 1000")
    timeout: Duration = timedelta(seconds=20)
    first_byte_timeout: Duration = timedelta(seconds=10)
    parse_timeout: Duration = timedelta(seconds=10)
    host_concurrency: int = Field(default=2, ge=1, le=64, description="a number from 1 to 64")
    host_spacing: Pause = timedelta(seconds=1)
    obey_robots: bool = Field(default=True, description="true or false")
    every_most: Duration = timedelta(hours=6)
    retry_first: Duration = timedelta(minutes=5)
    retry_limit: Duration = timedelta(hours=6)


class DigestSettings(_Section):
    """`[digest]`: when the weekly e-mail goes out (UTC) and who it is from."""

    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    hour: int = Field(default=7, ge=0, le=23, description="an hour from 0 to 23")
    sender: Text = "tracker@localhost"


class OperatorsSettings(_Section):
    """`[operators]`: who hears that a source has turned bad, and that it is well again; nobody where neither is set."""

    slack: str | None = Field(default=None, min_length=1, description='a channel or user such as "C0123"')
    email: str | None = Field(default=None, pattern=_MAIL_ADDRESS, description='an address such as "name@example.org"')

    @property
    def addresses(self) -> tuple[tuple[ChannelKind, str], ...]:
        given = ((ChannelKind.SLACK, self.slack), (ChannelKind.EMAIL, self.email))
        return tuple((channel, address) for channel, address in given if address)


class WebSettings(_Section):
    """`[web]`: where pages are served, and the address that messages link to."""

    host: Text = "127.0.0.1"
    public_url: str | None = Field(
        default=None, pattern=r"^https?://\S+$", description='an address such as "https://tracker.example.org"'
    )


class ExposureSettings(_Section):
    """`[exposure]`: the file that declares what one's own services use; relative to the settings file."""

    path: Path | None = Field(default=None, description='a file such as "exposure.toml"')


class ServiceSettings(_Section):
    """One `[[services]]` table of exposure.toml: what a service uses, and where its staff and customers are."""

    name: Text
    models: tuple[Text, ...] = Field(default=(), description='a list of models such as ["Claude", "Qwen3"]')
    chips: tuple[Text, ...] = Field(default=(), description='a list of chips such as ["H20"]')
    vendors: tuple[Text, ...] = Field(default=(), description='a list of companies such as ["Anthropic"]')
    staff: tuple[Text, ...] = Field(default=(), description='a list of countries such as ["KR", "Japan"]')
    customers: tuple[Text, ...] = Field(default=(), description='a list of countries such as ["KR", "Japan"]')

    @model_validator(mode="after")
    def _uses_something(self) -> Self:
        if not (self.models or self.chips or self.vendors):
            raise ValueError(f"expected models, chips or vendors that {self.name!r} uses, at least one")
        return self


class Exposure(_Section):
    """exposure.toml as a whole."""

    services: tuple[ServiceSettings, ...] = Field(default=(), description="tables that start with [[services]]")

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        _check_once("service", [service.name for service in self.services])
        return self


class RunSettings(_Section):
    """`[run]`: how often `tracker run` looks for what is due."""

    tick: Duration = timedelta(seconds=30)


class File(_Section):
    """config.toml as a whole."""

    collect: CollectSettings = CollectSettings()
    digest: DigestSettings = DigestSettings()
    operators: OperatorsSettings = OperatorsSettings()
    web: WebSettings = WebSettings()
    exposure: ExposureSettings = ExposureSettings()
    run: RunSettings = RunSettings()
    sources: tuple[SourceSettings, ...] = Field(default=(), description="tables that start with [[sources]]")
    subscriptions: tuple[SubscriptionSettings, ...] = Field(
        default=(), description="tables that start with [[subscriptions]]"
    )

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        _check_once("source", [source.name for source in self.sources])
        return self


class Environment(BaseSettings):
    """What comes from the environment; an empty variable counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True)

    database_url: str = Field(default="sqlite:///var/tracker.db", repr=False)  # may hold a password
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    smtp_url: SecretStr | None = None
    tracker_secret_key: SecretStr | None = None
    port: int = Field(default=8000, ge=1, le=65535, description="a port from 1 to 65535")


class Settings(_Section):
    """The settings of one process: the file, the environment, where the file stands, and what is exposed."""

    path: Path | None
    file: File
    env: Environment
    exposure: Exposure = Exposure()

    @property
    def public_url(self) -> str:
        """The address that links in messages start with, without a slash at the end."""
        return (self.file.web.public_url or f"http://127.0.0.1:{self.env.port}").rstrip("/")


def load_settings(path: Path | None = None) -> Settings:
    """Load `path`, else the file that TRACKER_CONFIG names, else ./config.toml where there is one."""
    chosen = path or (Path(os.environ["TRACKER_CONFIG"]) if os.environ.get("TRACKER_CONFIG") else None)
    if chosen is None and Path("config.toml").exists():
        chosen = Path("config.toml")
    file = File() if chosen is None else _load(chosen, File)
    declared = _load(exposure, Exposure) if (exposure := exposure_path(chosen, file)) else Exposure()
    return Settings(path=chosen, file=file, env=_load_environment(), exposure=declared)


def exposure_path(path: Path | None, file: File) -> Path | None:
    """Return where the exposure file stands, seen from the settings file."""
    return path.parent / file.exposure.path if path and file.exposure.path else None


def _load(path: Path, model: type[_M]) -> _M:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    _refuse_secrets(path, table)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain_key(path, problem, model) for problem in error.errors())) from error


def _load_environment() -> Environment:
    try:
        return Environment()
    except ValidationError as error:
        raise ConfigError("\n".join(_explain_variable(problem) for problem in error.errors())) from error


def _refuse_secrets(path: Path, value: object, key: str = "") -> None:
    match value:
        case dict():
            for name, inner in value.items():
                if name.lower() in _SECRETS:
                    raise ConfigError(f"{path}: {key}{name}: a secret must not stand in a file; "
                                      f"expected the environment variable {name.upper()}")  # fmt: skip
                _refuse_secrets(path, inner, f"{key}{name}.")
        case list():
            for position, inner in enumerate(value, start=1):
                _refuse_secrets(path, inner, f"{key.removesuffix('.')}[{position}].")


def _explain_variable(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0])  # what was found is not shown: it may be a secret
    return f"environment: {name.upper()}: {_expected(problem, Environment)}"


def _explain_key(path: Path, problem: ErrorDetails, model: type[BaseModel]) -> str:
    key = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in problem["loc"]).lstrip(".")
    # What a whole table holds says less than the message does.
    found = "" if isinstance(problem["input"], dict) else f" (found {_short(problem['input'])})"
    return f"{path}: {key}{': ' if key else ''}{_expected(problem, model)}{found}"


def _expected(problem: ErrorDetails, model: type[BaseModel]) -> str:
    names = [str(part) for part in problem["loc"] if not isinstance(part, int)]
    if problem["type"] == "extra_forbidden":
        return f"there is no such key; expected one of {', '.join(_fields(model, names[:-1]))}"
    if problem["type"] == "missing":
        return "expected this key, it is missing"
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    description = _fields(model, names[:-1])[names[-1]].description if names else None
    return f"expected {description}" if description else problem["msg"].replace("Input should be", "expected", 1)


def _expected_option(problem: ErrorDetails) -> str:
    option = "".join(f"--{name}: " for name in problem["loc"])
    return f"{option}{_expected(problem, SubscriptionSettings)}"


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
