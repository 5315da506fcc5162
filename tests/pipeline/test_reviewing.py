"""A person's words are made into verdicts and labels, or refused in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.making import make_article, make_date, make_mention, make_quote, make_report
from tracker.errors import InputError
from tracker.knowledge import load
from tracker.pipeline.labelling import draft_labels, read_labels
from tracker.pipeline.reviewing import read_verdict
from tracker.store.reviews import Reviewed
from tracker.types import EntityKind, EventType, Labels, Modality, Report, Review, Verdict

NVIDIA = make_mention("Nvidia", EntityKind.COMPANY)
ORINOCO = replace(make_mention("Orinoco Labs", EntityKind.COMPANY), known=False)
CN = replace(make_mention("China", EntityKind.COUNTRY), entity_id="country/CN")
BIS = replace(
    make_mention("Bureau of Industry and Security", EntityKind.AGENCY),
    entity_id="agency/us-bis",
    quote=make_quote("BIS"),
)
BAN = replace(
    make_report(day=date(2026, 6, 13)), actors=(BIS,), targets=(NVIDIA,), dates=(make_date(date(2026, 6, 13)),)
)
RELEASE = replace(make_report(EventType.MODEL_RELEASE, day=None), actors=(ORINOCO,), targets=())
EARLIER = replace(make_report(modality=Modality.BACKGROUND, day=None), actors=(), targets=(CN,))


def reviewed(*verdicts: Verdict, reports: tuple[Report, ...] = (BAN, RELEASE, EARLIER)) -> Reviewed:
    article = make_article(7, title="US bars Nvidia chips", text="BIS barred Nvidia from China. Orinoco Labs …")
    reviews = {
        place: Review(
            article_id=7, position=place, report=reports[place], verdict=verdict, by="mira", at=article.fetched_at
        )
        for place, verdict in enumerate(verdicts)
    }
    return Reviewed(
        article=article,
        relevance=0.9,
        mentions=(BIS, NVIDIA, ORINOCO, CN),
        reports=dict(enumerate(reports)),
        reviews=reviews,
    )


def verdict(*parts: tuple[str, str]) -> Verdict:
    return read_verdict(parts, reviewed(), load())


def test_right_and_no_event_are_verdicts() -> None:
    assert verdict(("right", "")) == Verdict()
    assert verdict(("no", "event")) == Verdict(is_event=False)


def test_several_fields_are_corrected_at_once() -> None:
    said = verdict(("type", "Company response"), ("modality", "intent"), ("date", "2026-06-12"), ("targets", "none"))
    assert said == Verdict(
        type=EventType.COMPANY_RESPONSE, modality=Modality.INTENT, date=(date(2026, 6, 12),), targets=()
    )


@pytest.mark.parametrize(
    ("name", "entity_id"),
    [
        ("nvidia", "company/nvidia"),
        ("company/nvidia", "company/nvidia"),
        ("中国", "country/CN"),
        ("kr", "country/KR"),
        ("orinoco labs", "company/orinoco-labs"),
        ("company/orinoco-labs", "company/orinoco-labs"),
    ],
)
def test_names_are_found_in_the_article_or_in_the_knowledge_base(name: str, entity_id: str) -> None:
    said = verdict(("actors", f"{name}, AMD"))
    assert said.actors is not None
    assert [named.entity_id for named in said.actors] == [entity_id, "company/amd"]
    assert {named.role for named in said.actors} == {"actor"}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([("perhaps", "")], "perhaps is no answer here; expected right, no event, or one of type, modality, date"),
        ([("right", "type")], "right is no answer here"),
        ([("type", "ban")], "type ban: expected restriction, easing, listing"),
        ([("modality", "")], "modality: expected act, proposal, intent"),
        ([("date", "June")], "date June: expected a day such as 2026-06-13, or none"),
        ([("targets", " , ")], "targets: expected names, or none"),
        ([("actors", "Nobody Known")], "no entity is called Nobody Known"),
    ],
)
def test_an_answer_that_is_no_verdict_is_refused(parts: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(InputError) as refused:
        verdict(*parts)
    assert str(refused.value).startswith(said)


def test_labels_are_what_was_read_where_it_was_right() -> None:
    assert draft_labels(reviewed(Verdict(), Verdict(), Verdict())) == Labels(
        relevant=True,
        event_types=("restriction", "model_release"),
        main_event_date="2026-06-13",
        companies=("Nvidia", "Orinoco Labs"),
        countries=("CN",),
        agencies=("BIS",),
        actors=("BIS",),
        targets=("Nvidia",),
        aliases={"BIS": ("Bureau of Industry and Security",)},
    )


def test_labels_have_the_corrected_values() -> None:
    main = verdict(("type", "easing"), ("date", "none"), ("actors", "Commerce Department"), ("targets", "CN, nvidia"))
    labels = draft_labels(reviewed(main, Verdict(is_event=False), Verdict(modality=Modality.ACT)))
    assert labels.event_types == ("easing", "restriction")
    assert (labels.main_event_date, labels.actors) == (None, ("Commerce Department",))
    assert labels.targets == ("CN", "Nvidia")


def test_the_main_event_is_the_first_that_people_leave() -> None:
    labels = draft_labels(reviewed(Verdict(is_event=False), Verdict(), Verdict()))
    assert (labels.event_types, labels.actors, labels.main_event_date) == (("model_release",), ("Orinoco Labs",), None)
    none = draft_labels(reviewed(Verdict(is_event=False), Verdict(is_event=False), Verdict()))
    assert (none.event_types, none.actors, none.targets) == ((), (), ())


def labelled(*parts: tuple[str, str]) -> Labels:
    state = reviewed(Verdict(), Verdict(), Verdict())
    return read_labels(parts, draft_labels(state), state, load())


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        (("right", ""), "companies", ("Nvidia", "Orinoco Labs")),
        (("companies", "+AMD, -nvidia"), "companies", ("Orinoco Labs", "AMD")),
        (("companies", "AMD"), "companies", ("AMD",)),
        (("companies", "none"), "companies", ()),
        (("models", "+GPT-5.5"), "models", ("GPT-5.5",)),
        (("countries", "+Korea, +EU"), "countries", ("CN", "KR", "EU")),
        (("types", "model release, restriction"), "event_types", ("model_release", "restriction")),
        (("actors", "China, customs officers"), "actors", ("CN", "customs officers")),
        (("date", "none"), "main_event_date", None),
        (("relevant", "no"), "relevant", False),
    ],
)
def test_labels_of_the_whole_are_corrected(part: tuple[str, str], field: str, value: Any) -> None:
    assert getattr(labelled(part), field) == value


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (("companies", "-AMD"), "companies -AMD: is not among them"),
        (("countries", "Atlantis"), "Atlantis is no country"),
        (("types", "ban"), "types ban: expected restriction"),
        (("relevant", "maybe"), "relevant maybe is no answer here; expected right, or types, date"),
        (("perhaps", ""), "perhaps is no answer here"),
    ],
)
def test_a_label_that_fits_nothing_is_refused(part: tuple[str, str], said: str) -> None:
    with pytest.raises(InputError) as refused:
        labelled(part)
    assert str(refused.value).startswith(said)


def test_names_that_were_given_before_a_report_was_reviewed_anew_still_count() -> None:
    earlier = Labels(relevant=False, companies=("AMD",), event_types=("listing",), actors=("KR",))
    labels = draft_labels(replace(reviewed(Verdict(), Verdict(), Verdict()), earlier=earlier))
    assert (labels.relevant, labels.companies, labels.actors) == (False, ("AMD",), ("BIS",))
    assert labels.event_types == ("restriction", "model_release")
