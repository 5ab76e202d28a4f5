"""A complaint about an officer is never visible to that officer, whatever the role and whichever the way."""

import pytest
from django.urls import reverse

from sapa.feedback import complaints, subjects
from sapa.feedback.models import Complaint
from tests.feedback.test_complaints import lodge, record_url
from tests.feedback.visitors import serve, sign

REGISTER = reverse("complaints", args=["1808"])
PARTS = [
    "",
    "verifikasi/",
    "golongan/",
    "subjek/",
    "tindak-lanjut/",
    "penerusan/",
    "jawaban/",
    "penolakan/",
    "bukan-kewenangan/",
]


@pytest.fixture
def complaint(office, clock):
    return lodge(office, clock.at)


@pytest.fixture
def about_citra(complaint, citra, gita, clock):
    complaints.name_subject(complaint, officer=citra, desk=None, by=gita, at=clock.at)
    return complaint


@pytest.mark.parametrize("part", PARTS)
def test_whom_it_is_about_finds_no_such_complaint(signed_in, about_citra, citra, part):
    page = signed_in(citra)
    answer = page.post(record_url(about_citra, part)) if part else page.get(record_url(about_citra))
    assert (answer.status_code, Complaint.objects.get().state) == (404, "new")


def test_whom_it_is_about_does_not_find_it_in_the_register_or_its_counts(signed_in, about_citra, citra, gita):
    hidden = signed_in(citra).get(REGISTER + "?daftar=semua")
    assert (
        record_url(about_citra) in hidden.content.decode(),
        [tab["count"] for tab in hidden.context["tabs"]],
    ) == (
        False,
        [0, 0, 0, 0],
    )
    shown = signed_in(gita).get(REGISTER + "?daftar=semua")
    assert (record_url(about_citra) in shown.content.decode(), shown.context["tabs"][-1]["count"]) == (
        True,
        1,
    )


def test_a_head_is_kept_from_a_complaint_about_the_head(signed_in, complaint, citra, gita, clock):
    complaints.name_subject(complaint, officer=gita, desk=None, by=citra, at=clock.at)
    assert signed_in(gita).get(record_url(complaint)).status_code == 404
    assert signed_in(citra).get(record_url(complaint)).status_code == 200


def test_verifying_and_naming_oneself_hides_it_at_once(signed_in, complaint, citra, gita):
    given = {"verify-kind": "complaint", "verify-handling": "desk_check", "verify-officer": str(citra.pk)}
    page = signed_in(citra).post(record_url(complaint, "verifikasi/"), given)
    complaint.refresh_from_db()
    assert (page.headers["Location"], complaint.state) == (REGISTER, "verified")
    assert signed_in(citra).get(record_url(complaint)).status_code == 404


def test_naming_the_only_one_who_could_answer_is_refused_with_a_way_out(signed_in, complaint, citra):
    given = {"verify-kind": "complaint", "verify-handling": "ordinary", "verify-officer": str(citra.pk)}
    page = signed_in(citra).post(record_url(complaint, "verifikasi/"), given)
    complaint.refresh_from_db()
    assert (page.status_code, complaint.state, complaint.subject_officer) == (422, "new", None)
    assert "LAPOR!" in str(page.context["refusal"])


def test_an_officer_of_another_office_cannot_be_named(signed_in, complaint, citra, gita, dewi):
    page = signed_in(citra).post(record_url(complaint, "subjek/"), {"subject-officer": str(dewi.pk)})
    assert (page.status_code, list(page.context["subject_form"].errors)) == (422, ["officer"])


def test_who_served_the_visit_never_sees_the_complaint_about_it(signed_in, office, desk, citra, gita, clock):
    visit = sign(office, clock.at)
    serve(desk, citra, clock, visit=visit)
    found = lodge(office, clock.at, visit=visit)
    assert signed_in(citra).get(record_url(found)).status_code == 404
    assert signed_in(gita).get(record_url(found)).status_code == 200


def test_a_complaint_about_a_desk_is_kept_from_who_served_there(signed_in, office, desk, citra, gita, clock):
    serve(desk, citra, clock)
    office.desks.update(officer=None, seated_at=None)
    found = lodge(office, clock.advance(days=3))
    complaints.name_subject(found, officer=None, desk=desk, by=gita, at=clock.at)
    assert signed_in(citra).get(record_url(found)).status_code == 404
    shown = signed_in(gita).get(record_url(found)).content.decode()
    assert ("Meja 1" in shown, "Citra" in shown) == (True, True)


def test_a_name_taken_back_shows_it_again(about_citra, citra, gita, clock):
    complaints.name_subject(about_citra, officer=None, desk=None, by=gita, at=clock.at)
    assert list(subjects.visible_to(citra)) == [about_citra]


def test_what_nobody_may_see_is_at_least_counted(signed_in, office, desk, citra, clock):
    visit = sign(office, clock.at)
    serve(desk, citra, clock, visit=visit)
    found = lodge(office, clock.at, visit=visit)
    page = signed_in(citra).get(REGISTER)
    assert (page.context["without_reader"], record_url(found) in page.content.decode()) == (1, False)


def test_what_somebody_else_may_see_is_not_counted(signed_in, about_citra, citra):
    assert signed_in(citra).get(REGISTER).context["without_reader"] == 0


@pytest.mark.parametrize("is_confidential", [False, True])
def test_only_supervisors_and_the_head_of_the_office_read_the_register(
    office, clock, budi, fajar, hadi, citra, gita, is_confidential
):
    found = lodge(office, clock.at, is_confidential=is_confidential)
    seen = {who.user.name: list(subjects.visible_to(who)) for who in (budi, fajar, hadi, citra, gita)}
    assert seen == {"Budi": [], "Fajar": [], "Hadi": [], "Citra": [found], "Gita": [found]}
