"""Bytes to text; pure."""

import codecs

import charset_normalizer
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_SAMPLE_BYTES = 50_000
# Some broken characters in a long page (one cut by a template, say) do not make it another encoding.
_WRONG_SHARE = 0.005


def decode(body: bytes, content_type: str) -> tuple[str, bool]:
    """Decode a page; the flag is False where its encoding does not quite fit, and characters may be wrong.

    What decodes as UTF-8 is UTF-8, whatever is declared: other encodings do not do that by chance.
    """
    bom, _ = read_bom(body)
    declared = (bom, "utf-8", http_content_type_encoding(content_type), html_body_declared_encoding(body))
    for encoding in filter(None, declared):
        try:
            return body.decode(encoding), True
        except (UnicodeDecodeError, LookupError):
            continue
    return _mend(body, [*filter(_is_known, filter(None, declared))])


def _mend(body: bytes, declared: list[str]) -> tuple[str, bool]:
    """Take a declared encoding that all but fits, else what statistics say, else UTF-8 with its marks."""
    for encoding in declared:
        text = body.decode(encoding, "replace")
        if text.count("\ufffd") <= _WRONG_SHARE * len(text):
            return text, False
    best = charset_normalizer.from_bytes(body[:_SAMPLE_BYTES]).best()
    return (body.decode("utf-8", "replace"), False) if best is None else (body.decode(best.encoding, "replace"), True)


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True
