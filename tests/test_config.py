"""Settings: what is wrong is named with its file, its key and what was expected."""

from datetime import timedelta
from pathlib import Path

import pytest

from tracker.config import Settings, load_settings
from tracker.errors import ConfigError
from tracker.types import ChannelKind, Source, Tier

A_SOURCE = '[[sources]]\nname = "A"\nurl = "https://a.example/feed"\n'
LONG = "x" * 201
DURATION = 'expected a duration such as "90s", "15m", "6h" or "1d"'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def load(file: Path, text: str) -> Settings:
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def refusal(file: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(file, text)
    return str(refused.value)


def test_an_empty_file_means_the_defaults(file: Path) -> None:
    settings = load(file, "")
    assert settings.file.collect.timeout == timedelta(seconds=20)
    assert settings.file.sources == ()
    assert settings.env.database_url == "sqlite:///var/tracker.db"
    assert settings.public_url == "http://127.0.0.1:8000"


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().path is None


def test_a_source_of_the_file_is_a_source_with_its_family_and_rhythm(file: Path) -> None:
    (source,) = load(file, A_SOURCE + 'tier = "primary"\nevery = "1h"').file.sources
    assert source.as_source() == Source(
        name="A",
        kind="feed",
        url="https://a.example/feed",
        tier=Tier.PRIMARY,
        family="A",
        every=timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("line", "channel", "address"),
    [('slack = "C0123"', ChannelKind.SLACK, "C0123"), ('email = "a@example.org"', ChannelKind.EMAIL, "a@example.org")],
)
def test_a_subscription_has_one_channel(file: Path, line: str, channel: ChannelKind, address: str) -> None:
    (subscription,) = load(file, f"[[subscriptions]]\n{line}").file.subscriptions
    assert (subscription.channel, subscription.address, subscription.filter) == (channel, address, "")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("6 h", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
    ],
)
def test_a_duration_has_a_number_and_a_unit(file: Path, written: str, meant: timedelta) -> None:
    assert load(file, f'[run]\ntick = "{written}"').file.run.tick == meant


@pytest.mark.parametrize("written", ['"soon"', '"15"', "15", "true", '"0s"', '"-5m"', '"PT15M"', '"99999999999d"'])
def test_anything_else_is_no_duration(file: Path, written: str) -> None:
    assert refusal(file, f"[run]\ntick = {written}").startswith(f"{file}: run.tick: {DURATION} (found ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "colour = 1",
            "colour: there is no such key; expected one of collect, digest, operators, slack, web, exposure, understand, run,",
        ),
        ("[run]\nevery = 1", "run.every: there is no such key; expected one of tick (found 1)"),
        (A_SOURCE + "feed = 1", "sources[1].feed: there is no such key; expected one of name, kind, url,"),
        ('[collect]\nworkers = "many"', "collect.workers: expected a number from 1 to 64 (found 'many')"),
        ("[collect]\nworkers = 0", "collect.workers: expected a number from 1 to 64 (found 0)"),
        ('[digest]\nweekday = "monday"', "digest.weekday: expected 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun'"),
        ('[web]\npublic_url = "tracker"', 'web.public_url: expected an address such as "https://tracker.example.org"'),
        ('[collect]\nallow_private_hosts = ["http://a/"]', "collect.allow_private_hosts[1]: expected a list of hosts"),
        ('[sources]\nname = "A"', "sources: expected tables that start with [[sources]]"),
        ('[[sources]]\nname = "A"', "sources[1].url: expected this key, it is missing"),
        (A_SOURCE + 'tier = "gossip"', "sources[1].tier: expected 'primary', 'wire', 'press', 'trade' or 'blog'"),
        (A_SOURCE + 'country = "USA"', 'sources[1].country: expected a country code such as "US", or "EU"'),
        (A_SOURCE.replace('"A"', f'"{LONG}"'), "sources[1].name: expected a text of 1 to 200 characters (found 'xx"),
        (A_SOURCE + f'family = "{LONG}"', "sources[1].family: expected a text of 1 to 200 characters (found 'xxx"),
        (A_SOURCE + f'kind = "{LONG}"', "sources[1].kind: expected a kind of source, see docs/sources.md (found"),
        (A_SOURCE + f'language = "{LONG}"', 'sources[1].language: expected a language code such as "ko" (found'),
        (A_SOURCE + A_SOURCE, "expected every source name once; twice: A"),
        (
            '[[subscriptions]]\nfilter = "type:listing"',
            'subscriptions[1]: expected exactly one of slack (such as "C0123") and',
        ),
        ('[[subscriptions]]\nslack = "C1"\nemail = "a@b.c"', "subscriptions[1]: expected exactly one of slack ("),
        ('[[subscriptions]]\nslack = ""', 'subscriptions[1].slack: expected a channel or user such as "C0123"'),
        ('[[subscriptions]]\nemail = "me"', "subscriptions[1].email: expected an address such as"),
        ('[[subscriptions]]\nemail = "x@["', "subscriptions[1].email: expected an address such as"),
        ('[understand]\nllm = "gpt-5"', 'understand.llm: expected "openai:" or "anthropic:" and a model'),
        ('[understand]\nllm_url = "http://[a"', "understand.llm_url: expected an address without user and password"),
        ('[understand]\nllm_url = "http://"', "understand.llm_url: expected an address without user and password"),
        (
            '[understand]\nllm_url = "http://a:b@c/"',
            "understand.llm_url: expected an address without user and password",
        ),
        ('[understand]\nllm_timeout = "2m"', 'understand.llm_timeout: expected a duration such as "30s", at most "1m"'),
        ("a = = 1", "not valid TOML: "),
    ],
)
def test_what_is_wrong_is_named_with_what_was_expected(file: Path, text: str, said: str) -> None:
    assert refusal(file, text).startswith(f"{file}: {said}")


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    said = refusal(file, "[run]\ntick = 1\n[digest]\nhour = 24")
    assert [line.split(": ")[1] for line in said.splitlines()] == ["digest.hour", "run.tick"]


