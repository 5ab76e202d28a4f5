"""Sending fails in two ways: later, or never; and a server that is away fails for all at once."""

from datetime import timedelta


class Later(Exception):
    """Refused for now. `after`: not sooner than that, when the other side said so."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Away(Later):
    """Nobody answers there: whatever else goes that way waits too."""


class Never(Exception):
    """Refused for good. `is_theirs`: the receiver's doing, nothing for the operator to mend."""

    def __init__(self, reason: str, *, is_theirs: bool = False) -> None:
        super().__init__(reason)
        self.is_theirs = is_theirs
