"""Which declared services an event touches, through what, and where."""

from dataclasses import replace

import pytest

from tests.making import make_quote
from tests.notify.stories import make_event
from tests.weighing.standing import service
from tracker.types import EntityKind, Event, EventType, Modality, Named, Said, UserClass
from tracker.weighing.exposure import Service, Stack, affected

US, CN, KR, IT = (("country/" + code, code, "country") for code in ("US", "CN", "KR", "IT"))
CLAUDE = ("model/claude", "Claude", "model")
OPUS = ("model/claude-opus-4-1", "Claude Opus 4.1", "model")
UNSEEN = ("model/claude-opus-9-9", "Claude Opus 9.9", "model")
QWEN = ("model/qwen", "Qwen", "model")
H20 = ("chip/h20", "H20", "chip")
ANTHROPIC = ("company/anthropic", "Anthropic", "company")
NVIDIA = ("company/nvidia", "Nvidia", "company")
ZHIPU = ("company/zhipu-ai", "Zhipu AI", "company")
Names = tuple[tuple[str, str, str], ...]


def event(
    *, by: Names = (), hits: Names = (), named: Names = (), users: UserClass | None = None,
    type_: EventType = EventType.RESTRICTION, modality: Modality = Modality.ACT,
) -> Event:  # fmt: skip
    entities = tuple(
        Named(entity_id=entity_id, name=name, kind=EntityKind(kind), role=role)
        for role, names in (("actor", by), ("target", hits), ("named", named))
        for entity_id, name, kind in names
    )
    base = make_event(1, type_, modality=modality)
    witness = base.witnesses[0]
    said = Said(value=users, quote=make_quote("users")) if users else None
    report = replace(witness.report, type=type_, modality=modality, user_class=said)
    return replace(base, entities=entities, witnesses=(replace(witness, report=report),))


def told(what: Event, *services: Service) -> list[str]:
    return [str(one) for one in affected(what, Stack(services=services))]


BOT = service("Support bot", "model/claude", countries=("KR", "US"))


@pytest.mark.parametrize("hit", [CLAUDE, OPUS, UNSEEN, ANTHROPIC], ids=lambda hit: hit[1])
def test_a_family_its_members_seen_or_not_and_its_maker_touch_what_uses_it(hit: tuple[str, str, str]) -> None:
    cut = event(by=(US,), hits=(hit,), users=UserClass.FOREIGN_NATIONALS)
    assert told(cut, BOT) == ["Support bot: Claude in KR"]


def test_what_a_family_suffers_touches_what_uses_one_version() -> None:
    pinned = service("Search", "model/claude-opus-4-1")
    assert told(event(hits=(CLAUDE,)), pinned) == ["Search: Claude Opus 4.1"]


def test_another_model_of_the_maker_is_no_concern_of_who_says_what_it_uses() -> None:
    assert told(event(hits=(QWEN,)), BOT) == []
    pinned = service("Search", "model/claude-opus-4-1", "company/anthropic")
    other = ("model/claude-haiku-4-5", "Claude Haiku 4.5", "model")
    assert told(event(hits=(other, ANTHROPIC)), service("Search", "model/claude-opus-4-1")) == []
    assert told(event(hits=(other,)), pinned) == []


def test_a_vendor_alone_stands_for_all_that_it_makes() -> None:
    farm = service("Training", "company/nvidia", countries=("CN", "DE"))
    assert told(event(by=(US,), hits=(CN,), named=(H20,)), farm) == ["Training: Nvidia in CN"]


@pytest.mark.parametrize(
    ("what", "countries"),
    [
        (event(by=(US,), hits=(CLAUDE, KR)), "KR"),
        (event(by=(US,), hits=(CLAUDE,)), "KR, IT"),
        (event(by=(US,), hits=(CLAUDE,), users=UserClass.EVERYONE), "KR, US, IT"),
        (event(by=(US,), hits=(CLAUDE, CN), users=UserClass.FOREIGN_NATIONALS), ""),
        (event(by=(IT,), hits=(CLAUDE,)), "IT"),
        (event(hits=(CLAUDE,)), "KR, US, IT"),
        (event(by=(US,), hits=(CLAUDE, ("country/EU", "EU", "country"))), "IT"),
        (event(by=(US,), hits=(CLAUDE,), users=UserClass.US_PERSONS), "US"),
    ],
    ids=["named", "kept at home", "everyone", "elsewhere", "kept out", "unknown", "a union", "at home"],
)
def test_where_a_control_bites(what: Event, countries: str) -> None:
    found = told(what, service("Bot", "model/claude", countries=("KR", "US", "IT")))
    assert found == ([f"Bot: Claude in {countries}"] if countries else [])


def test_a_control_of_the_military_touches_nobody_else_but_a_listing_touches_who_buys_from_the_listed() -> None:
    military = event(by=(US,), hits=(CLAUDE,), users=UserClass.MILITARY_END_USERS)
    assert told(military, BOT) == []
    listed = event(by=(US,), hits=(ZHIPU, CN), type_=EventType.LISTING, users=UserClass.LISTED_ENTITIES)
    assert told(listed, service("Ranking", "company/zhipu-ai")) == ["Ranking: Zhipu AI"]


@pytest.mark.parametrize("type_", [EventType.MARKET_REACTION, EventType.ADOPTION, EventType.ANALYSIS])
def test_what_controls_nothing_touches_nobody(type_: EventType) -> None:
    assert told(event(hits=(CLAUDE,), type_=type_), BOT) == []
    assert told(event(hits=(CLAUDE,), modality=Modality.DENIAL), BOT) == []
    assert told(event(hits=(CLAUDE,))) == []
