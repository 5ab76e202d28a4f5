"""What an office keeps for all its conversations: texts it uses again, and whether answers are looked at first."""

import re
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.core.errors import Refused
from sapa.inbox.models import CannedAnswer, InboxPolicy
from sapa.offices.models import Office
from sapa.people.models import Officer

VARIABLE: Final = re.compile(r"\{(\w+)\}")
# What an officer may write between braces, in either language, and what it stands for.
VARIABLES: Final = {
    "name": "name",
    "nama": "name",
    "code": "code",
    "nomor": "code",
    "subject": "subject",
    "perihal": "subject",
    "officer": "officer",
    "petugas": "officer",
    "office": "office",
    "kantor": "office",
}


def write(office: Office, *, title: str, text: str, by: Officer, at: datetime) -> CannedAnswer:
    """The text can be inserted into answers of the office. A title is used once; one taken off comes back."""
    try:
        with transaction.atomic():
            canned, is_new = CannedAnswer.objects.get_or_create(
                office=office, title=title, defaults={"text": text, "updated_at": at}
            )
            if not is_new:
                if canned.is_active:
                    raise Refused(_("There is a text with this title already."), code="title")
                canned.text, canned.is_active, canned.updated_at = text, True, at
                canned.save(update_fields=["text", "is_active", "updated_at"])
            record("canned_answer.written", canned, office_id=office.pk, by=by.user, at=at)
    except IntegrityError as twice:
        raise Refused(_("There is a text with this title already."), code="title") from twice
    return canned


def drop(canned: CannedAnswer, *, by: Officer, at: datetime) -> None:
    """The text is not offered any more; answers that used it stay as they are."""
    with transaction.atomic():
        if CannedAnswer.objects.filter(pk=canned.pk, is_active=True).update(is_active=False, updated_at=at):
            record("canned_answer.dropped", canned, office_id=canned.office_id, by=by.user, at=at)


def set_approval(office: Office, *, wanted: bool, by: Officer, at: datetime) -> None:
    """From now on answers are released by a second pair of eyes, or are not. The same choice again is no change."""
    with transaction.atomic():
        policy, _made = InboxPolicy.objects.get_or_create(office=office)
        other = InboxPolicy.objects.filter(pk=policy.pk, answers_need_approval=not wanted)
        if not other.update(answers_need_approval=wanted):
            return
        record(
            "inbox_policy.changed", policy, office_id=office.pk, by=by.user, at=at, data={"approval": wanted}
        )
