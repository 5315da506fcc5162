"""Typed settings from config.toml and the environment.

Secrets come from the environment only.  Whatever is wrong is a ConfigError that names the file, the key and
what was expected.
"""

import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tracker.errors import ConfigError
from tracker.types import ChannelKind, Source, Tier

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SECRETS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "smtp_url", "tracker_secret_key",
            "database_url")  # fmt: skip


def parse_duration(value: object) -> object:
    """Read "90s", "15m", "6h" or "1d"; anything else goes to pydantic as it is."""
    match = re.fullmatch(r"(\d+)\s*([smhd])", value.strip()) if isinstance(value, str) else None
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else value


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    Field(gt=timedelta(0), description='a duration such as "90s", "15m", "6h" or "1d"'),
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSettings(_Section):
    """One `[[sources]]` table."""

    name: str = Field(min_length=1)
    kind: str = "feed"
    url: str = Field(min_length=1)
    language: str = "en"
    country: str | None = None
    tier: Tier = Tier.PRESS
    family: str | None = None
    every: Duration = timedelta(minutes=15)

    def as_source(self) -> Source:
        fields = self.model_dump()
        return Source(**fields | {"family": self.family or self.name})


class SubscriptionSettings(_Section):
    """One `[[subscriptions]]` table: `slack` or `email`, and a filter (empty: every relevant story)."""

    slack: str | None = None
    email: str | None = None
    filter: str = ""

    @model_validator(mode="after")
    def _one_channel(self) -> Self:
        if (self.slack is None) == (self.email is None):
            raise ValueError('expected exactly one of slack = "C0123" and email = "name@example.org"')
        return self

    @property
    def channel(self) -> ChannelKind:
        return ChannelKind.SLACK if self.slack else ChannelKind.EMAIL

    @property
    def address(self) -> str:
        return self.slack or self.email or ""


class CollectSettings(_Section):
    """`[collect]`: the limits of fetching."""

    allow_private_hosts: tuple[str, ...] = ()
    user_agent: str = "export-control-tracker/0.1 (+https://example.org/about-this-robot)"
    workers: int = Field(default=8, ge=1, le=64)
    body_limit_bytes: int = Field(default=10_000_000, ge=1000)
    timeout: Duration = timedelta(seconds=20)
    retry_first: Duration = timedelta(minutes=5)
    retry_limit: Duration = timedelta(hours=6)


class DigestSettings(_Section):
    """`[digest]`: when the weekly e-mail goes out (UTC) and who it is from."""

    weekday: str = Field(default="mon", pattern="^(mon|tue|wed|thu|fri|sat|sun)$")
    hour: int = Field(default=7, ge=0, le=23)
    sender: str = "tracker@localhost"


class WebSettings(_Section):
    """`[web]`: where pages are served, and the address that messages link to."""

    host: str = "127.0.0.1"
    public_url: str | None = None


class RunSettings(_Section):
    """`[run]`: how often `tracker run` looks for what is due."""

    tick: Duration = timedelta(seconds=30)


class File(_Section):
    """config.toml as a whole."""

    collect: CollectSettings = CollectSettings()
    digest: DigestSettings = DigestSettings()
    web: WebSettings = WebSettings()
    run: RunSettings = RunSettings()
    sources: tuple[SourceSettings, ...] = ()
    subscriptions: tuple[SubscriptionSettings, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [s.name for s in self.sources]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"expected every source name once; twice: {', '.join(twice)}")
        return self


class Environment(BaseSettings):
    """What comes from the environment; an empty variable counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True)

    database_url: str = "sqlite:///var/tracker.db"
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    smtp_url: SecretStr | None = None
    tracker_secret_key: SecretStr | None = None
    port: int = Field(default=8000, ge=1, le=65535)


class Settings(_Section):
    """The settings of one process: the file, the environment, and where the file stands."""

    path: Path | None
    file: File
    env: Environment

    @property
    def public_url(self) -> str:
        """The address that links in messages start with, without a slash at the end."""
        return (self.file.web.public_url or f"http://127.0.0.1:{self.env.port}").rstrip("/")


def load_settings(path: Path | None = None) -> Settings:
    """Load `path`, else the file that TRACKER_CONFIG names, else ./config.toml where there is one."""
    chosen = path or (Path(os.environ["TRACKER_CONFIG"]) if os.environ.get("TRACKER_CONFIG") else None)
    if chosen is None and Path("config.toml").exists():
        chosen = Path("config.toml")
    return Settings(path=chosen, file=_load_file(chosen), env=_load_environment())


def _load_file(path: Path | None) -> File:
    if path is None:
        return File()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    _refuse_secrets(path, table)
    try:
        return File.model_validate(table)
    except ValidationError as error:
        raise ConfigError(_explain(str(path), error)) from error


def _load_environment() -> Environment:
    try:
        return Environment()
    except ValidationError as error:
        raise ConfigError(_explain("environment", error)) from error


def _refuse_secrets(path: Path, table: dict[str, Any], prefix: str = "") -> None:
    for key, value in table.items():
        if key.lower() in _SECRETS:
            raise ConfigError(f"{path}: {prefix}{key}: a secret must not stand in a file; "
                              f"expected the environment variable {key.upper()}")  # fmt: skip
        if isinstance(value, dict):
            _refuse_secrets(path, value, f"{prefix}{key}.")


def _explain(where: str, error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False):
        key = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in problem["loc"]).lstrip(".")
        expected = "expected no such key" if problem["type"] == "extra_forbidden" else problem["msg"]
        shown = "" if where == "environment" else f" (found {_short(problem['input'])})"
        lines.append(f"{where}: {key.upper() if where == 'environment' else key or 'file'}: {expected}{shown}")
    return "\n".join(lines)


def _short(value: object, limit: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
