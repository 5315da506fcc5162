"""How many independent voices say so; copies and translations are one voice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tracker.types import Corroboration, Event, EventType, Modality, Part, Tier, Voice, Witness

_TIERS = tuple(Tier)


def corroborate(voices: Iterable[Voice]) -> Corroboration:
    """Count what speaks.

    An article and its copies are one voice, which is that of whoever stands closest to the facts: a ministry's notice
    that a paper prints is the ministry's.  What one family says in several languages is one voice too.
    """
    once = {voice.article_id: voice for voice in voices}
    groups: dict[int, list[Voice]] = {}
    for voice in sorted(once.values(), key=lambda voice: voice.article_id):
        groups.setdefault(voice.copy_of or voice.article_id, []).append(voice)
    speaking = [min(group, key=_closeness) for group in groups.values()]
    first = {voice.family: voice.language for voice in reversed(speaking)}
    return Corroboration(
        reports=len(once),
        copies=len(once) - len(speaking),
        translations=sum(voice.language != first[voice.family] for voice in speaking),
        families=tuple(dict.fromkeys(voice.family for voice in speaking)),
        languages=tuple(dict.fromkeys(voice.language for voice in speaking)),
        tiers=dict(Counter(voice.tier for voice in speaking)),
    )


def corroborate_event(event: Event) -> Corroboration:
    """Count what speaks for one event: the articles of its witnesses, and what copies them."""
    return corroborate(voice for witness in event.witnesses for voice in _voices(witness))


def decisiveness(witness: Witness) -> tuple[int, bool, datetime, int]:
    """Order witnesses: the closest to the facts first, then those who say it in a title, then the earliest."""
    reported = witness.published_at or witness.fetched_at
    in_title = witness.report.sentence.part is Part.TITLE
    return _TIERS.index(witness.tier), not in_title, reported, witness.report_id


def decisive_witness(event: Event) -> Witness | None:
    """Return the witness to quote: its sentence is the headline of the event."""
    ordered = sorted(event.witnesses, key=decisiveness)
    return quoted_witness(ordered, event.type, event.modality) if ordered else None


def quoted_witness(ordered: Sequence[Witness], type_: EventType, modality: Modality) -> Witness:
    """Return the first of `ordered` who tells an event as it is displayed; the first of all where none does."""
    said = (w for w in ordered if (w.report.type, w.report.modality) == (type_, modality))
    return next(said, ordered[0])


def _voices(witness: Witness) -> Iterator[Voice]:
    yield Voice(
        article_id=witness.article_id, family=witness.family, tier=witness.tier, language=witness.language
    )  # fmt: skip
    yield from witness.copies


def _closeness(voice: Voice) -> tuple[int, bool, int]:
    return _TIERS.index(voice.tier), voice.copy_of is not None, voice.article_id
