"""The forms by which editors merge, split and correct on the pages, through the same doors as the CLI."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from tracker import times, words
from tracker.errors import InputError
from tracker.knowledge.edits import Author
from tracker.pipeline import correcting, regrouping
from tracker.store import Store
from tracker.store.queries import EventQuery
from tracker.telling.typed import read_id
from tracker.types import EntityKind, Event, EventType, Modality, Precision, Story
from tracker.web.listing import MAX_ID
from tracker.web.problems import READ
from tracker.web.rendering import page
from tracker.web.signing_in import Fields, Form, Viewer, viewer_of

_WHY_LIMIT_CHARS = 500
_OFFERED_STORIES = 8
_CORRECTED = ("type", "modality", "date", "actors", "targets")

Whole = Story | Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What an editor is about to do: the action, to what, and the form as it was filled in so far.

    `chosen` is what a merge or split is about, to be looked at once more before it is done.
    """

    action: str
    whole: Whole
    form: Fields
    problem: str | None = None
    chosen: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Return the whole as lists show it."""
        return _name(self.whole)

    @property
    def address(self) -> str:
        """Return where the whole is shown."""
        return _address(self.whole)

    def value(self, field: str, default: str = "") -> str:
        """Return what a field of the form holds."""
        return self.form.get(field, [default])[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of an edit: where it is to be seen, and what to say of it."""

    address: str
    said: str


def add_editing(app: FastAPI, store: Store) -> None:
    """Register a form for each action on stories and events."""
    for kind, actions in (("stories", ("merge", "split")), ("events", tuple(_ACTIONS))):
        for action in actions:
            _add_form(app, store, kind, action)


def _add_form(app: FastAPI, store: Store, kind: str, action: str) -> None:
    @app.api_route(f"/{kind}/{{number}}/{action}", methods=READ)
    def ask(number: str, request: Request) -> Response:
        whole, viewer = _find(store, kind, number), viewer_of(request, store)
        if viewer is None or viewer.editor is None:
            return RedirectResponse(f"/sign-in?next={request.url.path}", 303)
        return _show(store, Edit(action=action, whole=whole, form={}), viewer)

    @app.post(f"/{kind}/{{number}}/{action}")
    def do(number: str, request: Request, form: Form) -> Response:
        edit, viewer = Edit(action=action, whole=_find(store, kind, number), form=form), viewer_of(request, store)
        if viewer is None or viewer.editor is None:
            raise HTTPException(403, "Only editors may do this. Sign in first.")
        done = _attempt(store, edit, viewer.editor)
        if isinstance(done, Edit):
            return _show(store, done, viewer)
        request.session["said"] = done.said
        return RedirectResponse(done.address, 303)


def _attempt(store: Store, edit: Edit, editor: str) -> Done | Edit:
    """Do it, or return the form again with what is wrong with it, or what it comes to."""
    why = edit.value("why")
    try:
        if not why or len(why) > _WHY_LIMIT_CHARS:
            raise InputError(f"Say why, in at most {_WHY_LIMIT_CHARS} characters: it is kept for whoever asks later")
        return _ACTIONS[edit.action](store, edit, Author(by=editor, at=times.now(), why=why))
    except InputError as error:
        return Edit(action=edit.action, whole=edit.whole, form=edit.form, problem=str(error))


def _merge(store: Store, edit: Edit, author: Author) -> Done | Edit:
    kind = edit.name[0]
    given = edit.value("other") or edit.value("with")
    other = read_id(given if given[:1].isalpha() else f"{kind}{given}", kind)
    ids = [(kind, edit.whole.id), other]
    found = regrouping.check_merge(store, ids)
    if not edit.value("confirmed"):
        return Edit(action="merge", whole=edit.whole, form=edit.form, chosen=frozenset(one.id for one in found[1:]))
    made = regrouping.merge(store, ids, author)
    return Done(address=_address(made), said=f"{_name(found[0])} and {_name(found[1])} are one now.")


def _split(store: Store, edit: Edit, author: Author) -> Done | Edit:
    whole = edit.name[0], edit.whole.id
    articles = {read_id(f"A{given}", "A")[1] for given in edit.form.get("article", [])}
    chosen = regrouping.check_split(store, whole, articles)
    if not edit.value("confirmed"):
        return Edit(action="split", whole=edit.whole, form=edit.form, chosen=chosen)
    made = regrouping.split(store, whole, articles, author)
    names = words.listed([f"A{number}" for number in sorted(articles)])
    return Done(address=_address(made), said=f"{names} now {'makes' if len(articles) == 1 else 'make'} {_name(made)}.")


