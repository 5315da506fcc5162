"""What single events do to access: which model or chip, where, for whom, from when until when.  Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from tracker.knowledge import KnowledgeBase
from tracker.types import (
    Access,
    DateRole,
    EntityKind,
    Event,
    EventType,
    Modality,
    Named,
    UserClass,
    Witness,
)
from tracker.weighing.access.wording import Told, told_access
from tracker.weighing.agreeing import lineage, maker
from tracker.weighing.contested import display_date, display_modality, display_type, display_users
from tracker.weighing.days import day_of
from tracker.weighing.reach import Reach, authorities, home, named_countries, reach

ABROAD = "*"
_MADE = {EntityKind.MODEL, EntityKind.CHIP}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one event does to the access to one subject: a model, a chip, or a company for all its models.

    `line` is the subject with all that it belongs to and its maker.  `places` are the countries by which it is listed,
    "*" for all abroad; `authorities` the countries that act.  It was `said` on a day, and holds from `first` to `last`
    (None: for good); of `witnesses`, who all say it, the first is the one to quote.
    """

    event: Event
    subject: Named
    line: tuple[str, ...]
    access: Access
    reach: Reach
    places: tuple[str, ...]
    users: UserClass | None
    authorities: frozenset[str]
    said: date
    first: date
    last: date | None
    witnesses: tuple[Witness, ...]

    @property
    def is_act(self) -> bool:
        return self.event.modality is Modality.ACT

    def is_live(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def holds_in(self, country: str) -> bool:
        if country == ABROAD:
            return self.reach.only is None
        return self.reach.holds_throughout(country)

    def spares(self, country: str) -> bool:
        """Say whether a country is spared as the home of whoever acts."""
        return self.reach.only is None and country in self.reach.but

    def can_undo(self, other: "Move") -> bool:
        """Say whether the same government acts, as far as anybody says who acts."""
        return not (self.authorities and other.authorities) or bool(self.authorities & other.authorities)

    def fulfils(self, note: "Move") -> bool:
        """Say whether this does what was only talked about, to the same subject or to a part of it."""
        is_alike = (self.access is Access.OPEN) is (note.access is Access.OPEN)
        return is_alike and (note.subject.entity_id in self.line or self.subject.entity_id in note.line)

    def witness_for(self, country: str) -> Witness:
        """Return the witness to quote of a country: one that names it, where one does."""
        naming = (w for w in self.witnesses if f"country/{country}" in {m.entity_id for m in w.report.targets})
        return next(naming, self.witnesses[0])


def as_known(event: Event, known_at: date | None) -> Event | None:
    """Return an event as its reports told it by the end of a day; None where no report had come by then."""
    if known_at is None:
        return event
    end = datetime.combine(known_at + _DAY, time.min, UTC)
    witnesses = tuple(w for w in event.witnesses if _reported(w) < end)
    if len(witnesses) == len(event.witnesses):
        return event
    if not witnesses:
        return None
    return replace(
        event,
        type=display_type(witnesses),
        modality=display_modality(witnesses),
        date=display_date(witnesses, DateRole.ANNOUNCED),
        entities=tuple(_named_by(event, witnesses)),
        first_reported_at=min(map(_reported, witnesses)),
        last_reported_at=max(map(_reported, witnesses)),
        witnesses=witnesses,
    )


def moves_of(event: Event, knowledge: KnowledgeBase, makers: Collection[str]) -> Iterator[Move]:
    """Yield what an event does to each subject that it names, where it bears on access at all.

    `makers` are the companies that stand for their models where an event names no model.
    """
    told = told_access(event)
    if told is None:
        return
    said = day_of(event)
    first, last = _days(event, told, said)
    if last is not None and last < first:
        return
    actors, users = authorities(event, knowledge), _users(event)
    for subject in _subjects(event, makers):
        line = _line(subject, knowledge)
        homes = frozenset([code for one in line if (code := _home(one, knowledge))][:1])
        where = reach(event, homes, knowledge)
        yield Move(
            event=event, subject=subject, line=line, access=told.access, reach=where, users=users, authorities=actors,
            places=_places(event, where, actors | homes), said=min(said, first), first=first, last=last,
            witnesses=told.witnesses,
        )  # fmt: skip


def model_makers(knowledge: KnowledgeBase) -> frozenset[str]:
    """Return the companies that stand for their models: those that make models and no chips."""
    made = {(entity.kind, entity.developer) for entity in knowledge.entities.values() if entity.developer}
    chips = {company for kind, company in made if kind is EntityKind.CHIP}
    return frozenset(company for kind, company in made if kind is EntityKind.MODEL and company) - chips


def _named_by(event: Event, witnesses: Sequence[Witness]) -> Iterator[Named]:
    reports = [witness.report for witness in witnesses]
    roles: dict[str, str] = {mention.entity_id: "named" for report in reports for mention in report.named}
    roles |= {mention.entity_id: "target" for report in reports for mention in report.targets}
    roles |= {mention.entity_id: "actor" for report in reports for mention in report.actors}
    for named in event.entities:
        if named.entity_id in roles:
            yield replace(named, role=roles[named.entity_id])


def _subjects(event: Event, makers: Collection[str]) -> list[Named]:
    """List what an event hits: the models and chips that are targets, else those named, else whose models are meant."""
    made = [named for named in event.entities if named.kind in _MADE and named.role != "actor"]
    if made:
        return [named for named in made if named.role == "target"] or made
    if event.type is EventType.LISTING:
        return []
    return [named for named in event.entities if named.role == "target" and named.entity_id in makers]


def _line(subject: Named, knowledge: KnowledgeBase) -> tuple[str, ...]:
    line = lineage(subject.entity_id, knowledge, name=subject.name)
    made_by = maker(line, knowledge)
    return (*line, made_by) if made_by else line


def _home(entity_id: str, knowledge: KnowledgeBase) -> str | None:
    entity = knowledge.entities.get(entity_id)
    return home(entity, knowledge) if entity else None


def _places(event: Event, where: Reach, of_its_own: frozenset[str]) -> tuple[str, ...]:
    if where.only is None:
        return (ABROAD, *sorted(where.but & of_its_own))
    return tuple(sorted(where.only & {*named_countries(event), *of_its_own}))


def _users(event: Event) -> UserClass | None:
    users = display_users(event.witnesses)
    if users is UserClass.REGION and named_countries(event):
        return None  # the countries say which region it is
    if users is None and event.type is EventType.LISTING:
        return UserClass.LISTED_ENTITIES
    return users


def _days(event: Event, told: Told, said: date) -> tuple[date, date | None]:
    """Return the first and last day that an event holds; what is not yet done counts from when it was said."""
    if event.modality is not Modality.ACT:
        return said, None
    effective, expiry = (display_date(event.witnesses, role) for role in (DateRole.EFFECTIVE, DateRole.EXPIRY))
    if told.is_delay:
        until = expiry or effective
        return said, until.first - _DAY if until else None
    return effective.first if effective else said, expiry.last if expiry else None


def _reported(witness: Witness) -> datetime:
    return witness.published_at or witness.fetched_at
