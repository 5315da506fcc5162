"""Read the messages of a maildir; no file in it is changed or moved."""

import mailbox
import re
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracker.errors import FetchError

# A message's name starts with the second it was delivered in.
_DELIVERED = re.compile(r"\d{1,11}(?=\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Messages as they travelled, the oldest first, and the names of all that have been read by now."""

    messages: tuple[bytes, ...]
    names: frozenset[str]


def read_messages(
    path: Path,
    folder: str | None,
    *,
    seen: frozenset[str],
    since: datetime,
    message_bytes: int = 1_000_000,
    look_bytes: int = 5_000_000,
) -> Read:
    """Read what was delivered since `since` and is not in `seen`; of a long backlog a part, the next look goes on.

    Of each message no more than `message_bytes` are read, of all together not much more than `look_bytes`.
    """
    try:
        found = _open(path, folder)
        names = frozenset(name for name in found.keys() if _is_since(name, since))  # noqa: SIM118 (a Maildir is no dict)
        messages, read, size = [], set(names & seen), 0
        for name in sorted(names - seen):
            if size > look_bytes:
                break
            read.add(name)
            message = _read(found, name, message_bytes)
            messages += message
            size += sum(map(len, message))
    except mailbox.NoSuchMailboxError as error:
        raise FetchError(f"the maildir {path} has no folder {folder!r}") from error
    except OSError as error:
        raise FetchError(f"the maildir {path} cannot be read: {error.strerror or error}") from error
    return Read(messages=tuple(messages), names=frozenset(read))


def _open(path: Path, folder: str | None) -> mailbox.Maildir:
    if not all((path / part).is_dir() for part in ("cur", "new")):
        raise FetchError(f"{path} is not a maildir: it has no folders cur and new")
    found = mailbox.Maildir(path, create=False)
    return found if folder is None else found.get_folder(folder)


def _is_since(name: str, since: datetime) -> bool:
    delivered = _DELIVERED.match(name)
    return delivered is None or datetime.fromtimestamp(int(delivered[0]), UTC) >= since


def _read(found: mailbox.Maildir, name: str, message_bytes: int) -> list[bytes]:
    """Read one message; none where it went away meanwhile."""
    try:
        with closing(found.get_file(name)) as message:
            return [message.read(message_bytes)]
    except (KeyError, FileNotFoundError):
        return []
