"""What the guest book's notice promises: two years after the last visit, only counts remain."""

from sapa.frontdesk.models import Visit
from sapa.frontdesk.retention import forget_old_visitors
from sapa.people.models import Client
from tests.cast import make_client


def everything_about(client):
    client.refresh_from_db()
    visit = client.visits.first()
    return [client.name, client.email, client.phone, client.birth_year, visit.subject]


def test_after_two_years_name_and_contact_are_gone_and_the_counts_stay(arrive, number, clock, office):
    ticket = number()
    clock.advance(days=731)
    assert forget_old_visitors(office, at=clock.at) == 1
    assert everything_about(ticket.visit.client) == ["–", "", "", None, ""]
    ticket.consultation.refresh_from_db()
    assert (ticket.consultation.subject, Visit.objects.count()) == ("", 1)


def test_who_came_again_is_remembered(arrive, clock, office):
    ani = make_client()
    arrive(ani)
    clock.advance(days=700)
    arrive(ani)
    clock.advance(days=100)
    assert forget_old_visitors(office, at=clock.at) == 0
    assert Client.objects.get(pk=ani.pk).name == "Ani Lestari"


def test_a_visit_to_another_office_counts_too(arrive, clock, office, other_office):
    ani = make_client()
    first = arrive(ani)
    clock.advance(days=731)
    Visit.objects.filter(pk=first.pk).update(office=other_office, signed_at=clock.at)
    assert forget_old_visitors(office, at=clock.at) == 0


def test_it_happens_by_itself_at_midnight(number, clock, work):
    ticket = number()
    clock.advance(days=730, hours=3)
    number()
    clock.advance(days=1)
    work()
    assert everything_about(ticket.visit.client)[0] == "–"
