"""The pages' addresses: each asks the store and renders one template."""

from collections.abc import Mapping

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from tracker import times
from tracker.config import Settings
from tracker.pipeline.deeds import deeds
from tracker.pipeline.exposure import standpoint
from tracker.store import Store
from tracker.store.queries import cursor
from tracker.types import Article, EntityKind, EventType
from tracker.web import health, listing
from tracker.web.cards import make_card
from tracker.web.listing import Listing, parse_listing
from tracker.web.nomatch import explain_no_match
from tracker.web.problems import READ, problem, wants_json
from tracker.web.rendering import page
from tracker.web.signing_in import Viewer, viewer_of
from tracker.web.weights import weigh
from tracker.weighing.links import story_links
from tracker.weighing.stage import story_stage

_OFFERED_NAMES = 200


def add_pages(app: FastAPI, store: Store, settings: Settings) -> None:
    """Register every page."""

    @app.api_route("/", methods=READ)
    def stories(request: Request) -> Response:
        asked = parse_listing(request.query_params.multi_items())
        if asked.problems and wants_json(request):
            return problem(request, 400, "; ".join(f"{name}: {what}" for name, what in asked.problems.items()))
        return _stories(store, asked, viewer_of(request, store))

    @app.api_route("/stories/{story_id}", methods=READ)
    def story(story_id: str, request: Request) -> Response:
        found = store.queries.story(number) if (number := _read_id(story_id)) else None
        if found is None:
            raise HTTPException(404, f"There is no story {story_id}. Ids are numbers, as in the address of a story.")
        articles = store.queries.story_articles(found.id)
        seen_from = standpoint(store, settings, now=times.now())
        weighed = {event.id: weigh(event, seen_from) for event in found.events}
        stage = story_stage(found.events, seen_from.today, seen_from.stack.knowledge)
        links = story_links(found.events, seen_from.stack.knowledge)
        return page(
            "story.html",
            viewer=viewer_of(request, store),
            trail=deeds(store, found),
            story=found,
            articles=articles,
            languages=_languages(articles),
            weighed=weighed,
            stage=stage,
            links=links,
        )

    @app.api_route("/events/{event_id}", methods=READ)
    def event(event_id: str, request: Request) -> Response:
        found = store.queries.event(number) if (number := _read_id(event_id)) else None
        if found is None:
            raise HTTPException(404, f"There is no event {event_id}. Ids are numbers, as in the address of an event.")
        story = store.queries.story(found.story_id)
        languages = _languages(store.queries.story_articles(found.story_id))
        seen_from = standpoint(store, settings, now=times.now())
        links = story_links(story.events, seen_from.stack.knowledge) if story else ()
        return page(
            "event.html",
            viewer=viewer_of(request, store),
            trail=deeds(store, found),
            event=found,
            story=story,
            languages=languages,
            weights=weigh(found, seen_from),
            links=links,
        )

    @app.api_route("/sources", methods=READ)
    def sources(request: Request) -> Response:
        now, listed = times.now(), store.sources.health()
        rows, overview = health.source_rows(listed, now=now), health.overview(listed, now=now)
        viewer = viewer_of(request, store)
        return page("sources.html", viewer=viewer, rows=rows, overview=overview, now=now, config=settings.path)

    @app.api_route("/healthz", methods=READ)
    def healthz() -> Response:
        summary = health.summary(store.sources.health(), now=times.now())
        return JSONResponse({"status": "ok", "database": "reachable"} | summary)


def _stories(store: Store, asked: Listing, viewer: Viewer | None) -> Response:
    found = [] if asked.problems else store.queries.stories(asked.query)
    shown = found[: listing.PAGE_SIZE]
    more = len(found) > len(shown)
    nothing = not shown and not asked.problems
    now = times.now()
    return page(
        "stories.html",
        viewer=viewer,
        status=400 if asked.problems else 200,
        asked=asked,
        cards=[make_card(story) for story in shown],
        older=asked.after(cursor(shown[-1])) if more else None,
        reasons=explain_no_match(store, asked) if nothing and asked.query.before is None else [],
        overview=health.overview(store.sources.health(), now=now),
        types=list(EventType),
        names={name: _names(store, kind) for name, kind in listing.NAMING.items()},
        now=now,
    )


def _names(store: Store, kind: EntityKind) -> list[str]:
    return [row.name for row in store.queries.entities(kind=kind, limit=_OFFERED_NAMES)]


def _languages(articles: list[Article]) -> Mapping[int, str]:
    return {article.id: article.language for article in articles if article.language != "und"}


def _read_id(given: str) -> int | None:
    if not (given.isascii() and given.isdecimal()):
        return None
    number = int(given) if len(given) <= len(str(listing.MAX_ID)) else 0
    return number if 0 < number <= listing.MAX_ID else None
