"""Files become part of a message or a draft, all of them or none; or are let go again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.files import storage
from sapa.files.models import StoredFile
from sapa.files.receiving import UNCLAIMED_FOR
from sapa.offices.models import Office
from sapa.people.models import User

MOST_PER_MESSAGE: Final = 5
State = StoredFile.State


def claim(
    file_ids: Sequence[int], *, user: User, office: Office, at: datetime, topic: str = ""
) -> list[StoredFile]:
    """The user's own files of this office, not claimed yet, belong to the message that is written in the same
    transaction; in the order given. All or nothing. Listeners of `topic` hear when a scan is over."""
    wanted = list(dict.fromkeys(file_ids))
    if len(wanted) > MOST_PER_MESSAGE:
        raise too_many()
    with transaction.atomic(), scopes_disabled():
        own = StoredFile.objects.filter(pk__in=wanted, uploaded_by=user, office=office)
        taken = own.filter(claimed_at=None, state__in=[State.QUARANTINED, State.CLEAN])
        if taken.update(claimed_at=at, discard_at=None, topic=topic) < len(wanted):
            raise Refused(
                _("One of the files is not there any more. Please choose it again and send your message."),
                code="file_gone",
            )
        found = own.in_bulk()
    return [found[each] for each in wanted]


def too_many() -> Refused:
    return Refused(
        _("A message takes at most %(number)s files. Please send the others with another one.")
        % {"number": MOST_PER_MESSAGE},
        code="too_many",
    )


def release(file_ids: Sequence[int], *, user: User, office: Office, at: datetime) -> None:
    """The user's own files belong to no draft any more: they are deleted after a day, unless claimed again."""
    with scopes_disabled():
        own = StoredFile.objects.filter(pk__in=file_ids, uploaded_by=user, office=office)
        own.exclude(claimed_at=None).update(claimed_at=None, discard_at=at + UNCLAIMED_FOR, topic="")


def postpone(file_ids: Sequence[int], *, user: User, office: Office, until: datetime) -> None:
    """The user's own files that are not claimed yet are kept at least until then: they wait in a draft, or with an
    answer for a second pair of eyes."""
    with scopes_disabled():
        own = StoredFile.objects.filter(pk__in=file_ids, uploaded_by=user, office=office)
        own.filter(claimed_at=None, discard_at__lt=until).update(discard_at=until)


def discard(file_id: int, *, user: User, office: Office) -> None:
    """The user's own file that no message holds is gone, at once. Twice is once."""
    with transaction.atomic(), scopes_disabled():
        file = StoredFile.objects.filter(pk=file_id, uploaded_by=user, office=office, claimed_at=None).first()
        if file is not None:
            delete(file)


def delete(file: StoredFile) -> None:
    """Unless it was claimed meanwhile, neither the row nor, after the commit, the content is there any more."""
    gone, _by_model = StoredFile.objects.filter(pk=file.pk, claimed_at=None).delete()
    if gone:
        transaction.on_commit(lambda: storage.remove(file))
