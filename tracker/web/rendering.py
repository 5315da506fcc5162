"""Templates to HTML: everything is escaped unless a template of ours says otherwise (none does)."""

from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker import telling, words
from tracker.telling import access, gist, links
from tracker.web import cards, evidence, health, listing
from tracker.weighing.corroboration import corroborate_event, decisive_witness

if TYPE_CHECKING:
    from tracker.web.signing_in import Viewer

_environment = Environment(
    loader=PackageLoader("tracker.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    label=words.label,
    dispute=words.dispute,
    verdict=words.verdict,
    tier=words.tier,
    day=words.day,
    minute=words.minute,
    resolved=words.resolved,
    clip=words.clip,
    count=words.count,
    web_link=evidence.web_link,
)
_environment.globals.update(
    ago=health.ago,
    until=health.until,
    event_fields=evidence.event_fields,
    decisive_witness=decisive_witness,
    mark_sentence=evidence.mark_sentence,
    quotes_elsewhere=evidence.quotes_elsewhere,
    corroboration=telling.corroboration,
    corroborate_event=corroborate_event,
    score=words.score,
    chip_groups=cards.chip_groups,
    filter_address=listing.filter_address,
    gist=gist,
    linked=links.linked,
    place=access.place,
    remarks=access.remarks,
    contested=access.contested,
    pending=access.pending,
)


def page(template: str, *, status: int = 200, viewer: "Viewer | None" = None, **values: Any) -> HTMLResponse:
    """Render one page; what an editor sees is kept by no cache."""
    html = _environment.get_template(template).render(values | {"viewer": viewer})
    is_own = viewer is not None and (viewer.editor or viewer.said or viewer.token)
    return HTMLResponse(html, status, headers={"Cache-Control": "private, no-store" if is_own else "no-cache"})
