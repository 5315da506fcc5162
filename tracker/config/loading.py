"""Load the settings from config.toml and the environment.

Secrets come from the environment only.  Whatever is wrong is a ConfigError that names the file, the key and
what was expected.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tracker.config.explaining import expected, explain_key, explain_option, explain_variable
from tracker.config.sections import Environment, Exposure, File, Settings, SourceSettings, SubscriptionSettings
from tracker.errors import ConfigError, InputError
from tracker.types import Source

_SECRETS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "smtp_url", "tracker_secret_key",
            "database_url", "llm_api_key")  # fmt: skip

_M = TypeVar("_M", bound=BaseModel)


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
        raise ConfigError("\n".join(explain_key(path, problem, model) for problem in error.errors())) from error


def _load_environment() -> Environment:
    try:
        return Environment()
    except ValidationError as error:
        raise ConfigError("\n".join(explain_variable(problem, Environment) for problem in error.errors())) from error


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


def parse_source(fields: Mapping[str, object]) -> Source:
    """Check a source that a person asked for as one in the file is checked; raise an InputError."""
    try:
        return SourceSettings.model_validate(fields).as_source()
    except ValidationError as error:
        told = (f"{problem['loc'][0]}: {expected(problem, SourceSettings)}" for problem in error.errors())
        raise InputError("; ".join(told)) from error


def parse_subscription(**given: object) -> SubscriptionSettings:
    """Check a subscription that a person asked for as one in the file is checked; raise an InputError."""
    try:
        return SubscriptionSettings.model_validate(given)
    except ValidationError as error:
        told = (explain_option(problem, SubscriptionSettings) for problem in error.errors())
        raise InputError("; ".join(told)) from error
