"""Bytes to text; pure."""

import codecs

import charset_normalizer
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_SAMPLE_BYTES = 50_000


def decode(body: bytes, content_type: str) -> tuple[str, bool]:
    """Decode a page; the flag is False where its encoding stays unknown, and characters may be wrong.

    What decodes as UTF-8 is UTF-8, whatever is declared: other encodings do not do that by chance.
    """
    bom, _ = read_bom(body)
    declared = (bom, "utf-8", http_content_type_encoding(content_type), html_body_declared_encoding(body))
    for encoding in filter(None, declared):
        try:
            return body.decode(encoding), True
        except (UnicodeDecodeError, LookupError):
            continue
    return _guess(body, [encoding for encoding in declared[2:] if encoding])


def _guess(body: bytes, declared: list[str]) -> tuple[str, bool]:
    """Detect by statistics; else take what was declared (UTF-8 where nothing was) and mark what does not fit."""
    best = charset_normalizer.from_bytes(body[:_SAMPLE_BYTES]).best()
    if best is not None and not declared:
        return body.decode(best.encoding, "replace"), True
    known = next(filter(_is_known, declared), "utf-8")
    return body.decode(known, "replace"), False


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True
