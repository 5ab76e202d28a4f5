"""The inbox of the demonstration: every state there is, at any hour, and no mail to anybody."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.consultations.models import Consultation, Deadline, Handling
from sapa.core import time as present
from sapa.demo import loading
from sapa.feedback.models import Rating
from sapa.inbox.models import CannedAnswer, Message, Note, PendingAnswer, PublicAnswer
from sapa.meetings.models import FollowUp
from sapa.notifications.models import Delivery
from sapa.offices.calendar import is_open
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.models import Shift
from sapa.roster.shifts import monday_of

TUESDAY = datetime.fromisoformat("2026-11-24T10:40:00+07:00")
SUNDAY_NIGHT = datetime.fromisoformat("2026-11-22T23:50:00+07:00")
# The first working days after the days off of Idulfitri 1447.
AFTER_LEBARAN = datetime.fromisoformat("2026-03-26T09:15:00+07:00")
ONLINE = Deadline.Kind.ONLINE_RESPONSE


class Story(NamedTuple):
    at: datetime
    office: Office
    mailed: int


@pytest.fixture(scope="module")
def story(request: pytest.FixtureRequest, kept_in_module: None, django_db_blocker: Any) -> Iterator[Story]:
    """The demonstration as it stands at the instant that the test names; loaded once for all that name the same."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        before = len(mail.outbox)
        office = loading.load(at=request.param, days=0, seed=1, today=2)
    yield Story(request.param, office, mailed=len(mail.outbox) - before)
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def told_at(*instants: datetime) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("story", instants, ids=str, indirect=True)


@pytest.mark.django_db
@told_at(TUESDAY, SUNDAY_NIGHT, AFTER_LEBARAN)
def test_the_inbox_holds_every_state_at_any_hour(story: Story) -> None:
    at, office = story.at, story.office
    with scopes_disabled():
        online = Consultation.objects.filter(door="web")
        assert Counter(online.values_list("state", "waiting_for", "closing_reason")) == {
            ("requested", "office", ""): 2,
            ("requested", "client", ""): 1,
            ("in_service", "office", ""): 8,
            ("in_service", "client", ""): 2,
            ("closed", "", "done"): 1,
            ("closed", "", "silence"): 1,
        }
        assert Counter(online.filter(officer=None).values_list("office__code", flat=True)) == {
            office.code: 2,
            "1800": 1,
        }
        assert Handling.objects.filter(until_at=None, office__code="1800").count() == 1
        here = Deadline.objects.filter(office=office, kind=ONLINE, met_at=None, stopped_at=None)
        assert here.exclude(breached_at=None).count() == 1
        assert here.filter(breached_at=None, due_at__gt=at).count() == 4
        assert not online.filter(requested_at__gt=at).exists()
        assert not Message.objects.filter(at__gt=at).exists()
        assert (Note.objects.count(), CannedAnswer.objects.count()) == (2, 3)
        assert [each.state for each in PublicAnswer.objects.all()] == ["published"]
        assert [each.state for each in PendingAnswer.objects.all()] == ["submitted"]
        meeting = FollowUp.objects.get()
        assert (meeting.state, meeting.provider) == ("booked", "jitsi")
        assert meeting.starts_at > at
        assert meeting.link.startswith("https://")
        rated = Rating.objects.exclude(consultation=None).exclude(rated_at=None)
        assert rated.count() == 1


@pytest.mark.django_db
@told_at(TUESDAY)
def test_what_went_to_the_province_is_answered_there_and_goes_on_to_the_client(
    client: Browser, story: Story
) -> None:
    with scopes_disabled():
        province = Office.objects.get(code="1800")
        case = Consultation.objects.get(office=province)
        yuli, bima = Officer.objects.filter(office=province).order_by("id")
        promise = Deadline.objects.get(consultation=case, kind=ONLINE)
        assert (yuli.role, bima.role, promise.met_at) == ("consultant", "supervisor", None)
    present.use(lambda: TUESDAY)
    try:
        client.force_login(yuli.user)
        inbox = client.get(reverse("inbox", args=["1800"]) + "?tampilan=semua").content.decode()
        assert case.code in inbox
        address = reverse("case_messages", args=["1800", case.code])
        said = {"key": str(uuid4()), "text": "Tabel seluruh kabupaten terlampir.", "kind": "answer"}
        assert client.post(address, said).status_code == 302
    finally:
        present.use(None)
    with scopes_disabled():
        answered = Consultation.objects.get(pk=case.pk)
        assert (answered.waiting_for, answered.officer, answered.office_id) == ("client", yuli, province.pk)
        assert Deadline.objects.get(pk=promise.pk).met_at == TUESDAY


@pytest.mark.django_db
@told_at(SUNDAY_NIGHT)
def test_the_province_is_open_whenever_the_regency_is(story: Story) -> None:
    assert [is_open(calendar_of(each), SUNDAY_NIGHT) for each in story.office.lineage()[:2]] == [True, True]


@pytest.mark.django_db
@told_at(TUESDAY)
def test_the_roster_is_planned_and_nothing_of_the_story_is_mailed(story: Story) -> None:
    monday = monday_of(TUESDAY.astimezone(story.office.zone).date())
    with scopes_disabled():
        weeks = {monday_of(on) for on in Shift.objects.values_list("on", flat=True)}
        assert weeks == {monday, monday + timedelta(days=7)}
        assert Delivery.objects.exists()
        assert not Delivery.objects.filter(settled_at=None).exists()
    assert story.mailed == 0
