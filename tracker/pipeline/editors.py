"""Keys by which editors sign in on the pages.

A key is random and as long as it takes never to be guessed, so that sign-ins need no limit and the hash no salt; it is
shown once and only its hash is kept.
"""

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from tracker.errors import InputError
from tracker.store.editors import Editor, Editors

_BYTES = 32
_NAME_LIMIT = 200


def let_in(editors: Editors, name: str, *, now: datetime) -> str:
    """Make a key for a person and return it; an earlier one of the same name is void from now on."""
    name = name.strip()
    if not name or len(name) > _NAME_LIMIT or not name.isprintable():
        raise InputError(f"expected a name of 1 to {_NAME_LIMIT} characters")
    key = token_urlsafe(_BYTES)
    editors.add(Editor(name=name, key_hash=hashed(key), made_at=now))
    return key


def hashed(key: str) -> str:
    """Return what is kept of a key."""
    return sha256(key.strip().encode()).hexdigest()
