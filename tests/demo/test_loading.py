"""The demonstration: every state to look at, at any hour, never beside real data, the same story for the same seed."""

from collections import Counter
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django_scopes import scopes_disabled

from sapa.activity.models import Reaction
from sapa.consultations.models import Deadline
from sapa.core.errors import Refused
from sapa.demo import loading
from sapa.demo.cast import PASSWORD, WITH_PASSWORD, client_email
from sapa.feedback.models import Complaint, Rating
from sapa.frontdesk.models import QueueTicket, ServiceDay, TicketState, Visit
from sapa.offices.calendar import is_open
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Desk, Holiday, Office
from sapa.people import profile
from sapa.people.models import Officer, User

TUESDAY = datetime.fromisoformat("2026-11-24T10:40:00+07:00")
JUST_AFTER_MIDNIGHT = datetime.fromisoformat("2026-11-23T00:00:20+07:00")
CHRISTMAS = datetime.fromisoformat("2026-12-25T13:00:00+07:00")


@pytest.mark.django_db
@pytest.mark.parametrize("at", [TUESDAY, JUST_AFTER_MIDNIGHT, CHRISTMAS], ids=str)
def test_at_any_hour_of_any_day_the_office_is_open_and_people_wait(at: datetime) -> None:
    office = loading.load(at=at, days=0, seed=1, today=2)
    with scopes_disabled():
        today = QueueTicket.objects.filter(service_day=at.date())
        states = Counter(today.values_list("state", flat=True))
        assert is_open(calendar_of(office), at)
        assert {
            state: states[state] for state in (TicketState.SERVING, TicketState.HELD, TicketState.WAITING)
        } == {
            TicketState.SERVING: 1,
            TicketState.HELD: 1,
            TicketState.WAITING: 5,
        }
        assert set(Desk.objects.filter(officer__isnull=False).values_list("name", flat=True)) == {
            "Meja 1",
            "Meja 2",
        }
        onsite = Deadline.objects.filter(kind=Deadline.Kind.ONSITE_SERVICE)
        assert onsite.filter(met_at=None, stopped_at=None).count() == 1
        assert not Visit.objects.filter(signed_at__gt=at).exists()
        assert not Rating.objects.filter(rated_at__gt=at).exists()
    assert not Holiday.objects.filter(on=at.date()).exists()
    assert Holiday.objects.filter(on__year=2026).exists()


@pytest.mark.django_db
def test_the_past_days_are_settled_rated_and_complained_about() -> None:
    loading.load(at=JUST_AFTER_MIDNIGHT, days=2, seed=1)
    with scopes_disabled():
        assert ServiceDay.objects.exclude(settled_at=None).count() == 2
        assert not Reaction.objects.filter(settled_at=None).exists()
        assert Rating.objects.exclude(rated_at=None).count() > 2
        assert set(Complaint.objects.values_list("state", "kind", "handling", "door")) == {
            ("waiting", "complaint", "ordinary", "site"),
            ("followed_up", "complaint", "desk_check", "site"),
            ("verified", "complaint", "ordinary", "site"),
            ("not_ours", "complaint", "", "site"),
            ("new", "information", "", "site"),
            ("new", "proposal", "", "site"),
            ("new", "complaint", "", "site"),
            ("new", "complaint", "", "box"),
        }


@pytest.mark.django_db
def test_the_same_seed_tells_the_same_story() -> None:
    def told() -> list[tuple[object, ...]]:
        with scopes_disabled():
            return list(
                Visit.objects.order_by("signed_at").values_list(
                    "client__name", "signed_at", "subject", "door"
                )
            )

    stories = []
    for _time in range(2):
        before = transaction.savepoint()
        loading.load(at=JUST_AFTER_MIDNIGHT, days=1, seed=7)
        stories.append(told())
        transaction.savepoint_rollback(before)
    assert stories[0] == stories[1]


def test_it_refuses_to_stand_beside_a_real_office(office: Office) -> None:
    with pytest.raises(Refused) as refusal:
        loading.load(at=TUESDAY, days=1, seed=1)
    assert refusal.value.sentence
    assert not Office.objects.filter(is_demo=True).exists()


@pytest.mark.django_db
def test_officers_of_every_role_can_sign_in_and_the_addresses_are_printed() -> None:
    loading.load(at=JUST_AFTER_MIDNIGHT, days=0, seed=1)
    said = StringIO()
    call_command("demo", "show", stdout=said)
    with scopes_disabled():
        officers = list(Officer.objects.select_related("user"))
    assert {officer.role for officer in officers} == set(Officer.Role.values)
    for officer in officers:
        assert officer.user.check_password(PASSWORD)
        assert officer.user.email in said.getvalue()
    for short in WITH_PASSWORD:
        client = User.objects.get(email=client_email(short))
        assert client.check_password(PASSWORD)
        assert profile.missing_fields(client.client) == []
        assert client.email in said.getvalue()
    for page in (
        "/1808/cari/",
        "/1808/kotak-masuk/",
        "/1808/jaga/",
        "/1808/kios/",
        "/1808/papan/",
        "/1808/tablet/",
        "/1808/buku-tamu/?di=",
        "/1808/meja/",
        "/1808/loket/",
    ):
        assert page in said.getvalue()


@pytest.mark.django_db
def test_hours_of_other_days_stay_real() -> None:
    office = loading.load(at=JUST_AFTER_MIDNIGHT, days=0, seed=1)
    tuesday_evening = datetime.fromisoformat("2026-11-24T18:00:00+07:00")
    assert not is_open(calendar_of(office), tuesday_evening)
    assert loading.keep_open(office, tuesday_evening)
    assert is_open(calendar_of(office), tuesday_evening)
    assert not loading.keep_open(office, tuesday_evening)


@pytest.mark.django_db
def test_without_a_demonstration_the_command_says_how_to_make_one() -> None:
    with pytest.raises(CommandError, match="sapa demo load"):
        call_command("demo", "show")
