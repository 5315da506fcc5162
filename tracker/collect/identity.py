"""An address for what has none of its own."""

from hashlib import sha256


def content_address(*parts: str | bytes) -> str:
    """Name a text by its content, so that the same text has the same address everywhere."""
    hashed = sha256()
    for part in parts:
        hashed.update(part.encode() if isinstance(part, str) else part)
        hashed.update(b"\0")
    return f"urn:sha256:{hashed.hexdigest()}"
