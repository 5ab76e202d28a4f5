"""How an office hands out new online consultations."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.models import RosterPolicy

Assignment = RosterPolicy.Assignment


def assignment_of(office: Office) -> str:
    """The rule in force; an office that never chose one has its officers claim from the inbox."""
    with scopes_disabled():
        row = RosterPolicy.objects.filter(office=office).first()
    return row.assignment if row else Assignment.NONE


def hands_out(office: Office) -> bool:
    """Whether new consultations are given in turn. Until the caller's transaction ends nobody else gets one: two
    that come at once must not go to the same officer for having counted the same loads."""
    with scopes_disabled():
        row = RosterPolicy.objects.select_for_update(no_key=True).filter(office=office).first()
    return row is not None and row.assignment == Assignment.ROUND_ROBIN


def set_assignment(office: Office, *, assignment: str, by: Officer, at: datetime) -> bool:
    """From now on new online consultations are handed out so. False when it was so already."""
    if assignment not in Assignment.values:
        raise Refused(_("Please choose how consultations are handed out from the list."))
    with transaction.atomic(), scopes_disabled():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        before = assignment_of(office)
        if before == assignment:
            return False
        policy, _made = RosterPolicy.objects.update_or_create(
            office=office, defaults={"assignment": assignment}
        )
        data = {"before": str(before), "after": str(assignment)}
        record("roster_policy.changed", policy, office_id=office.pk, by=by.user, at=at, data=data)
    return True
