"""The failures that some caller acts on, each with what identifies it."""

from datetime import timedelta


class TrackerError(Exception):
    """A failure whose message tells a person what to do; the CLI prints it and exits with 2."""


class ConfigError(TrackerError):
    """Settings that cannot be used: names the file, the key and what was expected."""


class InputError(TrackerError):
    """Input from a person (file, filter, id, date) that cannot be read as given."""


class FetchError(TrackerError):
    """An address that could not be fetched within the limits.

    `retry_after` is the pause that the server asked for, `gone` means that it will not come back (410), `status`
    is the HTTP status where there was an answer.
    """

    def __init__(
        self, reason: str, *, retry_after: timedelta | None = None, gone: bool = False, status: int | None = None
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.gone = gone
        self.status = status


class ParseError(TrackerError):
    """A body that is not what its source promises (not a feed, not text)."""


class SendError(TrackerError):
    """A message that did not go out.

    `outcome` is "retry" (certainly not delivered, try later), "refused" (certainly not delivered, and will
    not be without a person's help) or "unknown" (it may or may not have been delivered: settle first).  `reach`
    says what is refused: this "message" alone, whatever goes to this "address", or to the whole "workspace".
    """

    def __init__(
        self, reason: str, *, outcome: str, retry_after: timedelta | None = None, reach: str = "message"
    ) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.retry_after = retry_after
        self.reach = reach
