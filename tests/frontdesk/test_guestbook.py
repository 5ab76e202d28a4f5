"""Signing the guest book: once, complete, with its own copy of the day, and no more than needed."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scope

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.frontdesk import requirements
from sapa.frontdesk.arrivals import arrive
from sapa.frontdesk.entries import Entry, Incomplete, gaps, with_profile
from sapa.frontdesk.guestbook import sign
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Office
from sapa.people.models import Client, Consent, Institution, Officer
from tests.cast import make_client
from tests.conftest import Clock
from tests.frontdesk.visitors import entry

KIOSK = Visit.Door.KIOSK


def signed(office: Office, clock: Clock, **changes):
    options = {"door": KIOSK, "by": None, "at": clock.at, "submission_key": uuid4()}
    visit_options = {name: changes.pop(name) for name in list(changes) if name in (*options, "client")}
    return sign(office, entry=entry(**changes), **(options | visit_options))


def problems_of(office: Office, clock: Clock, **changes) -> set[str]:
    with pytest.raises(Incomplete) as refused:
        signed(office, clock, **changes)
    assert not Visit.objects.exists()
    assert not Client.objects.exists()
    return set(refused.value.problems)


def test_a_visit_keeps_its_own_copy_of_what_was_true_that_day(office: Office, clock: Clock) -> None:
    visit = signed(office, clock)
    assert (visit.gender, visit.age_class, visit.education, visit.occupation) == (
        "female",
        "age_17_25",
        "bachelor",
        "student",
    )
    assert (visit.purpose, visit.means, visit.codelist_version) == ("school_work", ["in_person"], "skd-2026")
    assert visit.institution is not None
    assert visit.institution.name == "Universitas Lampung"
    assert visit.subject == "Jumlah penduduk per kecamatan 2025"
    assert (visit.client.name, visit.client.phone) == ("Ani Lestari", "+6281234567890")


def test_the_service_day_is_the_local_date_of_the_office(office: Office, clock: Clock) -> None:
    clock.advance(hours=-8)  # 00.30 in Lampung, still Sunday in Greenwich
    assert signed(office, clock).service_day.isoformat() == "2026-11-23"


def test_signing_is_told_in_the_record_without_personal_data(office: Office, clock: Clock) -> None:
    visit = signed(office, clock)
    event = Event.objects.get(name="visit.signed")
    assert event.subject_id == visit.pk
    assert event.data == {
        "door": "kiosk",
        "errand": False,
        "returning": False,
        "notice": "guestbook-1",
        "language": "id",
    }


def test_the_same_form_twice_is_one_visit(office: Office, clock: Clock) -> None:
    key = uuid4()
    first = signed(office, clock, submission_key=key)
    again = signed(office, clock, submission_key=key, name="Somebody Else")
    assert again.pk == first.pk
    assert (Visit.objects.count(), Client.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_the_same_moment_is_one_visit_and_one_number(office: Office, clock: Clock) -> None:
    key, numbers, problems = uuid4(), [], []
    gate = threading.Barrier(4)

    def press() -> None:
        try:
            gate.wait()
            with scope(office=office):
                numbers.append(
                    arrive(office, entry=entry(), door=KIOSK, by=None, at=clock.at, submission_key=key).label
                )
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert problems == []
    assert len(set(numbers)) == 1
    assert (len(numbers), Visit.objects.count(), QueueTicket.objects.count(), Client.objects.count()) == (
        4,
        1,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "•••"}, {"name"}),
        ({"name": "a" * 10_000}, {"name"}),
        ({"subject": "a" * 10_000}, {"subject"}),
        ({"gender": ""}, {"gender"}),
        ({"gender": "unknown"}, {"gender"}),
        ({"birth_year": None}, {"birth_year"}),
        ({"birth_year": 1800}, {"birth_year"}),
        ({"birth_year": 2030}, {"birth_year"}),
        ({"education": "kindergarten"}, {"education"}),
        ({"occupation": "other"}, {"occupation_text"}),
        ({"purpose": "other", "purpose_text": "  "}, {"purpose_text"}),
        ({"email": ""}, {"email"}),
        ({"email": "", "email_waiver": "no such reason"}, {"email"}),
        ({"men": 501}, {"men"}),
        ({"women": -1}, {"men"}),
        ({"means": frozenset({"pigeon"})}, {"means"}),
        ({"gender": "", "purpose": ""}, {"gender", "purpose"}),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_written(
    office: Office, clock: Clock, changes: dict, fields: set[str]
) -> None:
    assert problems_of(office, clock, **changes) == fields


def test_an_unknown_service_is_refused(office: Office, clock: Clock) -> None:
    with pytest.raises(Refused) as refused:
        signed(office, clock, service_key="horoscope")
    assert refused.value.code == "inactive"
    assert not Visit.objects.exists()


def test_without_an_email_address_the_reason_is_kept(office: Office, clock: Clock) -> None:
    assert signed(office, clock, email="", email_waiver="none_owned").email_waiver == "none_owned"


def test_a_given_address_makes_the_waiver_void(office: Office, clock: Clock) -> None:
    assert signed(office, clock, email_waiver="refused").email_waiver == ""


def test_a_group_is_counted(office: Office, clock: Clock) -> None:
    visit = signed(office, clock, men=3, women=12)
    assert (visit.is_group, visit.men, visit.women) == (True, 3, 12)


def test_an_errand_needs_a_name_and_what_for_and_nothing_else(office: Office, clock: Clock) -> None:
    bare = Entry(service_key="errand", name="Pak Joko", errand_text="Mengantar surat")
    visit = sign(office, entry=bare, door=KIOSK, by=None, at=clock.at, submission_key=uuid4())
    assert (visit.is_errand, visit.errand_text, visit.purpose, visit.means) == (
        True,
        "Mengantar surat",
        "",
        [],
    )
    with pytest.raises(Incomplete) as refused:
        sign(
            office,
            entry=replace(bare, errand_text=""),
            door=KIOSK,
            by=None,
            at=clock.at,
            submission_key=uuid4(),
        )
    assert set(refused.value.problems) == {"errand_text"}


def test_consent_to_the_survey_is_kept_with_the_version_and_language_it_was_given_to(
    office: Office, clock: Clock
) -> None:
    visit = signed(office, clock, agreed=frozenset({"skd_contact"}), language="en")
    kept = Consent.objects.get()
    assert (kept.client_id, kept.purpose, kept.text_version, kept.language, kept.door) == (
        visit.client_id,
        "skd_contact",
        "skd_contact-1",
        "en",
        "kiosk",
    )


def test_nobody_agrees_without_saying_so(office: Office, clock: Clock) -> None:
    signed(office, clock)
    assert not Consent.objects.exists()


def test_a_returning_visitor_types_only_what_is_new_today(office: Office, clock: Clock) -> None:
    first = signed(office, clock)
    today = Entry(service_key="consultation", purpose="research", subject="PDRB")
    again = sign(
        office,
        entry=today,
        door=KIOSK,
        by=None,
        at=clock.advance(days=7),
        submission_key=uuid4(),
        client=first.client,
    )
    assert again.client_id == first.client_id
    assert (again.gender, again.education, again.purpose) == ("female", "bachelor", "research")
    # One person's institution stays one use: strangers are not shown what only one visitor wrote.
    assert (again.institution_id, Institution.objects.get().uses) == (first.institution_id, 1)
    assert Client.objects.count() == 1


def test_who_comes_for_no_institution_is_not_asked_for_one_again(office: Office, clock: Clock) -> None:
    first = signed(office, clock, institution_category="other", institution_name="")
    assert gaps(first.client) == frozenset()
    today = Entry(service_key="consultation", purpose="research", subject="PDRB")
    again = sign(
        office,
        entry=today,
        door=KIOSK,
        by=None,
        at=clock.advance(days=7),
        submission_key=uuid4(),
        client=first.client,
    )
    assert (again.institution_category, again.institution) == ("other", None)


def test_the_last_answer_about_the_institution_is_the_one_that_is_remembered(
    office: Office, clock: Clock
) -> None:
    first = signed(office, clock)
    signed(office, clock, client=first.client, institution_category="other", institution_name="")
    known = with_profile(Entry(service_key="consultation"), Client.objects.get(pk=first.client_id))
    assert (known.institution_category, known.institution_name) == ("other", "")


def test_an_errand_in_between_forgets_nothing(office: Office, clock: Clock) -> None:
    first = signed(office, clock, institution_category="other", institution_name="")
    errand = Entry(service_key="errand", name="Ani", errand_text="Mengantar surat")
    sign(
        office,
        entry=errand,
        door=KIOSK,
        by=None,
        at=clock.advance(days=1),
        submission_key=uuid4(),
        client=first.client,
    )
    assert gaps(first.client) == frozenset()


def test_a_stranger_who_types_a_known_number_is_not_taken_for_its_owner(office: Office, clock: Clock) -> None:
    ani = make_client()
    visit = signed(office, clock, name="Bukan Ani")
    assert visit.client_id != ani.pk
    ani.refresh_from_db()
    assert ani.name == "Ani Lestari"


def test_at_a_kiosk_name_and_contact_of_a_known_person_stay_as_they_are(office: Office, clock: Clock) -> None:
    ani = make_client()
    signed(office, clock, client=ani, name="Orang Lain", email="lain@contoh.example", education="master")
    ani.refresh_from_db()
    assert (ani.name, ani.email, ani.education) == ("Ani Lestari", "ani@contoh.example", "master")


def test_an_officer_who_sees_the_person_may_correct_the_contact(
    office: Office, clock: Clock, fajar: Officer
) -> None:
    ani = make_client(email_verified_at=clock.at)
    signed(
        office,
        clock,
        client=ani,
        by=fajar,
        door=Visit.Door.FRONT_OFFICE,
        name="Ani Lestari Putri",
        email="ani@baru.example",
    )
    ani.refresh_from_db()
    assert (ani.name, ani.email, ani.email_verified_at) == ("Ani Lestari Putri", "ani@baru.example", None)


def test_the_officer_ticks_the_kind_of_card_and_nothing_else_is_kept(
    office: Office, clock: Clock, fajar: Officer
) -> None:
    visit = signed(office, clock)
    requirements.see_identity(visit, kind="ktp", by=fajar, at=clock.at)
    visit.refresh_from_db()
    assert (visit.identity_kind, visit.identity_seen_by_id) == ("ktp", fajar.pk)
    assert Event.objects.get(name="identity.seen").data == {"kind": "ktp"}
    with pytest.raises(Refused):
        requirements.see_identity(visit, kind="1802131234567890", by=fajar, at=clock.at)


def test_a_card_ticked_from_a_stale_page_does_not_replace_what_a_colleague_saw(
    office: Office, clock: Clock, fajar: Officer, citra: Officer
) -> None:
    visit = signed(office, clock)
    stale = Visit.objects.get(pk=visit.pk)
    requirements.see_identity(visit, kind="ktp", by=citra, at=clock.at)
    with pytest.raises(Stale) as refused:
        requirements.see_identity(stale, kind="sim", by=fajar, at=clock.at)
    assert refused.value.code == "identity_seen"
    requirements.see_identity(stale, kind="ktp", by=fajar, at=clock.at)  # a double click is no contradiction
    kept = Visit.objects.get(pk=visit.pk)
    assert (kept.identity_kind, kept.identity_seen_by) == ("ktp", citra)
    assert Event.objects.filter(name="identity.seen").count() == 1


def test_a_reason_for_no_email_noted_from_a_stale_page_does_not_replace_another(
    office: Office, clock: Clock, fajar: Officer, citra: Officer
) -> None:
    visit = signed(office, clock)
    stale = Visit.objects.get(pk=visit.pk)
    requirements.waive_email(visit, reason="none_owned", by=citra, at=clock.at)
    with pytest.raises(Stale) as refused:
        requirements.waive_email(stale, reason="not_remembered", by=fajar, at=clock.at)
    assert refused.value.code == "email_waived"
    requirements.waive_email(stale, reason="none_owned", by=fajar, at=clock.at)
    assert Event.objects.filter(name="email.waived").count() == 1


def test_the_database_refuses_a_card_that_no_officer_has_seen(office: Office, clock: Clock) -> None:
    visit = signed(office, clock)
    visit.identity_kind = "ktp"
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()


def test_the_officer_notes_why_there_is_no_email(office: Office, clock: Clock, fajar: Officer) -> None:
    visit = signed(office, clock)
    requirements.waive_email(visit, reason="not_remembered", by=fajar, at=clock.at)
    visit.refresh_from_db()
    assert visit.email_waiver == "not_remembered"
    with pytest.raises(Refused):
        requirements.waive_email(visit, reason="", by=fajar, at=clock.at)


def test_a_key_of_another_office_is_a_stale_form_and_not_its_visit(
    office: Office, other_office: Office, clock: Clock
) -> None:
    key = uuid4()
    signed(office, clock, submission_key=key)
    with scope(office=other_office), pytest.raises(Refused) as refused:
        signed(other_office, clock, submission_key=key)
    assert refused.value.code == "stale_form"


def test_when_no_number_can_be_given_nothing_is_signed(office: Office, clock: Clock) -> None:
    clock.advance(hours=12)
    with pytest.raises(Refused) as refused:
        arrive(office, entry=entry(), door=KIOSK, by=None, at=clock.at, submission_key=uuid4())
    assert refused.value.code == "closed"
    assert (Visit.objects.count(), Client.objects.count(), Institution.objects.count()) == (0, 0, 0)
