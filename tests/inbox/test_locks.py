"""What an officer does to a consultation while its client writes: the conversation is locked first (see Locks in
docs/architecture.md), so that neither waits for the other who waits for it. On SQLite one writes after the other."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.consultations.models import Consultation
from sapa.inbox.models import Conversation, Message
from sapa.offices.models import Office, Service
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.frontdesk.test_locks import while_locked
from tests.inbox.conftest import ask

pytestmark = pytest.mark.django_db(transaction=True)

ACTS: dict[str, Callable[[Officer, Office], dict[str, Any]]] = {
    "case_asking": lambda citra, above: {"items": ["years"], "key": uuid4()},
    "case_handover": lambda citra, above: {"to": citra.pk, "why": "Padi", "key": uuid4()},
    "case_forwarding": lambda citra, above: {"office": above.code, "why": "Data provinsi"},
    "case_messages": lambda citra, above: {"text": "Ini", "kind": "answer", "key": uuid4()},
    "case_acceptance": lambda citra, above: {},
}


@pytest.mark.parametrize("name", ACTS)
def test_an_officer_may_act_while_the_client_writes(
    name: str, ani: Client, office: Office, budi: Officer, citra: Officer, clock: Clock
) -> None:
    above = office.parent
    assert above is not None
    Service.objects.create(
        office=above,
        key="consultation",
        prefix="K",
        name_id="Konsultasi statistik",
        name_en="Statistical consultation",
        is_pst=True,
        position=1,
    )
    question = ask(ani, office, clock)
    browser = Browser()
    browser.force_login(budi.user)
    said = ACTS[name](citra, above)
    statuses: list[int] = []

    def act() -> None:
        address = reverse(name, args=[office.code, question.code])
        statuses.append(browser.post(address, said).status_code)

    # As the client's message does: the conversation is held, then the consultation is changed.
    touch = partial(Consultation.objects.filter(pk=question.pk).update, last_message_at=F("last_message_at"))
    problems = while_locked(office, Conversation.objects.get(consultation=question), act, touch)
    assert (problems, statuses) == ([], [302])
    with scopes_disabled():
        assert Message.objects.count() == 1 + (name in ("case_asking", "case_forwarding", "case_messages"))
