"""Complaints: lodged once, kept without a trace of an anonymous person, answered on time by the right people."""

import logging
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.feedback import complaints
from sapa.feedback.forms import CodeForm
from sapa.feedback.models import Complaint
from sapa.offices.models import Hours
from tests.feedback.visitors import all_of, rated, sign

FORM = reverse("complaint", args=["1808"])


def lodge(office, at, **changes):
    values = {
        "text": "Petugas tidak ada di tempat.",
        "name": "Ani Lestari",
        "contact": "ani@contoh.example",
        "is_anonymous": False,
        "visit": None,
        "submission_key": uuid4(),
    } | changes
    return complaints.lodge(office, at=at, **values)


def post(client, **changes):
    values = {"text": "Petugas tidak ada di tempat.", "name": "Ani Lestari", "submission_key": str(uuid4())}
    return client.post(FORM, values | changes)


@pytest.fixture
def complaint(office, clock):
    return lodge(office, clock.at)


# lodging


def test_a_complaint_gets_a_code_and_two_dates_in_working_days(complaint, clock):
    assert complaint.code.startswith("ADU-")
    assert (complaint.verify_due_at, complaint.answer_due_at) == (
        datetime(2026, 11, 26, 8, 30, tzinfo=UTC),
        datetime(2026, 11, 30, 8, 30, tzinfo=UTC),
    )


def test_an_office_without_hours_takes_complaints_all_the_same(office, clock):
    Hours.objects.all().delete()
    office.refresh_from_db()
    office.calendar_stamp = "emptied"
    found = lodge(office, clock.at)
    assert (found.verify_due_at - clock.at, found.answer_due_at - clock.at) == (
        timedelta(days=3),
        timedelta(days=5),
    )


def test_sent_twice_is_lodged_once(office, clock):
    key = uuid4()
    first, second = lodge(office, clock.at, submission_key=key), lodge(office, clock.at, submission_key=key)
    assert (first, Complaint.objects.count(), Event.objects.filter(name="complaint.lodged").count()) == (
        second,
        1,
        1,
    )


def test_a_name_or_the_wish_to_stay_anonymous_is_needed(office, clock):
    with pytest.raises(Refused):
        lodge(office, clock.at, name="  ")
    assert Complaint.objects.count() == 0


def test_the_database_itself_refuses_an_anonymous_complaint_with_a_name(complaint):
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(is_anonymous=True)


