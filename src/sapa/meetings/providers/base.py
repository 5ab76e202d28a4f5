"""What every video provider offers, and how it fails: later, or never (style.md 17)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sapa.meetings.models import FollowUp, MeetingPolicy


@dataclass(frozen=True, slots=True)
class Joined:
    """A meeting that stands at the provider: its id there, how to join, and the passcode if there is one."""

    outside_id: str
    link: str
    passcode: str = ""


class ProviderError(Exception):
    """The provider did not do it. `permanent`: trying again the same way is of no use, somebody must act.

    `reason` is a short code for the log and the page; it never holds a secret, a link or an answer's text.
    """

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: timedelta | None = None, is_down: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.is_down = is_down  # not this meeting's fault: the others need not try now


class VideoProvider(Protocol):
    """One module per provider has these three. All may be called twice."""

    def create(self, meeting: FollowUp, policy: MeetingPolicy, *, at: datetime, again: bool) -> Joined:
        """The meeting stands at the provider. `again`: an earlier try may have reached it."""

    def update(
        self, meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime
    ) -> Joined | None:
        """The provider knows the present time; None: link and passcode are as before."""

    def cancel(self, meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime) -> None:
        """It stands there no more; one that is gone already is fine. Without an id: what an unanswered try may have
        made for this meeting."""
