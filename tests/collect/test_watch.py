"""When the operators hear of a source, and how often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.collect.health import Condition
from tracker.collect.watch import Telling, tellings, to_tell, watched
from tracker.types import PollState, Source

NOW = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
SOURCE = Source(name="News", kind="feed", url="https://example.org/feed", family="news")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Newsstand:
    """Sources that are looked at by hand; `told` lists what the operators heard and when."""

    def __init__(self, *names: str) -> None:
        self.now = NOW
        self.states = dict.fromkeys(range(len(names)), PollState())
        self.sources = [replace(SOURCE, name=name) for name in names]
        self.told: list[dict[str, Condition]] = []

    def look(self, number: int = 0, *, works: bool) -> None:
        before = self.states[number]
        answer = replace(before, succeeded_at=self.now, newest_entry_at=self.now, failures=0, error=None)
        failure = replace(before, failures=before.failures + 1, error="HTTP 503")
        state = replace(answer if works else failure, polled_at=self.now)
        self.states[number] = watched(self.sources[number], state, now=self.now)

    def tell(self) -> dict[str, Condition]:
        new = to_tell({n: (self.sources[n], state) for n, state in self.states.items()}, now=self.now)
        heard = {}
        for number, told in new.items():
            self.states[number] = replace(self.states[number], told=told)
            heard[self.sources[number].name] = tellings(self.states[number])[-1].condition
        self.told += [heard] if heard else []
        return heard

    def run(self, looks: str, *, every: timedelta = 10 * MINUTE) -> None:
        """Look once for each letter, "+" for one that works and "-" for one that does not, and tell after each."""
        for sign in looks:
            self.look(works=sign == "+")
            self.tell()
            self.now += every


def test_a_source_that_stays_bad_is_told_once_and_once_when_it_is_well_again() -> None:
    stand = Newsstand("A")
    stand.run("+++" + "-" * 30 + "+" * 30)
    assert stand.told == [{"A": "failing"}, {"A": "ok"}]


def test_what_lasts_less_than_three_looks_is_not_told() -> None:
    stand = Newsstand("A")
    stand.run("--+-+--+" * 10)
    assert stand.told == []


def test_what_flaps_after_it_was_told_is_not_told_again() -> None:
    stand = Newsstand("A")
    stand.run("---" + "+--++-" * 20)
    assert stand.told == [{"A": "failing"}]


def test_a_source_that_is_asked_rarely_is_told_after_a_day() -> None:
    stand = Newsstand("A")
    stand.look(works=False)
    stand.now += DAY - MINUTE
    assert stand.tell() == {}
    stand.now += MINUTE
    assert stand.tell() == {"A": "failing"}


def test_what_turns_bad_together_is_told_together() -> None:
    stand = Newsstand(*"ABCDEFGH")
    for looks in range(3):
        for number in range(8):
            if looks < 2 or number == 0:
                stand.look(number, works=False)
    assert list(stand.tell()) == list("ABCDEFGH")
    assert stand.tell() == {}


def test_what_turns_bad_soon_after_waits_for_the_next_hour() -> None:
    stand = Newsstand(*"ABC")
    for number, after in ((0, 0), (1, 10), (2, 20)):
        stand.now = NOW + after * MINUTE
        for _ in range(3):
            stand.look(number, works=False)
        stand.tell()
    stand.now = NOW + HOUR
    stand.tell()
    assert [list(told) for told in stand.told] == [["A"], ["B", "C"]]


def test_a_source_that_becomes_stale_is_told_with_its_words() -> None:
    source = replace(SOURCE, name="Old")
    state = PollState(polled_at=NOW, succeeded_at=NOW, newest_entry_at=NOW - 107 * DAY)
    for _ in range(3):
        state = watched(source, state, now=NOW)
    (told,) = to_tell({7: (source, state)}, now=NOW).values()
    assert tellings(replace(state, told=told)) == (
        Telling(at=NOW, condition=Condition.STALE, words="nothing new since 3 March 2026"),
    )


def test_a_source_that_recovered_while_it_was_told_bad_is_made_good() -> None:
    stand = Newsstand("A")
    stand.run("---")
    stand.states[0] = replace(stand.states[0], failures=0, error=None, newest_entry_at=stand.now, unwell=None)
    stand.now += HOUR
    assert stand.tell() == {"A": "ok"}


def test_a_source_whose_address_was_corrected_is_well_when_it_has_answered() -> None:
    stand = Newsstand("A")
    stand.run("---")
    stand.states[0] = PollState(told=stand.states[0].told)
    stand.now += HOUR
    assert stand.tell() == {}
    stand.run("+++", every=HOUR)
    assert stand.told == [{"A": "failing"}, {"A": "ok"}]


@given(st.text(alphabet="+-", max_size=200), st.sampled_from([MINUTE, HOUR, 6 * HOUR]))
def test_good_and_bad_news_of_a_source_take_turns(looks: str, every: timedelta) -> None:
    stand = Newsstand("A")
    stand.run(looks, every=every)
    assert [told["A"].is_bad for told in stand.told] == [number % 2 == 0 for number in range(len(stand.told))]
    assert len(stand.told) * 3 <= len(looks)


@given(st.text(alphabet="+-", max_size=50))
def test_a_source_that_goes_on_well_is_watched_no_longer(looks: str) -> None:
    stand = Newsstand("A")
    stand.run(looks + "+" * 20)
    assert stand.states[0].unwell is None