def everything_stored():
    """Every value of every row of every table, as one text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def everything_cached():
    return repr(cache._cache) if hasattr(cache, "_cache") else ""


def test_after_an_anonymous_complaint_nothing_anywhere_leads_to_the_person(
    client, office, clock, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    visit = sign(office, clock.at)
    rating = rated(office, clock.at, all_of(3))
    before = everything_stored()
    assert ("203.0.113.77" in before, "Zulaikha" in before, "081299998888" in before) == (False, False, False)
    page = client.post(
        FORM,
        {
            "is_anonymous": "on",
            "name": "Zulaikha",
            "contact": "081299998888",
            "text": "Meja 1 kosong.",
            "about_visit": "on",
            "rating": rating.token,
            "submission_key": str(uuid4()),
        },
        REMOTE_ADDR="203.0.113.77",
        follow=True,
    )
    assert page.status_code == 200
    kept = Complaint.objects.get()
    assert (kept.name, kept.contact, kept.visit, kept.text) == ("", "", None, "Meja 1 kosong.")
    printed = capfd.readouterr()
    for traces in (everything_stored(), everything_cached(), caplog.text, printed.out, printed.err):
        assert [each for each in ("203.0.113.77", "Zulaikha", "081299998888") if each in traces] == []
    told = Event.objects.get(name="complaint.lodged")
    assert (told.by, told.data, dict(client.session)) == (None, {}, {})
    assert visit.complaints.count() == 0


def test_the_scan_itself_would_find_a_name(client, office, clock):
    post(client, name="Zulaikha")
    assert "Zulaikha" in everything_stored()


def test_a_complaint_is_connected_with_the_visit_only_on_request(client, office, clock):
    rating = rated(office, clock.at, all_of(3))
    post(client, rating=rating.token)
    post(client, rating=rating.token, about_visit="on")
    assert [each.visit for each in Complaint.objects.order_by("id")] == [None, rating.visit]


def test_a_rating_of_another_office_connects_nothing(client, office, clock, other_office):
    with scopes_disabled():
        rating = rated(other_office, clock.at, all_of(3))
    post(client, rating=rating.token, about_visit="on")
    assert Complaint.objects.get().visit is None


# the form


def test_the_form_leads_to_the_code(client, office, clock):
    page = client.post(
        FORM, {"text": "Lama.", "is_anonymous": "on", "submission_key": str(uuid4())}, follow=True
    )
    code = Complaint.objects.get().code
    assert (page.status_code, page.redirect_chain[0][0]) == (200, f"/1808/pengaduan/{code}/?baru")
    assert code in page.content.decode()


def test_a_double_click_is_one_complaint(client, office, clock):
    key = str(uuid4())
    first, second = post(client, submission_key=key), post(client, submission_key=key)
    assert (first.headers["Location"], Complaint.objects.count()) == (second.headers["Location"], 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 10_000}, "text"),
        ({"name": ""}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"contact": "c" * 500}, "contact"),
        ({"website": "https://spam.example"}, "website"),
        ({"submission_key": "not-a-uuid"}, "submission_key"),
        ({"rating": "x" * 99}, "rating"),
    ],
)
def test_bad_input_comes_back_with_a_sentence_and_nothing_is_kept(client, office, clock, given, field):
    page = post(client, **given)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Complaint.objects.count() == 0


def test_a_hostile_text_is_shown_as_text(client, office, clock):
    page = client.get(post(client, text="<script>alert(1)</script>").headers["Location"]).content.decode()
    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)&lt;/script&gt;" in page) == (False, True)


def test_the_eleventh_complaint_within_ten_minutes_from_one_address_waits(client, office, clock):
    answers = [post(client).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert (
        client.post(FORM, {"text": "x", "is_anonymous": "on"}, REMOTE_ADDR="198.51.100.9").status_code == 302
    )


def test_the_switch_and_the_form_need_no_script(client, office, clock):
    page = client.get(FORM).content.decode()
    assert ('name="is_anonymous"' in page, " onclick" in page, ' style="' in page) == (True, False, False)


# following it


def test_who_has_the_code_sees_how_it_stands_but_no_name(client, complaint):
    page = client.get(reverse("complaint_follow", args=["1808", complaint.code])).content.decode()
    assert ("Petugas tidak ada di tempat." in page, "Ani" in page, "contoh.example" in page) == (
        True,
        False,
        False,
    )


def test_the_answer_is_read_with_the_code(client, complaint, citra, clock):
    complaints.answer(complaint, reply="Kami tambah satu petugas.", by=citra, at=clock.at)
    page = client.get(reverse("complaint_follow", args=["1808", complaint.code])).content.decode()
    assert "Kami tambah satu petugas." in page


@pytest.mark.parametrize("shape", ["{}", " {} ", "{lower}", "{spaced}", "{bare}"])
def test_a_code_typed_from_paper_is_understood(client, complaint, shape):
    code = complaint.code
    typed = shape.format(code, lower=code.lower(), spaced=code.replace("-", " "), bare=code.replace("-", ""))
    page = client.post(reverse("complaint_find", args=["1808"]), {"code": typed})
    assert page.headers["Location"] == f"/1808/pengaduan/{code}/"


@pytest.mark.parametrize("typed", ["", "ADU", "x" * 9_000, "<b>", "ADU-2222-2222-2222", "'; --"])
def test_an_unknown_code_says_so(client, complaint, typed):
    page = client.post(reverse("complaint_find", args=["1808"]), {"code": typed})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["code"])


def test_a_code_of_another_office_is_unknown_here(client, complaint, other_office):
    assert client.get(reverse("complaint_follow", args=["1812", complaint.code])).status_code == 404


def test_codes_cannot_be_tried_without_end(client, office, clock):
    tries = [
        client.post(reverse("complaint_find", args=["1808"]), {"code": "ADU-1"}).status_code
        for _ in range(31)
    ]
    assert (tries[:30], tries[30]) == ([422] * 30, 429)


def test_the_code_form_forbids_nul():
    with pytest.raises(ValidationError):
        CodeForm().fields["code"].clean("ADU\0")


# the register


def record_url(complaint, part=""):
    return reverse("complaint_record", args=["1808", complaint.pk]) + part


def test_verified_then_answered(signed_in, citra, complaint, clock):
    page = signed_in(citra)
    page.post(
        record_url(complaint, "verifikasi/"), {"verify-kind": "complaint", "verify-handling": "ordinary"}
    )
    page.post(record_url(complaint, "jawaban/"), {"answer-reply": "Sudah kami perbaiki."})
    complaint.refresh_from_db()
    assert (complaint.state, complaint.verified_at, complaint.answered_at, complaint.reply) == (
        "waiting",
        clock.at,
        clock.at,
        "Sudah kami perbaiki.",
    )
    names = Event.objects.filter(name__startswith="complaint.").order_by("id").values_list("name", flat=True)
    assert list(names) == ["complaint.lodged", "complaint.verified", "complaint.answered"]


def test_an_answer_at_once_is_a_verification_too(complaint, citra, clock):
    complaints.answer(complaint, reply="Terima kasih.", by=citra, at=clock.advance(hours=1))
    complaint.refresh_from_db()
    assert (complaint.verified_at, complaint.answered_at) == (clock.at, clock.at)


def test_two_officers_at_once_one_answers_and_the_other_sees_it(signed_in, citra, complaint, clock):
    complaints.answer(complaint, reply="Pertama.", by=citra, at=clock.at)
    page = signed_in(citra).post(record_url(complaint, "penolakan/"), {"reject-reply": "Kedua."})
    complaint.refresh_from_db()
    assert (page.status_code, complaint.state, complaint.reply) == (409, "waiting", "Pertama.")


def test_what_is_done_stays_done(complaint, citra, clock):
    complaints.reject(complaint, reply="Bukan wewenang kami; silakan ke Disdukcapil.", by=citra, at=clock.at)
    for verb in (
        lambda: complaints.verify(complaint, by=citra, at=clock.at),
        lambda: complaints.answer(complaint, reply="x", by=citra, at=clock.at),
        lambda: complaints.reject(complaint, reply="x", by=citra, at=clock.at),
    ):
        with pytest.raises(Stale):
            verb()


@pytest.mark.parametrize("reply", ["", "  ", "x" * 10_000])
def test_an_empty_or_endless_reply_is_asked_again(signed_in, citra, complaint, reply):
    page = signed_in(citra).post(record_url(complaint, "jawaban/"), {"answer-reply": reply})
    assert (page.status_code, Complaint.objects.get().state) == (422, "new")


def test_a_complaint_is_late_only_after_its_date(complaint, clock):
    assert complaints.is_late(complaint, complaint.verify_due_at) is False
    assert complaints.is_late(complaint, complaint.verify_due_at + timedelta(seconds=1)) is True


def test_who_read_the_name_of_a_complainant_is_on_record(signed_in, citra, complaint):
    signed_in(citra).get(record_url(complaint))
    assert Event.objects.get(name="complaint.read").by == citra.user


def test_reading_an_anonymous_complaint_leaves_nothing_to_record(signed_in, citra, office, clock):
    signed_in(citra).get(record_url(lodge(office, clock.at, is_anonymous=True)))
    assert Event.objects.filter(name="complaint.read").count() == 0


@pytest.mark.parametrize("part", ["", "verifikasi/", "jawaban/", "penolakan/"])
def test_only_supervisors_of_this_office_reach_a_complaint(
    signed_in, client, complaint, budi, dewi, eko, hadi, part
):
    ask = client.post if part else client.get
    assert ask(record_url(complaint, part)).status_code == 302
    answers = [
        getattr(signed_in(who), "post" if part else "get")(record_url(complaint, part))
        for who in (budi, hadi)
    ]
    assert [each.status_code for each in answers] == [403, 403]
    answers = [
        getattr(signed_in(who), "post" if part else "get")(record_url(complaint, part)) for who in (dewi, eko)
    ]
    assert [each.status_code for each in answers] == [404, 404]
    assert Complaint.objects.get().state == "new"


def test_a_stranger_does_not_see_the_register(client, signed_in, complaint, dewi, budi):
    address = reverse("complaints", args=["1808"])
    assert client.get(address).status_code == 302
    assert [signed_in(dewi).get(address).status_code, signed_in(budi).get(address).status_code] == [404, 403]


def test_the_register_shows_only_its_own_office(signed_in, citra, complaint, other_office, clock):
    with scopes_disabled():
        elsewhere = lodge(other_office, clock.at)
    page = signed_in(citra).get(reverse("complaints", args=["1808"])).content.decode()
    assert (record_url(complaint) in page, record_url(elsewhere) in page) == (True, False)
    assert signed_in(citra).get(record_url(elsewhere)).status_code == 404


def test_the_register_puts_the_most_urgent_first(signed_in, citra, office, clock):
    young = lodge(office, clock.at + timedelta(days=2))
    old = lodge(office, clock.at)
    done = lodge(office, clock.at - timedelta(days=3))
    complaints.answer(done, reply="Selesai.", by=citra, at=clock.at)
    page = signed_in(citra).get(reverse("complaints", args=["1808"]) + "?daftar=semua").content.decode()
    found = {each.pk: page.index(record_url(each)) for each in (young, old, done)}
    assert sorted(found, key=found.__getitem__) == [old.pk, young.pk, done.pk]


@pytest.mark.parametrize("query", ["?daftar=apa", "?page=abc", "?page=-7", "?page=99999"])
def test_the_register_forgives_a_wrong_address(signed_in, citra, complaint, query):
    assert signed_in(citra).get(reverse("complaints", args=["1808"]) + query).status_code == 200


def test_the_register_asks_the_database_as_often_for_three_as_for_one(
    signed_in, citra, office, clock, django_assert_num_queries
):
    page, address = signed_in(citra), reverse("complaints", args=["1808"])
    lodge(office, clock.at)
    page.get(address)  # the first page of an account also notes its language
    with connection.execute_wrapper(counter := Counted()):
        page.get(address)
    for _ in range(2):
        lodge(office, clock.at)
    with django_assert_num_queries(counter.total):
        page.get(address)


class Counted:
    def __init__(self):
        self.total = 0

    def __call__(self, execute, sql, params, many, context):
        self.total += 1
        return execute(sql, params, many, context)


def test_every_table_is_searched_for_traces(db):
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert {model._meta.db_table for model in apps.get_models()} <= tables
