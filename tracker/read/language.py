"""The language of a text; pure."""

import re

import py3langid

# Fewer letters than this tell a statistical model too little; it takes "China bans Nvidia H20" for Shona.
_LETTERS_MINIMUM = 100
_SAMPLE_CHARACTERS = 2000
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")
# One East Asian character says as much as two or three letters.
_EAST_ASIAN_SHARE = 0.2
_KANA_SHARE = 0.05


def detect_language(text: str, hint: str | None) -> str:
    """Return the ISO 639-1 code of the main language; `hint` decides where the text is too short to tell."""
    sample = text[:_SAMPLE_CHARACTERS]
    letters = len(_LETTER.findall(sample))
    if script := _east_asian(sample, letters):
        return script
    if letters < _LETTERS_MINIMUM and hint:
        return primary_tag(hint)
    return str(py3langid.classify(sample)[0]) if letters else "und"


def primary_tag(tag: str) -> str:
    """Reduce "en-US" or "zh_Hant" to the language alone."""
    return re.split(r"[-_]", tag.strip().lower())[0] or "und"


def _east_asian(sample: str, letters: int) -> str | None:
    kana, han, hangul = (len(script.findall(sample)) for script in (_KANA, _HAN, _HANGUL))
    if not letters or (kana + han + hangul) / letters < _EAST_ASIAN_SHARE:
        return None
    if hangul > kana + han:
        return "ko"
    return "ja" if kana / (kana + han) >= _KANA_SHARE else "zh"
