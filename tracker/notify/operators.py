"""What the operators hear of sources that turned bad, or are well again.  Pure."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from importlib.resources import files

from tracker import words
from tracker.errors import SendError
from tracker.notify.blocks import Block, Spans, bold, bullets, fallback, header, lines, link, rich, small, text
from tracker.notify.message import Message
from tracker.telling.text import clean, cut, listed, wrap

# Within the 13,000 characters at which Slack answers msg_blocks_too_long.
_SHOWN = 12
_NAME_CHARS, _WORDS_CHARS, _URL_CHARS = 60, 180, 200
# Where more than this share of all sources fails at once, the fault is hardly theirs.
_MOST = 0.5
_VERBS = {
    "failing": ("fails", "fail"),
    "retired": ("is gone for good", "are gone for good"),
    "empty": ("lists nothing", "list nothing"),
    "stale": ("has nothing new", "have nothing new"),
    "off topic": ("writes of other things", "write of other things"),
    "ok": ("works again", "work again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNews:
    """A source, the condition that it has come into ("failing", "ok"), and its figures in words."""

    name: str
    url: str
    condition: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All that is told at one time; `sources` is how many there are in all."""

    told: Sequence[SourceNews]
    sources: int
    at: datetime
    public_url: str


def news_message(news: News) -> Message:
    """Write the news as a Slack message."""
    bad, well, title = *_split(news), _title(news)
    blocks: list[Block] = [header(title)]
    if bad:
        rows: list[Spans] = [[_link(one), text(f": {_words(one)}")] for one in bad[:_SHOWN]]
        blocks.append(rich(bullets([*rows, *([text(said)] for said in _more(bad))])))
        blocks.append(rich(lines([[bold("What to do")]]), bullets([[text(said)] for said in _advice(news)])))
    if well:
        blocks.append(rich(lines([[bold("Well again: "), text(_names(well))]])))
    blocks.append(small([_closing(news)]))
    blocks.append(rich(lines([[link("The state of all sources", f"{news.public_url}/sources")]])))
    return Message(text=fallback(title), blocks=tuple(blocks))


def news_mail(news: News, *, sender: str, recipient: str) -> EmailMessage:
    """Write the news as a mail in plain text.  An address that is none is a SendError."""
    mail = EmailMessage()
    mail["Subject"] = _title(news)
    try:
        mail["From"], mail["To"] = sender, recipient
    except (ValueError, IndexError, AttributeError) as error:  # the last two: email's parser on "a@" and "a@["
        raise SendError(f"no mail from {sender!r} to {recipient!r}: {error}", outcome="refused") from error
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices do not answer it
    mail.set_content("\n\n".join(_paragraphs(news)) + "\n", cte="quoted-printable")
    return mail


def _title(news: News) -> str:
    """Say what has happened: "12 of 13 sources fail", "Northern Wire works again"."""
    bad, well = _split(news)
    if not bad:
        return _subject(well, news, "ok")
    said = _subject(bad, news, bad[0].condition if len({one.condition for one in bad}) == 1 else "several")
    return f"{said}, {len(well):,} {_VERBS['ok'][len(well) > 1]}" if well else said


def _subject(told: Sequence[SourceNews], news: News, condition: str) -> str:
    one, many = _VERBS.get(condition, ("needs a look", "need a look"))
    if len(told) == 1:
        return f"{_name(told[0])} {one}"
    return f"{len(told):,} of {news.sources:,} sources {many}"


def _split(news: News) -> tuple[list[SourceNews], list[SourceNews]]:
    return [n for n in news.told if n.condition != "ok"], [n for n in news.told if n.condition == "ok"]


def _paragraphs(news: News) -> Iterator[str]:
    bad, well = _split(news)
    yield wrap(f"{_title(news)}.")
    if bad:
        rows = [f"{_bullet(f'{_name(one)}: {_words(one)}')}\n  {clean(one.url)}" for one in bad[:_SHOWN]]
        yield "\n".join([*rows, *map(_bullet, _more(bad))])
        yield "\n".join(["What to do:", *map(_bullet, _advice(news))])
    if well:
        yield wrap(f"Well again: {_names(well)}.")
    yield wrap(_closing(news))
    yield f"The state of all sources: {news.public_url}/sources"


def _bullet(said: str) -> str:
    return wrap(said, indent=2, first="- ")


def _link(one: SourceNews) -> Block:
    return link(_name(one), one.url if len(one.url) <= _URL_CHARS else "")


def _name(one: SourceNews) -> str:
    return cut(clean(one.name), _NAME_CHARS)


def _names(told: Sequence[SourceNews]) -> str:
    return listed([one.name for one in told], shown=_SHOWN, limit=_NAME_CHARS)


def _words(one: SourceNews) -> str:
    return cut(clean(one.words), _WORDS_CHARS)


def _more(told: Sequence[SourceNews]) -> list[str]:
    return [f"and {words.count(len(told) - _SHOWN, 'more source')}"] if len(told) > _SHOWN else []


def _advice(news: News) -> list[str]:
    conditions = [one.condition for one in _split(news)[0]]
    if conditions.count("failing") > max(1, _MOST * news.sources):
        return [_advices()["network"]]
    return [_advices()[condition] for condition in dict.fromkeys(conditions)]


def _closing(news: News) -> str:
    return (
        f"As of {words.minute(news.at)}. "
        "Each source is named once when it has turned bad, and once when it is well again."
    )


@cache
def _advices() -> dict[str, str]:
    return tomllib.loads(files("tracker.notify").joinpath("operators.toml").read_text(encoding="utf-8"))
