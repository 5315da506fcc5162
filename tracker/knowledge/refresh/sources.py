"""Read the public model lists as they are handed out; each gives sightings of model ids."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A model id in a source.

    `released` is a day or a month; `is_open` is what the source says of its weights.

    `provider` is who serves it there: its maker's own word counts more than a reseller's.
    """

    model_id: str
    source: str
    provider: str = ""
    released: str | None = None
    is_open: bool | None = None


def read_models_dev(path: Path) -> Iterator[Sighting]:
    """Read models.dev: its api.json (also gzipped), or the SQLite file that repackages it (without dates)."""
    if path.suffix in {".sqlite", ".db"}:
        yield from _models_dev_sqlite(path)
        return
    for name, provider in _json(path).items():
        for model in provider["models"].values():
            yield Sighting(
                model_id=model["id"],
                provider=name,
                source="models.dev",
                released=model.get("release_date"),
                is_open=model.get("open_weights"),
            )


def _models_dev_sqlite(path: Path) -> Iterator[Sighting]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        query = "SELECT id, provider_id, open_weights FROM models ORDER BY full_id"
        for model_id, provider, is_open in connection.execute(query):
            yield Sighting(model_id=model_id, source="models.dev", provider=provider, is_open=bool(is_open))


def read_litellm(path: Path) -> Iterator[Sighting]:
    """Read LiteLLM's price list, as JSON or inside its wheel; the package itself is never imported."""
    name = "litellm/model_prices_and_context_window_backup.json"
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            listed: dict[str, Any] = json.loads(wheel.read(name))
    else:
        listed = _json(path)
    yield from (Sighting(model_id=model_id, source="litellm") for model_id in listed)


def read_model_prices(path: Path) -> Iterator[Sighting]:
    """Read the snapshot of model-prices: the month of a model's first price stands for its release."""
    for provider in _json(path)["prices"].values():
        for model_id, modes in provider.items():
            starts = [entry["rates"]["valid_from"] for entry in modes["standard"] if entry["rates"]]
            yield Sighting(model_id=model_id, source="model-prices", released=min(starts)[:7] if starts else None)


def _json(path: Path) -> dict[str, Any]:
    try:
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        listed: dict[str, Any] = json.loads(body)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a JSON file that can be read ({error})") from error
    return listed
