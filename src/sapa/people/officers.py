"""Who works in an office, in which role. Officers are dismissed, never deleted: the record names who did what."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Desk, Office
from sapa.people import rules
from sapa.people.models import Officer, User

ADMINISTRATORS = (Officer.Role.ADMIN, Officer.Role.HEAD)


def appoint(
    office: Office, *, email: str, name: str, role: str, by: models.Model | None, at: datetime
) -> Officer:
    """The person works here in that role and is invited by e-mail to choose a password. An account is made
    when there is none; a dismissed officer of this office is back. Said twice it is once."""
    email, name = email.strip().lower(), " ".join(name.split())
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("This is not an e-mail address. Write it like budi@bps.go.id.")) from error
    if not name or role not in Officer.Role.values:
        raise Refused(_("An officer needs a name and a role."))
    with transaction.atomic(), scopes_disabled():
        known = Officer.objects.select_for_update(no_key=True, of=("self",)).filter(user__email=email)
        list(known.order_by("pk"))
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        user = User.objects.filter(email=email).first() or _new_account(email, name)
        active = Officer.objects.filter(user=user, is_active=True).first()
        if active is not None and active.office_id != office.pk:
            raise Refused(_("This person works in another office; that office must let them go first."))
        if active is not None:
            if active.role == role:
                return active
            raise Refused(_("This person works here already. Change the role in the list instead."))
        officer, _made = Officer.objects.update_or_create(
            user=user, office=office, defaults={"role": role, "is_active": True}
        )
        record("officer.appointed", officer, office_id=office.pk, by=by, at=at, data={"role": role})
    return officer


def change_role(officer: Officer, *, role: str, by: models.Model | None, at: datetime) -> bool:
    """The officer works in that role from now on, and sits at no desk when it does not serve. The last administrator
    of an office stays one, and nobody takes the right to administer from oneself. False when nothing changed."""
    if role not in Officer.Role.values:
        raise Refused(_("Please choose a role."))
    with transaction.atomic(), scopes_disabled():
        stored = _locked(officer)
        if stored.role == role:
            return False
        if role not in ADMINISTRATORS:
            _refuse_last(stored)
            if by is not None and stored.user_id == by.pk and stored.role in ADMINISTRATORS:
                raise Refused(_("You cannot take this role from yourself. Ask another administrator."))
        data = {"before": stored.role, "after": role}
        Officer.objects.filter(pk=stored.pk).update(role=role)
        stored.role = role
        if not rules.can_serve(stored):
            _leave_desks(stored, by=by, at=at)
        record("officer.role_changed", stored, office_id=stored.office_id, by=by, at=at, data=data)
    return True


def dismiss(officer: Officer, *, by: models.Model | None, at: datetime) -> None:
    """The officer has no way into the office from the next request on, and sits at no desk. A visitor being
    served there keeps the number; whoever sits down next goes on."""
    with transaction.atomic(), scopes_disabled():
        stored = _locked(officer)
        if by is not None and stored.user_id == by.pk:
            raise Refused(_("You cannot dismiss yourself. Ask another administrator."))
        _refuse_last(stored)
        Officer.objects.filter(pk=stored.pk).update(is_active=False)
        _leave_desks(stored, by=by, at=at)
        record("officer.dismissed", stored, office_id=stored.office_id, by=by, at=at)


def invite(event: Event, at: datetime) -> None:
    """Tells an appointed officer by e-mail where to choose a password. The mail holds no secret: the code comes
    when the person asks for it (wired to officer.appointed)."""
    officer = Officer.objects.select_related("user", "office").get(pk=event.subject_id)
    if not officer.is_active:
        return
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.PUBLIC_URL.rstrip("/") + reverse("account_reset_password")
        context = {"officer": officer, "address": address, "role": officer.get_role_display()}
        send_mail(
            subject=_("Your account at %(office)s") % {"office": officer.office.name},
            message=render_to_string("people/invitation.txt", context),
            from_email=None,
            recipient_list=[officer.user.email],
        )


def _new_account(email: str, name: str) -> User:
    user = User.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    return user


def _locked(officer: Officer) -> Officer:
    """The officer as stored now. The office is locked, so that two dismissals cannot both leave nobody; officer and
    desk before it, as the queue locks them (docs/architecture.md, Locks)."""
    stored = Officer.objects.select_for_update(no_key=True).filter(pk=officer.pk, is_active=True).first()
    if stored is None:
        raise Stale(_("This officer has already been dismissed."))
    list(Desk.objects.select_for_update(no_key=True).filter(officer=stored).order_by("pk"))
    Office.objects.select_for_update(no_key=True).get(pk=stored.office_id)
    return stored


def _leave_desks(officer: Officer, *, by: models.Model | None, at: datetime) -> None:
    """The officer sits nowhere; the pages of the queue are told."""
    for desk in Desk.objects.filter(officer=officer):
        Desk.objects.filter(pk=desk.pk).update(officer=None, seated_at=None)
        topics = (f"queue:{officer.office_id}",)
        record("desk.closed", desk, office_id=officer.office_id, by=by, at=at, topics=topics)


def _refuse_last(officer: Officer) -> None:
    if officer.role not in ADMINISTRATORS:
        return
    others = Officer.objects.filter(office=officer.office_id, is_active=True, role__in=ADMINISTRATORS)
    if not others.exclude(pk=officer.pk).exists():
        raise Refused(_("This is the last administrator of the office. Appoint another one first."))
