"""Who may listen to the live stream of a rating tablet."""

from django.utils import timezone
from django_scopes import scopes_disabled

from sapa.core.time import now
from sapa.offices.models import Device


def for_tablet(office_code: str, key: str, session_key: str) -> tuple[str, ...] | None:
    """The desk's own topic, and the line's: the question goes away when the next visitor sits down."""
    with scopes_disabled():
        device = (
            Device.objects.select_related("office")
            .filter(office__code=office_code, token=key, kind=Device.Kind.TABLET, desk__isnull=False)
            .first()
        )
    if device is None or not device.is_usable(timezone.localdate(now(), device.office.zone)):
        return None
    return (f"tablet:{device.desk_id}", f"queue:{device.office_id}")
