"""What may be set: the tables of config.toml and exposure.toml, and the variables of the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tracker.config.habits import QUIET, ZONE, parse_quiet, parse_zone
from tracker.times import DURATION, parse_duration
from tracker.types import ChannelKind, Gathering, Habits, QuietHours, Source, Tier

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
Quiet = Annotated[QuietHours | None, BeforeValidator(parse_quiet), Field(description=QUIET)]
Zone = Annotated[str, AfterValidator(parse_zone), Field(description=ZONE)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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


class SubscriptionSettings(_Section):
    """One `[[subscriptions]]` table: `slack` or `email`, a filter (empty: every relevant story), and when to tell."""

    slack: str | None = Field(default=None, min_length=1, description='a channel or user such as "C0123"')
    email: str | None = Field(default=None, pattern=_MAIL_ADDRESS, description='an address such as "name@example.org"')
    filter: str = ""
    gather: Gathering = Gathering.AT_ONCE
    zone: Zone = "UTC"
    quiet: Quiet = None
    minimum_age: Pause = timedelta()

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

    @property
    def habits(self) -> Habits:
        return Habits(gathering=self.gather, zone=self.zone, quiet=self.quiet, minimum_age=self.minimum_age)


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


class SlackSettings(_Section):
    """`[slack]`: what becomes of messages that may have arrived, are too old or too many; who may correct events."""

    delivery: Literal["exactly_once", "at_least_once", "at_most_once"] = "exactly_once"
    maximum_age: Duration = timedelta(days=3)
    burst: int = Field(default=10, ge=1, description="a number of messages, at least 1")
    burst_within: Duration = timedelta(minutes=10)
    editors: list[Text] = Field(default_factory=list, description='ids of Slack users such as "U012AB3CD"')


class WebSettings(_Section):
    """`[web]`: where pages are served, the address that messages link to, and whether editors may sign in."""

    host: Text = "127.0.0.1"
    public_url: str | None = Field(
        default=None, pattern=r"^https?://\S+$", description='an address such as "https://tracker.example.org"'
    )
    editors: bool = Field(default=False, description="true or false")


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


# Scheme, host (an IPv6 address in brackets), port, path.  A password in it would stand in a file.
_BASE = r"^https?://(\[[0-9a-fA-F:.]+\]|[^\s/?#@\[\]:]+)(:[0-9]{1,5})?(/[^\s?#]*)?$"


class UnderstandSettings(_Section):
    """`[understand]`: a language model that reads relevant articles a second time; none where `llm` is not set."""

    llm: str | None = Field(
        default=None, pattern=r"^(openai|anthropic):\S+$", description='"openai:" or "anthropic:" and a model\'s name'
    )
    llm_url: str | None = Field(
        default=None,
        pattern=_BASE,
        description='an address without user and password such as "http://127.0.0.1:11434/v1"',
    )
    llm_calls_a_day: int = Field(default=200, ge=1, description="a number of calls, at least 1")
    llm_tokens_a_day: int = Field(default=1_000_000, ge=1, description="a number of tokens, at least 1")
    llm_timeout: Duration = Field(
        default=timedelta(seconds=30), le=timedelta(minutes=1), description='a duration such as "30s", at most "1m"'
    )


class RunSettings(_Section):
    """`[run]`: how often `tracker run` looks for what is due."""

    tick: Duration = timedelta(seconds=30)


class File(_Section):
    """config.toml as a whole."""

    collect: CollectSettings = CollectSettings()
    digest: DigestSettings = DigestSettings()
    operators: OperatorsSettings = OperatorsSettings()
    slack: SlackSettings = SlackSettings()
    web: WebSettings = WebSettings()
    exposure: ExposureSettings = ExposureSettings()
    understand: UnderstandSettings = UnderstandSettings()
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
    llm_api_key: SecretStr | None = None
    port: int = Field(default=8000, ge=1, le=65535, description="a port from 1 to 65535")


class Settings(_Section):
    """The settings of one process: the file, the environment, where the file stands, and what is exposed."""

    path: Path | None
    file: File
    env: Environment
    exposure: Exposure = Exposure()

    @property
    def lacks_llm_key(self) -> bool:
        """Whether the second reader is a vendor's, and there is no key for it."""
        reader = self.file.understand
        return bool(reader.llm) and not (reader.llm_url or self.env.llm_api_key)

    @property
    def public_url(self) -> str:
        """The address that links in messages start with, without a slash at the end."""
        return (self.file.web.public_url or f"http://127.0.0.1:{self.env.port}").rstrip("/")
