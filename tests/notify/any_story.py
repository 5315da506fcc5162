"""Stories of every size and with any outside text in them, for Hypothesis."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from tests.making import NOW, make_quote
from tests.notify.stories import entity_id, make_event, make_story
from tracker.types import (
    DateRole,
    EntityKind,
    Event,
    EventType,
    Modality,
    Named,
    Precision,
    Report,
    ReportDate,
    ResolvedDate,
    Story,
    Tier,
    Witness,
)

HOSTILE = ("<!channel>", "<@U123>", "<#C1|x>", "<!subteam^S1>", "*b* `c` _i_ ~s~ ```", "\u202eevil\u2066", "a&b<c>", "\ud800", "")  # fmt: skip
outside = st.one_of(
    st.text(max_size=60),
    st.sampled_from(HOSTILE),
    st.builds(
        lambda one, times: one * times,
        st.sampled_from(["x", "字", "word ", "&", "\N{GRINNING FACE}"]),
        st.integers(0, 5000),
    ),
)
_addresses = outside | st.builds("https://press.example/{}".format, st.integers(1, 99)) | st.just("https://a.example/" + "x" * 4000)  # fmt: skip
_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_dates = st.builds(
    lambda day, precision: ResolvedDate(first=day, last=day, precision=precision), _days, st.sampled_from(Precision)
)
_named = st.builds(
    lambda kind, name, role: Named(entity_id=entity_id(name, kind), kind=kind, name=name, role=role),
    st.sampled_from(EntityKind),
    outside,
    st.sampled_from(["actor", "target", "named"]),
)
_report_dates = st.builds(
    lambda role, day, said: ReportDate(role=role, date=day, quote=make_quote(said)),
    st.sampled_from(DateRole),
    _dates,
    outside,
)
_reports = st.builds(
    lambda type_, modality, said, dates: Report(
        type=type_, modality=modality, cue=make_quote(said[:5]), sentence=make_quote(said), dates=tuple(dates)
    ),
    st.sampled_from(EventType),
    st.sampled_from(Modality),
    outside,
    st.lists(_report_dates, max_size=4),
)
_witnesses = st.builds(
    lambda number, title, url, source, tier, published, report: Witness(
        report_id=number, article_id=number, title=title, url=url, source=source, family=source, tier=tier,
        published_at=published, fetched_at=NOW, report=report,
    ),
    st.integers(1, 99), outside, _addresses, outside, st.sampled_from(Tier), st.none() | st.just(NOW), _reports,
)  # fmt: skip


events = st.builds(
    replace,
    st.builds(make_event, st.integers(1, 9), st.sampled_from(EventType), modality=st.sampled_from(Modality)),
    headline=outside,
    date=st.none() | _dates,
    entities=st.lists(_named, max_size=12).map(tuple),
    witnesses=st.lists(_witnesses, max_size=5).map(tuple),
)


def _story(told: list[Event], copies: int, title: str) -> Story:
    return make_story(*(replace(event, id=n + 1) for n, event in enumerate(told * copies)), title=title)


stories = st.builds(_story, st.lists(events, max_size=6), st.sampled_from([1, 1, 2, 20]), outside)
