"""Whom a complaint is about, and therefore who never sees it (domain.md 6.2 c)."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.consultations.models import Consultation, MissingItem
from sapa.core.errors import Refused
from sapa.feedback.models import Complaint
from sapa.frontdesk.models import Call
from sapa.inbox.models import Message
from sapa.meetings.models import FollowUp
from sapa.offices.models import Desk
from sapa.people import rules
from sapa.people.models import Officer

# Who served at a desk so long before a complaint about it was received may be meant by it.
DESK_DAYS: Final = 30
_MAY_ANSWER: Final = [role for role in Officer.Role if rules.can_supervise(Officer(role=role))]


def visible_to(officer: Officer) -> QuerySet[Complaint]:
    """What this officer may see of the register: as one of those who answer complaints, and nothing that is
    about the officer. A confidential complaint has no other readers either, whoever may see the register."""
    if not rules.can_supervise(officer):
        return Complaint.objects.none()
    return Complaint.objects.exclude(kept_from=officer)


def keep_from_servers(complaint: Complaint) -> None:
    """A complaint is kept from whoever called or served that visitor, or had part in that online consultation,
    before anybody has read it."""
    complaint.kept_from.set(_served(complaint))


def set_subject(complaint: Complaint, *, officer: Officer | None, desk: Desk | None) -> None:
    """It is about that officer or that desk, and kept from them. Refused when nobody could see it then."""
    kept = {*_served(complaint), *_at_desk(complaint, desk)}
    if officer is not None:
        kept.add(officer.pk)
    if not _who_answers(complaint).exclude(pk__in=kept).exists():
        raise Refused(
            _(
                "Nobody else in this office could then answer it. Please hand it over to SP4N-LAPOR! or the"
                " whistle-blowing channel, or have the head of office appoint a second supervisor."
            ),
            code="nobody_left",
        )
    complaint.subject_officer, complaint.subject_desk = officer, desk
    complaint.save(update_fields=["subject_officer", "subject_desk"])
    complaint.kept_from.set(kept)


def without_reader(officer: Officer) -> int:
    """How many unfinished complaints nobody of the office may see: only the number is told, so that somebody acts."""
    able = Q(kept_from__role__in=_MAY_ANSWER, kept_from__is_active=True)
    many = Officer.objects.filter(office=officer.office, role__in=_MAY_ANSWER, is_active=True).count()
    kept = Complaint.objects.filter(closed_at=None, kept_from=officer.pk).values("pk")
    rows = Complaint.objects.filter(pk__in=kept).annotate(blind=Count("kept_from", filter=able))
    return rows.filter(blind__gte=many).count()


def _who_answers(complaint: Complaint) -> QuerySet[Officer]:
    return Officer.objects.filter(office=complaint.office_id, role__in=_MAY_ANSWER, is_active=True)


def _served(complaint: Complaint) -> Collection[int]:
    if complaint.consultation_id is not None:
        return _answered(complaint.consultation_id)
    if complaint.visit_id is None:
        return ()
    calls = Call.objects.filter(ticket__visit=complaint.visit_id)
    return set(calls.values_list("officer", flat=True))


def _answered(consultation_id: int) -> set[int]:
    """Who has it in hand, wrote or approved a word of it, asked something back, or met the client."""
    with scopes_disabled():  # also the officers of an office that had it before
        found: set[int | None] = set(
            Consultation.objects.filter(pk=consultation_id).values_list("officer", flat=True)
        )
        written = Message.objects.filter(conversation__consultation=consultation_id)
        for officer, approved_by in written.values_list("officer", "approved_by"):
            found |= {officer, approved_by}
        found |= set(MissingItem.objects.filter(consultation=consultation_id).values_list("by", flat=True))
        found |= set(FollowUp.objects.filter(consultation=consultation_id).values_list("officer", flat=True))
        found |= set(
            Call.objects.filter(ticket__consultation=consultation_id).values_list("officer", flat=True)
        )
    return {each for each in found if each is not None}


def _at_desk(complaint: Complaint, desk: Desk | None) -> Collection[int]:
    if desk is None:
        return ()
    since = complaint.received_at - timedelta(days=DESK_DAYS)
    calls = Call.objects.filter(desk=desk, called_at__gte=since, called_at__lte=complaint.received_at)
    return {*calls.values_list("officer", flat=True), *((desk.officer_id,) if desk.officer_id else ())}
