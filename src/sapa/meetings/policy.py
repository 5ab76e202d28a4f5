"""How an office gives appointments: its own rules, or the defaults until it has set them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sapa.activity.recording import record
from sapa.core.errors import Refused
from sapa.meetings.links import checked
from sapa.meetings.models import MeetingPolicy, Provider
from sapa.meetings.sealing import seal
from sapa.meetings.slots import Reach
from sapa.offices.models import Office
from sapa.people.models import User


def policy_of(office: Office) -> MeetingPolicy:
    """The office's rules; not saved when they are the defaults."""
    return MeetingPolicy.objects.filter(office=office).first() or MeetingPolicy(office=office)


def reach_for_client(policy: MeetingPolicy, minutes: int | None = None) -> Reach:
    """What a client may choose from."""
    return Reach(minutes or policy.minutes, timedelta(hours=policy.notice_hours), policy.ahead_days)


def reach_for_officer(minutes: int) -> Reach:
    """What an officer may agree on with the client: at once, and up to 90 days ahead."""
    return Reach(minutes, timedelta(0), 90)


def set_policy(
    office: Office, *, values: dict[str, object], zoom_secret: str, by: User, at: datetime
) -> MeetingPolicy:
    """These are the office's rules from now on; a blank `zoom_secret` keeps the one that is stored.

    The secret is stored sealed and never goes back to a page. Refused when clients would have nothing to choose,
    or when the preferred provider lacks its settings.
    """
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        policy = policy_of(office)
        for name, value in values.items():
            setattr(policy, name, value)
        policy.jitsi_url = checked(policy.jitsi_url).rstrip("/") if policy.jitsi_url else ""
        if zoom_secret:
            policy.zoom_secret = seal(zoom_secret)
        elif not policy.zoom_client:
            policy.zoom_secret = ""
        _check(policy)
        policy.save()
        data = {"provider": policy.video_provider, "secret_changed": bool(zoom_secret)}
        record("meeting_policy.changed", office, office_id=office.pk, by=by, at=at, data=data)
    return policy


def _check(policy: MeetingPolicy) -> None:
    if not policy.kinds:
        raise Refused(_("Offer visits, video meetings, or both."), code="nothing_offered")
    if policy.video_provider == Provider.ZOOM and not policy.has_zoom:
        raise Refused(
            _("Zoom needs the account ID, the client ID and the client secret."), code="zoom_incomplete"
        )
    if policy.video_provider == Provider.JITSI and not policy.jitsi_url:
        raise Refused(_("Jitsi needs the address of your server."), code="jitsi_incomplete")
