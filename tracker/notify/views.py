"""What the buttons of an alert open: every quote with its link, and why the alert came.  Pure."""

from collections.abc import Iterator, Sequence

from tracker import telling, words
from tracker.notify.blocks import Block, Spans, bold, bullets, header, lines, rich, small, text, view
from tracker.notify.filters import Match
from tracker.notify.message import headline, quoted, rest
from tracker.telling.text import clean, cut
from tracker.types import Event, Score, Story
from tracker.weighing.corroboration import decisiveness
from tracker.weighing.severity import Standpoint, credibility, importance, severity

_LINE_CHARS, _WHY_CHARS = 180, 600
_NO_MATCH = "No event of the story matches the filter any more; the alert came from what was known when it was sent."


def evidence_view(story: Story, match: Match, *, public_url: str, standpoint: Standpoint) -> Block:
    """Show every quote that the story rests on, with its link: by event, the closest to the facts first."""
    told: list[Block] = [header(headline(story, telling.main_event(story, match.event_ids)))]
    told.append(small([f"{telling.corroboration(story.corroboration)}."]))
    for event in _ordered(story, match):
        told += [rich(lines([_title(event, standpoint)])), *_quotes(event)]
    return view("Evidence", told, rest(f"{public_url}/stories/{story.id}"))


def why_view(story: Story, match: Match | None, wanted: str, *, public_url: str, standpoint: Standpoint) -> Block:
    """Show which clauses of the filter `wanted` were met by which event, and of what its scores are made."""
    told: list[Block] = [header(headline(story, telling.main_event(story, match.event_ids if match else ())))]
    told.append(rich(lines([[bold("Filter: "), text(cut(clean(wanted) or "every relevant story", _WHY_CHARS))]])))
    if match is None:
        told.append(rich(lines([[text(_NO_MATCH)]])))
    else:
        met: list[Spans] = [[text(cut(clean(clause), _WHY_CHARS))] for clause in match.why]
        told.append(rich(lines([[bold("Clauses that were met")]]), bullets(met)))
    for event in _matched(story, match):
        rows: list[Spans] = [_title(event, standpoint), [text(cut(telling.gist(event, None), _LINE_CHARS))]]
        told.append(rich(lines(rows), bullets(list(_scores(event, standpoint)))))
    return view("Why me", told, rest(f"{public_url}/stories/{story.id}"))


def _ordered(story: Story, match: Match) -> list[Event]:
    main = telling.main_event(story, match.event_ids)
    return [*([main] if main else []), *telling.other_events(story, main)]


def _matched(story: Story, match: Match | None) -> Sequence[Event]:
    return [event for event in story.events if match and event.id in match.event_ids]


def _title(event: Event, standpoint: Standpoint) -> Spans:
    dates = " · ".join(cut(clean(one), _LINE_CHARS) for one in telling.stated_dates(event))
    return [bold(telling.staged(event, standpoint.today)), text(f" · {dates or 'no date stated'}")]


def _quotes(event: Event) -> Iterator[Block]:
    for witness in sorted(event.witnesses, key=decisiveness):
        yield quoted(witness, witness.report.sentence.text)


def _scores(event: Event, standpoint: Standpoint) -> Iterator[Spans]:
    scores = (
        ("Severity", severity(event, standpoint)),
        ("Importance", importance(event, standpoint)),
        ("Credibility", credibility(event)),
    )
    for name, score in scores:
        yield _score(name, score)


def _score(name: str, score: Score) -> Spans:
    return [bold(f"{name} "), text(cut(clean(words.parts(score)), _WHY_CHARS))]