@pytest.mark.parametrize(
    ("text", "key", "variable"),
    [
        ('slack_bot_token = "s3cret"', "slack_bot_token", "SLACK_BOT_TOKEN"),
        ('[digest]\nsmtp_url = "s3cret"', "digest.smtp_url", "SMTP_URL"),
        ('[understand]\nllm_api_key = "s3cret"', "understand.llm_api_key", "LLM_API_KEY"),
        ('[[subscriptions]]\nslack_app_token = "s3cret"', "subscriptions[1].slack_app_token", "SLACK_APP_TOKEN"),
        ('DATABASE_URL = "s3cret"', "DATABASE_URL", "DATABASE_URL"),
        ('[web]\ntracker_secret_key = "s3cret"', "web.tracker_secret_key", "TRACKER_SECRET_KEY"),
        ('slack_signing_secret = "s3cret"', "slack_signing_secret", "SLACK_SIGNING_SECRET"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(file: Path, text: str, key: str, variable: str) -> None:
    said = refusal(file, text)
    assert said == f"{file}: {key}: a secret must not stand in a file; expected the environment variable {variable}"


def test_tracker_config_names_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('[run]\ntick = "5m"', encoding="utf-8")
    monkeypatch.setenv("TRACKER_CONFIG", str(file))
    assert load_settings().file.run.tick == timedelta(minutes=5)


def test_a_file_that_is_not_there_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_CONFIG", str(file))
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory") as refused:
        load_settings()
    assert str(refused.value).startswith(f"{file}: ")


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_wrong_port_is_named_with_its_variable(file: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    assert refusal(file, "") == "environment: PORT: expected a port from 1 to 65535"


def test_an_empty_variable_counts_as_unset(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    env = load(file, "").env
    assert (env.port, env.slack_bot_token) == (8000, None)


def test_settings_can_be_printed_without_their_secrets(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-s3cret")
    monkeypatch.setenv("SMTP_URL", "smtp://me:s3cret@mail.example")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:s3cret@db.example/tracker")
    assert "s3cret" not in repr(load(file, ""))
