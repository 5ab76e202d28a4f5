"""Files that come with a form: received one by one, so that what is refused costs only that one."""

from datetime import datetime

from django.http import HttpRequest

from sapa.core.errors import Refused
from sapa.files.claiming import MOST_PER_MESSAGE
from sapa.files.models import StoredFile
from sapa.files.receiving import receive
from sapa.offices.models import Office
from sapa.people.models import User


def taken_in(
    request: HttpRequest, *, office: Office, user: User, at: datetime
) -> tuple[list[StoredFile], list[str]]:
    """The files of this form that are kept, and a sentence for each that is not. Call it outside a transaction."""
    kept, refused = [], []
    for upload in request.FILES.getlist("files")[: MOST_PER_MESSAGE + 1]:
        try:
            kept.append(receive(upload, office=office, user=user, at=at))
        except Refused as refusal:
            refused.append(f"{getattr(upload, 'name', '')}: {refusal}")
    return kept, refused


def held(ids: list[int], *, user: User, office: Office) -> list[StoredFile]:
    """The reader's own files of these numbers that no message holds yet, in that order."""
    found = StoredFile.objects.filter(uploaded_by=user, office=office, claimed_at=None).in_bulk(ids)
    return [found[each] for each in ids if each in found]
