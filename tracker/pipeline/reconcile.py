"""The notices of the Federal Register that were read, held against the screening list as it was last seen."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.collect.screening_snapshot import Party, recall
from tracker.errors import InputError
from tracker.relate.notices import citations, names_in_notice
from tracker.relate.reconciling import Finding, Listed, Notice, reconcile
from tracker.store import Store
from tracker.types import Article, DateRole

_NOTICES, _LISTS = "federal_register", "screening_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What notices and list do not agree on, and what was looked at."""

    findings: tuple[Finding, ...]
    notices: int
    naming: int
    parties: int
    listed_at: datetime


def reconcile_lists(store: Store, *, lists: str, since: date, today: date) -> Reconciliation:
    """Hold the notices published since a day against the lists whose name starts with `lists`."""
    parties, listed_at = _parties(store, lists)
    notices = [_notice(article) for article in store.queries.articles_of_kind(_NOTICES, since=since)]
    findings = reconcile(notices, parties, first=since, today=today)
    return Reconciliation(
        findings=tuple(findings),
        notices=len(notices),
        naming=sum(bool(notice.names) for notice in notices),
        parties=len(parties),
        listed_at=listed_at,
    )


def _parties(store: Store, lists: str) -> tuple[list[Listed], datetime]:
    """Return the parties of the list that was looked at last."""
    for _, memory, seen_at in store.sources.memories(_LISTS):
        if (snapshot := recall(memory)) is not None:
            wanted = [party for party in snapshot.values() if party.source.casefold().startswith(lists.casefold())]
            if not wanted:
                known = ", ".join(sorted({party.source for party in snapshot.values()}))
                raise InputError(f"no list is called {lists}; expected the start of one of: {known}")
            return [_listed(party) for party in wanted], seen_at
    raise InputError("no screening list has been read yet: tracker sources add one of tracker sources available "
                     "--kind screening_list, and tracker collect")  # fmt: skip


def _listed(party: Party) -> Listed:
    return Listed(
        name=party.name,
        others=tuple(filter(None, party.alt_names.split("; "))),
        list_name=party.source,
        since=_day(party.start_date),
        pages=citations(party.notice),
    )


def _notice(article: Article) -> Notice:
    effective = next((stated.on for stated in article.dates if stated.role is DateRole.EFFECTIVE), None)
    assert article.published_at is not None  # asked for by its day
    return Notice(
        article_id=article.id,
        title=article.title,
        published_on=article.published_at.date(),
        effective_on=effective,
        pages=citations(article.text),
        names=names_in_notice(article.text),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
