"""`sapa admin`: the first administrator of an office, from the machine's own command line."""

import secrets
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.models import Office
from sapa.people import officers
from sapa.people.models import Officer


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused (nothing was changed), 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Make somebody administrator of an office and print a first password, to be changed after signing in."
        )
        parser.add_argument("email", help=_("the e-mail address to sign in with"))
        parser.add_argument("--name", default="", help=_("the full name; without it, the address"))
        parser.add_argument(
            "--office", default="", help=_("the four-digit code; not needed where there is one office")
        )

    def handle(self, *, email: str, name: str, office: str, **options: Any) -> None:
        password = "-".join(secrets.token_hex(3) for _part in range(3))
        at = now()
        try:
            with transaction.atomic(), scopes_disabled():
                place = _office(office)
                officer = officers.appoint(
                    place, email=email, name=name or email, role=Officer.Role.ADMIN, by=None, at=at
                )
                officer.user.set_password(password)
                officer.user.save(update_fields=["password"])
                # Whoever may run this command vouches for the address.
                EmailAddress.objects.filter(user=officer.user, email=officer.user.email).update(verified=True)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(email)s is administrator of %(office)s.")
            % {"email": officer.user.email, "office": place.name}
        )
        self.stdout.write(_("First password, shown only now: %(password)s") % {"password": password})
        address = settings.PUBLIC_URL.rstrip("/") + reverse("account_login")
        self.stdout.write(_("Sign in at %(address)s and change it there.") % {"address": address})


def _office(code: str) -> Office:
    """The office named, or the only one in which anybody could work."""
    found = list(Office.objects.filter(code=code) if code else Office.objects.filter(children=None))
    if len(found) == 1:
        return found[0]
    if code:
        raise CommandError(
            _("There is no office %(code)s. `sapa office list` shows all offices.") % {"code": code}
        )
    if not found:
        raise CommandError(_("There is no office yet. Load one first: sapa office load 1808"))
    raise CommandError(_("There are several offices. Name one with --office; `sapa office list` shows them."))
