"""Notice and list side by side: what is open, and for how long."""

from datetime import date

import pytest

from tracker.relate.notices import NoticeName, Verb
from tracker.relate.reconciling import Finding, Gap, Listed, Notice, reconcile, same_name

TODAY, FIRST = date(2026, 6, 30), date(2026, 4, 1)


def notice(
    *names: str, number: int = 1, verb: Verb = Verb.ADDS, day: date = date(2026, 6, 10), pages: str = ""
) -> Notice:
    named = tuple(NoticeName(verb, name) for name in names)
    return Notice(
        article_id=number, title="t", published_on=day, effective_on=None, pages=frozenset({pages}), names=named
    )


def listed(name: str, *others: str, since: date | None = date(2026, 6, 12), pages: str = "91 FR 1") -> Listed:
    return Listed(name=name, others=others, list_name="Entity List", since=since, pages=frozenset({pages}))


def found(notices: list[Notice], parties: list[Listed]) -> list[Finding]:
    return reconcile(notices, parties, first=FIRST, today=TODAY)


def told(notices: list[Notice], parties: list[Listed]) -> list[tuple[str, Gap, int]]:
    return [(one.name, one.gap, one.days) for one in found(notices, parties)]


def test_a_name_that_is_not_listed_yet_is_open_since_its_notice() -> None:
    assert told([notice("Lantern Labs", "Orinoco")], [listed("ORINOCO, LTD.")]) == [
        ("Lantern Labs", Gap.NOT_LISTED, 20)
    ]


def test_a_party_that_no_notice_names_is_open_since_it_was_listed() -> None:
    assert told([], [listed("Orinoco")]) == [("Orinoco", Gap.NOT_ANNOUNCED, 18)]
    assert told([notice(pages="91 FR 1")], [listed("Orinoco")]) == []
    assert told([notice("Delta Photonics")], [listed("Orinoco", "Delta Photonics Inc")]) == []
    assert told([], [listed("Orinoco", since=date(2020, 1, 1)), listed("Meridian", since=None)]) == []


def test_a_removal_that_the_list_has_not_followed_is_open_too() -> None:
    (open_one,) = found([notice("Orinoco", verb=Verb.REMOVES)], [listed("Orinoco", since=date(2020, 1, 1))])
    assert (open_one.gap, open_one.days) == (Gap.STILL_LISTED, 20)
    assert told([notice("Orinoco", verb=Verb.REMOVES)], []) == []


def test_the_latest_notice_counts_and_one_for_a_later_day_is_not_open_yet() -> None:
    added, removed = notice("Orinoco"), notice("Orinoco", number=2, verb=Verb.REMOVES, day=date(2026, 6, 20))
    assert told([removed, added], []) == []
    later = Notice(article_id=3, title="t", published_on=date(2026, 6, 29), effective_on=date(2026, 7, 15),
                   pages=frozenset(), names=(NoticeName(Verb.ADDS, "Lantern"),))  # fmt: skip
    assert told([later], []) == []


def test_what_is_open_the_longest_comes_first() -> None:
    notices = [notice("B", day=date(2026, 6, 20)), notice("A", number=2, day=date(2026, 6, 1))]
    assert [name for name, _, _ in told(notices, [])] == ["A", "B"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lantern Labs Co., Ltd.", "LANTERN LABS COMPANY LIMITED"),
        ("Électro-Optique S.A.", "Electro Optique SA"),
        ("The Orinoco Corp", "Orinoco"),
        ("Limited", "limited"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert same_name(one) == same_name(other) != ""


def test_different_names_stay_apart() -> None:
    assert same_name("Lantern Labs") != same_name("Lantern Microelectronics")