def _correct(store: Store, edit: Edit, author: Author) -> Done | Edit:
    parts = [(field, edit.value(field)) for field in _CORRECTED if edit.value(field) != edit.value(f"was_{field}")]
    if not parts:
        raise InputError("Nothing was changed: correct a field, or leave the page")
    events = correcting.correct(store, ("E", edit.whole.id), [(f, said or "none") for f, said in parts], author)
    return _corrected(edit, events)


def _mark_wrong(store: Store, edit: Edit, author: Author) -> Done | Edit:
    if not edit.value("confirmed"):
        return Edit(action="wrong", whole=edit.whole, form=edit.form, chosen=frozenset({edit.whole.id}))
    return _corrected(edit, correcting.correct(store, ("E", edit.whole.id), [("no", "event")], author))


def _corrected(edit: Edit, events: list[Event]) -> Done:
    assert isinstance(edit.whole, Event)
    if not events:
        return Done(address=f"/stories/{edit.whole.story_id}", said=f"{edit.name} is no event any more.")
    return Done(address=_address(events[0]), said=f"{_name(events[0])} is corrected.")


_ACTIONS: Mapping[str, Callable[[Store, Edit, Author], Done | Edit]] = {
    "correct": _correct,
    "merge": _merge,
    "split": _split,
    "wrong": _mark_wrong,
}


def _show(store: Store, edit: Edit, viewer: Viewer) -> Response:
    event = edit.whole if isinstance(edit.whole, Event) else None
    story = store.queries.story(event.story_id) if event else edit.whole
    assert isinstance(story, Story)
    return page(
        "edit.html",
        status=400 if edit.problem else 200,
        viewer=viewer,
        edit=edit,
        event=event,
        story=story,
        articles=[one for one in store.queries.story_articles(story.id) if one.copy_of is None],
        others=_others(store, edit, story) if edit.action == "merge" else [],
        was=_fields_of(event) if event else {},
        types=list(EventType),
        modalities=[one for one in Modality if one.makes_event],
    )


def _others(store: Store, edit: Edit, story: Story) -> list[Whole]:
    """List what a merge may be with: the other events of the story, or stories that name the same."""
    if isinstance(edit.whole, Event):
        return [one for one in story.events if one.id != edit.whole.id]
    chosen = [found for number in edit.chosen if (found := store.queries.story(number))]
    named = [n.entity_id for event in story.events for n in event.entities if n.role == "target"]
    models, companies = ([one for one in named if one.startswith(f"{kind}/")]
                         for kind in (EntityKind.MODEL, EntityKind.COMPANY))  # fmt: skip
    near = EventQuery(models=tuple(models), companies=() if models else tuple(companies), limit=_OFFERED_STORIES + 1)
    alike = store.queries.stories(near) if models or companies else []
    rest = [one for one in alike if one.id != story.id and one.id not in edit.chosen]
    return [*chosen, *rest[:_OFFERED_STORIES]]


def _fields_of(event: Event) -> dict[str, str]:
    """Return the fields that can be corrected as a form shows them."""
    named = {role: ", ".join(n.name for n in event.entities if n.role == role) for role in ("actor", "target")}
    day = event.date.first.isoformat() if event.date and event.date.precision is Precision.DAY else ""
    return {
        "type": event.type.value,
        "modality": event.modality.value,
        "date": day,
        "actors": named["actor"],
        "targets": named["target"],
    }


def _find(store: Store, kind: str, number: str) -> Whole:
    digits = int(number) if number.isascii() and number.isdecimal() and len(number) <= len(str(MAX_ID)) else 0
    find: Callable[[int], Whole | None] = store.queries.story if kind == "stories" else store.queries.event
    found = find(digits) if 0 < digits <= MAX_ID else None
    if found is None:
        raise HTTPException(404, f"There is nothing under {number}. Ids are numbers, as in the address of a page.")
    return found


def _name(whole: Whole) -> str:
    return f"{'S' if isinstance(whole, Story) else 'E'}{whole.id}"


def _address(whole: Whole) -> str:
    return f"/{'stories' if isinstance(whole, Story) else 'events'}/{whole.id}"
