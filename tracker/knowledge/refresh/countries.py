"""Country names of CLDR, by way of babel, as the rows of imported/countries.csv."""

from babel import Locale

from tracker.knowledge.rows import csv_rows, split

_LOCALES = {
    "en": "en", "ko": "ko", "zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "ja": "ja", "nl": "nl", "fr": "fr",
    "de": "de", "it": "it", "es": "es",
}  # fmt: skip
_NO_COUNTRIES = {"EZ", "UN", "QO", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ", "ZZ", "XK"}
COLUMNS = ("code", "name", *_LOCALES)


def country_rows() -> list[dict[str, str]]:
    """Give one row a country of ISO 3166-1, and one for the EU, by code.

    `name` is the short English name that the tracker shows.
    """
    names = {language: _territories(locale) for language, locale in _LOCALES.items()}
    codes = sorted(
        code for code in names["en"] if len(code) == len("US") and code.isalpha() and code not in _NO_COUNTRIES
    )
    english = [row for row in csv_rows("countries.csv") if (row["role"], row["language"]) == ("name", "en")]
    short = {row["code"]: split(row["forms"])[0] for row in english}
    return [
        {"code": code, "name": short.get(code, names["en"][code])}
        | {language: _plain(territories.get(code, "")) for language, territories in names.items()}
        for code in codes
    ]


def _territories(locale: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(locale).territories.items()}


def _plain(name: str) -> str:
    """Drop the bracket that CLDR adds to tell parts apart: "Myanmar (Burma)", "RAE de Hong Kong (China)"."""
    return name.partition(" (")[0]
