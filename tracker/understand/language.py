"""Name the language of an article, by its script where that settles it."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = ("en", "zh", "ja", "ko", "nl", "fr", "de", "it", "es")
_SAMPLE = 3000
_HANGUL = re.compile(r"[가-힣]")
_KANA = re.compile(r"[ぁ-ゟ゠-ヿ]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
# One Chinese character says about as much as this many Latin letters.
_LETTERS_PER_CHARACTER = 3


def detect_language(title: str, text: str, *, stated: str | None) -> str:
    """Return the ISO 639-1 code of the text; `stated` is what its source says, and counts if we read it.

    Asian scripts overrule what is stated; a language that we do not read counts as English.
    """
    sample = f"{title}\n{text[:_SAMPLE]}"
    if asian := _asian(sample):
        return asian
    code = (stated or "").lower()[:2]
    if code in LANGUAGES and code not in {"zh", "ja", "ko"}:
        return code
    return _identifier().classify(sample)[0] if _LATIN.search(sample) else "en"


def _asian(sample: str) -> str | None:
    hangul, kana, han = (len(p.findall(sample)) for p in (_HANGUL, _KANA, _HAN))
    if (hangul + kana + han) * _LETTERS_PER_CHARACTER <= len(_LATIN.findall(sample)):
        return None
    if hangul > kana + han:
        return "ko"
    return "ja" if kana * 10 > han else "zh"


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
