"""Stories of general news, as Miranda et al. (2018) measure them: `python -m tests.benchmarks.news_clustering FOLDER`.

FOLDER holds their data: `dataset.test.json`, a list of articles (`id`, `date`, `title`, `text`, `lang`, `cluster`),
and `clustering.test.json`, a line an article with its `features`, of which the entities are taken, since our knowledge
base has other ones.  The English articles come in the order of publication and are joined by the tracker's own code
and weights, which have seen none of them.  The paper counts pairs of articles; B-cubed stands beside it.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.grouping import Figures, b_cubed, pairwise
from tracker.relate import Web
from tracker.types import Article, EntityKind, Incoming, Mention, Part, Quote, Source

SOURCE = Source(name="miranda 2018", kind="file", url="", family="miranda 2018")
ARTICLES, FEATURES = "dataset.test.json", "clustering.test.json"
LANGUAGE = "eng"
# What the authors' program made of the English part, as their repository (Priberam/news-clustering) keeps it in
# en.test.json; the table in the paper says 94.1.
PUBLISHED = Figures(0.98143, 0.90254)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How well articles were joined: by pairs of articles, as the paper counts, and by B-cubed."""

    articles: int
    true_stories: int
    found_stories: int
    pairs: Figures
    b_cubed: Figures


def main(folder: Path) -> None:
    outcome = measure(folder)
    print(f"{outcome.articles} English articles, {outcome.true_stories} stories; {outcome.found_stories} found")
    print("                          F1    precision  recall")
    for name, figures in (("pairs", outcome.pairs), ("pairs, Miranda et al.", PUBLISHED), ("B-cubed", outcome.b_cubed)):
        print(f"{name:<24} {figures.f1:.4f}   {figures.precision:.4f}   {figures.recall:.4f}")


def measure(folder: Path) -> Outcome:
    """Join the English articles of the data in `folder`, and hold the outcome against their stories."""
    rows = [row for row in json.loads(folder.joinpath(ARTICLES).read_text(encoding="utf-8")) if row["lang"] == LANGUAGE]
    rows.sort(key=lambda row: (row["date"], row["id"]))
    named = _read_entities(folder / FEATURES)
    web = Web()
    for number, row in enumerate(rows):
        web.add(_as_incoming(number, row, named.get(row["id"], {})))
    stories = web.stories()
    found = {rows[number]["id"]: str(group.members[0]) for group in stories for number in group.members}
    true = {row["id"]: str(row["cluster"]) for row in rows}
    return Outcome(
        articles=len(rows),
        true_stories=len(set(true.values())),
        found_stories=len(stories),
        pairs=pairwise(true, found),
        b_cubed=b_cubed(true, found),
    )


def _read_entities(path: Path) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return {row["id"]: row["features"] for row in rows}


def _as_incoming(number: int, row: Mapping[str, Any], features: Mapping[str, Mapping[str, float]]) -> Incoming:
    published = datetime.strptime(row["date"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    article = Article(
        id=number,
        source=SOURCE,
        address=row["id"],
        url=row["id"],
        title=row["title"] or "",
        text=row["text"] or "",
        language="en",
        published_at=published,
        fetched_at=published,
    )
    return Incoming(article=article, mentions=tuple(_mentions(article, features)), reports=())


def _mentions(article: Article, features: Mapping[str, Mapping[str, float]]) -> Iterator[Mention]:
    """Yield the entities of title and body where they first stand; their data says no place, and no kind."""
    for part, names in ((Part.TITLE, "Entities_title"), (Part.TEXT, "Entities_body")):
        text = (article.title if part is Part.TITLE else article.text).casefold()
        for name in features.get(names) or {}:
            at = max(text.find(name.casefold()), 0)
            quote = Quote(part=part, start=at, end=at + len(name), text=name)
            yield Mention(entity_id=f"company/{name}", kind=EntityKind.COMPANY, name=name, quote=quote)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
